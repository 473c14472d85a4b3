package align

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// merging drives a Merge: what is sent, and what comes out of it, as text.
type merging struct {
	m   Merge
	now time.Time
	out []string
}

func newMerging(followers int) *merging {
	return &merging{m: NewMerge(followers), now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
}

// frame is the DTS of picture n at 30 fps, as RTMP rounds it.
func frame(n int) int64 { return (int64(n)*1000 + 15) / 30 * ingest.Millisecond }

func (g *merging) lead(n int) {
	g.m.Lead(ingest.Unit{DTS: frame(n), NALs: [][]byte{[]byte(fmt.Sprint(n))}}, g.now)
	g.drain(false)
}

func (g *merging) sound(n int) {
	g.m.Lead(ingest.Unit{Track: 1, DTS: frame(n), NALs: [][]byte{[]byte(fmt.Sprint("s", n))}}, g.now)
	g.drain(false)
}

func (g *merging) follow(k, n int) {
	g.m.Follow(k, ingest.Unit{DTS: frame(n), Key: n == 0, NALs: [][]byte{[]byte(fmt.Sprint(n))}}, g.now)
	g.drain(false)
}

func (g *merging) drain(all bool) {
	for {
		m, ok := g.m.Next(g.now, all)
		if !ok {
			return
		}
		text := string(m.NALs[0])
		if m.Track == 0 {
			for _, units := range m.Followers {
				text += "|"
				for _, u := range units {
					text += string(u.NALs[0]) + ","
				}
			}
		}
		g.out = append(g.out, strings.ReplaceAll(text, ",|", "|"))
	}
}

func (g *merging) wait(d time.Duration) { g.now = g.now.Add(d); g.drain(false) }

func (g *merging) came(t *testing.T, want string) {
	t.Helper()
	var got []string
	for _, s := range g.out {
		got = append(got, strings.TrimSuffix(s, ","))
	}
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	g.out = nil
}

func TestMergeWaitsForEach(t *testing.T) {
	g := newMerging(2)
	g.lead(0)
	g.sound(0)
	g.follow(0, 0)
	g.came(t, "")
	g.follow(1, 0)
	g.came(t, "0|0|0 s0")
	// Followers may come first.
	g.follow(1, 1)
	g.follow(0, 1)
	g.came(t, "")
	g.lead(1)
	g.came(t, "1|1|1")
	g.sound(2)
	g.came(t, "s2") // nothing waits before it
}

func TestMergeOfHalfTheRate(t *testing.T) {
	g := newMerging(1)
	for n := range 8 {
		g.lead(n)
		if n%2 == 0 {
			g.follow(0, n)
		}
		g.now = g.now.Add(time.Second / 30)
	}
	// Once two pictures told the follower's rate, no picture waits that has none beside it.
	g.came(t, "0|0 1| 2|2 3| 4|4 5| 6|6 7|")
}

func TestMergeWaitsOnceForTheLate(t *testing.T) {
	g := newMerging(2)
	for n := range 3 {
		g.lead(n)
		g.follow(0, n)
		g.follow(1, n)
	}
	g.came(t, "0|0|0 1|1|1 2|2|2")
	g.lead(3)
	g.follow(0, 3)
	g.wait(130 * time.Millisecond)
	g.sound(3)
	g.came(t, "")
	g.wait(10 * time.Millisecond)
	g.came(t, "3|3| s3")
	// Follower 1 is not waited for,
	g.lead(4)
	g.follow(0, 4)
	g.came(t, "4|4|")
	// and what it sends late stands beside the next picture.
	g.follow(1, 3)
	g.lead(5)
	g.follow(0, 5)
	g.came(t, "5|5|3")
	g.follow(1, 4)
	g.follow(1, 5)
	g.lead(6)
	g.follow(0, 6)
	g.came(t, "") // it has caught up
	g.follow(1, 6)
	g.came(t, "6|6|4,5,6")
}

func TestMergeBeginsWithKeyFrames(t *testing.T) {
	g := newMerging(1)
	g.follow(0, 3)
	g.lead(4)
	g.wait(time.Second)
	g.came(t, "4|")
	g.m.Follow(0, ingest.Unit{DTS: frame(5), Key: true, NALs: [][]byte{[]byte("key")}}, g.now)
	g.lead(5)
	g.came(t, "5|key")
}

func TestMergeForgetsWhoLeaves(t *testing.T) {
	g := newMerging(2)
	for n := range 2 {
		g.lead(n)
		g.follow(0, n)
		g.follow(1, n)
	}
	g.lead(2)
	g.follow(0, 2)
	g.m.Leave(1)
	g.drain(false)
	g.follow(1, 2)
	g.lead(3)
	g.follow(0, 3)
	g.came(t, "0|0|0 1|1|1 2|2| 3|3|")
}

func TestMergeIsBounded(t *testing.T) {
	g := newMerging(1)
	g.lead(0)
	g.follow(0, 0)
	for n := range 100 * mostUnits { // the first track has stopped
		g.m.Follow(0, ingest.Unit{DTS: frame(n + 1), NALs: [][]byte{make([]byte, 1000)}}, g.now)
	}
	if g.m.bytes > mostUnits*1000 || len(g.m.lanes[0].queue) > mostUnits {
		t.Errorf("%d bytes, %d units", g.m.bytes, len(g.m.lanes[0].queue))
	}
	g = newMerging(1)
	for n := range 3 * mostUnits { // the follower never comes, and the clock stands still
		g.lead(n)
	}
	if len(g.m.queue) > mostUnits+1 {
		t.Errorf("%d units", len(g.m.queue))
	}
	g.drain(true)
	g.m.Next(g.now, true)
	if len(g.m.queue) > 0 || g.m.bytes != 0 {
		t.Errorf("%d units and %d bytes are left", len(g.m.queue), g.m.bytes)
	}
}

// Memory is used again.
func TestMergeMakesNoGarbage(t *testing.T) {
	m := NewMerge(2)
	u := ingest.Unit{Key: true, NALs: [][]byte{make([]byte, 5000), make([]byte, 700)}}
	now := time.Now()
	once := func() {
		u.DTS += 3000
		m.Lead(u, now)
		m.Follow(0, u, now)
		m.Follow(1, u, now)
		for {
			if _, ok := m.Next(now, false); !ok {
				return
			}
		}
	}
	for range 10 {
		once()
	}
	if n := testing.AllocsPerRun(100, once); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
