package catalogue

import (
	"fmt"
	"strings"
)

// field is what a column is about.
type field int

const (
	fieldNone field = iota
	fieldSKU
	fieldTitle
	fieldPrice
	fieldSalePrice
	fieldSaleDates
	fieldListPrice
	fieldCurrency
	fieldLink
	fieldImage
	fieldImages
	fieldDescription
	fieldStock
	fieldGTIN
	fieldCategory
	fieldShipsAt
	fieldGroup
	fieldColor // the four that tell variants apart
	fieldSize
	fieldMaterial
	fieldPattern
	fieldHandle
	fieldStatus
	fieldQuantity
	fieldTracker
	fieldPolicy
	fieldVariantImage
	fieldName1
	fieldName2
	fieldName3
	fieldValue1
	fieldValue2
	fieldValue3
	fields // how many there are
)

// shopifyColumns are those of both headers of Shopify.
var shopifyColumns = map[string]field{
	"handle": fieldHandle, "url handle": fieldHandle,
	"title": fieldTitle, "body (html)": fieldDescription, "description": fieldDescription, "status": fieldStatus,
	"variant sku": fieldSKU, "sku": fieldSKU, "variant barcode": fieldGTIN, "barcode": fieldGTIN,
	"variant price": fieldPrice, "price": fieldPrice, "variant compare at price": fieldListPrice, "compare-at price": fieldListPrice,
	"variant inventory qty": fieldQuantity, "inventory quantity": fieldQuantity,
	"variant inventory tracker": fieldTracker, "inventory tracker": fieldTracker,
	"variant inventory policy": fieldPolicy, "continue selling when out of stock": fieldPolicy,
	"image src": fieldImage, "product image url": fieldImage, "variant image": fieldVariantImage, "variant image url": fieldVariantImage,
	"option1 name": fieldName1, "option2 name": fieldName2, "option3 name": fieldName3,
	"option1 value": fieldValue1, "option2 value": fieldValue2, "option3 value": fieldValue3,
}

// header says which column has which field; -1: none has.
type header struct {
	columns [fields]int
	more    []int // further columns of images
	shopify bool
}

// columnName makes the name of a column regular: image_link is image link.
func columnName(s string) string {
	s = strings.TrimPrefix(strings.ToLower(oneLine(s)), "g:")
	return strings.ReplaceAll(s, "_", " ")
}

// readHeader understands the names of columns; ok is false for what is no header.
func readHeader(cells []string) (h header, ok bool) {
	names := map[string]bool{}
	for _, c := range cells {
		names[columnName(c)] = true
	}
	known := plainColumns
	if h.shopify = names["handle"] || names["url handle"]; h.shopify {
		known = shopifyColumns
	}
	for i := range h.columns {
		h.columns[i] = -1
	}
	found := 0
	for i, c := range cells {
		f := known[columnName(c)]
		if f == fieldNone {
			continue
		}
		found++
		switch {
		case f == fieldImages:
			h.more = append(h.more, i)
		case f == fieldSKU && columnName(c) == "id" || h.columns[f] < 0: // where a feed has id and sku, its id counts
			h.columns[f] = i
		}
	}
	return h, found > 0
}

// lacks names the columns without which nothing can be read, and what else they may be called.
func (h header) lacks() string {
	need := plainNames[:3] // sku, title, price
	if h.shopify {
		need = need[1:]
	}
	var lack []string
	for _, n := range need {
		if h.columns[n.field] < 0 {
			lack = append(lack, fmt.Sprintf("%s (%s)", n.names[0], strings.Join(n.names[1:], ", ")))
		}
	}
	return strings.Join(lack, "; ")
}

// record is one row under its header.
type record struct {
	header *header
	cells  []string
	row    int
}

// get gives a cell; there is false where the file has no such column.
func (r record) get(f field) (value string, there bool) {
	i := r.header.columns[f]
	if i < 0 {
		return "", false
	}
	if i >= len(r.cells) {
		return "", true
	}
	return strings.TrimSpace(r.cells[i]), true
}

func (r record) text(f field) string {
	value, _ := r.get(f)
	return value
}
