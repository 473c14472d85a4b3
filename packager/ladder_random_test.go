package packager

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mediad/ingest"
)

// Whatever the other tracks do, the first rendition is byte for byte what it would be
// alone, with the same parts; and all renditions keep the rules.
func TestLadderCostsTheFirstNothing(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 15))
		c := newClimb(t, Options{Window: time.Minute}, rung{}, rung{}, rung{})
		alone := newClimb(t, Options{Window: time.Minute}, rung{})
		chance := func(in int) bool { return rnd.IntN(in) == 0 }
		for range 3 { // stays
			var all []arrival
			from := rnd.Int64N(1 << 33)
			odd := rnd.Float64()
			frames := int64(100 + rnd.IntN(200))
			for i := range frames {
				at := time.Duration(i) * time.Second / 30
				ms := from/90 + (i*1000+15)/30
				for k := range 3 {
					lag := time.Duration(0)
					switch {
					case i == 0: // the slate may list one more part while the first picture waits
					case k == 0 && odd > .8 && chance(30), k > 0 && odd > .3 && (chance(20) || i > frames-4):
						continue
					case k > 0 && odd > .6:
						lag = time.Duration(rnd.IntN(300)) * time.Millisecond
					}
					nal := append([]byte{0x41}, bytes.Repeat([]byte{byte(i)}, 100+rnd.IntN(300))...)
					key := i%45 == 0 || k > 0 && odd > .9 && chance(50)
					if key {
						nal[0] = 0x65
					}
					pts := ms + int64(33*(1+i%2*int64(k)))
					all = append(all, arrival{at + lag, ingest.Unit{Track: k + min(k, 1), DTS: ms * 90, PTS: pts * 90, Key: key, NALs: [][]byte{nal}}})
				}
				for n := (i*1600 + 1023) / 1024; n*1024 < (i+1)*1600; n++ {
					ts := from + n*1920
					all = append(all, arrival{at + 10*time.Millisecond, ingest.Unit{Track: 1, DTS: ts, PTS: ts, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}}})
				}
			}
			slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
			begin := c.now
			for _, e := range all {
				for _, x := range []*climb{c, alone} {
					x.until(begin.Add(e.at))
					if x == alone && e.u.Track > 1 {
						continue
					}
					if err := x.sink.WriteUnit(e.u); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
					x.look()
				}
			}
			wait, away := time.Duration(rnd.IntN(150))*time.Millisecond, time.Duration(rnd.IntN(4000))*time.Millisecond
			for _, x := range []*climb{c, alone} {
				if x.until(x.now.Add(wait)); odd > .5 {
					x.sink.Close(ingest.Lost)
				}
				x.until(x.now.Add(away))
				x.publish(x.tracks)
			}
		}
		got, want := c.stream.snapshot(), alone.stream.snapshot()
		if got.nextPart != want.nextPart {
			t.Fatalf("seed %d: part %d comes next, alone %d", seed, got.nextPart, want.nextPart)
		}
		for n := uint64(1); n < got.nextPart; n++ {
			a, b := got.part(n), want.part(n)
			if !bytes.Equal(a.data, b.data) || a.duration != b.duration || a.independent != b.independent {
				t.Fatalf("seed %d: part %d has %d bytes and lasts %d, alone %d and %d", seed, n, len(a.data), a.duration, len(b.data), b.duration)
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
