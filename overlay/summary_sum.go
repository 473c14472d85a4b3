package overlay

import (
	"cmp"
	"slices"
	"time"
)

// gathering is a row of a summary while it is added up.
type gathering struct {
	shows                             map[string]bool
	total, live, replay               gathered
	onAir                             time.Duration
	impressions, clicks, replayClicks int64
}

type gathered struct {
	adding
	units int64
}

func (g *gathered) add(s SummarySale) error {
	var ok bool
	if g.units, ok = Sum(g.units, s.Units); !ok {
		return TooGreat(s.Currency)
	}
	return g.adding.add(Money{Currency: s.Currency, Orders: s.Orders, Gross: s.Gross, Refunded: s.Refunded, Cancelled: s.Cancelled, Net: s.Gross - s.Refunded - s.Cancelled})
}

func (g *gathering) sold(s SummarySale) error {
	g.shows[s.Show] = true
	part := &g.live
	if s.Replay {
		part = &g.replay
	}
	if err := part.add(s); err != nil {
		return err
	}
	return g.total.add(s)
}

func (g *gathering) seen(s SummarySeen) {
	g.shows[s.Show] = true
	g.onAir += s.OnAir
	g.impressions, g.clicks, g.replayClicks = g.impressions+s.Impressions, g.clicks+s.Clicks, g.replayClicks+s.ReplayClicks
}

// summing makes a summary.
type summing struct {
	by    SummaryBy
	shows map[string]SummaryShow
	names map[string]SummaryName
	rows  map[string]*gathering
}

func (s *summing) row(id string) *gathering {
	if s.rows[id] == nil {
		s.rows[id] = &gathering{shows: map[string]bool{}}
	}
	return s.rows[id]
}

// MakeSummary makes a summary. A sum that is too great to be exact is refused.
func MakeSummary(by SummaryBy, days SummaryDays, at time.Time, parts SummaryParts) (Summary, error) {
	out := Summary{By: by, From: days.From, To: days.To, Timezone: days.Zone.String(), At: at.UTC()}
	sum := summing{by: by, shows: map[string]SummaryShow{}, names: parts.Names, rows: map[string]*gathering{}}
	total := &gathering{shows: map[string]bool{}}
	for _, show := range parts.Shows {
		sum.shows[show.ID] = show
		total.shows[show.ID] = true
		switch by {
		case ByShow:
			sum.row(show.ID).shows[show.ID] = true
		case ByHost:
			sum.row(show.Org).shows[show.ID] = true
		case ByRoom:
			sum.row(show.Room).shows[show.ID] = true
		case ByRegion:
			for _, step := range RegionSteps(show.Region) { // a province has a row, whether it has shows of its own or not
				sum.row(step)
			}
			sum.row(show.Region).shows[show.ID] = true
		}
	}
	lines := parts.Lines
	if by != ByProduct {
		lines = parts.Sales
	}
	for _, s := range lines {
		if err := sum.row(s.Row).sold(s); err != nil {
			return out, err
		}
	}
	for _, s := range parts.Sales {
		if err := total.sold(s); err != nil {
			return out, err
		}
	}
	for _, s := range parts.Seen {
		sum.row(s.Row).seen(s)
		total.seen(s)
	}
	var none gathered
	for _, s := range parts.NoShow {
		if err := none.add(s); err != nil {
			return out, err
		}
	}
	out.NoShow = SummaryPart{Orders: none.orders, Units: none.units, Money: none.sorted()}
	out.Total = SummaryRow{SummaryFigures: sum.figures(total, false)}
	out.Days = daysOf(days, parts)
	var err error
	if out.Rows, err = sum.sorted(); err != nil {
		return out, err
	}
	switch by {
	case ByProduct:
		err = sum.remainder(&out, total)
	case ByOrg:
		sum.sellerless(&out, total)
	}
	return out, err
}

// sorted gives the rows, those beyond the most that an answer has as one.
func (s *summing) sorted() ([]SummaryRow, error) {
	ids := make([]string, 0, len(s.rows))
	for id := range s.rows {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.rows[b].total.orders, s.rows[a].total.orders), cmp.Compare(s.rows[b].clicks, s.rows[a].clicks), cmp.Compare(len(s.rows[b].shows), len(s.rows[a].shows)), cmp.Compare(b, a))
	})
	out := make([]SummaryRow, 0, min(len(ids), maxSummaryRows+2))
	for _, id := range ids[:min(len(ids), maxSummaryRows)] {
		n := s.names[id]
		row := SummaryRow{ID: id, Name: n.Name, SKU: n.SKU, Org: n.Org, SummaryFigures: s.figures(s.rows[id], s.by == ByProduct)}
		if s.by == ByShow {
			show := s.shows[id]
			row.Name, row.Org, row.Room, row.Started = show.Title, show.Org, show.Room, stampOf(show.Started)
		}
		out = append(out, row)
	}
	if s.by == ByHost || s.by == ByOrg || s.by == ByRegion {
		if err := s.below(out); err != nil {
			return nil, err
		}
	}
	if len(ids) > maxSummaryRows {
		rest := &gathering{shows: map[string]bool{}}
		for _, id := range ids[maxSummaryRows:] {
			if err := rest.join(s.rows[id]); err != nil {
				return nil, err
			}
		}
		out = append(out, SummaryRow{Rest: "others", SummaryFigures: s.figures(rest, s.by == ByProduct)})
	}
	return out, nil
}

// join adds what another row has. A show of both is one.
func (g *gathering) join(o *gathering) error {
	for show := range o.shows {
		g.shows[show] = true
	}
	g.onAir += o.onAir
	g.impressions, g.clicks, g.replayClicks = g.impressions+o.impressions, g.clicks+o.clicks, g.replayClicks+o.replayClicks
	for _, p := range []struct{ to, from *gathered }{{&g.total, &o.total}, {&g.live, &o.live}, {&g.replay, &o.replay}} {
		p.to.units += p.from.units
		for _, m := range p.from.money {
			if err := p.to.adding.add(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// below gives organisations what all below them did, too.
func (s *summing) below(rows []SummaryRow) error {
	with := map[string]*gathering{}
	for id, g := range s.rows {
		for at, step := s.names[id].Org, 0; at != "" && step < MaxOrgDepth; at, step = s.names[at].Org, step+1 {
			if s.rows[at] == nil {
				continue
			}
			if with[at] == nil {
				with[at] = &gathering{shows: map[string]bool{}}
				if err := with[at].join(s.rows[at]); err != nil {
					return err
				}
			}
			if err := with[at].join(g); err != nil {
				return err
			}
		}
	}
	for i := range rows {
		if g := with[rows[i].ID]; g != nil {
			f := s.figures(g, false)
			rows[i].Below = &f
		}
	}
	return nil
}

// remainder adds what is of no product, so that the rows add up to the total.
func (s *summing) remainder(out *Summary, total *gathering) error {
	var rest SummaryRow
	rest.Rest = "no_product"
	left := false
	for _, p := range []struct {
		to   *SummaryPart
		all  *gathered
		rows func(*gathering) *gathered
	}{{&rest.Total, &total.total, func(g *gathering) *gathered { return &g.total }}, {&rest.Live, &total.live, func(g *gathering) *gathered { return &g.live }}, {&rest.Replay, &total.replay, func(g *gathering) *gathered { return &g.replay }}} {
		sum := gathered{units: p.all.units}
		for _, m := range p.all.money {
			m.Orders = 0 // an order is no remainder
			if err := sum.adding.add(m); err != nil {
				return err
			}
		}
		for _, g := range s.rows {
			of := p.rows(g)
			sum.units -= of.units
			for _, m := range of.money {
				if err := sum.adding.add(Money{Currency: m.Currency, Gross: -m.Gross, Refunded: -m.Refunded, Cancelled: -m.Cancelled, Net: -m.Net}); err != nil {
					return err
				}
			}
		}
		p.to.Units = max(0, sum.units)
		p.to.Money = slices.DeleteFunc(sum.sorted(), func(m Money) bool { return m.Gross == 0 && m.Refunded == 0 && m.Cancelled == 0 && m.Net == 0 })
		left = left || len(p.to.Money) > 0
	}
	if left {
		out.Rows = append(out.Rows, rest)
	}
	return nil
}

// sellerless adds the shows that no seller has: nothing was shown in them, and nothing sold.
// So each show of the total is in a row.
func (s *summing) sellerless(out *Summary, total *gathering) {
	rest := &gathering{shows: map[string]bool{}}
	for show := range total.shows {
		rest.shows[show] = true
	}
	for _, g := range s.rows {
		for show := range g.shows {
			delete(rest.shows, show)
		}
	}
	if len(rest.shows) > 0 {
		out.Rows = append(out.Rows, SummaryRow{Rest: "no_seller", SummaryFigures: s.figures(rest, false)})
	}
}

// figures gives the figures of a row. pinned: its time is that over the picture.
func (s *summing) figures(g *gathering, pinned bool) SummaryFigures {
	f := SummaryFigures{Shows: int64(len(g.shows))}
	whole, onAir := true, time.Duration(0)
	var all SummaryShow
	for id := range g.shows {
		show := s.shows[id]
		whole = whole && show.Whole
		onAir += show.OnAir.Round(time.Second) // each by itself, so that the rows add up to the total
		all.Views, all.ReplayViews, all.Viewers, all.ReplayViewers = all.Views+show.Views, all.ReplayViews+show.ReplayViews, all.Viewers+show.Viewers, all.ReplayViewers+show.ReplayViewers
	}
	if pinned {
		onAir = g.onAir
	}
	f.OnAir = int64(onAir.Round(time.Second) / time.Second)
	part := func(of *gathered, views, viewers, clicks int64) SummaryPart {
		p := SummaryPart{Orders: of.orders, Units: of.units, Money: of.sorted()}
		if whole && len(g.shows) > 0 {
			p.Clicks = &clicks
			if all.Views > 0 { // none of shows whose players say nothing
				p.Views, p.Viewers = &views, &viewers
			}
		}
		return p
	}
	f.Total = part(&g.total, all.Views, all.Viewers, g.clicks)
	f.Live = part(&g.live, all.Views-all.ReplayViews, all.Viewers-all.ReplayViewers, g.clicks-g.replayClicks)
	f.Replay = part(&g.replay, all.ReplayViews, all.ReplayViewers, g.replayClicks)
	if f.Total.Clicks != nil {
		f.Total.Impressions = &g.impressions
	}
	f.Total.Rates = f.rates()
	return f
}

func (f SummaryFigures) rates() (all []Rate) {
	p := f.Total
	add := func(name string, a, b figure, currency string) {
		if r, ok := rate(name, a, b, currency); ok {
			all = append(all, r)
		}
	}
	orders, viewers, clicks := figure{"orders", &p.Orders}, figure{"viewers", p.Viewers}, figure{"clicks", p.Clicks}
	add("orders_per_viewer", orders, viewers, "")
	add("ctor", orders, clicks, "")
	add("ctr", clicks, figure{"impressions", p.Impressions}, "")
	for _, m := range p.Money {
		gross := figure{"gross", &m.Gross}
		add("gmv_per_viewer", gross, viewers, m.Currency)
		if r, ok := rate("gmv_per_minute", gross, figure{"seconds", &f.OnAir}, m.Currency); ok {
			all = append(all, r.times(60))
		}
		back := m.Refunded + m.Cancelled
		if r, ok := rate("returned", figure{"refunded + cancelled", &back}, gross, ""); ok {
			r.Currency, r.Text = m.Currency, r.Text+" of "+m.Currency
			all = append(all, r)
		}
	}
	return all
}

// daysOf gives each day with what the shows brought that began on it.
func daysOf(days SummaryDays, parts SummaryParts) []SummaryDay {
	out, at := []SummaryDay{}, map[string]int{}
	first, _ := time.Parse(time.DateOnly, days.From) // in UTC, where each day has a midnight
	for d := first; d.Format(time.DateOnly) <= days.To; d = d.AddDate(0, 0, 1) {
		day := d.Format(time.DateOnly)
		at[day] = len(out)
		out = append(out, SummaryDay{Day: day, Money: []Money{}})
	}
	of, sums := map[string]int{}, make([]adding, len(out))
	for _, show := range parts.Shows {
		if i, ok := at[show.Started.In(days.Zone).Format(time.DateOnly)]; ok {
			of[show.ID] = i
			out[i].Shows++
		}
	}
	for _, s := range parts.Sales {
		if i, ok := of[s.Show]; ok { // what is too great was refused with the total
			_ = sums[i].add(Money{Currency: s.Currency, Orders: s.Orders, Gross: s.Gross, Refunded: s.Refunded, Cancelled: s.Cancelled, Net: s.Gross - s.Refunded - s.Cancelled})
		}
	}
	for i := range out {
		out[i].Orders, out[i].Money = sums[i].orders, sums[i].sorted()
	}
	return out
}
