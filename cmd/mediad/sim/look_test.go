package sim

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/packager/m3u8"
)

// TestJudge: whatever is beyond its bound is told, and what lies on it is not.
func TestJudge(t *testing.T) {
	const planned = 400
	good := func() Look {
		return Look{Rooms: 20, Seconds: 10, Followed: 20, Parts: 400, P99: 500, Push: 250, Failed: 4, Beacons: 360}
	}
	for what, change := range map[string]func(*Look){
		"":                       func(*Look) {},
		"2 rooms had no picture": func(l *Look) { l.Dark = 2 },
		"3 times a playlist":     func(l *Look) { l.Broken = 3 },
		"501 ms late":            func(l *Look) { l.P99 = 501 },
		"1 times an encoder":     func(l *Look) { l.Lost = 1 },
		"251 ms late":            func(l *Look) { l.Push = 251 },
		"5 requests":             func(l *Look) { l.Failed = 5 },
		"359 of 400 beacons":     func(l *Look) { l.Beacons = 359 },
	} {
		l := good()
		change(&l)
		l.judge(Good, planned)
		if told := strings.Join(l.Trouble, "; "); (what == "") != (told == "") || !strings.Contains(told, what) || what != "" && !strings.Contains(l.String(), what) {
			t.Errorf("%q: it tells %q", what, told)
		}
	}
}

// TestTally: a meter gives what was counted since it was asked last.
func TestTally(t *testing.T) {
	var m meter
	if empty := m.take(); empty.all != 0 || empty.at(0.99) != 0 {
		t.Errorf("%+v", empty)
	}
	m.add(time.Minute)
	m.add(-time.Second)
	for n := range 98 {
		m.add(time.Duration(n+1) * time.Millisecond)
	}
	got := m.take()
	if got.all != 100 || got.at(0.5) != 49 || got.at(0.99) != 98 || got.at(1) != 10_000 || got.beyond(90*time.Millisecond) != 9 {
		t.Errorf("%d in all, p50 %v, p99 %v, the longest %v, %d beyond 90 ms", got.all, got.at(0.5), got.at(0.99), got.at(1), got.beyond(90*time.Millisecond))
	}
	if again := m.take(); again.all != 0 {
		t.Errorf("%+v are counted twice", again)
	}
}

// TestNewest: a player fetches each part once, joins at the newest, and knows when each was
// due, also where a list has only the last parts of a segment.
func TestNewest(t *testing.T) {
	begin := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)
	half := func(uri string) m3u8.Part { return m3u8.Part{URI: uri, Duration: 500 * time.Millisecond} }
	gap := half("p4.ts")
	gap.Gap = true
	list := &m3u8.Media{
		Segments: []m3u8.Segment{
			{Duration: 2 * time.Second, Date: begin},
			{Duration: 2 * time.Second, Date: begin.Add(2 * time.Second), Parts: []m3u8.Part{half("p2.ts"), half("p3.ts")}},
		},
		Open: m3u8.Segment{Date: begin.Add(4 * time.Second), Parts: []m3u8.Part{gap, half("p5.ts")}},
	}
	for last, want := range map[string][]string{"": {"p5.ts"}, "p0.ts": {"p5.ts"}, "p2.ts": {"p3.ts", "p5.ts"}, "p3.ts": {"p5.ts"}, "p5.ts": nil} {
		var got []string
		for _, p := range newest(list, last) {
			got = append(got, p.uri)
		}
		if !slices.Equal(got, want) {
			t.Errorf("behind %q it fetches %v, want %v", last, got, want)
		}
	}
	for n, after := range []time.Duration{4 * time.Second, 5 * time.Second} {
		if got := newest(list, "p2.ts")[n].due.Sub(begin); got != after {
			t.Errorf("part %d is due after %v, want %v", n, got, after)
		}
	}
	if got := newest(&m3u8.Media{}, ""); len(got) > 0 {
		t.Errorf("of nothing it fetches %v", got)
	}
}

// TestEvening: the figures of the village are those that its source has.
func TestEvening(t *testing.T) {
	p := Evening
	if p.Rooms != 220 || p.Orders != 0.6 {
		t.Errorf("%+v", p)
	}
	// 4,000 viewers of a broadcast of two hours, and 20 orders of each farmer in it.
	if viewers := float64(p.Present) * (2 * time.Hour).Seconds() / p.Stays.Seconds(); viewers != 4000 {
		t.Errorf("%v viewers for each broadcast", viewers)
	}
	if orders := p.Orders / float64(p.Rooms) * (2 * time.Hour).Seconds(); orders < 19 || orders > 21 {
		t.Errorf("%v orders of each farmer", orders)
	}
	if p.beacons(p.Rooms) != 4400 {
		t.Errorf("%v beacons a second", p.beacons(p.Rooms))
	}
}
