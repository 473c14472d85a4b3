package cues

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"regexp"
)

// Cue is one cue.
type Cue struct {
	Kind string `json:"kind"`
	Show string `json:"show"`
	Seq  int64  `json:"seq"` // number of the show's event; 0 on a pulse, which has none
	At   int64  `json:"at"`  // ms since 1970
	// Product is that of product.pin, product.update and product.unpin.
	Product *Product `json:"product"`
	// Pinned are the products that a state has, the newest last.
	Pinned []Product `json:"-"`
	// JSON is the whole object, with what is not read above.
	JSON json.RawMessage `json:"-"`
}

// Product is what a cue says of a product. A field that is missing is not known, but for a state, which leaves
// out what earlier cues said where it would be too large.
type Product struct {
	ID        string `json:"id"`
	Rev       int64  `json:"rev"`
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Price     int64  `json:"price"` // in minor units of Currency
	ListPrice *int64 `json:"list_price"`
	Currency  string `json:"currency"`
	Digits    int    `json:"digits"` // of the currency's minor unit: people read Price / 10^Digits
	Stock     string `json:"stock"`  // in, low, out or preorder
}

var kinds = regexp.MustCompile(`^(state|product\.(pin|update|unpin)|(coupon|offer|poll|show)\.\w+|notice|pulse|custom)$`)

// Parse reads the JSON of one cue; false: it is none.
func Parse(text []byte) (*Cue, bool) {
	var raw struct {
		V       json.RawMessage `json:"v"`
		Seq     json.RawMessage `json:"seq"`
		Show    *string         `json:"show"`
		Kind    string          `json:"kind"`
		Product json.RawMessage `json:"product"`
		Pinned  json.RawMessage `json:"pinned"`
		At      json.RawMessage `json:"at"`
	}
	if json.Unmarshal(text, &raw) != nil || string(raw.V) != "1" || raw.Show == nil || !kinds.MatchString(raw.Kind) {
		return nil, false
	}
	c := &Cue{Kind: raw.Kind, Show: *raw.Show, JSON: bytes.Clone(text)}
	_ = json.Unmarshal(raw.At, &c.At)
	if c.Kind == "pulse" {
		return c, true
	}
	if raw.Seq == nil || json.Unmarshal(raw.Seq, &c.Seq) != nil {
		return nil, false
	}
	switch c.Kind {
	case "product.pin", "product.update", "product.unpin":
		p, ok := product(raw.Product)
		if c.Product = &p; !ok {
			return nil, false
		}
	case "state":
		var pinned []json.RawMessage
		if raw.Pinned != nil && json.Unmarshal(raw.Pinned, &pinned) != nil {
			return nil, false
		}
		for _, text := range pinned {
			if p, ok := product(text); ok {
				c.Pinned = append(c.Pinned, p)
			}
		}
	}
	return c, true
}

// product reads a product; false: it has no id.
func product(text json.RawMessage) (p Product, ok bool) {
	return p, text != nil && json.Unmarshal(text, &p) == nil && p.ID != ""
}

// InDateRange reads the cue of an EXT-X-DATERANGE tag from its attributes; false: it has
// none.
func InDateRange(attributes map[string]string) (*Cue, bool) {
	if attributes["CLASS"] != "mediad.cue" {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(attributes["X-MEDIAD-DATA"])
	if err != nil {
		return nil, false
	}
	return Parse(text)
}
