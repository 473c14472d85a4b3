package overlay

import (
	"bytes"
	"strconv"
	"time"
)

// summaryColumns are those of a summary as a table. Amounts are in the currency's own unit.
var summaryColumns = []string{"section", "part", "id", "sku", "name", "org", "started", "currency", "shows", "on_air_seconds", "views", "viewers", "impressions", "clicks", "orders", "units",
	"gross", "refunded", "cancelled", "net", "rate", "numerator_name", "numerator", "denominator_name", "denominator"}

// CSV gives the summary as a table that spreadsheets open, as Report.CSV does: a line for
// the counts of each row and part, one for each currency, and one for each rate.
func (s Summary) CSV() ([]byte, error) {
	var out bytes.Buffer
	w, err := NewSheet(&out, summaryColumns...)
	if err != nil {
		return nil, err
	}
	row := func(section string, cells map[string]string) {
		line := make([]string, len(summaryColumns))
		for i, name := range summaryColumns {
			line[i] = cells[name]
		}
		line[0] = section
		_ = w.Write(line) // into memory: Error tells
	}
	row("days", map[string]string{"id": s.From + "/" + s.To, "name": s.Timezone})
	summaryRow(row, "total", s.Total)
	for _, r := range s.Rows {
		summaryRow(row, string(s.By), r)
	}
	none := map[string]string{"name": "(from no show)"}
	row("no show", with(none, map[string]string{"orders": count(&s.NoShow.Orders), "units": count(&s.NoShow.Units)}))
	moneyRows(row, "no show", none, s.NoShow.Money)
	for _, d := range s.Days {
		at := map[string]string{"id": d.Day}
		if d.Shows > 0 {
			row("day", with(at, map[string]string{"shows": count(&d.Shows), "orders": count(&d.Orders)}))
		}
		moneyRows(row, "day", at, d.Money)
	}
	for _, d := range summaryWords {
		row("definition", map[string]string{"id": d[0], "name": d[1]})
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func summaryRow(row func(string, map[string]string), section string, r SummaryRow) {
	of := map[string]string{"id": r.ID, "sku": SafeCell(r.SKU), "name": SafeCell(r.Name), "org": r.Org}
	if r.Started != nil {
		of["started"] = r.Started.Format(time.RFC3339)
	}
	switch r.Rest {
	case "others":
		of["name"] = "(all others)"
	case "no_product":
		of["name"] = "(of no product)"
	case "no_seller":
		of["name"] = "(shows without products)"
	}
	summaryFigures(row, section, "", of, r.SummaryFigures)
	if r.Below != nil {
		summaryFigures(row, section, "below", of, *r.Below)
	}
}

func summaryFigures(row func(string, map[string]string), section, whose string, of map[string]string, f SummaryFigures) {
	for _, p := range []struct {
		name string
		SummaryPart
	}{{"total", f.Total}, {"live", f.Live}, {"replay", f.Replay}} {
		part := p.name
		if whose != "" {
			part = whose + " " + part
		}
		named := with(of, map[string]string{"part": part})
		cells := with(named, map[string]string{"views": count(p.Views), "viewers": count(p.Viewers), "impressions": count(p.Impressions), "clicks": count(p.Clicks), "orders": count(&p.Orders), "units": count(&p.Units)})
		if p.name == "total" {
			cells["shows"], cells["on_air_seconds"] = count(&f.Shows), count(&f.OnAir)
		}
		row(section, cells)
		moneyRows(row, section, named, p.Money)
		for _, x := range p.Rates {
			rate := with(named, map[string]string{"part": part + " rate " + x.Name, "currency": x.Currency, "rate": strconv.FormatFloat(x.Value, 'f', 6, 64),
				"numerator_name": x.NumeratorName, "numerator": count(&x.Numerator), "denominator_name": x.DenominatorName, "denominator": count(&x.Denominator)})
			row(section, rate)
		}
	}
}
