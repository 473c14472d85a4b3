package overlay

import (
	"reflect"
	"slices"
)

// A show keeps its products as it told of them first. A refresh of the catalogue
// changes no price in mid-show: of it comes only what has to be true now (Refreshed).
// A change that somebody makes of one product is meant for the shows, too (With).

// On gives the product as it is offered in a line: the line's price stands in the
// place of the product's. A variant that has a price of its own keeps it.
func (l Line) On(p Product) Product {
	if l.Price == nil {
		return p
	}
	p.Price = *l.Price
	if p.ListPrice < p.Price {
		p.ListPrice = 0
	}
	return p
}

// With gives the product with what differs between two revisions of it.
func (p Product) With(before, after Product) Product {
	to, old, now := reflect.ValueOf(&p).Elem(), reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range to.NumField() {
		if !reflect.DeepEqual(old.Field(i).Interface(), now.Field(i).Interface()) {
			to.Field(i).Set(now.Field(i))
		}
	}
	if p.ListPrice < p.Price {
		p.ListPrice = 0
	}
	return p
}

// Refreshed gives the product with what must be true at any time: the stock, the
// way to the shop, and the names that shops know it by.
func (p Product) Refreshed(now Product) Product {
	p.SKU, p.Stock, p.Link = now.SKU, now.Stock, now.Link
	p.Variants = slices.Clone(p.Variants)
	for i, v := range p.Variants {
		at := slices.IndexFunc(now.Variants, func(w Variant) bool { return w.ID == v.ID })
		if at < 0 {
			p.Variants[i].Stock = StockOut // it is not sold any more
			continue
		}
		w := now.Variants[at]
		p.Variants[i].SKU, p.Variants[i].Stock, p.Variants[i].Link = w.SKU, w.Stock, w.Link
	}
	return p
}

// Same tells whether two revisions of a product say the same.
func (p Product) Same(q Product) bool {
	p.Rev = q.Rev
	return reflect.DeepEqual(p, q)
}
