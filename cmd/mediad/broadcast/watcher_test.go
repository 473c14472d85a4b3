package broadcast

import (
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/overlay/api"
	"mediad/packager"
)

// Followers are told once when a warning appears or goes, and slow ones get
// only the latest list.
func TestWatcherTells(t *testing.T) {
	w := newWatcher()
	stream := packager.NewStream(packager.Options{Room: "demo", Epoch: "e"})
	session := stream.Attach()
	stats := ingest.Stats{}
	room := roomOnAir{"demo", "show", stream, session, func() ingest.Stats { return stats }}
	now := time.Now()
	look := func(rooms ...roomOnAir) {
		now = now.Add(time.Second)
		w.look(now, rooms)
	}
	quick, stopQuick := w.FollowWarnings("demo")
	slow, stopSlow := w.FollowWarnings("demo")
	defer stopSlow()
	codes := func(f <-chan []api.Warning) string {
		select {
		case list := <-f:
			var out []string
			for _, v := range list {
				out = append(out, v.Code)
			}
			return "[" + strings.Join(out, " ") + "]"
		default:
			return ""
		}
	}
	look(room)
	steps := []struct {
		rooms []roomOnAir
		jumps uint64
		rtt   time.Duration
		want  string
	}{
		{[]roomOnAir{room}, 0, 0, ""},
		{[]roomOnAir{room}, 1, 0, "[timestamp_jumps]"},
		{[]roomOnAir{room}, 2, 0, ""},
		{[]roomOnAir{room}, 2, time.Second, "[timestamp_jumps round_trip]"},
		{[]roomOnAir{{room: "demo", stream: stream}}, 2, 0, "[publisher_gone]"},
		{[]roomOnAir{room}, 0, 0, "[]"},
		{nil, 0, 0, "[]"}, // the room went off the air
		{nil, 0, 0, ""},
	}
	for i, s := range steps {
		stats.Jumps, stats.RTT = s.jumps, s.rtt
		look(s.rooms...)
		if got := codes(quick); got != s.want {
			t.Errorf("step %d: told %q, want %q", i, got, s.want)
		}
	}
	if got := codes(slow); got != "[]" {
		t.Errorf("the slow one is told %q", got)
	}
	stopQuick()
	if n := len(w.followers["demo"]); n != 1 {
		t.Errorf("%d followers are left", n)
	}
	if _, _, ok := w.read("demo", session); ok {
		t.Error("a room off the air is still known")
	}
}
