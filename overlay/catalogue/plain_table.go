package catalogue

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
)

// Row is a row of a table that is not of products.
type Row struct {
	N     int    // as a spreadsheet numbers it: the header is row 1
	Wrong string // why it cannot be read; "": it can
	cells []string
	names []string
}

// Get gives the cell of a column; "": there is none.
func (r Row) Get(name string) string {
	i := slices.Index(r.names, name)
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return oneLine(r.cells[i])
}

// Table reads a table that is not of products, in the encodings and with the delimiters of
// tables of products. Names of columns come in small letters, with spaces for _. It refuses
// a table that lacks a column it needs, or has more than most rows.
func Table(f io.ReadSeeker, needs []string, most int, each func(Row)) error {
	text, err := decoded(f, nil)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(text, 64<<10)
	s := &splitter{in: in, delim: delimiter(in)}
	cells, err := s.next()
	var wrong rowError
	switch {
	case errors.Is(err, io.EOF):
		return refused("the file is empty")
	case errors.As(err, &wrong):
		return refused("the header (row %d) %s", s.row, wrong)
	case err != nil:
		return err
	}
	var names []string
	for _, c := range cells {
		names = append(names, columnName(c))
	}
	for _, n := range needs {
		if !slices.Contains(names, n) {
			return refused("the first row lacks a column: %s", strings.ReplaceAll(n, " ", "_"))
		}
	}
	for rows := 0; ; rows++ {
		cells, err := s.next()
		switch {
		case errors.Is(err, io.EOF) && rows == 0:
			return refused("the file has no rows below its header")
		case errors.Is(err, io.EOF):
			return nil
		case rows == most:
			return refused("the file has more than %d rows; divide it", most)
		case errors.As(err, &wrong):
			each(Row{N: s.row, Wrong: wrong.Error()})
		case err != nil:
			return err
		default:
			each(Row{N: s.row, cells: cells, names: names})
		}
	}
}

// Price reads an amount as people write it, in minor units, of a currency where it names
// none.
func Price(text, currency string) (minor int64, code string, err error) { return price(text, currency) }
