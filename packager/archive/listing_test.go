package archive

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMissing(t *testing.T) {
	gap := func(msn uint64, at, long time.Duration) Record {
		return Record{MSN: msn, Duration: long, Date: begin.Add(at), Gap: true}
	}
	prev := Record{MSN: 10, Duration: 2 * time.Second, Date: begin}
	next := func(msn uint64, at time.Duration) Record {
		return Record{MSN: msn, Duration: 2 * time.Second, Date: begin.Add(at)}
	}
	for name, c := range map[string]struct {
		next Record
		want []Record
	}{
		"follows":    {next(11, 2*time.Second), nil},
		"one":        {next(12, 4*time.Second), []Record{gap(11, 2*time.Second, 2*time.Second)}},
		"two":        {next(13, 5*time.Second), []Record{gap(11, 2*time.Second, 1500*time.Millisecond), gap(12, 3500*time.Millisecond, 1500*time.Millisecond)}},
		"long ago":   {next(12, time.Hour), []Record{gap(11, 2*time.Second, 2*time.Second)}},
		"date back":  {next(12, -time.Hour), []Record{gap(11, 2*time.Second, 2*time.Second)}},
		"steps back": {next(9, 2*time.Second), nil},
		"same":       {next(10, 2*time.Second), nil},
		"too many":   {next(10+maxFill+2, time.Hour), nil},
	} {
		if diff := cmp.Diff(c.want, missing(prev, c.next, 2)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := missing(prev, next(10+maxFill+1, time.Hour), 2); len(got) != maxFill {
		t.Errorf("%d gaps, want %d", len(got), maxFill)
	}
}

func TestWindow(t *testing.T) {
	broken := func(r []Record, msns ...uint64) []Record {
		for i := range r {
			for _, n := range msns {
				if r[i].MSN == n {
					r[i].Discontinuity = true
				}
			}
		}
		return r
	}
	for name, c := range map[string]struct {
		target  int
		length  time.Duration
		records []Record
		want    string // first..last/dropped discontinuities
	}{
		"young":               {2, 30 * time.Second, records(1, 10), "1..10/0"},
		"exactly full":        {2, 30 * time.Second, records(1, 15), "1..15/0"},
		"one too many":        {2, 30 * time.Second, records(1, 16), "2..16/0"},
		"six at least":        {2, 5 * time.Second, records(1, 16), "11..16/0"},
		"three targets":       {8, 5 * time.Second, records(1, 30), "19..30/0"},
		"breaks leave":        {2, 12 * time.Second, broken(records(1, 20), 3, 14, 15, 16), "15..20/2"},
		"hole":                {2, 12 * time.Second, append(records(1, 5), records(8, 9)...), "4..9/0"},
		"hole beyond filling": {2, 12 * time.Second, broken(append(records(1, 5), records(9000, 9001)...), 2), "9000..9001/1"},
	} {
		w := listing{target: c.target, length: c.length}
		for _, r := range c.records {
			w.add(r)
		}
		got := fmt.Sprintf("%d..%d/%d", w.records[0].MSN, w.records[len(w.records)-1].MSN, w.dropped)
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		var sum time.Duration
		for _, r := range w.records {
			sum += r.Duration
		}
		if sum != w.listed {
			t.Errorf("%s: listed %v, is %v", name, w.listed, sum)
		}
	}
}

// TestWindowAgain: what is read back from a journal lists the same, at every
// length.
func TestWindowAgain(t *testing.T) {
	all := append(append(records(1, 20), records(24, 40)...), records(9000, 9020)...)
	all[7].Discontinuity = true
	grown := listing{target: 2, length: 14 * time.Second}
	for i, r := range all {
		grown.add(r)
		lines := []line{{Open: &opening{Version: 1, Target: 2, Window: 14 * time.Second}}}
		for _, r := range all[:i+1] {
			lines = append(lines, recordLine(r))
		}
		w := read(journalOf(t, lines...))
		if diff := cmp.Diff(grown, w.listing(), cmp.AllowUnexported(listing{})); diff != "" {
			t.Fatalf("after %d (-grown +read):\n%s", r.MSN, diff)
		}
	}
}

// TestReplayHole: behind a hole too large to be listed the replay breaks.
func TestReplayHole(t *testing.T) {
	m := replay(filled(append(records(1, 2), records(9000, 9001)...), 2), 2)
	if len(m.Segments) != 4 || m.Segments[1].Discontinuity || !m.Segments[2].Discontinuity || m.Segments[3].Discontinuity {
		t.Errorf("%+v", m.Segments)
	}
	if _, err := m.Bytes(); err != nil {
		t.Error(err)
	}
}
