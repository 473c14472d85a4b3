package overlay

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a coupon.
const (
	maxCouponLabel = 40 // characters
	maxCoupons     = 1_000_000
	// MaxCoupons is how many coupons of a show may be shown at once: the state that each
	// segment repeats has them all.
	MaxCoupons = 3
	// MaxKeptCoupons is how many coupons of a show may not have ended.
	MaxKeptCoupons = 20
)

// Coupon is a code of a shop that viewers of a show get by a click. What it takes off is
// for the shop to know; its label says so to viewers.
type Coupon struct {
	ID    string `json:"id"`
	Show  string `json:"show"`
	Label string `json:"label" doc:"What viewers read: 10 % off"`
	Code  string `json:"code" doc:"The shop's code. Only who gets the coupon by a click is told"`
	Shop  string `json:"shop" doc:"The shop that takes the code"`
	Shown bool   `json:"shown" doc:"Viewers see it"`
	// Starts and Ends bound when buyers get it; zero: there is no bound but the show's.
	Starts time.Time `json:"starts_at,omitzero" doc:"Buyers do not get it before; missing: there is no bound"`
	Ends   time.Time `json:"ends_at,omitzero" doc:"Buyers do not get it any more, and viewers do not see it; missing: at the end of the show"`
	Total  int64     `json:"limit_total,omitempty" doc:"How many buyers get it; missing: there is no limit"`
	Got    int64     `json:"got" doc:"How many buyers have got it: each counts once, however often they ask"`
	Ended  bool      `json:"ended,omitempty" doc:"It was ended by hand, or with the show"`
}

// CouponCard is the in-band form of a coupon: the code is got by a click, so that it can be
// counted.
type CouponCard struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
}

// Card gives the in-band form of the coupon.
func (c Coupon) Card() CouponCard { return CouponCard{c.ID, c.Label} }

// Checked refuses a coupon that nobody can mean.
func (c Coupon) Checked(now time.Time) (Coupon, error) {
	c.Label, c.Code = strings.TrimSpace(c.Label), strings.TrimSpace(c.Code)
	c.Starts, c.Ends = c.Starts.UTC().Truncate(time.Millisecond), c.Ends.UTC().Truncate(time.Millisecond)
	switch n := utf8.RuneCountInString(c.Label); {
	case n == 0 || n > maxCouponLabel:
		return c, Errorf(Invalid, "label: must have from 1 to %d characters", maxCouponLabel)
	case c.Code == "":
		return c, Errorf(Invalid, "code: is missing; it is the one that the shop knows")
	case len(c.Code) > maxOfferCode:
		return c, Errorf(Invalid, "code: has %d bytes, at most %d are allowed", len(c.Code), maxOfferCode)
	case strings.Contains(c.Label, c.Code):
		return c, Errorf(Invalid, "label: has the code in it, which viewers get by a click alone")
	case c.Total < 0 || c.Total > maxCoupons:
		return c, Errorf(Invalid, "limit_total: must be an integer from 1 to %d", maxCoupons)
	case !c.Ends.IsZero() && (!c.Ends.After(now) || !c.Ends.After(c.Starts)):
		return c, Errorf(Invalid, "ends_at: must be after now, and after starts_at")
	}
	for _, err := range []error{checkPlain("label", c.Label, false), checkInBand("label", c.Label), checkPlain("code", c.Code, false)} {
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// TakenBy refuses, in words, a coupon whose code a shop has no place for.
func (c Coupon) TakenBy(shop Shop) error {
	switch {
	case shop.Kind == ShopShopify, shop.Kind == ShopStripeLink:
		return nil
	case shop.Kind == ShopStripeSession:
		return Errorf(Invalid, "shop: %s makes a checkout for each buyer by itself, and has no place for a code; make a flash offer there", shop.Name)
	case !strings.Contains(shop.Config.Template, CodeMark):
		return Errorf(Invalid, "code: the shop %s has no place for it; write %s into its template, such as https://tea.example/p/{sku}?discount=%s", shop.Name, CodeMark, CodeMark)
	}
	return nil
}

// Over tells whether nobody gets the coupon any more.
func (c Coupon) Over(now time.Time) bool {
	return c.Ended || !c.Ends.IsZero() && !now.Before(c.Ends)
}

// Gives refuses a buyer who asks for the coupon when it is not to be had. One who has got
// it has it until it is over.
func (c Coupon) Gives(now time.Time, has bool) error {
	switch {
	case c.Over(now):
		return Errorf(Conflict, "The coupon has ended.")
	case has:
		return nil
	case !c.Shown:
		return Errorf(Conflict, "The coupon is not shown now.")
	case now.Before(c.Starts):
		return Errorf(Conflict, "The coupon is to be had from %s (UTC).", c.Starts.UTC().Format(time.TimeOnly))
	case c.Total > 0 && c.Got >= c.Total:
		return Errorf(Limit, "All of these coupons are taken.")
	}
	return nil
}
