package overlay

import "time"

// Click is one viewer's way from a show to a product's shop.
type Click struct {
	ID      string    `json:"id"` // what stood in the link for ClickMark
	Show    string    `json:"show"`
	Product string    `json:"product"`
	Rev     int64     `json:"rev"` // the product's revision of that moment
	Variant string    `json:"variant,omitempty"`
	At      time.Time `json:"at"`
}

// ClickCount is how many clicks a product had in a show.
type ClickCount struct {
	Product string `json:"product"`
	Clicks  int64  `json:"clicks"`
}
