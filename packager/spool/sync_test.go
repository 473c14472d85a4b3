package spool

import (
	"log/slog"
	"path/filepath"
	"testing"
)

// A broadcast that the store has whole is over, also where its folder goes
// before the last sync: that is no trouble with the disk. Before, it is.
func TestSyncOfWhatIsGone(t *testing.T) {
	for name, c := range map[string]struct {
		ended   bool
		done    uint64
		trouble bool
	}{"stored": {true, 2, false}, "not stored": {true, 1, true}, "on air": {false, 2, true}} {
		dir := filepath.Join(t.TempDir(), "gone")
		s := New(Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
		st := s.Open(Opening{Room: "demo", Epoch: "01a", Kept: func(uint64) {}})
		file, err := beginLog(filepath.Join(t.TempDir(), "2.records"))
		if err != nil {
			t.Fatal(err)
		}
		if !s.close(written{st, file, nil, 2}) {
			t.Fatal("one segment is too many")
		}
		last := make(chan struct{})
		close(last)
		s.sync(last)
		first := st.Trouble()
		if first == nil {
			t.Fatalf("%s: a folder that is missing is no trouble while the segment waits", name)
		}
		st.mu.Lock()
		st.ended, st.done = c.ended, c.done
		if st.swept(2, first) == c.trouble {
			t.Errorf("%s: taken for trouble: %t", name, !c.trouble)
		}
		st.mu.Unlock()
	}
}
