package overlay

import (
	"cmp"
	"slices"
	"time"
)

// MostTurns is how many turns of hosts a show has, MostRoster how many hosts.
const (
	MostTurns  = 500
	MostRoster = 50
)

// UndoTurn is how long the last hand-over can be taken back. A page offers it for some
// seconds; a slow network takes the rest.
const UndoTurn = time.Minute

// Turn is a stretch of a show in which one host presents.
type Turn struct {
	Host string     `json:"host" doc:"Id; empty: nobody who gets a share"`
	Name string     `json:"name,omitempty"`
	From *time.Time `json:"from,omitempty" doc:"The moment of the picture. Missing: from the show's beginning"`
	To   *time.Time `json:"to,omitempty" doc:"Where the next one begins. Missing: it lasts until the show's end"`
	Told *time.Time `json:"told,omitempty" doc:"When somebody said so, by the server's clock"`
}

// RosterHost is one who may present in a show.
type RosterHost struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Roster says who presents a show, and when.
type Roster struct {
	Show       string       `json:"show"`
	Hosts      []RosterHost `json:"hosts" doc:"In the order in which they take turns"`
	Turns      []Turn       `json:"turns" doc:"The oldest first, without gaps"`
	Presenting string       `json:"presenting,omitempty" doc:"Id of who presents now, or did last"`
}

// TurnAt is from when on a host presents; a zero From: from the show's beginning.
type TurnAt struct {
	Host string
	From time.Time
}

// CheckTurns puts turns in order, or says what is wrong with them.
func CheckTurns(turns []TurnAt) ([]TurnAt, error) {
	if len(turns) > MostTurns {
		return nil, Errorf(Invalid, "turns: at most %d are kept", MostTurns)
	}
	turns = slices.Clone(turns)
	slices.SortStableFunc(turns, func(a, b TurnAt) int { return a.From.Compare(b.From) })
	for i := 1; i < len(turns); i++ {
		if turns[i].From.UnixMilli() <= turns[i-1].From.UnixMilli() {
			return nil, Errorf(Invalid, "turns: two of them begin at one moment")
		}
	}
	return turns, nil
}

// ReportHost is what came of a show while one host presented.
type ReportHost struct {
	Host   string  `json:"host,omitempty" doc:"Id; missing: nobody presented"`
	Name   string  `json:"name,omitempty"`
	OnAir  int64   `json:"on_air" doc:"Seconds for which they presented on air"`
	Clicks int64   `json:"clicks" doc:"By the moment of the picture; of clicks that are still kept"`
	Orders int64   `json:"orders"`
	Money  []Money `json:"money"`
}

// SaleBy sums up orders of the turns of one host.
type SaleBy struct {
	Host string
	Sale
}

// Span is a stretch of time.
type Span struct{ From, To time.Time }

// OnAirOf tells for how long each host presented while the show was on air.
func OnAirOf(turns []TurnAt, air []Span) map[string]time.Duration {
	out := map[string]time.Duration{}
	for _, a := range air {
		for i, t := range turns {
			from, to := a.From, a.To
			if i > 0 && t.From.After(from) {
				from = t.From
			}
			if i+1 < len(turns) && turns[i+1].From.Before(to) {
				to = turns[i+1].From
			}
			if to.After(from) {
				out[t.Host] += to.Sub(from)
			}
		}
	}
	return out
}

// PresentersOf divides the orders of a show among its hosts, the most orders first.
func PresentersOf(sold []SaleBy, clicks map[string]int64, air map[string]time.Duration, names map[string]string) ([]ReportHost, error) {
	rows, sums := map[string]*ReportHost{}, map[string]*adding{}
	row := func(id string) *ReportHost {
		if rows[id] == nil {
			rows[id], sums[id] = &ReportHost{Host: id, Name: names[id]}, &adding{}
		}
		return rows[id]
	}
	for id, length := range air {
		row(id).OnAir = int64(length / time.Second)
	}
	for id, n := range clicks {
		row(id).Clicks = n
	}
	for _, s := range sold {
		row(s.Host)
		if err := sums[s.Host].add(Money{Currency: s.Currency, Orders: s.Orders, Gross: s.Gross, Refunded: s.Refunded, Cancelled: s.Cancelled, Net: s.Gross - s.Refunded - s.Cancelled}); err != nil {
			return nil, err
		}
	}
	out := make([]ReportHost, 0, len(rows))
	for id, r := range rows {
		r.Orders, r.Money = sums[id].orders, sums[id].sorted()
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b ReportHost) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(b.Clicks, a.Clicks), cmp.Compare(a.Host, b.Host))
	})
	return out, nil
}

// PictureMoment is what the player says of the picture at a click: a Unix time while the
// show is on, or else a place in the recording, in seconds. What cannot be is neither.
func PictureMoment(at float64, now time.Time) (date time.Time, place time.Duration) {
	clock := float64(now.UnixMilli()) / 1000
	switch {
	case at > 0 && at < longestPlay.Seconds():
		place = time.Duration(at * float64(time.Second))
	case at > clock-liveBehind.Seconds() && at < clock+liveAhead.Seconds():
		date = time.UnixMilli(int64(at * 1000)).UTC()
	}
	return date, place
}
