package overlay

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// byteOrderMark tells Excel that a table is in UTF-8.
const byteOrderMark = "\ufeff"

// Sheet writes a table (CSV) that spreadsheets open safely. What others have written is
// text there, never a formula.
type Sheet struct{ *csv.Writer }

// NewSheet begins a table with its header.
func NewSheet(w io.Writer, header ...string) (Sheet, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return Sheet{}, err
	}
	s := Sheet{csv.NewWriter(w)}
	s.UseCRLF = true
	return s, s.Write(header)
}

// Row writes texts of any origin. A number may stand among them where it is not below 0.
func (s Sheet) Row(cells ...string) error {
	for i, c := range cells {
		cells[i] = SafeCell(c)
	}
	return s.Write(cells)
}

// Money writes a row with what was paid, its currency in the cell at; each further currency has a row of its own, in which
// only the first keep cells stand again, so that figures count once.
func (s Sheet) Money(row []string, keep, at int, money []Taken) error {
	for i, t := range money {
		if i > 0 {
			row = append(slices.Clone(row[:keep]), make([]string, len(row)-keep)...)
		}
		row[at], row[at+1] = t.Currency, InUnits(t.Gross, t.Currency)
		if i < len(money)-1 {
			if err := s.Row(slices.Clone(row)...); err != nil {
				return err
			}
		}
	}
	return s.Row(row...)
}

// SafeCell keeps a spreadsheet from carrying out a text as a formula: as text that it shows.
func SafeCell(s string) string {
	// Those of full width are what an Excel of Asia takes for the same.
	if strings.IndexAny(s, "=+-@\t\r\n|%＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}

// InUnits writes an amount in minor units in the currency's own: 9980 CNY is 99.80.
func InUnits(n int64, currency string) string {
	digits, _ := MinorDigits(currency)
	text, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		text, sign = text[1:], "-"
	}
	if digits == 0 {
		return sign + text
	}
	if len(text) <= digits {
		text = strings.Repeat("0", digits+1-len(text)) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}
