package overlay

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Whatever comes, no second has more than the limit; a cue that waits until it is told to
// fits, and none is refused while there is room.
func TestPace(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	now := time.UnixMilli(1_760_000_000_000)
	var p Pace
	refused := 0
	for range 5000 {
		now = now.Add(time.Duration(random.IntN(300)) * time.Millisecond)
		if p = p.Recent(now); len(p) > 5 {
			t.Fatalf("%d cues in a second", len(p))
		}
		if fits := p.Fits(now, 5); fits != (len(p) < 5) {
			t.Fatalf("fits: %v, with %d in the second before", fits, len(p))
		}
		free := p.Free(now, 5)
		if wait := free.Sub(now); wait < 0 || wait > time.Second || (wait > 0) == p.Fits(now, 5) || !p.Fits(free, 5) {
			t.Fatalf("free in %v", wait)
		}
		if free.After(now) {
			refused++
		}
		now = free
		p = append(p.Recent(now), now.UnixMilli())
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	if behind := (Pace{now.UnixMilli() + 60_000, now.UnixMilli() + 60_000}).Recent(now); !behind.Fits(now, 1) {
		t.Error("a clock that was set back stops all cues")
	}
	err := fmt.Errorf("pin: %w", &TooSoon{now, 5})
	if soon := (*TooSoon)(nil); !errors.As(err, &soon) || CodeOf(err) != TooMany {
		t.Errorf("%v is %q", err, CodeOf(err))
	}
}

func TestPaceOfWhatIsDue(t *testing.T) {
	at := func(ms ...int64) (p Pace) { return append(p, ms...) }
	for _, c := range []struct {
		due  Pace
		at   int64
		free int64
	}{
		{at(), 5000, 5000},
		{at(5000, 5000, 5000, 5000), 5000, 5000},
		{at(5000, 5000, 5000, 5000, 5000), 5000, 6000},
		{at(5000, 5000, 5000, 5000, 5000), 5999, 6000},
		{at(5000, 5000, 5000, 5000, 5000), 4001, 6000},
		{at(5000, 5000, 5000, 5000, 5000), 4000, 4000},
		{at(5000, 4800, 4600, 5300, 5200), 5000, 5600},
		{at(4200, 4300, 4800, 5200, 5300), 5000, 5000},
		{at(1, 1, 1, 1, 1, 1, 1, 5000), 5000, 5000}, // what was too much elsewhere does not matter
	} {
		if free := c.due.Free(time.UnixMilli(c.at), 5); free.UnixMilli() != c.free || !slices.IsSorted([]int64{c.at, c.free}) {
			t.Errorf("%v and %d: free at %d, want %d", c.due, c.at, free.UnixMilli(), c.free)
		}
	}
}
