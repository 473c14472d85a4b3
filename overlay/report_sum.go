package overlay

import (
	"cmp"
	"slices"
)

// adding sums up money, each currency by itself.
type adding struct {
	orders int64
	money  []Money
}

// Sum adds two numbers; ok is false where the sum is not exact any more.
func Sum(a, b int64) (sum int64, ok bool) {
	sum = a + b
	return sum, (a > 0) != (b > 0) || (sum > 0) == (a > 0) || a == 0 || b == 0
}

func (a *adding) add(m Money) error {
	i := slices.IndexFunc(a.money, func(o Money) bool { return o.Currency == m.Currency })
	if i < 0 {
		i = len(a.money)
		a.money = append(a.money, Money{Currency: m.Currency})
	}
	to := &a.money[i]
	for _, f := range []struct {
		sum *int64
		n   int64
	}{{&a.orders, m.Orders}, {&to.Orders, m.Orders}, {&to.Gross, m.Gross}, {&to.Refunded, m.Refunded}, {&to.Cancelled, m.Cancelled}, {&to.Net, m.Net}} {
		var ok bool
		if *f.sum, ok = Sum(*f.sum, f.n); !ok {
			return TooGreat(m.Currency)
		}
	}
	return nil
}

// TooGreat refuses a sum that 64 bits cannot hold.
func TooGreat(currency string) error {
	return Errorf(Conflict, "the amounts in %s add up to more than can be counted: look for an order with a wrong amount", currency)
}

func (a *adding) sorted() []Money {
	out := append([]Money{}, a.money...)
	slices.SortFunc(out, func(a, b Money) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}

// part makes a part of a report, with its rates.
func (a *adding) part(c Crowd, b Buyers) ReportPart {
	p := ReportPart{Views: c.Views, Viewers: c.Viewers, Effective: c.Effective, Peak: c.Peak, Watched: c.Watched, OnAir: c.OnAir, Likes: c.Likes, Shares: c.Shares, Came: c.Came, ByShares: c.ByShares, Impressions: c.Impressions, Clicks: c.Clicks, Clickers: c.Clickers,
		Orders: a.orders, Buyers: b.Known + b.Unknown, UnknownBuyers: b.Unknown, Money: a.sorted(), Rates: []Rate{}}
	views, viewers := figure{"views", p.Views}, figure{"viewers", p.Viewers}
	clicks, clickers := figure{"clicks", p.Clicks}, figure{"clickers", p.Clickers}
	orders, buyers := figure{"orders", &p.Orders}, figure{"buyers", &p.Buyers}
	add := func(name string, a, b figure, currency string) {
		if r, ok := rate(name, a, b, currency); ok {
			p.Rates = append(p.Rates, r)
		}
	}
	plain := func(name string, a, b figure) {
		if r, ok := rate(name, a, b, ""); ok {
			p.Rates = append(p.Rates, r.each())
		}
	}
	add("orders_per_viewer", orders, viewers, "")
	add("conv_viewer", buyers, viewers, "")
	add("conv_click", buyers, clickers, "")
	add("ctor", orders, clicks, "")
	add("ctr", clicks, figure{"impressions", p.Impressions}, "")
	add("effective_views", figure{"effective", p.Effective}, views, "")
	plain("average_viewers", figure{"watched", p.Watched}, figure{"on_air", p.OnAir})
	plain("likes_per_viewer", figure{"likes", p.Likes}, viewers)
	shares, came := figure{"shares", p.Shares}, figure{"came", p.Came}
	plain("shares_per_viewer", shares, viewers)
	plain("came_per_share", came, shares)
	add("conv_share", figure{"orders_by_shares", p.ByShares}, came, "")
	for _, m := range p.Money {
		if r, ok := rate("gpm", figure{"gross", &m.Gross}, views, m.Currency); ok {
			p.Rates = append(p.Rates, r.times(1000))
		}
		add("gmv_per_view", figure{"gross", &m.Gross}, views, m.Currency)
		add("gmv_per_viewer", figure{"gross", &m.Gross}, viewers, m.Currency)
	}
	return p
}
