package overlay

import "encoding/json"

// Card is the in-band form of a product: no address, no markup, no exact stock.
// In an update it has just what changed.
type Card struct {
	ID    string `json:"id"`
	Rev   int64  `json:"rev,omitempty"`
	SKU   string `json:"sku,omitempty"`
	Title string `json:"title,omitempty"`
	Price *int64 `json:"price,omitempty"`
	// ListPrice is a number, or null in an update that takes it away.
	ListPrice json.RawMessage `json:"list_price,omitempty"`
	Currency  string          `json:"currency,omitempty"`
	// Digits of the currency's minor unit; it stands wherever Currency does.
	Digits *int  `json:"digits,omitempty"`
	Stock  Stock `json:"stock,omitempty"`
}

// PinCard is the whole card, for product.pin and state.
func PinCard(p Product) Card {
	return Card{ID: p.ID, Rev: p.Rev, SKU: p.SKU, Title: p.Title, Price: &p.Price,
		ListPrice: listPrice(p.ListPrice), Currency: p.Currency, Digits: digitsOf(p.Currency), Stock: p.Stock}
}

// UpdateCard has the id, the new revision and what differs in-band.
func UpdateCard(before, after Product) Card {
	c := Card{ID: after.ID, Rev: after.Rev}
	if before.SKU != after.SKU {
		c.SKU = after.SKU
	}
	if before.Title != after.Title {
		c.Title = after.Title
	}
	if before.Price != after.Price {
		c.Price = &after.Price
	}
	if before.ListPrice != after.ListPrice {
		if c.ListPrice = listPrice(after.ListPrice); c.ListPrice == nil {
			c.ListPrice = json.RawMessage("null")
		}
	}
	if before.Currency != after.Currency {
		c.Currency, c.Digits = after.Currency, digitsOf(after.Currency)
	}
	if before.Stock != after.Stock {
		c.Stock = after.Stock
	}
	return c
}

// digitsOf is nil for a currency that is not known, as an older database may
// hold one.
func digitsOf(currency string) *int {
	if digits, ok := MinorDigits(currency); ok {
		return &digits
	}
	return nil
}

func listPrice(v int64) json.RawMessage {
	if v == 0 {
		return nil
	}
	text, _ := json.Marshal(v) // an integer always encodes
	return text
}

// updated gives the card with an update's fields laid over it.
func (c Card) updated(u Card) Card {
	c.Rev = u.Rev
	if u.SKU != "" {
		c.SKU = u.SKU
	}
	if u.Title != "" {
		c.Title = u.Title
	}
	if u.Price != nil {
		c.Price = u.Price
	}
	switch {
	case string(u.ListPrice) == "null":
		c.ListPrice = nil
	case u.ListPrice != nil:
		c.ListPrice = u.ListPrice
	}
	if u.Currency != "" {
		c.Currency, c.Digits = u.Currency, u.Digits
	}
	if u.Stock != "" {
		c.Stock = u.Stock
	}
	return c
}
