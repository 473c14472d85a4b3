package archive_test

import (
	"slices"
	"testing"

	"mediad/packager/archive"
)

// TestUnfinished: a process that went away leaves behind what must be ended,
// and only that.
func TestUnfinished(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	a := start(t, archive.Options{Store: st, Dir: dir})
	done := a.open("demo", "01a")
	done.Add(segment(1))
	done.End()
	a.flush()
	for _, room := range []string{"demo", "other"} {
		s := a.open(room, "01b")
		s.Add(segment(2))
		a.flush()
	}
	a.kill()

	b := start(t, archive.Options{Store: st, Dir: dir})
	defer b.kill()
	for _, room := range []string{"demo", "other"} {
		left, err := b.Unfinished(room)
		if want := []string{"01b"}; err != nil || !slices.Equal(left, want) {
			t.Fatalf("%s has left %v, %v, want %v", room, left, err, want)
		}
		s := b.open(room, left[0])
		if s.Ended() {
			t.Errorf("%v is ended before it was", room)
		}
		s.End()
		if !s.Ended() {
			t.Errorf("%v is not ended", room)
		}
	}
	b.flush()
	for _, room := range []string{"demo", "other", "nobody"} {
		if left, err := b.Unfinished(room); err != nil || left != nil {
			t.Errorf("%s has left %v, %v after the end", room, left, err)
		}
	}
	if st.playlist("live/demo/01b/vod.m3u8") == nil {
		t.Error("no replay")
	}
}
