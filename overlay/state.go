package overlay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// State is what holds in a show after an event.
type State struct {
	Show    string
	Seq     uint64 // of the last event that it includes
	At      time.Time
	Pinned  []Card       // oldest first, at most MaxPinned
	Offers  []OfferCard  // announced or open, at most MaxOffers
	Coupons []CouponCard // shown, at most MaxCoupons
	Poll    *PollCard    // the open one
}

// StateJSON gives the in-band JSON of a state. Over MaxInBand it drops
// list_price, then the words of the poll, then title, of every product: readers fetch
// products by id and rev, and the poll from live.json.
func StateJSON(s State) ([]byte, error) {
	cards := slices.Clone(s.Pinned)
	each := func(drop func(*Card)) func() {
		return func() {
			for i := range cards {
				drop(&cards[i])
			}
		}
	}
	drops := []func(){
		func() {},
		each(func(c *Card) { c.ListPrice = nil }),
		func() {
			if s.Poll != nil {
				s.Poll = &PollCard{ID: s.Poll.ID, Votes: s.Poll.Votes, Ends: s.Poll.Ends}
			}
		},
		each(func(c *Card) { c.Title = "" }),
	}
	for _, drop := range drops {
		drop()
		text, err := encode(struct {
			V      int         `json:"v"`
			Kind   Kind        `json:"kind"`
			Show   string      `json:"show"`
			Seq    uint64      `json:"seq"`
			At     int64       `json:"at"`
			Pinned []Card      `json:"pinned"`
			Offers []OfferCard `json:"offers"`
			// Left out where there is none: many shows have no coupon and no poll.
			Coupons []CouponCard `json:"coupons,omitempty"`
			Poll    *PollCard    `json:"poll,omitempty"`
		}{1, KindState, s.Show, s.Seq, s.At.UnixMilli(), append([]Card{}, cards...), append([]OfferCard{}, s.Offers...), s.Coupons, s.Poll})
		if err != nil {
			return nil, err
		}
		if len(text) <= MaxInBand {
			return text, nil
		}
	}
	return nil, fmt.Errorf("state of show %s: %d pinned products do not fit into %d bytes", s.Show, len(cards), MaxInBand)
}

// Apply is a reader's rule: it gives the state after an in-band event. An event
// that the state already includes changes nothing.
func (s State) Apply(event []byte) (State, error) {
	var e struct {
		Kind    Kind        `json:"kind"`
		Show    string      `json:"show"`
		Seq     uint64      `json:"seq"`
		At      int64       `json:"at"`
		Product *Card       `json:"product"`
		Offer   *OfferCard  `json:"offer"`
		Coupon  *CouponCard `json:"coupon"`
		Poll    *PollCard   `json:"poll"`
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return s, fmt.Errorf("read event: %w", err)
	}
	if e.Show == s.Show && e.Seq <= s.Seq {
		return s, nil
	}
	s.Show, s.Seq, s.At = e.Show, e.Seq, time.UnixMilli(e.At).UTC()
	if e.Offer != nil {
		s.Offers = slices.DeleteFunc(slices.Clone(s.Offers), func(o OfferCard) bool { return o.ID == e.Offer.ID })
		if e.Kind == KindOfferStart {
			s.Offers = append(s.Offers, *e.Offer)
			slices.SortFunc(s.Offers, func(a, b OfferCard) int { return strings.Compare(a.ID, b.ID) })
		}
	}
	if e.Coupon != nil {
		s.Coupons = slices.DeleteFunc(slices.Clone(s.Coupons), func(c CouponCard) bool { return c.ID == e.Coupon.ID })
		if e.Kind == KindCouponShow {
			s.Coupons = append(s.Coupons, *e.Coupon)
			slices.SortFunc(s.Coupons, func(a, b CouponCard) int { return strings.Compare(a.ID, b.ID) })
		}
	}
	switch {
	case e.Poll == nil:
	case e.Kind == KindPollOpen:
		s.Poll = e.Poll
	case e.Kind == KindPollClose:
		s.Poll = nil
	case s.Poll != nil && s.Poll.ID == e.Poll.ID:
		p := *s.Poll
		p.Votes, s.Poll = e.Poll.Votes, &p
	}
	if e.Product == nil {
		return s, nil
	}
	s.Pinned = slices.Clone(s.Pinned)
	i := slices.IndexFunc(s.Pinned, func(c Card) bool { return c.ID == e.Product.ID })
	switch e.Kind {
	case KindProductUpdate:
		if i >= 0 {
			s.Pinned[i] = s.Pinned[i].updated(*e.Product)
		}
	case KindProductPin, KindProductUnpin:
		if i >= 0 {
			s.Pinned = slices.Delete(s.Pinned, i, i+1)
		}
		if e.Kind == KindProductPin {
			s.Pinned = append(s.Pinned, *e.Product)
		}
	}
	return s, nil
}
