package api

import (
	"encoding/csv"
	"io"
	"time"

	"mediad/overlay"
)

// byteOrderMark tells Excel that a table is in UTF-8.
const byteOrderMark = "\ufeff"

// table writes a table that spreadsheets open safely. What others have written is text
// there, never a formula.
type table struct{ *csv.Writer }

// newTable begins a table with its header.
func newTable(w io.Writer, header ...string) (table, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return table{}, err
	}
	t := table{csv.NewWriter(w)}
	t.UseCRLF = true
	return t, t.Write(header)
}

// row writes texts of any origin.
func (t table) row(cells ...string) error {
	for i, c := range cells {
		cells[i] = overlay.SafeCell(c)
	}
	return t.Write(cells)
}

// csvTime writes a time as spreadsheets understand it, in UTC; nil: none.
func csvTime(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.DateTime)
}
