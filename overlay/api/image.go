package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Images keeps the pictures that people upload.
type Images interface {
	// Upload keeps the picture of a file. It fails with an overlay.Error for users. once
	// makes the key of a request whose body is the file.
	Upload(ctx context.Context, org string, file io.Reader, actor string, once func(file []byte) store.Once) (overlay.Image, error)
}

type imageAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Image
}

func (a *API) images(h huma.API) {
	if a.o.Images == nil {
		return
	}
	operation(a, h, huma.Operation{OperationID: "create-image", Method: http.MethodPost, Path: "/api/v1/images", Tags: []string{"products"}, DefaultStatus: http.StatusCreated,
		Summary: "Upload a picture of a product", Errors: []int{400, 404, 413, 422, 503},
		Description: "Takes a JPEG, PNG, GIF or WebP of at most 10 MiB and 25 million pixels. The server draws the picture anew, upright and at most 1600 pixels wide and high: nothing else of the file is kept. " +
			"The path of the answer goes into image or images of a product. A picture that no product uses is deleted after a day.",
		Middlewares: huma.Middlewares{withBody},
	}, a.createImage)
	// Named before, huma would read the body itself, into memory.
	h.OpenAPI().Paths["/api/v1/images"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary", Description: "The picture"}},
	}}}}
}

func (a *API) createImage(ctx context.Context, in *struct {
	Once
	Org string `query:"org" doc:"The organisation whose picture it is; your own if left out"`
}) (*imageAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Goods, in.Org)
	if err != nil {
		return nil, err
	}
	b, ok := ctx.Value(bodyKey{}).(body)
	if !ok {
		return nil, errors.New("the body is not in the context")
	}
	kind, params, err := mime.ParseMediaType(b.contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, overlay.Errorf(overlay.Invalid, "Content-Type: send the picture as the part file of multipart/form-data")
	}
	part, err := multipart.NewReader(b, params["boundary"]).NextPart()
	switch {
	case errors.Is(err, io.EOF):
		return nil, overlay.Errorf(overlay.Invalid, "file: is missing")
	case err != nil:
		return nil, overlay.Errorf(overlay.Invalid, "the form is broken, or was not sent to its end")
	case part.FormName() != "file":
		return nil, overlay.Errorf(overlay.Invalid, "the form has a part %q; only file is known", overlay.Plain(part.FormName(), 50))
	}
	made, err := a.o.Images.Upload(ctx, org, part, actor(ctx), func(file []byte) store.Once {
		sum := sha256.Sum256(file)
		return in.with(append([]byte(org+"\n"), sum[:]...))
	})
	if brokenOff(err) {
		err = overlay.Errorf(overlay.Invalid, "file: was not sent to its end")
	}
	return &imageAnswer{Location: a.o.Base + made.Path, Body: made}, err
}
