package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/store"
)

// exportPage is how many orders of an export are in memory at a time.
const exportPage = 500

func (a *API) saleExport(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "export-orders", Method: http.MethodGet, Path: "/api/v1/orders.csv", Tags: []string{"orders"},
		Summary: "Download the orders as a table (CSV)", Errors: []int{404, 422},
		Description: "In UTF-8 with a byte order mark; the newest first. Amounts are in units of the currency (99.80), times in UTC. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
		Responses:   map[string]*huma.Response{"200": {Description: "The table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	}, a.exportOrders)
}

func (a *API) exportOrders(ctx context.Context, in *struct{ OrderFilter }) (*huma.StreamResponse, error) {
	q, err := a.orders(ctx, in.OrderFilter)
	if err != nil {
		return nil, err
	}
	// The first page before the answer begins, so that what is wrong is told in words.
	page, err := a.as(ctx).OrdersWithLines(ctx, q, "", exportPage)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="orders-%s.csv"`, time.Now().UTC().Format(time.DateOnly)))
		if err := a.writeOrders(ctx, w, q, page); err != nil {
			if ctx.Err() == nil {
				a.o.Logger.ErrorContext(ctx, "an export of orders broke off", "err", err)
			}
			panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
		}
	}}, nil
}

func (a *API) writeOrders(ctx context.Context, w http.ResponseWriter, q store.Orders, page []overlay.OrderStory) error {
	t, err := overlay.NewSheet(w, "id", "shop", "order", "state", "currency", "gross", "refunded", "net", "over", "paid_at", "items",
		"show", "host", "product", "variant", "cue", "replay", "by_hand", "click", "created_at", "changed_at")
	going := still(ctx)
	for err == nil && len(page) > 0 {
		for _, o := range page {
			if err = t.Row(o.ID, o.Shop, o.Name, string(o.State), o.Currency, overlay.InUnits(o.Gross, o.Currency), overlay.InUnits(o.Refunded, o.Currency), overlay.InUnits(o.Net, o.Currency), overlay.InUnits(o.Over, o.Currency),
				csvTime(o.PaidAt), itemsOf(o.Lines), o.Show, o.Host, o.Product, o.Variant, o.Cue, yes(o.Replay), yes(o.ByHand), o.Click, csvTime(&o.Created), csvTime(&o.Changed)); err != nil {
				return err
			}
		}
		if t.Flush(); t.Error() != nil || len(page) < exportPage {
			return t.Error()
		}
		if !going(ctx) {
			return errors.New("the token or the session has ended")
		}
		page, err = a.as(ctx).OrdersWithLines(ctx, q, store.OrderCursor(page[len(page)-1].Order), exportPage)
	}
	t.Flush()
	if err != nil {
		return err
	}
	return t.Error()
}

// itemsOf tells what an order is of: 2 × CORN-5KG; 1 × TEA.
func itemsOf(lines []overlay.SoldLine) string {
	var all []string
	for _, l := range lines {
		name := l.SKU
		if name == "" {
			name = l.Title
		}
		all = append(all, strconv.FormatInt(l.Quantity, 10)+" × "+name)
	}
	return strings.Join(all, "; ")
}

func yes(is bool) string {
	if is {
		return "1"
	}
	return ""
}

// csvTime writes a time as spreadsheets understand it, in UTC; nil: none.
func csvTime(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.DateTime)
}
