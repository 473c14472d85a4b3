package align

import (
	"testing"

	"mediad/ingest"
)

func TestSampleClockLeavesNoGaps(t *testing.T) {
	for _, rate := range []int64{22050, 44100, 48000} {
		c := NewSampleClock(int(rate))
		var last int64
		for i := range int64(500_000) { // some three hours
			given := i * 1024 * 1000 / rate * ingest.Millisecond // RTMP's whole milliseconds
			at, f := c.Next(given)
			if f != InTime {
				t.Fatalf("%d Hz: frame %d does not fit: %d", rate, i, f)
			}
			if d := at - last; i > 0 && (d < c.Frame() || d > c.Frame()+1) {
				t.Fatalf("%d Hz: frame %d is %d ticks after the one before", rate, i, d)
			}
			last = at
		}
		if at, f := c.Next(last + 2*c.Frame() + 90); f != Gap || at != last+2*c.Frame()+90 {
			t.Errorf("%d Hz: a lost frame does not set the clock anew", rate)
		}
		last += 2*c.Frame() + 90
		if _, f := c.Next(last - 90); f != Extra {
			t.Errorf("%d Hz: a frame that overlaps another is not left out", rate)
		}
		if at, f := c.Next(last + c.Frame()); f != InTime || at-last < c.Frame() || at-last > c.Frame()+1 {
			t.Errorf("%d Hz: the frame behind it is at %d, %d", rate, at-last, f)
		}
	}
}
