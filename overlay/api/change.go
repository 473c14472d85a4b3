package api

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"mediad/overlay"
)

type changeBody struct {
	Rev         int64          `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
	SKU         *string        `json:"sku,omitempty"`
	Title       *string        `json:"title,omitempty"`
	Price       *int64         `json:"price,omitempty"`
	ListPrice   *int64         `json:"list_price,omitempty" nullable:"true" doc:"null or 0 takes it away"`
	Currency    *string        `json:"currency,omitempty"`
	Stock       *overlay.Stock `json:"stock,omitempty"`
	Link        *string        `json:"link,omitempty" nullable:"true" doc:"null takes it away, as with the three below"`
	Image       *string        `json:"image,omitempty" nullable:"true"`
	Images      *[]string      `json:"images,omitempty" nullable:"true"`
	Description *string        `json:"description,omitempty" nullable:"true"`
}

// takeAway empties the fields that the text of a change sets to null, which decode
// like fields that are left out. A field that a product cannot be without is refused.
func (c *changeBody) takeAway(text []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return overlay.Errorf(overlay.Invalid, "the body is no JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if string(fields[name]) != "null" {
			continue
		}
		switch field := strings.ToLower(name); field { // as it is decoded
		case "list_price":
			c.ListPrice = new(int64)
		case "link":
			c.Link = new(string)
		case "image":
			c.Image = new(string)
		case "images":
			c.Images = new([]string)
		case "description":
			c.Description = new(string)
		default:
			return overlay.Errorf(overlay.Invalid, "%s: cannot be null; leave it out to keep it as it is", field)
		}
	}
	return nil
}
