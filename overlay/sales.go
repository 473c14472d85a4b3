package overlay

import (
	"slices"
	"time"
)

// SalesMinutes is how many minutes back ShowSales tells of each.
const SalesMinutes = 30

// mostSold is how many products ShowSales names.
const mostSold = 50

// ShowSales is what a show has sold so far, for who runs it. The report has more, and
// the same figures: orders and money are those of its total.
type ShowSales struct {
	Show      string        `json:"show"`
	At        time.Time     `json:"at" doc:"When this was read: it is a few seconds old at most, unless the show has very many orders"`
	Rehearsal bool          `json:"rehearsal,omitempty" doc:"A rehearsal does not count: there are no figures"`
	Shops     bool          `json:"shops" doc:"false: no organisation that sells in this show has a shop here, so no orders can come in"`
	Clicks    int64         `json:"clicks" doc:"Viewers' ways to a shop"`
	Orders    int64         `json:"orders" doc:"Orders that were paid, those that were refunded or cancelled later included"`
	Money     []Money       `json:"money" doc:"One entry for each currency, the most orders first. Currencies are never added up"`
	Products  []SoldProduct `json:"products" doc:"With orders or clicks, the most orders first; 50 at most"`
	Minutes   []SalesMinute `json:"minutes" doc:"The last 30 minutes, the oldest first. The last one is not over yet"`
}

// SoldProduct is what a product has sold in a show.
type SoldProduct struct {
	Product string  `json:"product" doc:"Id"`
	SKU     string  `json:"sku" doc:"As in the catalogue"`
	Title   string  `json:"title" doc:"As in the catalogue"`
	Clicks  int64   `json:"clicks"`
	Orders  int64   `json:"orders" doc:"With the product in a line; one order counts at each of its products"`
	Units   int64   `json:"units"`
	Money   []Money `json:"money" doc:"Of the lines, after their discounts"`
}

// SalesMinute is what happened in one minute.
type SalesMinute struct {
	At     time.Time `json:"at" doc:"When it began"`
	Orders int64     `json:"orders" doc:"Paid in it, by the shop's clock"`
	Clicks int64     `json:"clicks"`
}

// MakeShowSales makes the sums of a show from its report and from what was counted by
// minutes, since 1970. Products are without their names.
func MakeShowSales(r Report, orders, clicks map[int64]int64) ShowSales {
	s := ShowSales{Show: r.Show, At: r.At, Rehearsal: r.Rehearsal, Clicks: known(r.Total.Clicks), Orders: r.Total.Orders, Money: r.Total.Money, Products: []SoldProduct{}, Minutes: []SalesMinute{}}
	if r.Rehearsal {
		return s
	}
	for _, p := range r.Products {
		if p.Product != "" && (p.Orders > 0 || known(p.Clicks) > 0) && len(s.Products) < mostSold {
			s.Products = append(s.Products, SoldProduct{Product: p.Product, Clicks: known(p.Clicks), Orders: p.Orders, Units: p.Units, Money: p.Money})
		}
	}
	last := r.At.Unix() / 60
	for m := last - SalesMinutes + 1; m <= last; m++ {
		s.Minutes = append(s.Minutes, SalesMinute{At: time.Unix(m*60, 0).UTC(), Orders: orders[m], Clicks: clicks[m]})
	}
	return s
}

// Name gives the products of which it is asked their names; those that are gone keep none.
func (s ShowSales) Name(names map[string]SoldProduct) ShowSales {
	s.Products = slices.Clone(s.Products)
	for i, p := range s.Products {
		s.Products[i].SKU, s.Products[i].Title = names[p.Product].SKU, names[p.Product].Title
	}
	return s
}
