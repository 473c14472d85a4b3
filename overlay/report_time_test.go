package overlay

import (
	"strings"
	"testing"
	"time"
)

// TestStretch: a show of any length has a bounded number of stretches that cover it, over
// midnights too, and each is as long as people count in.
func TestStretch(t *testing.T) {
	began := time.Date(2026, 11, 30, 23, 58, 30, 0, time.UTC)
	for length, want := range map[time.Duration]time.Duration{0: time.Minute, time.Hour: time.Minute, 71 * time.Minute: time.Minute, 72 * time.Minute: 5 * time.Minute, 2 * time.Hour: 5 * time.Minute,
		10 * time.Hour: 10 * time.Minute, 24 * time.Hour: time.Hour, 100 * 24 * time.Hour: 48 * time.Hour, 4000 * 24 * time.Hour: 56 * 24 * time.Hour} {
		show := Show{Started: began, Ended: began.Add(length)}
		r := Report{At: began.Add(5000 * 24 * time.Hour)}.Timed(show, nil)
		if r.Stretch != int64(want.Seconds()) {
			t.Errorf("a show of %v: stretches of %d s, not %v", length, r.Stretch, want)
		}
		if n := len(r.Times); n == 0 || n > mostReportTimes {
			t.Fatalf("a show of %v: %d stretches", length, n)
		}
		last := r.Times[len(r.Times)-1].At
		if r.Times[0].At.After(show.Started) || last.After(show.Ended) || !last.Add(want).After(show.Ended) {
			t.Errorf("a show of %v: from %v to %v", length, r.Times[0].At, last)
		}
	}
}

// TestTimed: what was paid stands in its stretch, each currency by itself, what was paid
// outside of the show in none, and a rehearsal and a show that has not begun have none.
func TestTimed(t *testing.T) {
	began := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)
	show := Show{Started: began}
	n := began.Unix() / 60
	at := began.Add(10*time.Minute + time.Second)
	r := Report{At: at}.Timed(show, []SaleAt{{n - 1, "EUR", 1, 1}, {n, "EUR", 2, 4990}, {n, "JPY", 1, 300}, {n + 10, "EUR", 1, 10}, {n + 11, "EUR", 1, 1}})
	if len(r.Times) != 11 || r.Times[0].Orders != 3 || len(r.Times[0].Money) != 2 || r.Times[10].Orders != 1 || r.Times[1].Orders != 0 || r.Times[1].Money == nil {
		t.Errorf("%+v", r.Times)
	}
	text, err := r.CSV()
	if err != nil || !strings.Contains(string(text), "time,2026-11-30T20:00:00Z,,,EUR,,,,,,,,,49.90,") || !strings.Contains(string(text), "time,2026-11-30T20:00:00Z,,,,,,,,,3,") {
		t.Errorf("%v\n%s", err, text)
	}
	if r := (Report{At: at, Rehearsal: true}).Timed(show, nil); len(r.Times) != 0 {
		t.Errorf("a rehearsal: %+v", r.Times)
	}
	if r := (Report{At: at}).Timed(Show{}, nil); len(r.Times) != 0 || r.Stretch != 0 {
		t.Errorf("it has not begun: %+v", r)
	}
}
