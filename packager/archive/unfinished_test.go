package archive_test

import (
	"reflect"
	"testing"

	"mediad/packager/archive"
	"mediad/packager/layout"
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
	left, err := b.Unfinished()
	if want := []archive.Epoch{layout.Of("demo", "01b"), layout.Of("other", "01b")}; err != nil || !reflect.DeepEqual(left, want) {
		t.Fatalf("left %v, %v, want %v", left, err, want)
	}
	for _, e := range left {
		s := b.open(e.Room, e.Epoch)
		if s.Ended() {
			t.Errorf("%v is ended before it was", e)
		}
		s.End()
		if !s.Ended() {
			t.Errorf("%v is not ended", e)
		}
	}
	b.flush()
	if left, err = b.Unfinished(); err != nil || left != nil {
		t.Errorf("left %v, %v after the end", left, err)
	}
	if st.playlist("live/demo/01b/vod.m3u8") == nil {
		t.Error("no replay")
	}
}
