package packager

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// hiccups are what ordinary encoders do to their timestamps, each from a moment
// `at` in milliseconds on. They say when the unit is sent, too.
var hiccups = []struct {
	name   string
	change func(at int64, u *av, r *rand.Rand) (sent int64)
}{
	{"pictures stand still for 400 ms", func(at int64, u *av, _ *rand.Rand) int64 {
		if !u.audio && u.dts >= at {
			u.dts += 400
		}
		return u.dts
	}},
	{"pictures are sent 400 ms late once", func(at int64, u *av, _ *rand.Rand) int64 {
		if !u.audio && u.dts >= at && u.dts < at+400 {
			return at + 400
		}
		return u.dts
	}},
	{"pictures are sent 700 ms late once", func(at int64, u *av, _ *rand.Rand) int64 {
		if !u.audio && u.dts >= at && u.dts < at+700 {
			return at + 700
		}
		return u.dts
	}},
	{"pictures are sent 2 s late once", func(at int64, u *av, _ *rand.Rand) int64 {
		if !u.audio && u.dts >= at && u.dts < at+2000 {
			return at + 2000
		}
		return u.dts
	}},
	{"sound is sent 1 s late once", func(at int64, u *av, _ *rand.Rand) int64 {
		if u.audio && u.dts >= at && u.dts < at+1000 {
			return at + 1000
		}
		return u.dts
	}},
	{"pictures lie seconds ahead", func(at int64, u *av, r *rand.Rand) int64 {
		if !u.audio && u.dts >= at {
			u.cts = r.Int64N(8000)
		}
		return u.dts
	}},
	{"sound runs ahead by 300 ms", func(at int64, u *av, _ *rand.Rand) int64 {
		sent := u.dts
		if u.audio && u.dts >= at {
			u.dts += 300
		}
		return sent
	}},
	{"sound runs ahead by 600 ms", func(at int64, u *av, _ *rand.Rand) int64 {
		sent := u.dts
		if u.audio && u.dts >= at {
			u.dts += 600
		}
		return sent
	}},
	{"pictures step back", func(at int64, u *av, r *rand.Rand) int64 {
		sent := u.dts
		if !u.audio && u.dts >= at && r.IntN(30) == 0 {
			u.dts -= r.Int64N(250)
		}
		return sent
	}},
	{"key frames come when they like", func(at int64, u *av, r *rand.Rand) int64 {
		u.key = u.key && u.dts < at || !u.audio && u.dts >= at && r.IntN(20) == 0
		return u.dts
	}},
}

// Wherever an ordinary hiccup falls, every playlist can be written: no part ends
// before it began. The studio judges each part and playlist.
func TestHiccupsAnywhere(t *testing.T) {
	t.Parallel()
	for _, h := range hiccups {
		for i := range int64(20) { // a key frame's distance, in steps of three frames
			at := 6000 + i*100
			r := rand.New(rand.NewPCG(uint64(i), 7))
			t.Run(fmt.Sprintf("%s/%d ms", h.name, at), func(t *testing.T) {
				type sending struct {
					av
					sent int64
				}
				var units []sending
				for _, u := range program(0, 14_000, nil) {
					sent := h.change(at, &u, r)
					units = append(units, sending{u, sent})
				}
				slices.SortStableFunc(units, func(a, b sending) int { return cmp.Compare(a.sent, b.sent) })
				s := newStudio(t, Options{State: state(0)})
				for i, u := range units {
					s.now = testAnchor.Add(time.Duration(u.sent) * time.Millisecond)
					s.write(u.av.unit(byte(i)))
				}
				s.stream.End()
				s.look()
			})
		}
	}
}
