package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/checkout"
)

func (a *API) saleImport(h huma.API) {
	const path = "/api/v1/orders/import"
	operation(a, h, huma.Operation{OperationID: "import-orders", Method: http.MethodPost, Path: path, Tags: []string{"orders"},
		Summary: "Bring a table of orders (CSV) into the ledger", Errors: []int{400, 404, 409, 413, 422, 503},
		Description: "For shops that send no webhooks. The body is the table itself, at most 10 MiB and 20,000 rows, in the encodings of imports of products: a row for each line, with the columns order, amount, currency and paid_at, " +
			"and perhaps sku, ref, title, quantity, total, state, refunded and click. Amounts are in units of the currency, as in 99.80. Where a row is wrong, nothing is changed. What the ledger has already stays as it is: the same table again changes nothing.",
		MaxBodyBytes: checkout.MaxFile + 1, Middlewares: huma.Middlewares{withBody},
	}, a.importOrders)
	h.OpenAPI().Paths[path].Post.RequestBody = &huma.RequestBody{Required: true,
		Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
}

func (a *API) importOrders(ctx context.Context, in *struct {
	Shop   string `query:"shop" required:"true" doc:"The shop's id"`
	DryRun bool   `query:"dry_run" doc:"true: tell what would be changed, and change nothing"`
}) (*struct{ Body overlay.OrderImport }, error) {
	b, ok := ctx.Value(bodyKey{}).(body)
	if !ok {
		return nil, errors.New("the body is not in the context")
	}
	shop, err := a.as(ctx).ShopToFill(ctx, in.Shop)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(b, checkout.MaxFile+1))
	if err != nil {
		return nil, overlay.Errorf(overlay.Invalid, "the file was not sent to its end")
	}
	if len(text) > checkout.MaxFile {
		return nil, overlay.Errorf(overlay.TooLarge, "the file has more than %d MiB; divide it", checkout.MaxFile>>20)
	}
	found := overlay.OrderImport{DryRun: in.DryRun, Rejected: []overlay.RowProblem{}}
	orders, err := checkout.ReadOrders(bytes.NewReader(text), &found)
	if err != nil {
		return nil, err
	}
	found, err = a.as(ctx).ImportOrders(ctx, shop, orders, found)
	return &struct{ Body overlay.OrderImport }{found}, err
}
