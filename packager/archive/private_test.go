package archive_test

import (
	"testing"
	"testing/synctest"

	"mediad/packager/archive"
)

// TestPrivate: an epoch that is private is stored, and its playlist never stands under
// the stable name. That stays the last public one's, which gets its end there also when
// the private one is newer.
func TestPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, o := newStore(t, t.TempDir()), archive.Options{Dir: t.TempDir(), Private: func(epoch string) bool { return epoch == "01b" }}
		o.Store = st
		process := func(epoch string, msn int, end bool) {
			t.Helper()
			a := start(t, o)
			s := a.open("demo", epoch)
			s.Add(segment(msn))
			if end {
				s.End()
			}
			a.flush()
			a.kill()
		}
		process("01a", 1, false) // a crash
		process("01b", 2, false)
		process("01b", 3, true)
		if m := st.playlist(plain); m.Ended {
			t.Error("the public epoch has an end")
		} else {
			same(t, "under the stable name", names(m), numbers(1, 1))
		}
		process("01a", 2, true)
		if m := st.playlist(plain); !m.Ended {
			t.Error("the public epoch has no end")
		} else {
			same(t, "under the stable name", names(m), numbers(1, 2))
		}
		same(t, "of the private one", names(st.playlist("live/demo/01b/vod.m3u8")), numbers(2, 3))
	})
}
