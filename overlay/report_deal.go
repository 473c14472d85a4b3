package overlay

import (
	"cmp"
	"slices"
	"time"
)

// OfferResult is what came of a flash offer of a show.
type OfferResult struct {
	Offer    string     `json:"offer"`
	Product  string     `json:"product"`
	Variant  string     `json:"variant,omitempty" doc:"Missing: all of the product"`
	SKU      string     `json:"sku,omitempty" doc:"Of the variant, if there is one"`
	Title    string     `json:"title,omitempty" doc:"As the catalogue has it; missing: the product is gone"`
	Price    int64      `json:"price" doc:"In minor units of currency"`
	Usual    *int64     `json:"usual,omitempty" doc:"The usual price in the show when the offer was made; missing: not known"`
	Currency string     `json:"currency"`
	State    OfferState `json:"state"`
	Opened   *time.Time `json:"opened,omitempty" doc:"Missing: it has not opened"`
	Closed   *time.Time `json:"closed,omitempty" doc:"Missing: it has not ended"`
	Reason   string     `json:"reason,omitempty" doc:"Why it ended before its time"`
	Offered  *int64     `json:"offered,omitempty" doc:"Units for all buyers (limit_total); missing: there is no limit"`
	PerBuyer *int64     `json:"per_buyer,omitempty" doc:"Units for one buyer (limit_buyer); missing: there is no limit"`
	Held     bool       `json:"held" doc:"Units were held for buyers. Otherwise the shop decided, and the orders are those whose buyer went there while the offer was open"`
	Taken    int64      `json:"taken" doc:"Units in checkouts that can still be paid, and those that were paid"`
	Sold     int64      `json:"sold" doc:"Units of paid orders that were not cancelled"`
	Orders   int64      `json:"orders" doc:"Paid orders that took the offer, those that were refunded or cancelled later included"`
	Money    []Money    `json:"money" doc:"Of these orders, as a whole. One entry for each currency"`
	Rates    []Rate     `json:"rates" doc:"sell_through: taken ÷ offered; left out where there is no limit"`
}

// CouponCount is a coupon in a report.
type CouponCount struct {
	Coupon   string  `json:"coupon"`
	Label    string  `json:"label"`
	Offered  *int64  `json:"offered,omitempty" doc:"How many buyers can get it (limit_total); missing: there is no limit"`
	Got      int64   `json:"got" doc:"Different buyers who got it by a click"`
	Redeemed int64   `json:"redeemed,omitempty" doc:"Viewers who got it for points"`
	Points   int64   `json:"points,omitempty" doc:"How many points that took"`
	Orders   int64   `json:"orders" doc:"Paid orders whose buyer went to the shop with its code, those that were refunded or cancelled later included. Who types the code there by hand is not among them"`
	Money    []Money `json:"money" doc:"Of these orders, as a whole. One entry for each currency"`
	Rates    []Rate  `json:"rates" doc:"orders_per_coupon: orders ÷ got; left out where nobody got it"`
}

// SaleAs sums up the orders of one currency that took an offer, or came with a coupon.
type SaleAs struct {
	Deal string // the id of the offer or the coupon
	Money
}

// OffersOf gives what came of offers, in their order. goods are their products, as far as
// they are known.
func OffersOf(offers []Offer, goods map[string]Product, sold []SaleAs) ([]OfferResult, error) {
	sums, err := byDeal(sold)
	out := make([]OfferResult, 0, len(offers))
	for _, o := range offers {
		p, sum := goods[o.Product].For(o.Variant), sumOf(sums, o.ID)
		r := OfferResult{Offer: o.ID, Product: o.Product, Variant: o.Variant, SKU: p.SKU, Title: p.Title, Price: o.Price, Usual: o.Usual, Currency: o.Currency, State: o.State,
			Reason: o.Reason, Offered: limitOf(o.Total), PerBuyer: limitOf(o.Buyer), Held: o.Held, Taken: o.Taken, Sold: o.Sold, Orders: sum.orders, Money: sum.sorted(), Rates: []Rate{}}
		over := cmp.Or(o.Ended, o.Ends)
		if o.State == OfferEnded {
			r.Closed = stampOf(over)
		}
		if o.State == OfferOpen || o.State == OfferEnded && over.After(o.Starts) {
			r.Opened = stampOf(o.Starts)
		}
		if x, ok := rate("sell_through", figure{"taken", &o.Taken}, figure{"offered", r.Offered}, ""); ok {
			r.Rates = append(r.Rates, x)
		}
		out = append(out, r)
	}
	return out, err
}

// CouponsOf gives what came of coupons, the most wanted first.
func CouponsOf(coupons []Coupon, rewards []Reward, sold []SaleAs) ([]CouponCount, error) {
	sums, err := byDeal(sold)
	out := make([]CouponCount, 0, len(coupons))
	for _, c := range coupons {
		sum := sumOf(sums, c.ID)
		r := CouponCount{Coupon: c.ID, Label: c.Label, Offered: limitOf(c.Total), Got: c.Got, Orders: sum.orders, Money: sum.sorted(), Rates: []Rate{}}
		for _, w := range rewards {
			if w.Coupon == c.ID {
				r.Redeemed += w.Taken
				r.Points += w.Taken * w.Points
			}
		}
		if x, ok := rate("orders_per_coupon", figure{"orders", &r.Orders}, figure{"got", &r.Got}, ""); ok {
			r.Rates = append(r.Rates, x)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b CouponCount) int { return cmp.Compare(b.Got, a.Got) })
	return out, err
}

func byDeal(sold []SaleAs) (map[string]*adding, error) {
	sums := map[string]*adding{}
	for _, s := range sold {
		if err := sumOf(sums, s.Deal).add(s.Money); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// limitOf gives a limit as a report has it: 0 is none.
func limitOf(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
