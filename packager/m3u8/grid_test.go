package m3u8

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// ticks of the 90-kHz clock do not fall on milliseconds: sums and bounds must
// hold all the same.
func TestGridKeepsSumsAndBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const clock = 90000
	at := func(ticks int64) time.Duration { return time.Duration(ticks) * time.Second / clock }
	for range 2000 {
		target := time.Duration(200+r.IntN(800)) * time.Millisecond
		start := r.Int64N(1 << 33)
		date := epoch.Add(at(start))
		s := Segment{Date: date}
		pos := start
		for range 1 + r.IntN(6) {
			n := r.Int64N(int64(target) * clock / int64(time.Second))
			s.Parts = append(s.Parts, Part{URI: "p", Duration: at(pos+n) - at(pos)})
			pos += n
		}
		s.Duration = at(pos) - at(start)
		next := epoch.Add(at(pos))

		g := newGrid(s.Date)
		var sum time.Duration
		for _, p := range s.Parts {
			d := g.step(p.Duration)
			if d%tick != 0 || d > target || d < 0 {
				t.Fatalf("part of %v with target %v is written as %v", p.Duration, target, d)
			}
			sum += d
		}
		whole := newGrid(s.Date)
		if total := whole.step(s.Duration); total != sum {
			t.Fatalf("parts add up to %v, the segment is %v", sum, total)
		}
		if d := round(next).Sub(round(date)) - sum; d < -tick || d > tick {
			t.Fatalf("the next date is %v off", d)
		}
	}
}

// Durations cut from ticks to nanoseconds do not add up exactly. A segment must
// read the same while it grows, when it closes and after its parts have left.
func TestSegmentReadsTheSameAllItsLife(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	at := func(ticks int64) time.Duration { return time.Duration(ticks) * time.Second / 90000 }
	for range 5000 {
		start := r.Int64N(1<<33) / 5 * 5 // meets half milliseconds often
		open := Segment{Date: epoch.Add(at(start))}
		var total int64
		for range 4 {
			n := r.Int64N(9000) * 5
			total += n
			open.Parts = append(open.Parts, Part{URI: "p.ts", Duration: at(n)})
		}
		m := Media{TargetDuration: 2, PartTarget: ms(500), Open: open}
		growing, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		open.URI, open.Duration = "0.ts", at(total)
		m.Segments, m.Open = []Segment{open}, Segment{}
		closed, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		extinf, ok := bytes.CutPrefix(closed, growing)
		if !ok {
			t.Fatalf("parts changed when the segment closed:\n%s\n%s", growing, closed)
		}
		m.Segments[0].Parts = nil
		if old, _ := m.Bytes(); !bytes.HasSuffix(old, extinf) {
			t.Fatalf("EXTINF changed when the parts left:\n%s\n%s", closed, old)
		}
	}
}
