package overlay

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"
)

// Click is one viewer's way from a show to a product's shop.
type Click struct {
	ID      string    `json:"id"` // what stood in the link for ClickMark
	Show    string    `json:"show"`
	Product string    `json:"product"`
	Rev     int64     `json:"rev"` // the product's revision of that moment
	Variant string    `json:"variant,omitempty"`
	Coupon  string    `json:"coupon,omitempty" doc:"The coupon whose code went along"`
	Ref     string    `json:"ref,omitempty" doc:"The code of the shared link by which the viewer came"`
	At      time.Time `json:"at"`
	// Date is the moment of the picture that its viewer saw, and Place that in the
	// recording; zero: not known.
	Date  time.Time     `json:"-"`
	Place time.Duration `json:"-"`
	// Viewer is the number that the page of the viewer drew when it opened; 0: the click did
	// not say. It is counted, and not kept beside the click.
	Viewer uint64 `json:"-"`
}

// Clicker is the number by which different viewers who clicked are counted. A click that does
// not say whose it is counts as one of its own.
func (c Click) Clicker() uint64 {
	if c.Viewer != 0 {
		return c.Viewer
	}
	sum := sha256.Sum256([]byte(c.ID))
	return binary.BigEndian.Uint64(sum[:])
}

// ParseViewer reads the number of a viewer, 16 hexadecimal digits; 0: it is none.
func ParseViewer(text string) uint64 {
	if len(text) != 16 {
		return 0
	}
	n, err := strconv.ParseUint(text, 16, 64)
	if err != nil {
		return 0
	}
	return n
}

// ClickCount is how many clicks a product had in a show.
type ClickCount struct {
	Product string `json:"product"`
	Clicks  int64  `json:"clicks"`
}
