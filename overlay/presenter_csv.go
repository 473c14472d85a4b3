package overlay

import (
	"bytes"
	"strconv"
	"time"
)

// CSV gives the statement as a table that spreadsheets open, its sums at the end.
func (s Statement) CSV() ([]byte, error) {
	var out bytes.Buffer
	w, err := NewSheet(&out, "line", "booked_at", "order", "show", "title", "currency", "net", "commission_percent", "commission")
	if err != nil {
		return nil, err
	}
	for _, l := range s.Lines {
		kind := "sale"
		if l.Net < 0 {
			kind = "back"
		}
		_ = w.Write([]string{kind, l.At.UTC().Format(time.DateTime), SafeCell(l.Name), l.Show, SafeCell(l.Title), l.Currency, InUnits(l.Net, l.Currency), percentOf(l.Share), InUnits(l.Amount, l.Currency)}) // into memory: Error tells
	}
	for _, t := range s.Sums {
		_ = w.Write([]string{"sum", s.Month, SafeCell(s.Host.Name), "", "", t.Currency, InUnits(t.Net, t.Currency), "", InUnits(t.Amount, t.Currency)})
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// percentOf writes basis points as a percentage: 1250 is 12.50.
func percentOf(share int64) string { return strconv.FormatFloat(float64(share)/100, 'f', 2, 64) }
