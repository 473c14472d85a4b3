package overlay

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// MostMinutes is how many minutes of the picture are told, live and replay each.
const MostMinutes = 2880

// ShowMinutes is what viewers did and bought in each minute of a show.
type ShowMinutes struct {
	Show      string         `json:"show"`
	At        time.Time      `json:"at" doc:"When it was made"`
	Rehearsal bool           `json:"rehearsal,omitempty" doc:"A rehearsal does not count: there are no minutes"`
	Minutes   []LiveMinute   `json:"minutes" doc:"While the show was on, the oldest first, by the date of the picture; minutes in which nothing was seen, done or bought are left out. 2,880 at most, the first ones"`
	Replay    []ReplayMinute `json:"replay" doc:"What viewers of the recording did, by its minutes"`
}

// MinuteSeen is what viewers did in a minute of the picture.
type MinuteSeen struct {
	Viewers     float64 `json:"viewers" doc:"On average: watched ÷ 60 s"`
	Watched     int64   `json:"watched" doc:"Seconds, of all viewers together"`
	Views       int64   `json:"views" doc:"Players that began to play there"`
	Effective   int64   `json:"effective" doc:"Views that had lasted for ten seconds there"`
	Likes       int64   `json:"likes"`
	Impressions int64   `json:"impressions" doc:"Cards of products that were in sight for a second"`
}

// LiveMinute is a minute of a show that was on.
type LiveMinute struct {
	Minute time.Time `json:"at" doc:"When it begins"`
	Peak   int64     `json:"peak" doc:"The most viewers at a time in it"`
	MinuteSeen
	Clicks   int64    `json:"clicks" doc:"Viewers' ways to a shop"`
	Comments int64    `json:"comments" doc:"Of viewers and hosts, by the moment of the picture; without those that are deleted or that only their viewer sees"`
	Orders   int64    `json:"orders" doc:"Paid in it, by the shop's clock"`
	Money    []Taken  `json:"money" doc:"One entry for each currency"`
	Products []string `json:"products" doc:"Ids of those over the picture, the first first"`
}

// ReplayMinute is a minute of a recording.
type ReplayMinute struct {
	Place int64 `json:"place" doc:"Where it begins in the recording, in seconds"`
	MinuteSeen
}

// Watching is what a store has of a minute.
type Watching struct {
	Minute
	Watch
	Clicks, Comments int64
}

// ShownSpan is a time in which a product was over the picture.
type ShownSpan struct {
	Product  string
	From, To time.Time
}

// MinutesOf puts the minutes of a show together; sold is by minutes of Unix time.
func MinutesOf(show Show, at time.Time, seen []Watching, sold []SaleAt, shown []ShownSpan) ShowMinutes {
	out := ShowMinutes{Show: show.ID, At: at.UTC(), Rehearsal: show.Rehearsal, Minutes: []LiveMinute{}, Replay: []ReplayMinute{}}
	if show.Rehearsal || show.Started.IsZero() {
		return out
	}
	end := show.Ended
	if end.IsZero() {
		end = at
	}
	first, last := show.Started.Unix()/60, end.Unix()/60
	if last-first >= MostMinutes {
		last = first + MostMinutes - 1
	}
	all := make([]*LiveMinute, last-first+1)
	minute := func(n int64) *LiveMinute {
		n = min(max(n, first), last) // clocks differ by a little: what is just beside the show is of its edge
		if all[n-first] == nil {
			all[n-first] = &LiveMinute{Minute: time.Unix(60*n, 0).UTC(), Money: []Taken{}, Products: []string{}}
		}
		return all[n-first]
	}
	for _, w := range seen {
		if w.Replay {
			out.Replay = append(out.Replay, ReplayMinute{60 * w.N, w.Watch.seen()})
			continue
		}
		if w.N > last+1 {
			continue
		}
		m := minute(w.N)
		m.MinuteSeen = m.plus(w.Watch.seen())
		m.Peak, m.Clicks, m.Comments = max(m.Peak, w.Peak), m.Clicks+w.Clicks, m.Comments+w.Comments
	}
	for _, s := range sold {
		if s.N >= first && s.N <= last {
			m := minute(s.N)
			m.Orders += s.Orders
			m.Money = append(m.Money, Taken{s.Currency, s.Gross})
		}
	}
	for _, s := range shown {
		for n := max(first, s.From.Unix()/60); n <= min(last, s.To.Unix()/60); n++ {
			if m := minute(n); len(m.Products) == 0 || m.Products[len(m.Products)-1] != s.Product {
				m.Products = append(m.Products, s.Product)
			}
		}
	}
	for _, m := range all {
		if m != nil {
			out.Minutes = append(out.Minutes, *m)
		}
	}
	return out
}

func (w Watch) seen() MinuteSeen {
	return MinuteSeen{Viewers: w.Time.Minutes(), Watched: int64(w.Time.Seconds()), Views: w.Views, Effective: w.Effective, Likes: w.Likes, Impressions: w.Impressions}
}

func (m MinuteSeen) plus(o MinuteSeen) MinuteSeen {
	return MinuteSeen{m.Viewers + o.Viewers, m.Watched + o.Watched, m.Views + o.Views, m.Effective + o.Effective, m.Likes + o.Likes, m.Impressions + o.Impressions}
}

// CSV gives the minutes as a table that spreadsheets open: a row for each minute, and one more
// for each further currency of it. skus are those of the products.
func (s ShowMinutes) CSV(skus map[string]string) ([]byte, error) {
	var out bytes.Buffer
	w, err := NewSheet(&out, "part", "at", "viewers", "peak", "watched", "views", "effective", "likes", "impressions", "clicks", "orders", "currency", "gross", "products", "comments")
	if err != nil {
		return nil, err
	}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	seen := func(m MinuteSeen, peak string) []string {
		return []string{strconv.FormatFloat(m.Viewers, 'f', 2, 64), peak, n(m.Watched), n(m.Views), n(m.Effective), n(m.Likes), n(m.Impressions)}
	}
	for _, m := range s.Minutes {
		at := m.Minute.Format(time.RFC3339)
		row := append(append([]string{"live", at}, seen(m.MinuteSeen, n(m.Peak))...), n(m.Clicks), n(m.Orders), "", "", "", n(m.Comments))
		var shown []string
		for _, id := range m.Products {
			shown = append(shown, skus[id])
		}
		row[13] = strings.Join(shown, "; ")
		if err := w.Money(row, 2, 11, m.Money); err != nil {
			return nil, err
		}
	}
	for _, m := range s.Replay {
		_ = w.Write(append(append([]string{"replay", n(m.Place)}, seen(m.MinuteSeen, "")...), "", "", "", "", "", ""))
	}
	w.Flush()
	return out.Bytes(), w.Error()
}
