package checkout

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/catalogue"
)

// Limits of a file of orders.
const (
	MaxFile     = 10 << 20 // bytes
	maxFileRows = 20_000
)

// filed are the states that a file may give an order.
var filed = []overlay.OrderState{overlay.OrderStatePaid, overlay.OrderStatePending, overlay.OrderStateFailed, overlay.OrderStatePartly, overlay.OrderStateRefunded, overlay.OrderStateCancelled}

// ReadOrders reads a table of orders with a row for each line, in the order of the file. What
// is wrong is noted in found, by row.
func ReadOrders(f io.ReadSeeker, found *overlay.OrderImport) ([]overlay.FiledOrder, error) {
	var orders []*filing
	byName := map[string]*filing{}
	err := catalogue.Table(f, []string{"order", "amount", "currency"}, maxFileRows, func(r catalogue.Row) {
		name := r.Get("order")
		o := byName[name]
		switch {
		case r.Wrong != "":
			found.Reject(r.N, r.Wrong)
			return
		case name == "":
			found.Reject(r.N, "order: is missing")
			return
		case o == nil:
			o = &filing{FiledOrder: overlay.FiledOrder{Row: r.N, Name: name}}
			byName[name], orders = o, append(orders, o)
		}
		if err := o.add(r); err != nil {
			o.wrong = true
			found.Reject(r.N, err.Error())
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]overlay.FiledOrder, 0, len(orders))
	for _, o := range orders {
		if err := o.end(); err != nil && !o.wrong {
			found.Reject(o.Row, err.Error())
		}
		out = append(out, o.FiledOrder)
	}
	found.Orders = len(out)
	return out, nil
}

// filing is an order of which some rows are read.
type filing struct {
	overlay.FiledOrder
	total bool // the order says what was paid in all
	back  bool // and what went back
	wrong bool
	first [6]string
}

// own are the columns about the whole order; its other rows say the same or nothing.
var own = [6]string{"currency", "state", "paid at", "total", "refunded", "click"}

func (o *filing) add(r catalogue.Row) error {
	for i, name := range own {
		switch cell := r.Get(name); {
		case r.N == o.Row:
			o.first[i] = cell
		case cell != "" && cell != o.first[i]:
			return overlay.Errorf(overlay.Invalid, "%s: %q is not what row %d has for the same order", strings.ReplaceAll(name, " ", "_"), overlay.Plain(cell, 40), o.Row)
		}
	}
	if r.N == o.Row {
		if err := o.head(r); err != nil {
			return err
		}
	}
	line := overlay.OrderLine{SKU: r.Get("sku"), Ref: r.Get("ref"), Title: r.Get("title"), Quantity: 1}
	if text := r.Get("quantity"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return overlay.Errorf(overlay.Invalid, "quantity: %q is not a whole number from 1", overlay.Plain(text, 40))
		}
		line.Quantity = n
	}
	var err error
	if line.Amount, err = o.money("amount", r.Get("amount")); err != nil {
		return err
	}
	o.Lines = append(o.Lines, line)
	if !o.total {
		o.Amount += line.Amount
	}
	return nil
}

// head reads what the first row says of the whole order.
func (o *filing) head(r catalogue.Row) (err error) {
	o.Currency, o.Click = strings.ToUpper(r.Get("currency")), r.Get("click")
	if _, ok := overlay.MinorDigits(o.Currency); !ok {
		return overlay.Errorf(overlay.Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", overlay.Plain(o.Currency, 40))
	}
	if o.State = overlay.OrderState(strings.ReplaceAll(strings.ToLower(r.Get("state")), " ", "_")); o.State == "" {
		o.State = overlay.OrderStatePaid
	}
	if !slices.Contains(filed, o.State) {
		return overlay.Errorf(overlay.Invalid, "state: %q is not one of paid, pending, failed, partly_refunded, refunded, cancelled", overlay.Plain(string(o.State), 40))
	}
	if o.PaidAt, err = timeOf(r.Get("paid at")); err != nil {
		return err
	}
	if text := r.Get("total"); text != "" {
		o.total = true
		if o.Amount, err = o.money("total", text); err != nil {
			return err
		}
	}
	if text := r.Get("refunded"); text != "" {
		o.back = true
		o.Refunded, err = o.money("refunded", text)
	}
	return err
}

func (o *filing) money(field, text string) (int64, error) {
	minor, code, err := catalogue.Price(text, o.Currency)
	if err != nil {
		return 0, overlay.Errorf(overlay.Invalid, "%s: %v", field, err)
	}
	if code != o.Currency {
		return 0, overlay.Errorf(overlay.Invalid, "%s: is in %s, and the order in %s", field, code, o.Currency)
	}
	return minor, nil
}

// end checks an order whose rows are all read.
func (o *filing) end() error {
	unpaid := o.State == overlay.OrderStatePending || o.State == overlay.OrderStateFailed
	switch {
	case o.PaidAt.IsZero():
		return overlay.Errorf(overlay.Invalid, "paid_at: is missing; it is the time of the payment, or of the order while that is pending")
	case o.State == overlay.OrderStatePartly && !o.back:
		return overlay.Errorf(overlay.Invalid, "refunded: is missing; it says how much of a partly refunded order went back")
	case o.Refunded > o.Amount, unpaid && o.Refunded > 0:
		return overlay.Errorf(overlay.Invalid, "refunded: is more than was paid")
	}
	if o.State == overlay.OrderStateRefunded && !o.back {
		o.Refunded = o.Amount
	}
	return nil
}

// timeOf reads a time as spreadsheets write it; one without a zone is UTC.
func timeOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700", time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006/01/02 15:04", time.DateOnly, "2006/01/02"} {
		if at, err := time.Parse(layout, text); err == nil && overlay.OrderTime(at, time.Now()) {
			return at.UTC(), nil
		}
	}
	return time.Time{}, overlay.Errorf(overlay.Invalid, "paid_at: %q is not a time such as 2026-11-30 20:15:00", overlay.Plain(text, 40))
}
