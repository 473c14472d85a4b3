package overlay

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// BestMoments is how many of the moments that sold the most are told.
	BestMoments = 12
	// HearBefore is how long before a click the sentence is that led to it: who hears it finds the
	// button, and presses it, in some seconds.
	HearBefore = 30 * time.Second
	// SaidAfter is how long behind a minute comments still belong to it.
	SaidAfter = 30 * time.Second
	// SaidMost is how many comments a moment has.
	SaidMost = 3
)

// ShowMoments is which pictures of a show sold what.
type ShowMoments struct {
	Show      string          `json:"show"`
	At        time.Time       `json:"at" doc:"When it was made"`
	Rehearsal bool            `json:"rehearsal,omitempty" doc:"A rehearsal does not count: there are no moments"`
	Best      []Moment        `json:"best" doc:"Minutes of the picture in which buyers clicked, the one that brought the most first: by money where the show sold in one currency, by orders otherwise. 12 at most"`
	Products  []ProductMinute `json:"products" doc:"What each minute of the picture brought of each product, live and replay apart, the oldest first; clicks are told for as long as they are kept. 10,000 at most"`
	Unplaced  int64           `json:"unplaced" doc:"Paid orders of the show of which nobody knows at which picture their buyer clicked: matched by hand, or from a player that does not tell. They are in no moment"`
}

// Moment is a minute of the picture that sold.
type Moment struct {
	Minute   time.Time `json:"at" doc:"When it begins, by the date of the picture"`
	Hear     time.Time `json:"hear" doc:"30 s before the picture at which its first buyer clicked: from there, the recording has the sentence that sold. /watch/ROOM?show=SHOW&date=UNIX_SECONDS plays it"`
	Place    float64   `json:"place,omitempty" doc:"Where that is in the recording, in seconds of playing time; missing: at its beginning, or there is none"`
	Product  string    `json:"product,omitempty" doc:"The one of most orders in it; missing: of none that the catalogue has"`
	SKU      string    `json:"sku,omitempty"`
	Title    string    `json:"title,omitempty"`
	Host     string    `json:"host,omitempty" doc:"Name of who presented"`
	Clicks   int64     `json:"clicks"`
	Orders   int64     `json:"orders" doc:"Paid, of buyers who clicked at this picture, live or in the recording"`
	Replayed int64     `json:"replayed" doc:"Those of them from the recording"`
	Money    []Taken   `json:"money" doc:"One entry for each currency"`
	Note     string    `json:"note,omitempty" doc:"What the run of show had for the host to say of the product"`
	Said     []Said    `json:"said" doc:"Comments of that minute and of half a minute around it: those of hosts first, then the most liked. Three at most"`
}

// Said is a comment of a moment.
type Said struct {
	By   string    `json:"by" enum:"viewer,host"`
	Name string    `json:"name"`
	Text string    `json:"text"`
	At   time.Time `json:"at" doc:"The moment of the picture"`
}

// ProductMinute is what a minute of the picture brought of one product.
type ProductMinute struct {
	Minute  time.Time `json:"at"`
	Product string    `json:"product"`
	Replay  bool      `json:"replay" doc:"Of viewers of the recording, at the same picture"`
	Clicks  int64     `json:"clicks"`
	Orders  int64     `json:"orders"`
	Money   []Taken   `json:"money"`
}

// SoldMinute sums up, of one minute of Unix time of the picture, the clicks to a product, or the
// orders of one currency.
type SoldMinute struct {
	N                     int64
	Product               string
	Replay                bool
	Currency              string // "": clicks
	Clicks, Orders, Gross int64
}

// MomentsOf puts the moments of a show together. Who presented and what was said comes on top.
func MomentsOf(show Show, at time.Time, sold []SoldMinute, unplaced int64) (ShowMoments, error) {
	out := ShowMoments{Show: show.ID, At: at.UTC(), Rehearsal: show.Rehearsal, Best: []Moment{}, Products: []ProductMinute{}, Unplaced: unplaced}
	if show.Rehearsal || show.Started.IsZero() {
		return out, nil
	}
	slices.SortStableFunc(sold, func(a, b SoldMinute) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Product, b.Product), compareFlags(a.Replay, b.Replay), cmp.Compare(a.Currency, b.Currency))
	})
	currencies := map[string]bool{}
	var last SoldMinute
	for i, s := range sold {
		if i == 0 || s.N != last.N || s.Product != last.Product || s.Replay != last.Replay {
			out.Products = append(out.Products, ProductMinute{Minute: minuteOf(s.N), Product: s.Product, Replay: s.Replay, Money: []Taken{}})
		}
		last = s
		p := &out.Products[len(out.Products)-1]
		p.Clicks += s.Clicks
		p.Orders += s.Orders
		if s.Currency != "" {
			currencies[s.Currency] = true
			var err error
			if p.Money, err = addTaken(p.Money, Taken{s.Currency, s.Gross}); err != nil {
				return out, err
			}
		}
	}
	var err error
	out.Best, err = bestOf(out.Products, len(currencies) == 1)
	return out, err
}

// bestOf ranks the minutes in which something was sold.
func bestOf(list []ProductMinute, byMoney bool) ([]Moment, error) {
	all := []Moment{}
	for from := 0; from < len(list); {
		until := from
		for until < len(list) && list[until].Minute.Equal(list[from].Minute) {
			until++
		}
		m, err := momentOf(list[from:until])
		if err != nil {
			return nil, err
		}
		if m.Orders > 0 {
			all = append(all, m)
		}
		from = until
	}
	slices.SortStableFunc(all, func(a, b Moment) int {
		if byMoney {
			if c := cmp.Compare(b.Money[0].Gross, a.Money[0].Gross); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(b.Clicks, a.Clicks), a.Minute.Compare(b.Minute))
	})
	return all[:min(len(all), BestMoments)], nil
}

// momentOf sums up one minute.
func momentOf(list []ProductMinute) (m Moment, err error) {
	m = Moment{Minute: list[0].Minute, Money: []Taken{}, Said: []Said{}}
	orders := map[string]int64{}
	for _, p := range list {
		m.Clicks += p.Clicks
		m.Orders += p.Orders
		if p.Replay {
			m.Replayed += p.Orders
		}
		for _, t := range p.Money {
			if m.Money, err = addTaken(m.Money, t); err != nil {
				return m, err
			}
		}
		if orders[p.Product] += p.Orders; m.Product == "" || orders[p.Product] > orders[m.Product] {
			m.Product = p.Product
		}
	}
	return m, nil
}

func addTaken(list []Taken, t Taken) ([]Taken, error) {
	for i := range list {
		if list[i].Currency == t.Currency {
			var ok bool
			if list[i].Gross, ok = Sum(list[i].Gross, t.Gross); !ok {
				return list, TooGreat(t.Currency)
			}
			return list, nil
		}
	}
	return append(list, t), nil
}

func minuteOf(n int64) time.Time { return time.Unix(60*n, 0).UTC() }

func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// CSV gives the moments as a table that spreadsheets open: the best ones, then each minute of each product. skus are
// those of the products.
func (s ShowMoments) CSV(skus map[string]string) ([]byte, error) {
	var out bytes.Buffer
	w, err := NewSheet(&out, "part", "at", "hear", "product", "title", "host", "clicks", "orders", "replayed", "currency", "gross", "note", "said")
	if err != nil {
		return nil, err
	}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, m := range s.Best {
		var said []string
		for _, c := range m.Said {
			said = append(said, c.Name+": "+c.Text)
		}
		row := []string{"best", m.Minute.Format(time.RFC3339), m.Hear.Format(time.RFC3339), m.SKU, m.Title, m.Host, n(m.Clicks), n(m.Orders), n(m.Replayed), "", "", m.Note, strings.Join(said, " | ")}
		if err := w.Money(row, 4, 9, m.Money); err != nil {
			return nil, err
		}
	}
	for _, p := range s.Products {
		part := "live"
		if p.Replay {
			part = "replay"
		}
		row := []string{part, p.Minute.Format(time.RFC3339), "", skus[p.Product], "", "", n(p.Clicks), n(p.Orders), "", "", "", "", ""}
		if err := w.Money(row, 4, 9, p.Money); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}
