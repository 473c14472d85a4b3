package overlay

import (
	"cmp"
	"slices"
	"time"
)

// Report is what a show brought, in figures that can be checked. A show is one, however
// often its broadcast broke and whatever midnight it went past.
type Report struct {
	Show      string     `json:"show"`
	Title     string     `json:"title"`
	Room      string     `json:"room"`
	Org       string     `json:"org" doc:"The organisation of the room: the host"`
	Started   *time.Time `json:"started,omitempty"`
	Ended     *time.Time `json:"ended,omitempty"`
	At        time.Time  `json:"at" doc:"When the report was made: orders and refunds still come in after a show"`
	Rehearsal bool       `json:"rehearsal,omitempty" doc:"A rehearsal does not count: there are no figures"`
	Whole     bool       `json:"whole" doc:"false: these are the orders of your own shops alone, and what the audience did is left out"`
	Total     ReportPart `json:"total"`
	Live      ReportPart `json:"live" doc:"What came of viewers while the show was on"`
	Replay    ReportPart `json:"replay" doc:"What came of viewers of the recording"`
	// Products, Hosts and Sellers each divide the orders and the money of Total.
	Stretch  int64           `json:"stretch,omitempty" doc:"How many seconds an entry of times is long: a minute, or more of a show of more than 72 minutes"`
	Times    []ReportTime    `json:"times" doc:"What was paid when, from the show's beginning to its end, the oldest first and without gaps; 72 entries at most. Orders that were paid before or after that are in total alone"`
	Products []ReportProduct `json:"products" doc:"The most orders first. One without an id has what no line of an order tells: postage, taxes, discounts, lines that match no product, and refunds of a part of an order. So the rows add up to total"`
	Hosts    []ReportOrg     `json:"hosts" doc:"By the organisation whose show it was"`
	// Presenters divide the orders and the money of Total, too.
	Presenters []ReportHost  `json:"presenters,omitempty" doc:"By the host who presented at the moment of the picture of the click. Left out where nobody said who presents, and where the report is not whole"`
	Sellers    []ReportOrg   `json:"sellers" doc:"By the organisation whose shop sold"`
	Offers     []OfferResult `json:"offers,omitempty" doc:"The flash offers of the show, the oldest first; left out where there was none, and where the report is not whole"`
	Coupons    []CouponCount `json:"coupons,omitempty" doc:"The coupons of the show, the most wanted first; left out where there was none, and where the report is not whole"`
	Polls      []Poll        `json:"polls,omitempty" doc:"The polls that viewers saw, in the order in which they were prepared; left out where there was none, and where the report is not whole"`
	// Reminders are missing where nobody booked, and where the report is not whole.
	Reminders *ReportReminders `json:"reminders,omitempty" doc:"Contacts that wanted to be told when the show begins"`
}

// ReportPart is what came of all viewers, or of some.
type ReportPart struct {
	Views         *int64  `json:"views,omitempty" doc:"Players that began to play; missing: not known"`
	Viewers       *int64  `json:"viewers,omitempty" doc:"Different viewers: pages with a player that played. There is no cookie, so somebody who opens the page again, or on another device, is another viewer. Of more than 16,384 viewers it is an estimate. Missing: not known"`
	Effective     *int64  `json:"effective,omitempty" doc:"Views that lasted for ten seconds or more. Missing: not known"`
	Peak          *int64  `json:"peak,omitempty" doc:"The most viewers at a time. Of a replay it is not known"`
	Watched       *int64  `json:"watched,omitempty" doc:"Seconds of all viewers together. Missing: not known"`
	OnAir         *int64  `json:"on_air,omitempty" doc:"Seconds for which the show was on; of live alone"`
	Likes         *int64  `json:"likes,omitempty" doc:"How often viewers liked the show. Missing: not known"`
	Shares        *int64  `json:"shares,omitempty" doc:"How often viewers shared the show; of live and replay together"`
	Came          *int64  `json:"came,omitempty" doc:"Viewers who came by a shared link"`
	ByShares      *int64  `json:"orders_by_shares,omitempty" doc:"Orders of buyers who had come by a shared link"`
	Impressions   *int64  `json:"impressions,omitempty" doc:"Cards of products that were in sight for a second"`
	Clicks        *int64  `json:"clicks,omitempty" doc:"Viewers' ways to a shop"`
	Clickers      *int64  `json:"clickers,omitempty" doc:"Different viewers who clicked, by the same number as viewers. A click that does not say whose it is counts as one. Of more than 16,384 it is an estimate. Missing: not known"`
	Orders        int64   `json:"orders" doc:"Orders that were paid, those that were refunded or cancelled later included"`
	Buyers        int64   `json:"buyers" doc:"Different buyers of these orders, by the hash of what their shops know them by. An order whose buyer is not known counts as one buyer"`
	UnknownBuyers int64   `json:"buyers_unknown" doc:"Orders whose buyer is not known: the shop did not tell, or the buyer was erased"`
	Money         []Money `json:"money" doc:"One entry for each currency. Currencies are never added up"`
	Rates         []Rate  `json:"rates" doc:"A rate is left out where one of its figures is not known, or its denominator is 0"`
}

// Money is what was paid in one currency, in its minor units.
type Money struct {
	Currency  string `json:"currency"`
	Orders    int64  `json:"orders"`
	Gross     int64  `json:"gross" doc:"All that was paid (GMV gross)"`
	Refunded  int64  `json:"refunded" doc:"What went back of orders that were not cancelled"`
	Cancelled int64  `json:"cancelled" doc:"What cancelled orders had brought"`
	Net       int64  `json:"net" doc:"gross − refunded − cancelled (GMV net)"`
}

// ShowFigures is what a list of shows tells of each, so that one need not open them all.
type ShowFigures struct {
	Orders int64   `json:"orders" doc:"Paid orders that came from the show, those that were refunded or cancelled later included"`
	Money  []Money `json:"money" doc:"One entry for each currency, the most orders first. Currencies are never added up"`
	Peak   int64   `json:"peak" doc:"The most viewers at a time"`
}

// ReportProduct is what came of a product.
type ReportProduct struct {
	Product     string  `json:"product,omitempty" doc:"Id; missing: what is of no product"`
	SKU         string  `json:"sku,omitempty"`
	Title       string  `json:"title,omitempty" doc:"As the shop called it"`
	Impressions *int64  `json:"impressions,omitempty"`
	Clicks      *int64  `json:"clicks,omitempty"`
	Orders      int64   `json:"orders" doc:"With the product in a line; one order counts at each of its products"`
	Units       int64   `json:"units"`
	Money       []Money `json:"money" doc:"Of the lines, after their discounts. Lines of orders that were refunded as a whole are refunded"`
}

// ReportOrg is what came of an organisation.
type ReportOrg struct {
	Org    string  `json:"org"`
	Name   string  `json:"name"`
	Orders int64   `json:"orders"`
	Money  []Money `json:"money"`
}

// Sale sums up orders that have these names in common.
type Sale struct {
	Seller, Host, Currency string
	Replay                 bool
	Orders                 int64
	Gross, Refunded, Net   int64
	Cancelled              int64 // what those that were cancelled had brought
}

// SaleOf sums up lines of orders that are of one product.
type SaleOf struct {
	Product, SKU, Title, Currency string
	Orders, Units                 int64
	Gross, Refunded, Cancelled    int64
}

// Crowd is what viewers did; nil: not known.
type Crowd struct {
	Views, Viewers, Effective, Peak, Watched, OnAir, Likes, Shares, Came, ByShares, Impressions, Clicks, Clickers *int64
}

// Buyers are who bought: different ones that are known, and orders of others.
type Buyers struct{ Known, Unknown int64 }

// Sales are the sums of which a report is made.
type Sales struct {
	Sales               []Sale
	Products            []SaleOf
	Total, Live, Replay Buyers
}

// Seen are the audience's figures of which a report is made.
type Seen struct {
	Total, Live, Replay Crowd
	Impressions, Clicks map[string]int64 // by product
}

// MakeReport makes a report. seen is nil for who may not know of the audience; names are
// those of organisations. A sum that is too great to be exact is refused.
func MakeReport(show Show, at time.Time, sales Sales, seen *Seen, names map[string]string) (Report, error) {
	r := Report{Show: show.ID, Title: show.Title, Room: show.Room, Org: show.Org, Started: stampOf(show.Started), Ended: stampOf(show.Ended), At: at.UTC(), Rehearsal: show.Rehearsal, Whole: seen != nil, Times: []ReportTime{}}
	if r.Rehearsal {
		sales, seen = Sales{}, nil
	}
	if seen == nil {
		seen = &Seen{}
	}
	var total, live, replay adding
	hosts, sellers := map[string]*adding{}, map[string]*adding{}
	for _, s := range sales.Sales {
		part := &live
		if s.Replay {
			part = &replay
		}
		for _, to := range []*adding{&total, part, sumOf(hosts, s.Host), sumOf(sellers, s.Seller)} {
			if err := to.add(Money{Currency: s.Currency, Orders: s.Orders, Gross: s.Gross, Refunded: s.Refunded, Cancelled: s.Cancelled, Net: s.Net}); err != nil {
				return r, err
			}
		}
	}
	r.Total, r.Live, r.Replay = total.part(seen.Total, sales.Total), live.part(seen.Live, sales.Live), replay.part(seen.Replay, sales.Replay)
	r.Hosts, r.Sellers = orgsOf(hosts, names), orgsOf(sellers, names)
	var err error
	r.Products, err = productsOf(sales.Products, seen, total)
	return r, err
}

func stampOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func sumOf(all map[string]*adding, name string) *adding {
	if all[name] == nil {
		all[name] = &adding{}
	}
	return all[name]
}

func orgsOf(all map[string]*adding, names map[string]string) []ReportOrg {
	out := make([]ReportOrg, 0, len(all))
	for id, sum := range all {
		out = append(out, ReportOrg{Org: id, Name: names[id], Orders: sum.orders, Money: sum.sorted()})
	}
	slices.SortFunc(out, func(a, b ReportOrg) int { return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Org, b.Org)) })
	return out
}

func productsOf(sold []SaleOf, seen *Seen, total adding) ([]ReportProduct, error) {
	rows, sums := map[string]*ReportProduct{}, map[string]*adding{}
	row := func(id string) *ReportProduct {
		if rows[id] == nil {
			rows[id] = &ReportProduct{Product: id}
		}
		return rows[id]
	}
	rest := adding{}
	for _, m := range total.sorted() {
		m.Orders = 0 // an order is no remainder
		if err := rest.add(m); err != nil {
			return nil, err
		}
	}
	for _, s := range sold {
		p := row(s.Product)
		p.SKU, p.Title = cmp.Or(p.SKU, s.SKU), cmp.Or(p.Title, s.Title)
		p.Orders, p.Units = p.Orders+s.Orders, p.Units+s.Units
		m := Money{Currency: s.Currency, Orders: s.Orders, Gross: s.Gross, Refunded: s.Refunded, Cancelled: s.Cancelled, Net: s.Gross - s.Refunded - s.Cancelled}
		if err := sumOf(sums, s.Product).add(m); err != nil {
			return nil, err
		}
		if err := rest.add(Money{Currency: m.Currency, Gross: -m.Gross, Refunded: -m.Refunded, Cancelled: -m.Cancelled, Net: -m.Net}); err != nil {
			return nil, err
		}
	}
	for id, n := range seen.Impressions {
		row(id).Impressions = &n
	}
	for id, n := range seen.Clicks {
		row(id).Clicks = &n
	}
	out := make([]ReportProduct, 0, len(rows)+1)
	for id, p := range rows {
		p.Money = sumOf(sums, id).sorted()
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b ReportProduct) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(known(b.Clicks), known(a.Clicks)), cmp.Compare(a.Product, b.Product))
	})
	if left := slices.DeleteFunc(rest.sorted(), func(m Money) bool { return m.Gross == 0 && m.Refunded == 0 && m.Cancelled == 0 && m.Net == 0 }); len(left) > 0 {
		out = append(out, ReportProduct{Money: left})
	}
	return out, nil
}

func known(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
