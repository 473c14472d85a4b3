package broadcast

import (
	"testing"
	"time"

	"mediad/overlay"
)

func TestClassOf(t *testing.T) {
	d := Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second}
	short := Lengths{Part: 200 * time.Millisecond, Segment: time.Second, Window: 6 * time.Second}
	long := Lengths{Part: 1500 * time.Millisecond, Segment: 4 * time.Second, Window: time.Minute}
	const ms = time.Millisecond
	for _, c := range []struct {
		latency overlay.Latency
		lengths Lengths
		want    class
	}{
		{overlay.LowLatency, d, class{500 * ms, 2000 * ms, 30 * time.Second, false}},
		{overlay.BalancedLatency, d, class{1000 * ms, 2000 * ms, 30 * time.Second, false}},
		{overlay.MassLatency, d, class{1000 * ms, 2000 * ms, 30 * time.Second, true}},
		{overlay.LowLatency, short, class{200 * ms, 1000 * ms, 6 * time.Second, false}},
		{overlay.BalancedLatency, short, class{1000 * ms, 2000 * ms, 12 * time.Second, false}},
		{overlay.MassLatency, long, class{1500 * ms, 4000 * ms, time.Minute, true}},
	} {
		if got := classOf(c.latency, c.lengths); got != c.want {
			t.Errorf("%s of %+v: %+v, want %+v", c.latency, c.lengths, got, c.want)
		}
	}
}
