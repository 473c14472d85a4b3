package archive_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/packager/archive"
)

// TestAnotherStore: a broadcast that goes on in another store lists there only
// what that store acknowledged, and the whole again when it is back; each store
// judges its playlists. To mark a gap forgets nothing of it.
func TestAnotherStore(t *testing.T) {
	dir, stores := t.TempDir(), map[string]*store{"a": newStore(t, t.TempDir()), "b": newStore(t, t.TempDir())}
	life := func(name string, do func(*running, *archive.Recorder)) {
		t.Helper()
		a := start(t, archive.Options{Store: stores[name], Name: name, Dir: dir, Window: time.Minute})
		defer a.kill()
		s := a.open("demo", "01a")
		do(a, s)
		a.flush()
	}
	add := func(first, last int) func(*running, *archive.Recorder) {
		return func(_ *running, s *archive.Recorder) {
			for msn := first; msn <= last; msn++ {
				s.Add(segment(msn))
			}
		}
	}
	life("a", add(1, 3))
	life("b", func(a *running, s *archive.Recorder) {
		if last, _, _ := s.Last(); last != 3 {
			t.Errorf("goes on behind %d", last)
		}
		add(4, 5)(a, s)
	})
	same(t, "in b", names(stores["b"].playlist(plain)), []string{"1 gap", "2 gap", "3 gap", "4", "5"})
	same(t, "in a meanwhile", names(stores["a"].playlist(plain)), numbers(1, 3))
	life("a", add(6, 6))
	same(t, "back in a", names(stores["a"].playlist(plain)), []string{"1", "2", "3", "4 gap", "5 gap", "6"})
	life("b", func(a *running, s *archive.Recorder) {
		add(7, 7)(a, s)
		s.End()
	})
	want := []string{"1 gap", "2 gap", "3 gap", "4", "5", "6 gap", "7"}
	same(t, "in b at the end", names(stores["b"].playlist(plain)), want)
	same(t, "replay", names(stores["b"].playlist("live/demo/01a/vod.m3u8")), want)

	// What has ended stays where it is.
	journal := filepath.Join(dir, "demo", "01a.journal")
	before, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	life("a", func(*running, *archive.Recorder) {})
	if after, err := os.ReadFile(journal); err != nil || string(after) != string(before) {
		t.Errorf("a broadcast that has ended is written to: %v\n%s", err, after)
	}
	j, e := archive.OpenJournals(dir), archive.Epoch{Room: "demo", Epoch: "01a"}
	if err := j.MarkGaps(e, map[uint64]bool{5: true}); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	slices.Sort(was) // the first two lines may change places
	slices.Sort(is)
	gone := slices.DeleteFunc(was, func(l string) bool { return slices.Contains(is, l) })
	if len(gone) != 1 || !strings.Contains(gone[0], `"msn":5`) {
		t.Errorf("not in the journal any more: %q", gone)
	}
	read, err := j.Read(e)
	if err != nil {
		t.Fatal(err)
	}
	var here []uint64
	for _, r := range read.Records {
		if !r.Gap {
			here = append(here, r.MSN)
		}
	}
	if !slices.Equal(here, []uint64{4, 7}) {
		t.Errorf("to be found in b: %v, want 4 and 7", here)
	}
}

// TestOlderJournal: one that does not tell of a store is of the first that does.
func TestOlderJournal(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	for life, name := range []string{"", "a", "a"} {
		a := start(t, archive.Options{Store: st, Name: name, Dir: dir})
		a.open("demo", "01a").Add(segment(life + 1))
		a.flush()
		a.kill()
	}
	same(t, "listed", names(st.playlist(plain)), numbers(1, 3))
}
