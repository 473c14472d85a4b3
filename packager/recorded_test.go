package packager

import (
	"testing"
	"time"

	"mediad/packager/archive"
)

func TestRecorded(t *testing.T) {
	begin := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	at := func(s float64) time.Time { return begin.Add(time.Duration(s * float64(time.Second))) }
	s := &Stream{opts: Options{Anchor: begin}}
	if got := s.Recorded(at(7)); got != 7*time.Second {
		t.Errorf("before the first segment closed: %v", got)
	}
	s.published.recorded.takeRecords([]archive.Record{
		{Date: at(0), Duration: 2 * time.Second},
		{Date: at(2.01), Duration: 2 * time.Second}, // rounded
		{Date: at(4), Duration: 6 * time.Second, StandIn: true},
		{Date: at(10), Duration: 2 * time.Second, Gap: true},
	})
	s.published.recorded.add(at(12), 2*time.Second)
	s.published.recorded.add(at(14), 2*time.Second)
	if n := len(s.published.recorded.stretches); n != 2 {
		t.Errorf("%d stretches, want one for each stay of the publisher", n)
	}
	for date, want := range map[float64]float64{-1: 0, 0: 0, 3: 3, 6: 4.01, 12: 4.01, 13: 5.01, 16: 8.01, 20: 12.01} {
		if got := s.Recorded(at(date)).Round(time.Millisecond).Seconds(); got != want {
			t.Errorf("at %v s: %v s in the recording, want %v", date, got, want)
		}
	}
}
