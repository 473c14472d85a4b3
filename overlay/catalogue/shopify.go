package catalogue

import (
	"errors"
	"fmt"
	"hash/crc32"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"

	"mediad/overlay"
)

// shopifyRows reads Shopify's CSV: the rows of a product stand below each other, with
// the same handle, one for each variant and for each further image.
func shopifyRows(s *splitter, h *header, o Options, out *sink) error {
	g := group{o: o, out: out, seed: maphash.MakeSeed(), ended: map[uint64]int{}}
	for {
		cells, err := s.next()
		var row rowError
		switch {
		case errors.Is(err, io.EOF):
			return g.end()
		case errors.As(err, &row):
			err = out.give(reject(s.row, "%s", row))
		case err == nil:
			err = g.add(record{h, slices.Clone(cells), s.row})
		}
		if err != nil {
			return err
		}
	}
}

// Bounds of a product: of its rows, of all their text, and of its handle, in bytes.
const (
	maxGroup      = 1000
	maxGroupBytes = 4 << 20
	maxHandle     = 255
)

// group collects the rows of one product.
type group struct {
	o      Options
	out    *sink
	handle string
	rows   []record
	size   int // bytes of the rows
	seed   maphash.Seed
	ended  map[uint64]int // first row, by the hash of the handle
}

func (g *group) add(r record) error {
	handle := r.text(fieldHandle)
	size := 0
	for _, c := range r.cells {
		size += len(c)
	}
	switch first, before := g.ended[maphash.String(g.seed, handle)]; {
	case handle == "":
		return g.out.give(reject(r.row, "handle: is missing"))
	case len(handle) > maxHandle:
		return g.out.give(reject(r.row, "handle: has %d bytes, at most %d are allowed", len(handle), maxHandle))
	case before:
		if err := g.end(); err != nil {
			return err
		}
		return g.out.give(reject(r.row, "handle: %q began in row %d; rows of one product must stand below each other", handle, first))
	case handle == g.handle && len(g.rows) >= maxGroup:
		return g.out.give(reject(r.row, "handle: %q has more than %d rows", handle, maxGroup))
	case handle == g.handle && g.size+size > maxGroupBytes:
		return g.out.give(reject(r.row, "handle: the rows of %q are longer than %d MiB together", handle, maxGroupBytes>>20))
	case handle != g.handle:
		if err := g.end(); err != nil {
			return err
		}
		g.handle = handle
	}
	g.rows, g.size = append(g.rows, r), g.size+size
	return nil
}

// end hands the collected product on.
func (g *group) end() error {
	if len(g.rows) == 0 {
		return nil
	}
	i := shopifyItem(g.handle, g.rows, g.o)
	g.ended[maphash.String(g.seed, g.handle)] = g.rows[0].row
	g.rows, g.handle, g.size = g.rows[:0], "", 0
	return g.out.give(i)
}

func shopifyItem(handle string, rows []record, o Options) Item {
	first := rows[0]
	title, names := oneLine(first.text(fieldTitle)), optionNames(first)
	i := Item{Row: first.row, SKU: short(handle, 50), Title: title}
	if sku := first.text(fieldSKU); len(names) == 0 && sku != "" {
		i.SKU = sku
	}
	if status := first.text(fieldStatus); status != "" && !strings.EqualFold(status, "active") {
		return i.rejected(i.Row, "status: is %s in Shopify; only active products are imported", status)
	}
	i.Change.SKU, i.Change.Title = &i.SKU, &title
	if text, there := first.get(fieldDescription); there {
		text = plainText(text)
		i.Change.Description = &text
	}
	i.shopifyImages(rows)
	variants := []overlay.Variant{}
	for _, r := range rows {
		if r.text(fieldPrice) == "" && r.text(fieldSKU) == "" && r.text(fieldValue1) == "" {
			continue // a further image
		}
		v, why := i.variant(r, o, names)
		if why != "" {
			if r.row != i.Row {
				why += fmt.Sprintf(" (in a variant of the product of row %d)", i.Row)
			}
			return i.rejected(r.row, "%s", why)
		}
		if v.SKU == "" && len(names) > 0 {
			v.SKU = fmt.Sprintf("%s-%d", short(handle, 45), len(variants)+1)
		}
		variants = append(variants, v)
	}
	if len(variants) == 0 {
		return i.rejected(i.Row, "price: is missing")
	}
	i.sum(variants)
	if len(names) == 0 { // Shopify gives a product without options one nameless variant
		if variants[0].SKU != "" {
			i.SKU = variants[0].SKU
		}
		i.Change.GTIN = &variants[0].GTIN
		variants = []overlay.Variant{}
	}
	i.Change.Variants = &variants
	return i.checked()
}

// sum makes the product's price and stock from those of its variants: the lowest
// price, and in stock if one of them is. Where the file tells no stock there is none.
func (i *Item) sum(variants []overlay.Variant) {
	low := slices.MinFunc(variants, func(a, b overlay.Variant) int { return int(*a.Price - *b.Price) })
	price, list, stock := *low.Price, low.ListPrice, overlay.StockOut
	for _, s := range []overlay.Stock{overlay.StockPreorder, overlay.StockLow, overlay.StockIn} {
		if slices.ContainsFunc(variants, func(v overlay.Variant) bool { return v.Stock == s }) {
			stock = s
		}
	}
	i.Change.Price, i.Change.ListPrice = &price, &list
	if variants[0].Stock != "" {
		i.Change.Stock = &stock
	}
}

// variant reads the row of a variant. The currency of all is that of the first.
func (i *Item) variant(r record, o Options, names []string) (v overlay.Variant, why string) {
	one := Item{}
	if why := one.prices(r, o); why != "" {
		return v, why
	}
	if i.Change.Currency == nil {
		i.Change.Currency = one.Change.Currency
	} else if *i.Change.Currency != *one.Change.Currency {
		return v, fmt.Sprintf("price: is in %s, and others of the product in %s", *one.Change.Currency, *i.Change.Currency)
	}
	v = overlay.Variant{SKU: r.text(fieldSKU), Price: one.Change.Price, Stock: shopifyStock(r), GTIN: barcode(r.text(fieldGTIN))}
	if one.Change.ListPrice != nil {
		v.ListPrice = *one.Change.ListPrice
	}
	if len(names) == 0 {
		return v, ""
	}
	v.Options = map[string]string{}
	for n, name := range names {
		v.Options[name] = oneLine(r.text(fieldValue1 + field(n)))
	}
	return v, ""
}

// barcode gives the number of a bar code, if it is a GTIN: shops keep numbers of their
// own there, too.
func barcode(text string) string {
	text = strings.TrimPrefix(text, "'") // as Shopify keeps spreadsheets from making a number of it
	if _, err := (overlay.Product{SKU: "a", Title: "a", Currency: "EUR", GTIN: text}).Checked(); err != nil {
		return ""
	}
	return text
}

// optionNames gives the names of a product's options, which stand in its first row.
func optionNames(first record) []string {
	var names []string
	for n := range 3 {
		name := oneLine(first.text(fieldName1 + field(n)))
		if name == "" || n == 0 && strings.EqualFold(name, "Title") && strings.HasPrefix(strings.ToLower(first.text(fieldValue1)), "default") {
			break
		}
		names = append(names, name)
	}
	return names
}

// shopifyStock reads what Shopify knows of the stock: where nobody counts, or sales go
// on at 0, there is some. A file without quantities tells nothing of it: "".
func shopifyStock(r record) overlay.Stock {
	if _, told := r.get(fieldQuantity); !told {
		return ""
	}
	quantity, err := strconv.Atoi(r.text(fieldQuantity))
	policy := strings.ToLower(r.text(fieldPolicy))
	if r.text(fieldTracker) == "" || policy == "continue" || policy == "true" || err != nil || quantity > 0 {
		return overlay.StockIn
	}
	return overlay.StockOut
}

func (i *Item) shopifyImages(rows []record) {
	if _, there := rows[0].get(fieldImage); !there {
		return
	}
	all := make([]string, len(rows))
	for n, r := range rows {
		all[n] = r.text(fieldImage)
	}
	i.images(all)
}

// images makes the first address the product's picture, and the others further ones.
func (i *Item) images(all []string) {
	main, more := "", []string(nil)
	for _, address := range all {
		switch {
		case address == "":
		case main == "":
			main = address
		case address != main && len(more) < maxImages && !slices.Contains(more, address):
			more = append(more, address)
		}
	}
	i.Change.Image, i.Change.Images = &main, &more
}

// short makes a handle fit where an SKU goes; a checksum keeps long ones apart.
func short(handle string, limit int) string {
	runes := []rune(handle)
	if len(runes) <= limit {
		return handle
	}
	return fmt.Sprintf("%s-%08x", string(runes[:limit-9]), crc32.ChecksumIEEE([]byte(handle)))
}
