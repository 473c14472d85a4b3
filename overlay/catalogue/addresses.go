package catalogue

import (
	"bufio"
	"bytes"
	"errors"
	"path"
	"slices"
	"strings"
)

// maxSample is how many rows are looked at to find out what a column without a name is.
const maxSample = 200

// sample gives the first rows of a table without reading them.
func sample(in *bufio.Reader, delim byte) [][]string {
	const size = 32 << 10
	head, _ := in.Peek(size) // what is there; an error comes again with the next read
	s := &splitter{in: bufio.NewReader(bytes.NewReader(head)), delim: delim}
	var rows [][]string
	for len(rows) < maxSample {
		cells, err := s.next()
		var row rowError
		if errors.As(err, &row) {
			continue
		}
		if err != nil {
			break
		}
		rows = append(rows, slices.Clone(cells))
	}
	if len(head) == size && len(rows) > 1 {
		rows = rows[:len(rows)-1] // it may be cut
	}
	return rows
}

// kind is what the cells of a column without a name are.
type kind int

const (
	kindEmpty kind = iota
	kindText
	kindLink
	kindImage
)

// kindOf judges a column by most of its cells: a wrong one is told with its row.
func kindOf(rows [][]string, column int) kind {
	filled, links, images := 0, 0, 0
	for _, cells := range rows {
		if column >= len(cells) || strings.TrimSpace(cells[column]) == "" {
			continue
		}
		filled++
		switch address, picture := addressOf(cells[column]); {
		case picture:
			images++
		case address:
			links++
		}
	}
	switch {
	case filled == 0:
		return kindEmpty
	case 2*(links+images) <= filled:
		return kindText
	case images > links:
		return kindImage
	}
	return kindLink
}

// addressOf tells whether a cell is an address on the web, and whether that of a picture.
func addressOf(cell string) (address, picture bool) {
	cell = strings.ToLower(strings.TrimSpace(cell))
	if !strings.HasPrefix(cell, "http://") && !strings.HasPrefix(cell, "https://") {
		return false, false
	}
	cell, _, _ = strings.Cut(cell, "?")
	return true, slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}, path.Ext(cell))
}

// withAddresses finds the link and the picture among columns whose names say nothing.
func (h *header) withAddresses(names []string, rows [][]string) {
	for column, name := range names {
		if plainColumns[columnName(name)] != fieldNone {
			continue
		}
		h.take(column, kindOf(rows, column))
	}
}

func (h *header) take(column int, k kind) {
	if k == kindLink && h.columns[fieldLink] < 0 {
		h.columns[fieldLink] = column
	}
	if k == kindImage && h.columns[fieldImage] < 0 {
		h.columns[fieldImage] = column
	}
}

// withoutHeader understands rows that are pasted from a spreadsheet: SKU, title and price
// in this order, and addresses anywhere.
func withoutHeader(rows [][]string) (h header, ok bool) {
	h, _ = readHeader(nil)
	if len(rows) == 0 {
		return h, false
	}
	width := 0
	for _, cells := range rows {
		width = max(width, len(cells))
	}
	var rest []int
	for column := range width {
		k := kindOf(rows, column)
		if k == kindText {
			rest = append(rest, column)
		}
		h.take(column, k)
	}
	if len(rest) != 3 || rest[2] >= len(rows[0]) || !looksLikePrice(rows[0][rest[2]]) {
		return h, false
	}
	h.columns[fieldSKU], h.columns[fieldTitle], h.columns[fieldPrice] = rest[0], rest[1], rest[2]
	return h, true
}
