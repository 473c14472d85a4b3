package api

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type changeBody struct {
	Rev         int64          `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
	SKU         *string        `json:"sku,omitempty"`
	Title       *string        `json:"title,omitempty"`
	Price       *int64         `json:"price,omitempty"`
	ListPrice   *int64         `json:"list_price,omitempty" nullable:"true" doc:"null or 0 takes it away"`
	Currency    *string        `json:"currency,omitempty"`
	Stock       *overlay.Stock `json:"stock,omitempty" nullable:"true" doc:"null: in"`
	Link        *string        `json:"link,omitempty" nullable:"true" doc:"null takes it away, as with the three below"`
	Image       *string        `json:"image,omitempty" nullable:"true"`
	Images      *[]string      `json:"images,omitempty" nullable:"true"`
	Description *string        `json:"description,omitempty" nullable:"true"`

	Type     *overlay.ProductType `json:"type,omitempty" nullable:"true" doc:"null: physical"`
	ShipsAt  *time.Time           `json:"ships_at,omitempty" nullable:"true" doc:"null takes it away, as with all below"`
	Category *string              `json:"category,omitempty" nullable:"true"`
	Unit     *string              `json:"unit,omitempty" nullable:"true"`
	GTIN     *string              `json:"gtin,omitempty" nullable:"true"`
	Titles   *map[string]string   `json:"titles,omitempty" nullable:"true" doc:"Replaces all"`
	Variants *[]overlay.Variant   `json:"variants,omitempty" nullable:"true" doc:"Replaces all. One with the id or the SKU of a present one is the same variant as before"`
}

// takeAway empties the fields that the text of a change sets to null.
func (c *changeBody) takeAway(text []byte) error {
	return cleared(text, map[string]func(){
		"list_price":  func() { c.ListPrice = new(int64) },
		"stock":       func() { c.Stock = new(overlay.Stock) }, // as in a new product
		"link":        func() { c.Link = new(string) },
		"image":       func() { c.Image = new(string) },
		"images":      func() { c.Images = new([]string) },
		"description": func() { c.Description = new(string) },
		"type":        func() { c.Type = new(overlay.ProductType) },
		"ships_at":    func() { c.ShipsAt = new(time.Time) },
		"category":    func() { c.Category = new(string) },
		"unit":        func() { c.Unit = new(string) },
		"gtin":        func() { c.GTIN = new(string) },
		"titles":      func() { c.Titles = new(map[string]string) },
		"variants":    func() { c.Variants = new([]overlay.Variant) },
	})
}

// cleared reads the text of a PATCH for fields that are null: they decode like
// fields that are left out. Each is set to what it is where a new one leaves it out,
// by its function in empty. A field without a function has no such value, and is
// refused.
func cleared(text []byte, empty map[string]func()) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return malformed("the body is not a JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if string(fields[name]) != "null" {
			continue
		}
		field := strings.ToLower(name) // as it is decoded
		clear := empty[field]
		if clear == nil {
			return malformed(field + ": cannot be null; leave it out to keep it as it is")
		}
		clear()
	}
	return nil
}

// malformed is the refusal of a body, in words for users.
type malformed string

func (m malformed) Error() string { return string(m) }

// nullToo makes the document say that a choice which may be null has null among its
// values, as JSON Schema wants it.
func nullToo(schemas map[string]*huma.Schema) {
	for _, s := range schemas {
		for _, p := range s.Properties {
			if p.Nullable && len(p.Enum) > 0 {
				p.Enum = append(p.Enum, nil)
			}
		}
	}
}
