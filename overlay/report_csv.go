package overlay

import (
	"bytes"
	"maps"
	"strconv"
	"time"
)

// reportColumns are those of a report as a table. Amounts are in the currency's own unit.
var reportColumns = []string{"section", "id", "sku", "name", "currency", "views", "viewers", "impressions", "clicks", "clickers", "orders", "buyers", "units",
	"gross", "refunded", "cancelled", "net", "rate", "numerator_name", "numerator", "denominator_name", "denominator",
	"price", "usual_price", "opened", "closed", "offered", "per_buyer", "taken", "likes", "effective", "peak", "watched", "on_air", "shares", "came", "orders_by_shares"}

// CSV gives the report as a table that spreadsheets open: with a mark for UTF-8, and with
// no text that they would carry out as a formula.
func (r Report) CSV() ([]byte, error) {
	var out bytes.Buffer
	w, err := NewSheet(&out, reportColumns...)
	if err != nil {
		return nil, err
	}
	row := func(section string, cells map[string]string) {
		line := make([]string, len(reportColumns))
		for i, name := range reportColumns {
			line[i] = cells[name]
		}
		line[0] = section
		_ = w.Write(line) // into memory: Error tells
	}
	row("show", map[string]string{"id": r.Show, "name": SafeCell(r.Title)})
	for _, p := range []struct {
		section string
		ReportPart
	}{{"total", r.Total}, {"live", r.Live}, {"replay", r.Replay}} {
		row(p.section, map[string]string{"views": count(p.Views), "viewers": count(p.Viewers), "impressions": count(p.Impressions), "effective": count(p.Effective), "peak": count(p.Peak), "watched": count(p.Watched), "on_air": count(p.OnAir), "likes": count(p.Likes), "shares": count(p.Shares), "came": count(p.Came), "orders_by_shares": count(p.ByShares), "clicks": count(p.Clicks), "clickers": count(p.Clickers),
			"orders": count(&p.Orders), "buyers": count(&p.Buyers)})
		moneyRows(row, p.section, nil, p.Money)
		rateRows(row, p.section, nil, p.Rates)
	}
	for _, t := range r.Times {
		at := map[string]string{"id": t.At.Format(time.RFC3339)}
		if t.Orders > 0 {
			row("time", with(at, map[string]string{"orders": count(&t.Orders)}))
		}
		for _, m := range t.Money {
			row("time", with(at, map[string]string{"currency": m.Currency, "gross": InUnits(m.Gross, m.Currency)}))
		}
	}
	for _, p := range r.Products {
		of := map[string]string{"id": p.Product, "sku": SafeCell(p.SKU), "name": SafeCell(p.Title)}
		if p.Product == "" {
			of["name"] = "(of no product)"
		} else {
			row("product", with(of, map[string]string{"impressions": count(p.Impressions), "clicks": count(p.Clicks), "orders": count(&p.Orders), "units": count(&p.Units)}))
		}
		moneyRows(row, "product", of, p.Money)
	}
	for _, o := range r.Hosts {
		moneyRows(row, "host", map[string]string{"id": o.Org, "name": SafeCell(o.Name)}, o.Money)
	}
	for _, h := range r.Presenters {
		of := map[string]string{"id": h.Host, "name": SafeCell(h.Name)}
		row("presenter", with(of, map[string]string{"on_air": count(&h.OnAir), "clicks": count(&h.Clicks), "orders": count(&h.Orders)}))
		moneyRows(row, "presenter", of, h.Money)
	}
	for _, o := range r.Sellers {
		moneyRows(row, "seller", map[string]string{"id": o.Org, "name": SafeCell(o.Name)}, o.Money)
	}
	for _, o := range r.Offers {
		of := map[string]string{"id": o.Offer, "sku": SafeCell(o.SKU), "name": SafeCell(o.Title)}
		facts := map[string]string{"currency": o.Currency, "orders": count(&o.Orders), "units": count(&o.Sold), "price": InUnits(o.Price, o.Currency), "opened": stamp(o.Opened), "closed": stamp(o.Closed),
			"offered": count(o.Offered), "per_buyer": count(o.PerBuyer), "taken": count(&o.Taken)}
		if o.Usual != nil {
			facts["usual_price"] = InUnits(*o.Usual, o.Currency)
		}
		row("offer", with(of, facts))
		moneyRows(row, "offer", of, o.Money)
		rateRows(row, "offer", of, o.Rates)
	}
	for _, c := range r.Coupons {
		of := map[string]string{"id": c.Coupon, "name": SafeCell(c.Label)}
		row("coupon", with(of, map[string]string{"orders": count(&c.Orders), "offered": count(c.Offered), "taken": count(&c.Got)}))
		if c.Redeemed > 0 {
			row("coupon points", with(of, map[string]string{"numerator_name": "points", "numerator": count(&c.Points), "denominator_name": "redeemed", "denominator": count(&c.Redeemed)}))
		}
		moneyRows(row, "coupon", of, c.Money)
		rateRows(row, "coupon", of, c.Rates)
	}
	for _, p := range r.Polls {
		for i, o := range p.Options {
			row("poll", map[string]string{"id": p.ID, "name": SafeCell(p.Question), "numerator_name": SafeCell(o), "numerator": count(&p.Votes[i]), "denominator_name": "votes", "denominator": count(&p.Total)})
		}
	}
	if r.Reminders != nil {
		for _, f := range r.Reminders.rows() {
			row("reminders", map[string]string{"numerator_name": f.name, "numerator": count(f.n)})
		}
		rateRows(row, "reminders", nil, r.Reminders.Rates)
	}
	for _, d := range reportWords {
		row("definition", map[string]string{"id": d[0], "name": d[1]})
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func moneyRows(row func(string, map[string]string), section string, of map[string]string, money []Money) {
	for _, m := range money {
		unit := func(n int64) string { return InUnits(n, m.Currency) }
		cells := with(of, map[string]string{"currency": m.Currency, "gross": unit(m.Gross), "refunded": unit(m.Refunded), "cancelled": unit(m.Cancelled), "net": unit(m.Net)})
		if m.Orders != 0 {
			cells["orders"] = count(&m.Orders)
		}
		row(section, cells)
	}
}

// rateRows writes rates, each beside its figures. of is what they are of: of a part of the
// report it is nothing, and a rate has its own name there.
func rateRows(row func(string, map[string]string), section string, of map[string]string, rates []Rate) {
	for _, x := range rates {
		cells := map[string]string{"id": x.Name, "currency": x.Currency, "rate": strconv.FormatFloat(x.Value, 'f', 6, 64),
			"numerator_name": x.NumeratorName, "numerator": count(&x.Numerator), "denominator_name": x.DenominatorName, "denominator": count(&x.Denominator)}
		name := section + " rate"
		if of != nil {
			name = section + " rate " + x.Name
			maps.Copy(cells, of)
		}
		row(name, cells)
	}
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func with(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		return b
	}
	maps.Copy(out, b)
	return out
}

func count(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
