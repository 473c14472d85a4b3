package overlay

import (
	"reflect"
	"slices"
	"time"
)

// ProductChange is what to change of a product; nil leaves a field as it is.
type ProductChange struct {
	// Rev, if not 0, is the revision that the change was made on: any other is
	// a conflict.
	Rev              int64
	SKU, Title       *string
	Price, ListPrice *int64
	Currency         *string
	Stock            *Stock
	Link, Image      *string
	Images           *[]string
	Description      *string
	Type             *ProductType
	ShipsAt          *time.Time // zero takes it away
	Category         *string
	Unit, GTIN       *string
	Titles           *map[string]string
	// Variants replaces all. One with an id, or with the SKU of a present one,
	// is the same variant as before.
	Variants *[]Variant
}

// Changed gives the next revision of the product. It is p itself, with its old
// revision, if nothing differs. New variants have no ids yet: see Numbered.
func (p Product) Changed(c ProductChange) (Product, error) {
	if c.Rev != 0 && c.Rev != p.Rev {
		return Product{}, Errorf(Conflict, "rev: the product has been changed since (it is at %d); read it again", p.Rev)
	}
	q := p
	set(&q.SKU, c.SKU)
	set(&q.Title, c.Title)
	set(&q.Price, c.Price)
	set(&q.ListPrice, c.ListPrice)
	set(&q.Currency, c.Currency)
	set(&q.Stock, c.Stock)
	set(&q.Link, c.Link)
	set(&q.Image, c.Image)
	set(&q.Images, c.Images)
	set(&q.Description, c.Description)
	set(&q.Type, c.Type)
	if c.ShipsAt != nil {
		q.ShipsAt = c.ShipsAt
	}
	set(&q.Category, c.Category)
	set(&q.Unit, c.Unit)
	set(&q.GTIN, c.GTIN)
	set(&q.Titles, c.Titles)
	if c.Variants != nil {
		variants, err := p.matched(*c.Variants)
		if err != nil {
			return Product{}, err
		}
		q.Variants = variants
	}
	q, err := q.Checked()
	if err != nil {
		return Product{}, err
	}
	if reflect.DeepEqual(p, q) {
		return p, nil
	}
	q.Rev++
	return q, nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// Leaving gives a change that a file makes of the product, in which variants keep what
// the file tells nothing of: their stock, and their way to the shop.
func (p Product) Leaving(c ProductChange) ProductChange {
	if c.Variants == nil || len(p.Variants) == 0 {
		return c
	}
	next := slices.Clone(*c.Variants)
	for i, v := range next {
		at := slices.IndexFunc(p.Variants, func(w Variant) bool { return w.SKU == v.SKU })
		if at < 0 {
			continue
		}
		if v.Stock == "" {
			next[i].Stock = p.Variants[at].Stock
		}
		if v.Link == "" {
			next[i].Link = p.Variants[at].Link
		}
	}
	c.Variants = &next
	return c
}
