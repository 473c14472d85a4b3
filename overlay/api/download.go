package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// Downloads makes single files of recordings.
type Downloads interface {
	// StartDownload begins to make a file of a show's recording, or, with a
	// product, of its clip; a key that was used before ("": none) gives the download that
	// it began. It fails with an overlay.Error for users.
	StartDownload(ctx context.Context, show, product, key string) (Download, error)
	// Download tells how one is; CancelDownload ends it and removes its file.
	Download(show, id string) (Download, error)
	CancelDownload(show, id string) error
	// ServeDownload answers with the file of one that is done.
	ServeDownload(w http.ResponseWriter, r *http.Request, show, id string) error
}

// Download is a file of a recording that is being made, or is there.
type Download struct {
	ID       string    `json:"id"`
	Show     string    `json:"show"`
	Product  string    `json:"product,omitempty" doc:"The product of the clip; missing for the whole show"`
	State    string    `json:"state" doc:"waiting, running, done or failed"`
	Progress float64   `json:"progress" doc:"From 0 to 1"`
	Problem  string    `json:"problem,omitempty" doc:"Why it failed"`
	Bytes    int64     `json:"bytes,omitempty" doc:"Size of the file, once it is done"`
	File     string    `json:"file,omitempty" doc:"Where the file is, once it is done"`
	Expires  time.Time `json:"expires,omitzero" doc:"When the file is removed"`
}

type downloadAnswer struct {
	Location string `header:"Location"`
	Body     Download
}

type inDownload struct {
	Show string `path:"show"`
	ID   string `path:"id"`
}

func (a *API) downloads(h huma.API, mux *http.ServeMux) {
	if a.o.Downloads == nil {
		return
	}
	tags := []string{"recordings"}
	const path = "/api/v1/shows/{show}/download"
	operation(a, h, huma.Operation{OperationID: "start-download", Method: http.MethodPost, Path: path, Tags: tags,
		Summary: "Make one MP4 of a show's recording, without encoding anew", DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 501}}, a.startDownload)
	operation(a, h, huma.Operation{OperationID: "get-download", Method: http.MethodGet, Path: path + "/{id}", Tags: tags,
		Summary: "Read the state of a download", Errors: []int{404}}, func(_ context.Context, in *inDownload) (*downloadAnswer, error) {
		d, err := a.o.Downloads.Download(in.Show, in.ID)
		return &downloadAnswer{Body: a.placed(d)}, err
	})
	operation(a, h, huma.Operation{OperationID: "cancel-download", Method: http.MethodDelete, Path: path + "/{id}", Tags: tags,
		Summary: "End a download and remove its file", DefaultStatus: http.StatusNoContent, Errors: []int{404}},
		func(_ context.Context, in *inDownload) (*struct{}, error) {
			return nil, a.o.Downloads.CancelDownload(in.Show, in.ID)
		})
	mux.HandleFunc("GET "+path+"/{id}/file", a.downloadFile)
}

func (a *API) startDownload(ctx context.Context, in *struct {
	Show string `path:"show"`
	Once
	Body *struct {
		Product string `json:"product,omitempty" doc:"Id or SKU: only the stretches in which this product is spoken about"`
	}
}) (*downloadAnswer, error) {
	product := ""
	if in.Body != nil {
		product = in.Body.Product
	}
	if product != "" {
		var err error
		if product, err = a.mine(ctx, product); err != nil {
			return nil, err
		}
	}
	d, err := a.o.Downloads.StartDownload(ctx, in.Show, product, in.with(nil).Key)
	return &downloadAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/download/" + d.ID, Body: a.placed(d)}, err
}

// placed gives the address of the file as the world has it.
func (a *API) placed(d Download) Download {
	if d.File != "" {
		d.File = a.o.Base + d.File
	}
	return d
}

// downloadFile streams a file, which is no JSON and may be asked for in ranges.
func (a *API) downloadFile(w http.ResponseWriter, r *http.Request) {
	p, err := a.asking(r)
	if err == nil {
		err = a.allowed(r.Context(), p.actor, right{overlay.Run, ofShow}, r)
	}
	if err == nil {
		err = a.o.Downloads.ServeDownload(w, r, r.PathValue("show"), r.PathValue("id"))
	}
	if err != nil {
		challenge(err, w.Header().Set)
		writeProblem(w, a.problem(r.Context(), err))
	}
}
