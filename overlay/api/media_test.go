package api_test

import (
	"context"

	"mediad/overlay"
	"mediad/overlay/api"
)

// mediaStore is an object store of which every broadcast fills ten seconds; its
// deletions wait for ever. The real one is in cmd/mediad.
type mediaStore struct{}

func (mediaStore) Size(_ string, epochs []string) (api.MediaSize, error) {
	n := len(epochs)
	return api.MediaSize{Bytes: int64(1000 * n), Segments: 5 * n, Duration: float64(10 * n)}, nil
}

func (mediaStore) Retention() overlay.Retention { return overlay.Retention{} }

func (mediaStore) Deletion(string) *api.Deletion { return &api.Deletion{Deleted: 2, Of: 6} }

func (mediaStore) Delete() {}

func (mediaStore) Report(context.Context) (api.StorageReport, error) {
	return api.StorageReport{Kind: "dir", Bytes: 1000}, nil
}

func (mediaStore) Rooms(context.Context) ([]api.StoredRoom, error) {
	return []api.StoredRoom{{Room: "corn", MediaSize: api.MediaSize{Bytes: 1000, Segments: 5, Duration: 10}, Broadcasts: 1}}, nil
}
