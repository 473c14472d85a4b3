package catalogue

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
)

// readTable reads a table with tabs, semicolons or commas.
func readTable(in *bufio.Reader, o Options, out *sink) error {
	s := &splitter{in: in, delim: delimiter(in)}
	rows := sample(in, s.delim)
	first, err := s.next()
	var row rowError
	switch {
	case errors.Is(err, io.EOF):
		return refused("the file is empty")
	case errors.As(err, &row):
		return refused("the header (row %d) %s", s.row, row)
	case err != nil:
		return err
	}
	first = slices.Clone(first)
	h, ok := readHeader(first)
	if !ok {
		// Rows that are pasted from a spreadsheet have no header.
		if h, ok = withoutHeader(rows); !ok {
			return refused("the first row has no names of columns that are known: it needs at least sku, title and price. Without names only these three are read, in this order, and columns of addresses")
		}
		if err := out.row(record{&h, first, s.row}, o); err != nil {
			return err
		}
	} else if lack := h.lacks(); lack != "" {
		return refused("the first row lacks a column: %s", lack)
	}
	read := plainRows
	if h.shopify {
		read = shopifyRows
	} else if ok && len(rows) > 0 {
		h.withAddresses(first, rows[1:])
	}
	return read(s, &h, o, out)
}

// looksLikePrice tells whether a cell is meant as a price, even as a wrong one.
func looksLikePrice(cell string) bool {
	number, _ := splitPrice(cell)
	return number != ""
}

// delimiter finds what divides the cells of the first line.
func delimiter(in *bufio.Reader) byte {
	head, _ := in.Peek(32 << 10) // what is there; an error comes again with the next read
	var counts [256]int
	quoted := false
	for _, b := range bytes.TrimLeft(head, "\r\n") {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' || b == '\r' {
			break
		}
		counts[b]++
	}
	best := byte(',')
	for _, d := range []byte{'\t', ';'} {
		if counts[d] > 0 && (d == '\t' || counts[d] > counts[best]) {
			return d
		}
	}
	return best
}

func plainRows(s *splitter, h *header, o Options, out *sink) error {
	for {
		cells, err := s.next()
		var row rowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &row):
			err = out.put(func() Item { return reject(s.row, "%s", row) })
		case err == nil:
			err = out.row(record{h, cells, s.row}, o)
		}
		if err != nil {
			return err
		}
	}
}

func reject(row int, format string, args ...any) Item {
	return Item{Row: row, Reason: fmt.Sprintf(format, args...)}
}

// rejected says why a product is left out, in a row of its own or of a variant.
func (i Item) rejected(row int, format string, args ...any) Item {
	out := reject(row, format, args...)
	out.SKU, out.Title = i.SKU, i.Title
	return out
}

// plainItem reads a row in which a product is whole.
func plainItem(r record, o Options) Item {
	i := Item{Row: r.row, SKU: r.text(fieldSKU), Title: oneLine(r.text(fieldTitle))}
	i.Change.SKU, i.Change.Title = &i.SKU, &i.Title
	if why := i.prices(r, o); why != "" {
		return i.rejected(r.row, "%s", why)
	}
	if why := i.rest(r); why != "" {
		return i.rejected(r.row, "%s", why)
	}
	return i.checked()
}

// checked rejects what is no product.
func (i Item) checked() Item {
	if _, err := (overlay.Product{}).Changed(i.Change); err != nil {
		return i.rejected(i.Row, "%s", err)
	}
	return i
}

// prices reads the price, and what it was before. In a feed of Google the price is the
// one before, if there is a sale.
func (i *Item) prices(r record, o Options) (why string) {
	currency := o.Currency
	if c := r.text(fieldCurrency); c != "" {
		currency = strings.ToUpper(c)
	}
	amount, code, err := price(r.text(fieldPrice), currency)
	if r.text(fieldPrice) == "" {
		return "price: is missing"
	}
	if err != nil {
		return "price: " + err.Error()
	}
	onSale, why := saleHolds(r.text(fieldSaleDates), o.Now)
	if why != "" {
		return why
	}
	list := int64(0)
	for _, f := range []field{fieldSalePrice, fieldListPrice} {
		text, there := r.get(f)
		if !there {
			continue
		}
		i.Change.ListPrice = &list
		if text == "" || f == fieldSalePrice && !onSale {
			continue
		}
		second, other, err := price(text, code)
		if err != nil {
			return map[field]string{fieldSalePrice: "sale price: ", fieldListPrice: "list price: "}[f] + err.Error()
		}
		if other != code {
			return fmt.Sprintf("price: is in %s, and the other price in %s", code, other)
		}
		switch {
		case f == fieldSalePrice && second < amount:
			amount, list = second, amount
		case f == fieldListPrice && second > amount:
			list = second
		}
	}
	i.Change.Price, i.Change.Currency = &amount, &code
	return ""
}

// stocks are the words for stock in feeds and spreadsheets.
var stocks = map[string]overlay.Stock{
	"": overlay.StockIn, "in stock": overlay.StockIn, "in": overlay.StockIn, "low": overlay.StockLow, "limited availability": overlay.StockLow,
	"out of stock": overlay.StockOut, "out": overlay.StockOut, "sold out": overlay.StockOut,
	"preorder": overlay.StockPreorder, "pre-order": overlay.StockPreorder, "backorder": overlay.StockPreorder,
	"auf lager": overlay.StockIn, "lieferbar": overlay.StockIn, "ausverkauft": overlay.StockOut, "nicht lieferbar": overlay.StockOut,
	"en stock": overlay.StockIn, "rupture de stock": overlay.StockOut, "épuisé": overlay.StockOut, "agotado": overlay.StockOut, "sin stock": overlay.StockOut,
	"有货": overlay.StockIn, "现货": overlay.StockIn, "缺货": overlay.StockOut, "无货": overlay.StockOut, "预售": overlay.StockPreorder,
}

func (i *Item) rest(r record) (why string) {
	if text, there := r.get(fieldStock); there {
		if why := i.stock(text, r.text(fieldShipsAt)); why != "" {
			return why
		}
	}
	if text, there := r.get(fieldLink); there {
		i.Change.Link = &text
	}
	for f, to := range map[field]**string{fieldImage: &i.Change.Image, fieldGTIN: &i.Change.GTIN, fieldCategory: &i.Change.Category} {
		if text, there := r.get(f); there {
			*to = &text
		}
	}
	if text, there := r.get(fieldDescription); there {
		text = plainText(text)
		i.Change.Description = &text
	}
	if len(r.header.more) > 0 {
		images := imagesOf(r)
		i.Change.Images = &images
	}
	return ""
}

// stock reads the availability, and for a pre-order when it ships.
func (i *Item) stock(text, shipsAt string) (why string) {
	stock, ok := stocks[columnName(text)]
	if n, err := strconv.ParseInt(text, 10, 64); err == nil { // how many there are
		stock, ok = overlay.StockOut, true
		if n > 0 {
			stock = overlay.StockIn
		}
	}
	if !ok {
		return fmt.Sprintf("availability: %q is none of in_stock, out_of_stock, preorder, backorder, and no number", clipped(text))
	}
	i.Change.Stock = &stock
	kind, none := overlay.Physical, time.Time{}
	i.Change.Type, i.Change.ShipsAt = &kind, &none
	if stock != overlay.StockPreorder || shipsAt == "" {
		return ""
	}
	if at, ok := dateOf(shipsAt); ok {
		kind = overlay.Preorder
		i.Change.ShipsAt = &at
		return ""
	}
	return fmt.Sprintf("availability date: %q is not a date such as 2026-12-24 or 2026-12-24T08:00+0800", clipped(shipsAt))
}

// dateOf reads a date as feeds have them, in UTC where it names no zone.
func dateOf(text string) (at time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04-0700", "2006-01-02T15:04Z0700", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return at, false
}

// saleHolds tells whether a sale price holds now, by the two dates beside it.
func saleHolds(dates string, now time.Time) (holds bool, why string) {
	if dates == "" || now.IsZero() {
		return true, ""
	}
	from, to, two := strings.Cut(strings.ReplaceAll(dates, " ", ""), "/")
	begin, ok := dateOf(from)
	end, also := dateOf(to)
	if !two || !ok || !also {
		return false, fmt.Sprintf("sale price effective date: %q is not two dates such as 2026-12-01T00:00+0800/2026-12-24T23:59+0800", clipped(dates))
	}
	if !strings.Contains(to, "T") { // a day counts to its end
		end = end.AddDate(0, 0, 1)
	}
	return !now.Before(begin) && now.Before(end), ""
}

// imagesOf gives the addresses of further images: several columns, or one with commas.
func imagesOf(r record) []string {
	var images []string
	for _, n := range r.header.more {
		if n >= len(r.cells) {
			continue
		}
		for _, address := range strings.Split(r.cells[n], ",") {
			if address = strings.TrimSpace(address); address != "" && len(images) < maxImages {
				images = append(images, address)
			}
		}
	}
	return images
}

// maxImages is that of overlay.Product.
const maxImages = 10
