package main

import (
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
)

func TestClassOf(t *testing.T) {
	d := config.Defaults().HLS
	short := config.HLS{Part: 200 * time.Millisecond, Segment: time.Second, Window: 6 * time.Second}
	long := config.HLS{Part: 1500 * time.Millisecond, Segment: 4 * time.Second, Window: time.Minute}
	const ms = time.Millisecond
	for _, c := range []struct {
		latency overlay.Latency
		hls     config.HLS
		want    class
	}{
		{overlay.LowLatency, d, class{500 * ms, 2000 * ms, 30 * time.Second, false}},
		{overlay.BalancedLatency, d, class{1000 * ms, 2000 * ms, 30 * time.Second, false}},
		{overlay.MassLatency, d, class{1000 * ms, 2000 * ms, 30 * time.Second, true}},
		{overlay.LowLatency, short, class{200 * ms, 1000 * ms, 6 * time.Second, false}},
		{overlay.BalancedLatency, short, class{1000 * ms, 2000 * ms, 12 * time.Second, false}},
		{overlay.MassLatency, long, class{1500 * ms, 4000 * ms, time.Minute, true}},
	} {
		if got := classOf(c.latency, c.hls); got != c.want {
			t.Errorf("%s of %+v: %+v, want %+v", c.latency, c.hls, got, c.want)
		}
	}
}
