package overlay

import "time"

// mostReportTimes is how many stretches of time a report has at most: as many as a small
// chart has room for.
const mostReportTimes = 72

// ReportTime is what was paid in a stretch of a show.
type ReportTime struct {
	At     time.Time `json:"at" doc:"When it begins"`
	Orders int64     `json:"orders" doc:"Paid in it, by the shop's clock"`
	Money  []Taken   `json:"money" doc:"One entry for each currency; empty: nothing was paid"`
}

// Taken is what was paid in one currency, in its minor units.
type Taken struct {
	Currency string `json:"currency"`
	Gross    int64  `json:"gross"`
}

// SaleAt sums up the orders of one currency that were paid in one stretch of time.
type SaleAt struct {
	N        int64 // of the stretch, since 1970
	Currency string
	Orders   int64
	Gross    int64
}

// Stretch is how long a stretch of a show's report is at a moment: the shortest of lengths
// that people count in with which the whole show fits; 0: it has not begun.
func (s Show) Stretch(at time.Time) time.Duration {
	if s.Started.IsZero() {
		return 0
	}
	length := time.Minute
	for _, length = range []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour} {
		if from, until := s.stretches(at, length); until-from <= mostReportTimes {
			return length
		}
	}
	from, until := s.stretches(at, length) // a show of months: whole days
	return length * time.Duration((until-from)/mostReportTimes+1)
}

// stretches gives the numbers since 1970 of a show's first stretch, and of the one behind
// its last.
func (s Show) stretches(at time.Time, length time.Duration) (from, until int64) {
	end := s.Ended
	if end.IsZero() {
		end = at
	}
	from, until = s.Started.UnixMilli()/length.Milliseconds(), end.UnixMilli()/length.Milliseconds()+1
	return from, max(until, from+1)
}

// Timed gives the report with what was paid when: stretches from the show's beginning to
// its end, those in which nothing was paid, too. What was paid before and after is in none.
func (r Report) Timed(show Show, sold []SaleAt) Report {
	length := show.Stretch(r.At)
	r.Stretch, r.Times = int64(length/time.Second), []ReportTime{}
	if length == 0 || r.Rehearsal {
		return r
	}
	from, until := show.stretches(r.At, length)
	for n := from; n < until; n++ {
		r.Times = append(r.Times, ReportTime{At: time.UnixMilli(n * length.Milliseconds()).UTC(), Money: []Taken{}})
	}
	for _, s := range sold {
		if s.N < from || s.N >= until {
			continue
		}
		t := &r.Times[s.N-from]
		t.Orders += s.Orders
		t.Money = append(t.Money, Taken{s.Currency, s.Gross})
	}
	return r
}
