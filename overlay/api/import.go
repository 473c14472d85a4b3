package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Imports reads files of products into the catalogue, in the background.
type Imports interface {
	// Upload keeps a file and begins its import; Fetch begins that of a file at an
	// address. They fail with an overlay.Error for users.
	// A repeated request, by its key, begins nothing; Upload adds the file to what the
	// key is for.
	Upload(ctx context.Context, job overlay.Import, file io.Reader, actor string, once store.Once) (overlay.Import, error)
	Fetch(ctx context.Context, job overlay.Import, address, actor string, once store.Once) (overlay.Import, error)
	// Apply decides that what was read is applied.
	Apply(ctx context.Context, id string, confirm []string, actor string) (overlay.Import, error)
	// Wake tells that a feed may be due.
	Wake()
}

type importCreated struct {
	Location string `header:"Location"`
	Body     struct {
		ID string `json:"id"`
	}
}

type importAnswer struct{ Body overlay.Import }

// InImport is the path of an import. It is exported because huma leaves out embedded
// structs that are not.
type InImport struct {
	Import string `path:"import"`
}

// newImport is a request for an import, without its file.
type newImport struct {
	URL      string `json:"url,omitempty" doc:"Where the file is: http or https, on the public internet. Instead of it, send multipart/form-data with the part file"`
	Org      string `json:"org,omitempty" doc:"The organisation to which the products belong; needed by those who have a role in several"`
	DryRun   bool   `json:"dry_run,omitempty" doc:"Change nothing until the import is applied. Without it, an import that has no warnings is applied as soon as it is read"`
	Currency string `json:"currency,omitempty" doc:"The currency of prices that name none" example:"EUR"`
}

// text is the request as its Idempotency-Key is for it, apart from a file.
func (n newImport) text(source string) []byte {
	return fmt.Appendf(nil, "%q %q %t %q", source, n.Org, n.DryRun, strings.ToUpper(n.Currency))
}

// importJob is the import that a request asks for, in an organisation where its actor
// may change products.
func (a *API) importJob(ctx context.Context, n newImport) (overlay.Import, error) {
	org, err := a.placeFor(ctx, overlay.Goods, n.Org)
	return overlay.Import{Org: org, DryRun: n.DryRun, Currency: strings.ToUpper(n.Currency)}, err
}

func (a *API) imports(h huma.API) {
	if a.o.Imports == nil {
		return
	}
	tags := []string{"products"}
	schema := huma.SchemaFromType(h.OpenAPI().Components.Schemas, reflect.TypeFor[newImport]())
	form := *schema
	form.Properties = map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary", Description: "The file, at most 256 MiB. It comes behind the other parts"}}
	for name, p := range schema.Properties {
		if name != "url" {
			form.Properties[name] = p
		}
	}
	form.Required = []string{"file"}
	operation(a, h, huma.Operation{OperationID: "create-import", Method: http.MethodPost, Path: "/api/v1/imports", Tags: tags, DefaultStatus: http.StatusAccepted,
		Summary: "Import products from a file", Errors: []int{400, 404, 413, 422, 503},
		Description: "Reads Google Merchant feeds (TSV, or XML as RSS or Atom), Shopify's CSV, and tables with the columns sku, title and price (tabs, commas or semicolons), in UTF-8, UTF-16 or GB18030. " +
			"Products are matched by SKU. What a file has no column for stays as it is, and so do products that the file does not have, or that are in a show on air. All changes are seen at once, or none is.",
		Middlewares: huma.Middlewares{withBody},
	}, a.createImport)
	// Named before, huma would read the body itself, into memory.
	h.OpenAPI().Paths["/api/v1/imports"].Post.RequestBody = &huma.RequestBody{Required: true,
		Content: map[string]*huma.MediaType{"application/json": {Schema: schema}, "multipart/form-data": {Schema: &form}}}
	a.importLists(h, tags)
	operation(a, h, huma.Operation{OperationID: "get-import", Method: http.MethodGet, Path: "/api/v1/imports/{import}", Tags: tags,
		Summary: "Read how far an import is, and what it finds", Errors: []int{404}}, func(ctx context.Context, in *InImport) (*importAnswer, error) {
		i, err := a.as(ctx).Import(ctx, in.Import)
		return &importAnswer{i}, err
	})
	operation(a, h, huma.Operation{OperationID: "apply-import", Method: http.MethodPost, Path: "/api/v1/imports/{import}/apply", Tags: tags, DefaultStatus: http.StatusAccepted,
		Summary: "Apply an import that is ready", Errors: []int{404, 409, 422, 503},
		Description: "Each warning has to be confirmed by its code. An import that is applied already stays so."}, a.applyImport)
}

type importList struct {
	Body struct {
		Items []overlay.ImportHead `json:"items" doc:"The latest first, without their rows"`
		Next  string               `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) importLists(h huma.API, tags []string) {
	operation(a, h, huma.Operation{OperationID: "list-imports", Method: http.MethodGet, Path: "/api/v1/imports", Tags: tags,
		Summary: "List imports, the latest first", Errors: []int{404, 422},
		Description: "Those of the last 30 days, also of the command mediad import. Of each organisation the ten newest may be ready."}, a.listImports)
	operation(a, h, huma.Operation{OperationID: "drop-import", Method: http.MethodDelete, Path: "/api/v1/imports/{import}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Drop an import that is not applied", Errors: []int{404, 409, 503},
		Description: "Its state is failed then, and nothing has changed."}, func(ctx context.Context, in *InImport) (*struct{}, error) {
		return nil, a.as(ctx).DropImport(ctx, in.Import)
	})
}

func (a *API) listImports(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Of this organisation alone"`
	Paging
}) (*importList, error) {
	scope, err := a.scopeOf(ctx, overlay.Goods, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Imports(ctx, scope, in.Cursor, in.Limit+1)
	out := &importList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(i overlay.ImportHead) string { return i.ID })
	return out, err
}

// body is what a request sends, for a handler that reads it as it comes.
type body struct {
	io.Reader
	contentType string
}

type bodyKey struct{}

// withBody keeps a large body out of memory: the handler reads it from the context.
func withBody(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithValue(ctx, bodyKey{}, body{ctx.BodyReader(), ctx.Header("Content-Type")}))
}

func (a *API) createImport(ctx context.Context, in *struct{ Once }) (*importCreated, error) {
	b, ok := ctx.Value(bodyKey{}).(body)
	if !ok {
		return nil, errors.New("the body is not in the context")
	}
	kind, params, err := mime.ParseMediaType(b.contentType)
	var made overlay.Import
	switch {
	case err == nil && kind == "application/json":
		made, err = a.importAddress(ctx, b, in.Once)
	case err == nil && kind == "multipart/form-data" && params["boundary"] != "":
		made, err = a.importUpload(ctx, multipart.NewReader(b, params["boundary"]), in.Once)
	default:
		return nil, overlay.Errorf(overlay.Invalid, "Content-Type: send a file as multipart/form-data, or an address as application/json")
	}
	out := &importCreated{Location: a.o.Base + "/api/v1/imports/" + made.ID}
	out.Body.ID = made.ID
	return out, err
}

func (a *API) importAddress(ctx context.Context, b body, o Once) (overlay.Import, error) {
	var n newImport
	d := json.NewDecoder(io.LimitReader(b, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return overlay.Import{}, overlay.Errorf(overlay.Invalid, "the body must be a JSON object with url, and perhaps org, dry_run and currency")
	}
	job, err := a.importJob(ctx, n)
	if err != nil {
		return job, err
	}
	return a.o.Imports.Fetch(ctx, job, n.URL, actor(ctx), o.with(n.text(n.URL)))
}

// maxFormField bounds the parts of a form beside the file.
const maxFormField = 1000

func (a *API) importUpload(ctx context.Context, form *multipart.Reader, o Once) (overlay.Import, error) {
	var n newImport
	for range 10 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return overlay.Import{}, overlay.Errorf(overlay.Invalid, "the form is broken, or was not sent to its end")
		}
		if part.FormName() == "file" {
			job, err := a.importJob(ctx, n)
			if err != nil {
				return job, err
			}
			job.Source = part.FileName()
			made, err := a.o.Imports.Upload(ctx, job, part, actor(ctx), o.with(n.text(job.Source)))
			if brokenOff(err) {
				err = overlay.Errorf(overlay.Invalid, "file: was not sent to its end")
			}
			return made, err
		}
		text, err := io.ReadAll(io.LimitReader(part, maxFormField))
		if err != nil {
			return overlay.Import{}, overlay.Errorf(overlay.Invalid, "the form was not sent to its end")
		}
		switch name, value := part.FormName(), string(text); name {
		case "org":
			n.Org = value
		case "currency":
			n.Currency = value
		case "dry_run":
			if n.DryRun, err = strconv.ParseBool(value); err != nil {
				return overlay.Import{}, overlay.Errorf(overlay.Invalid, "dry_run: must be true or false")
			}
		default:
			return overlay.Import{}, overlay.Errorf(overlay.Invalid, "the form has a part %q; only file, org, dry_run and currency are known, and file comes last", overlay.Plain(name, 50))
		}
	}
	return overlay.Import{}, overlay.Errorf(overlay.Invalid, "file: is missing")
}

func (a *API) applyImport(ctx context.Context, in *struct {
	InImport
	Body struct {
		Confirm []string `json:"confirm,omitempty" maxItems:"10" doc:"The codes of all warnings of the import"`
	}
}) (*importAnswer, error) {
	i, err := a.o.Imports.Apply(ctx, in.Import, in.Body.Confirm, actor(ctx))
	return &importAnswer{i}, err
}
