package archive_test

import (
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/m3u8"
)

// TestStandIn: what stood in for a publisher is in the plain playlist and not in
// the replay, also where a former process wrote it down; its cues are not lost.
func TestStandIn(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	add := func(s *archive.Recorder, from, to int) {
		for msn := from; msn <= to; msn++ {
			seg := segment(msn)
			seg.StandIn = msn >= 4 && msn <= 6 || msn >= 9
			seg.Gap = msn == 6 // where silence could not be said
			seg.Discontinuity = msn == 7
			if seg.StandIn {
				seg.DateRanges = []m3u8.DateRange{{ID: seg.Date.Format("150405"), Class: "mediad.cue", Start: seg.Date.Add(time.Second)}}
			}
			s.Add(seg)
		}
	}
	a := start(t, archive.Options{Store: st, Dir: dir})
	add(a.open("demo", "01a"), 1, 5)
	a.flush()
	a.kill()
	a = start(t, archive.Options{Store: st, Dir: dir})
	defer a.kill()
	s := a.open("demo", "01a")
	add(s, 6, 10)
	s.End()
	a.flush()
	same(t, "plain", names(st.playlist("live/demo/index.m3u8")), []string{"1", "2", "3", "4", "5", "6 gap", "7 break", "8", "9", "10"})
	vod := st.playlist("live/demo/01a/vod.m3u8")
	same(t, "replay", names(vod), []string{"1", "2", "3", "7 break", "8"})
	if len(vod.DateRanges) != 5 {
		t.Fatalf("replay: %d date ranges", len(vod.DateRanges))
	}
	join := vod.Segments[3].Date
	end := vod.Segments[4].Date.Add(vod.Segments[4].Duration - time.Millisecond)
	for i, want := range []time.Time{join, join, join, end, end} {
		if got := vod.DateRanges[i].Start; !got.Equal(want) {
			t.Errorf("replay: date range %d begins at %v, want %v", i, got, want)
		}
	}
}

// TestNothingButStandIn: a broadcast of which no media was stored has no replay.
func TestNothingButStandIn(t *testing.T) {
	st := newStore(t, t.TempDir())
	a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
	defer a.kill()
	s := a.open("demo", "01a")
	seg := segment(1)
	seg.StandIn = true
	s.Add(seg)
	s.End()
	a.flush()
	if m := st.playlist("live/demo/01a/vod.m3u8"); m != nil {
		t.Errorf("replay: %q", names(m))
	}
}
