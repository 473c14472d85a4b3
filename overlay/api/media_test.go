package api_test

import (
	"context"

	"mediad/overlay"
	"mediad/overlay/api"
)

// shelf is an object store of which every broadcast fills ten seconds; its
// deletions wait for ever. The real one is in cmd/mediad.
type shelf struct{}

func (shelf) Size(_ string, epochs []string) (api.MediaSize, error) {
	n := len(epochs)
	return api.MediaSize{Bytes: int64(1000 * n), Segments: 5 * n, Duration: float64(10 * n)}, nil
}

func (shelf) Retention() overlay.Retention { return overlay.Retention{} }

func (shelf) Deletion(string) *api.Deletion { return &api.Deletion{Deleted: 2, Of: 6} }

func (shelf) Delete() {}

func (shelf) Report(context.Context) (api.StorageReport, error) {
	return api.StorageReport{Kind: "dir", Bytes: 1000}, nil
}
