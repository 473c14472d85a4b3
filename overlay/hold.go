package overlay

import (
	"encoding/json"
	"time"
)

// HoldTime is how long units are held for a buyer before the checkout is ended.
const HoldTime = 5 * time.Minute

// HoldState is how a hold stands.
type HoldState string

// The states of holds. The units of an active or expiring hold are nobody else's.
const (
	HoldActive   HoldState = "active"
	HoldPaid     HoldState = "paid"
	HoldReleased HoldState = "released"
	// HoldExpiring: its time is over, or the buyer gave it back, and the checkout has not
	// said yet that nobody can pay in it any more.
	HoldExpiring HoldState = "expiring"
)

// Hold is a number of units that are kept for a buyer while a checkout is open.
type Hold struct {
	ID         string
	Allocation string
	Shop       string
	Offer      string // "": at the usual price
	Buyer      string // tells buyers of an offer apart
	Quantity   int64
	State      HoldState
	Purchase   HeldPurchase
	Session    string // the checkout's own name; "": it is not known whether there is one
	Address    string // where the buyer pays
	Created    time.Time
	Expires    time.Time
}

// HeldPurchase is what the checkout of a hold is opened with. It is kept with the hold:
// the same again must say the same.
type HeldPurchase struct {
	Title    string `json:"title"`
	SKU      string `json:"sku"`
	Price    int64  `json:"price"` // of one unit, in minor units
	Currency string `json:"currency"`
	Image    string `json:"image,omitempty"`
	Click    string `json:"click,omitempty"`
	Success  string `json:"success"` // where the buyer comes back to
	Cancel   string `json:"cancel"`
	Asked    string `json:"asked,omitempty"` // tells the request from others with the same key
	Repeat   string `json:"again,omitempty"` // names a buyer who may ask again, and what for, while the hold is open
}

// HoldWish is what a viewer asks for.
type HoldWish struct {
	Variant  string // of a product, or the product itself
	Quantity int64
	Click    string
	Offer    string // the buyer means its price, and no other
}

// Limits of a wish.
const (
	MaxHoldBody  = 2 << 10 // bytes
	maxHoldUnits = 100
)

// ParseHoldWish reads the JSON of a wish.
func ParseHoldWish(text []byte) (HoldWish, error) {
	in := struct {
		Variant  string `json:"variant"`
		Quantity *int64 `json:"quantity"`
		Click    string `json:"click"`
		Offer    string `json:"offer"`
	}{}
	if len(text) > MaxHoldBody {
		return HoldWish{}, Errorf(TooLarge, "the body has %d bytes, at most %d are allowed", len(text), MaxHoldBody)
	}
	if json.Unmarshal(text, &in) != nil {
		return HoldWish{}, Errorf(Invalid, `the body must be JSON like {"variant":"01HX…","quantity":1}`)
	}
	w := HoldWish{in.Variant, 1, in.Click, in.Offer}
	if in.Quantity != nil {
		w.Quantity = *in.Quantity
	}
	switch {
	case w.Variant == "" || len(w.Variant) > maxOrderName:
		return w, Errorf(Invalid, "variant: must be the id of a product or of a variant")
	case w.Quantity < 1 || w.Quantity > maxHoldUnits:
		return w, Errorf(Invalid, "quantity: must be an integer from 1 to %d", maxHoldUnits)
	case w.Click != "" && !ValidID(w.Click):
		return w, Errorf(Invalid, "click: is not the id of a click")
	case len(w.Offer) > maxOrderName:
		return w, Errorf(Invalid, "offer: is not the id of an offer")
	}
	return w, nil
}

// NothingLeft is the refusal of a hold for which too few units are free. It does not say
// how many are: viewers never learn that.
func NothingLeft(quantity int64) error {
	if quantity > 1 {
		return Errorf(SoldOut, "There are not that many left. Try a smaller number.")
	}
	return Errorf(SoldOut, "This is sold out.")
}
