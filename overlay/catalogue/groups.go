package catalogue

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"mediad/overlay"
)

// Feeds of Google have a row for each variant, and item_group_id says which rows are one
// product. They need not stand together, so the file is read twice: a product is handed
// on where its last row stands, and no more than the products that are begun is held.

// maxHeld bounds what is held of products whose last row has not come, in bytes.
const maxHeld = 64 << 20

// maxVariants is that of overlay.Product.
const maxVariants = 100

// maxSKU is that of overlay.Product, in characters.
const maxSKU = 50

// groups collects the rows of products that have several.
type groups struct {
	counting bool // the first reading only counts
	seed     maphash.Seed
	left     map[uint64]int // rows that are still to come, by the hash of the group
	open     map[string]*googleGroup
	held     int
}

func newGroups() *groups {
	return &groups{seed: maphash.MakeSeed(), left: map[uint64]int{}, open: map[string]*googleGroup{}}
}

// googleGroup is a product that is begun.
type googleGroup struct {
	rows []googleRow
	held int
	why  Item // has a reason if the product is rejected
}

// googleRow is what a row says of its variant.
type googleRow struct {
	item    Item
	options [optionFields]string
}

// grouped tells whether a file may have groups: most have none, and are read once.
func grouped(text io.Reader) (bool, error) {
	names := [][]byte{[]byte("item_group_id"), []byte("item group id")}
	in := bufio.NewReaderSize(text, 256<<10)
	var last []byte
	for {
		piece, err := in.Peek(64 << 10)
		low := bytes.ToLower(append(last, piece...))
		for _, n := range names {
			if bytes.Contains(low, n) {
				return true, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		last = bytes.Clone(piece[len(piece)-len(names[0]):]) // a name may stand across the end
		if _, err := in.Discard(len(piece)); err != nil {
			return false, err
		}
	}
}

// row takes a row of a table, or an item of XML.
func (s *sink) row(r record, o Options) error {
	name := r.text(fieldGroup)
	if s.groups == nil || name == "" {
		return s.put(func() Item { return plainItem(r, o) })
	}
	g := s.groups
	hash := maphash.String(g.seed, name)
	if g.counting {
		g.left[hash]++
		return s.counted()
	}
	group := g.open[name]
	if group == nil {
		group = &googleGroup{}
		g.open[strings.Clone(name)] = group
		if n := g.left[hash]; n > maxVariants {
			group.why = reject(r.row, "item_group_id: %q has %d rows; a product has at most %d variants", clipped(name), n, maxVariants)
			group.why.SKU, group.why.Title = name, oneLine(r.text(fieldTitle))
		}
	}
	if group.why.Reason == "" {
		g.add(group, name, r, o)
	}
	if g.left[hash]--; g.left[hash] > 0 {
		return s.counted()
	}
	delete(g.open, name)
	g.held -= group.held
	return s.put(func() Item { return group.item(name) })
}

// add keeps a row, or says why its product cannot be. What only the first row gives is
// not kept of the others.
func (g *groups) add(group *googleGroup, name string, r record, o Options) {
	i := plainItem(r, o)
	first := i
	if len(group.rows) > 0 {
		first = group.rows[0].item
	}
	fail := func(format string, args ...any) {
		reason := fmt.Sprintf(format, args...)
		if r.row != first.Row {
			reason += fmt.Sprintf(" (in a variant of the product of row %d)", first.Row)
		}
		group.why = Item{Row: r.row, SKU: name, Title: first.Title, Reason: reason}
		g.held -= group.held
		group.rows, group.held = nil, 0
	}
	if i.Reason != "" {
		fail("%s", i.Reason)
		return
	}
	if was, is := *first.Change.Currency, *i.Change.Currency; was != is {
		fail("price: is in %s, and others of the product in %s", is, was)
		return
	}
	row := googleRow{item: i}
	if len(group.rows) > 0 {
		row.item.Change.Description, row.item.Change.Category, row.item.Change.Images = nil, nil, nil
	}
	for n := range row.options {
		row.options[n] = oneLine(r.text(fieldColor + field(n)))
	}
	size := 1000 // about what a row has beside its text
	for _, cell := range r.cells {
		size += len(cell)
	}
	if g.held+size > maxHeld {
		fail("item_group_id: rows of too many products stand apart; put the rows of each product below each other")
		return
	}
	for _, other := range group.rows {
		if other.item.SKU == i.SKU {
			fail("sku: %q was in row %d already", i.SKU, other.item.Row)
			return
		}
	}
	group.rows, group.held, g.held = append(group.rows, row), group.held+size, g.held+size
}

// item makes the product of a group: of its first row, with a variant for each.
func (g *googleGroup) item(name string) Item {
	if g.why.Reason != "" {
		return g.why
	}
	i := g.rows[0].item
	options, same := g.options()
	if same != nil {
		i.SKU = name
		return i.rejected(same[1].item.Row, "item_group_id: nothing tells this row from row %d; each row of a product needs another color, size, material, pattern or title", same[0].item.Row)
	}
	if len(options[0]) == 0 { // one row that names no option
		return i
	}
	variants := make([]overlay.Variant, len(g.rows))
	for n, r := range g.rows {
		c := r.item.Change
		v := overlay.Variant{SKU: r.item.SKU, Options: options[n], Price: c.Price}
		if c.ListPrice != nil {
			v.ListPrice = *c.ListPrice
		}
		if c.Stock != nil {
			v.Stock = *c.Stock
		}
		if c.GTIN != nil {
			v.GTIN = *c.GTIN
		}
		if c.Link != nil {
			v.Link = *c.Link
		}
		variants[n] = v
		if c.Stock != nil && *i.Change.Stock == overlay.StockPreorder && *c.Stock != overlay.StockPreorder {
			i.Change.Type, i.Change.ShipsAt = c.Type, c.ShipsAt // not all of it is a pre-order
			i.Change.Stock = c.Stock
		}
	}
	i.SKU = name
	none := ""
	i.Change.SKU, i.Change.GTIN, i.Change.Variants = &i.SKU, &none, &variants
	i.sum(variants)
	i.googleImages(g.rows)
	if strings.ContainsFunc(name, unicode.IsSpace) || utf8.RuneCountInString(name) > maxSKU {
		return i.rejected(i.Row, "item_group_id: must not have spaces, and have at most %d characters", maxSKU)
	}
	return i.checked()
}

// googleImages adds the pictures of the variants to those of the first row.
func (i *Item) googleImages(rows []googleRow) {
	if i.Change.Image == nil {
		return
	}
	all := []string{*i.Change.Image}
	if i.Change.Images != nil {
		all = append(all, *i.Change.Images...)
	}
	for _, r := range rows {
		all = append(all, *r.item.Change.Image)
	}
	i.images(all)
}
