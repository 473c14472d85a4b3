package broadcast

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A word of a script is a newcomer at a second: "5" takes over, "5x" is refused,
// "5X" is the first that is refused, "5s" finds the present publisher silent,
// "5v" finds no publisher.
func TestContention(t *testing.T) {
	for name, script := range map[string]string{
		"one":                              "0",
		"a host goes and comes back":       "0 20",
		"three are no contest":             "0 1 2",
		"the fourth is":                    "0 1 2 3X",
		"also of slow ones":                "0 11 22 33X",
		"also over minutes":                "0 290 580 870X",
		"minutes of peace end a row":       "0 1 2 302 303 304 305X",
		"the present one stays":            "0 1 2 3X 4x 20x 32x",
		"asking lengthens it":              "0 1 2 3X 32x 61x 118x",
		"half as long again each time":     "0 2 4 6X 9x 13.5x 20.5x 31x 47x 71x 107x 161x",
		"who waits gets in":                "0 1 2 3X 33",
		"also after OBS has slowed down":   "0 1 2 3X 32x 80x 177",
		"the other one is back at once":    "0 1 2 3X 33 34X 93x",
		"and has to wait twice as long":    "0 1 2 3X 33 34X 94 95X 215 216X 456 457X 756x",
		"but no longer than the memory":    "0 1 2 3X 33 34X 94 95X 215 216X 456 457X 757",
		"after minutes it all begins anew": "0 1 2 3X 303 304 305 306X",
		"one's own return is no contest":   "0s 1s 2s 3s 4s 5s",
		"nor adds to one":                  "0 1 2s 3s 4s 5 6X",
		"and ends none":                    "0 1 2 3X 4s 5x",
		"a loss ends a row":                "0 1 2 3v 4 5 6 7X",
		"but no contest":                   "0 1 2 3X 4v 5x",
	} {
		t.Run(name, func(t *testing.T) {
			var f contention
			begin := time.Unix(1e9, 0)
			for _, word := range strings.Fields(script) {
				second, err := time.ParseDuration(strings.TrimRight(word, "xXsv") + "s")
				if err != nil {
					t.Fatal(err)
				}
				now := begin.Add(second)
				if strings.HasSuffix(word, "v") {
					f.noneOnAir()
					continue
				}
				heard := now.Add(-contentionSilence + time.Millisecond)
				if strings.HasSuffix(word, "s") {
					heard = now.Add(-contentionSilence)
				}
				wait, begins := f.takeOver(netip.Addr{}, now, heard)
				if (wait > 0) != strings.HasSuffix(strings.ToLower(word), "x") || begins != strings.HasSuffix(word, "X") || wait > contentionLongest {
					t.Errorf("%s: waits %v, begins %v", word, wait, begins)
				}
			}
		})
	}
}

// TestContentionForgotten: a forgotten machine that tries for ever does not keep
// out the host's other machine, which tries now and then. Only a bounded number of
// addresses is told apart.
func TestContentionForgotten(t *testing.T) {
	for _, forgotten := range []int{1, 3 * contentionParties} {
		var f contention
		begin := time.Unix(1e9, 0)
		host, in := netip.MustParseAddr("198.51.100.1"), 0
		for s := range 600 {
			now := begin.Add(time.Duration(s) * time.Second)
			if s%10 < 1+forgotten/10 {
				for i := range forgotten {
					f.takeOver(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), now, now)
				}
			}
			if len(f.waits) > contentionParties {
				t.Fatalf("%d addresses are told apart", len(f.waits))
			}
			if s%120 == 119 {
				if wait, _ := f.takeOver(host, now, now); wait == 0 {
					in++
				}
			}
		}
		if forgotten == 1 && in == 0 {
			t.Error("the host never got in")
		}
	}
}

// retry gives the pause before an encoder's nth attempt, from 0, to get a
// room back.
type retry func(n int) time.Duration

// TestContentionSettles: if machines take the room from each other and reconnect,
// one of them soon keeps it for good.
func TestContentionSettles(t *testing.T) {
	obs := func(n int) time.Duration {
		return time.Duration(min(2*math.Pow(1.5, float64(n)), 15*60) * float64(time.Second))
	}
	every := func(pause time.Duration) retry { return func(int) time.Duration { return pause } }
	around := func(pause time.Duration) retry {
		r := rand.New(rand.NewPCG(1, uint64(pause)))
		return func(int) time.Duration { return pause/2 + time.Duration(r.Int64N(int64(pause))) }
	}
	for name, tt := range map[string]struct {
		machines []retry
		takeOver int // how often one takes over in a day
	}{
		"OBS and OBS":            {[]retry{obs, obs}, 3},
		"1 s":                    {[]retry{every(time.Second), every(time.Second)}, 3},
		"10.5 s":                 {[]retry{every(10500 * time.Millisecond), every(10500 * time.Millisecond)}, 3},
		"15 s":                   {[]retry{every(15 * time.Second), every(15 * time.Second)}, 3},
		"45 s":                   {[]retry{every(45 * time.Second), every(45 * time.Second)}, 4},
		"4 minutes":              {[]retry{every(4 * time.Minute), every(4 * time.Minute)}, 7},
		"OBS and 5 s":            {[]retry{obs, every(5 * time.Second)}, 3},
		"5 s and OBS":            {[]retry{every(5 * time.Second), obs}, 3},
		"OBS and a minute":       {[]retry{obs, every(time.Minute)}, 3},
		"a minute and OBS":       {[]retry{every(time.Minute), obs}, 4},
		"irregular, 5 to 15 s":   {[]retry{around(10 * time.Second), around(10 * time.Second)}, 3},
		"irregular, 15 to 45 s":  {[]retry{around(30 * time.Second), around(30 * time.Second)}, 5},
		"irregular, 1 to 3 min":  {[]retry{around(2 * time.Minute), around(2 * time.Minute)}, 7},
		"three":                  {[]retry{obs, obs, obs}, 3},
		"three that differ":      {[]retry{obs, every(15 * time.Second), every(time.Minute)}, 4},
		"10 minutes: no machine": {[]retry{every(10 * time.Minute), every(10 * time.Minute)}, 24 * 6},
	} {
		t.Run(name, func(t *testing.T) {
			for name, address := range map[string]func(int) netip.Addr{
				"one network":           func(int) netip.Addr { return netip.Addr{} },
				"networks of their own": func(i int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}) },
			} {
				at := battle(tt.machines, address, 24*time.Hour)
				if len(at) < contentionTakeOvers || len(at) > tt.takeOver {
					t.Errorf("%s: %d take-overs, at %v", name, len(at), at)
				}
			}
		})
	}
}

// battle lets machines compete for a room, the first of them on air and the
// second about to connect, and tells when one took over from another.
func battle(machines []retry, address func(int) netip.Addr, long time.Duration) (at []time.Duration) {
	var f contention
	begin := time.Unix(1e9, 0)
	onAir, tries := 0, make([]int, len(machines))
	due := make([]time.Duration, len(machines)) // next attempts
	for i := range due {
		due[i] = time.Duration(i) * time.Second
	}
	for {
		due[onAir] = long
		next := slices.Index(due, slices.Min(due))
		now := due[next]
		if now >= long {
			return at
		}
		if wait, _ := f.takeOver(address(next), begin.Add(now), begin.Add(now)); wait > 0 {
			due[next] = now + machines[next](tries[next])
			tries[next]++
			continue
		}
		due[onAir] = now + machines[onAir](0)
		tries[onAir], onAir = 1, next
		at = append(at, now)
	}
}

func TestNotices(t *testing.T) {
	var n notices
	now := time.Unix(1e9, 0)
	if got := n.of("a", now); len(got) != 0 {
		t.Errorf("%q", got)
	}
	n.add("a", "x", "one", now)
	n.add("a", "y", "two", now.Add(time.Minute))
	n.add("a", "x", "three", now.Add(2*time.Minute))
	n.add("b", "x", "other", now)
	for after, want := range map[time.Duration]string{2 * time.Minute: "two three", noticeFor + time.Minute: "three", noticeFor + 2*time.Minute: ""} {
		if got := strings.Join(n.of("a", now.Add(after)), " "); got != want {
			t.Errorf("after %v: %q, want %q", after, got, want)
		}
	}
}
