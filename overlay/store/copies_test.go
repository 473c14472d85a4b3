package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// fork copies the files of a store in use, as a kill or a snapshot of the
// disk leaves them. The store writes nothing meanwhile.
func fork(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{database, database + "-wal", secretKey, witnessFile} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// replace puts the database of one directory into another.
func replace(t *testing.T, dir, from string) {
	t.Helper()
	for _, name := range []string{database, database + "-wal"} {
		err := os.Remove(filepath.Join(dir, name))
		if err == nil || os.IsNotExist(err) {
			err = os.Rename(filepath.Join(from, name), filepath.Join(dir, name))
		}
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

func start(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func act(t *testing.T, s *Store) {
	t.Helper()
	if err := s.write(t.Context(), mark(s.newID())); err != nil {
		t.Fatal(err)
	}
}

// passed lets the time between two stamps pass, without any writes.
func (w *witness) passed() { w.at = time.Now().Add(-2 * stampEvery) }

// TestCopiesAreKnown: a copy that is put back is recognized, however it was
// made, and however the process ended that went on after it. If none was put
// back, no start takes its own database for a copy, however the process before
// it ended.
func TestCopiesAreKnown(t *testing.T) {
	// What happens after the copy; each returns the directory as it was left.
	behind := map[string]func(t *testing.T, s *Store, dir string) string{
		"killed at once": func(t *testing.T, s *Store, dir string) string { return fork(t, dir) },
		"an action, and killed": func(t *testing.T, s *Store, dir string) string {
			act(t, s)
			return fork(t, dir)
		},
		"an orderly end": func(t *testing.T, s *Store, dir string) string {
			act(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return fork(t, dir)
		},
		"actions for some time, and killed": func(t *testing.T, s *Store, dir string) string {
			for range 3 {
				act(t, s)
				s.witness.passed()
			}
			return fork(t, dir)
		},
		"an action, killed, and an action of the next": func(t *testing.T, s *Store, dir string) string {
			act(t, s)
			dir = fork(t, dir)
			act(t, start(t, dir))
			return fork(t, dir)
		},
	}
	copies := map[string]func(t *testing.T, dir string) string{
		"backup": func(t *testing.T, dir string) string {
			to := t.TempDir()
			if _, err := Backup(t.Context(), BackupOptions{Dir: dir, Target: filepath.Join(to, database)}); err != nil {
				t.Fatal(err)
			}
			return to
		},
		"files": fork,
		"none":  nil,
	}
	for made, cp := range copies {
		for how, goOn := range behind {
			if made == "files" && (how == "killed at once" || how == "an action, and killed") {
				continue // within one stamp: see stampEvery
			}
			t.Run(made+", then "+how, func(t *testing.T) {
				dir := t.TempDir()
				s := start(t, dir)
				act(t, s)
				act(t, s)
				var kept string
				if cp != nil {
					kept = cp(t, dir)
				}
				dir = goOn(t, s, dir)
				if cp != nil {
					replace(t, dir, kept)
				}
				s = start(t, dir)
				if got := s.Restored() != nil; got != (cp != nil) {
					t.Fatalf("taken for a copy: %v (%+v)", got, s.Restored())
				}
				// From then on the copy is the database of its directory, even if it is
				// killed at once.
				for range 2 {
					dir = fork(t, dir)
					s = start(t, dir)
					if s.Restored() != nil {
						t.Fatalf("taken for a copy once more: %+v", s.Restored())
					}
					act(t, s)
				}
			})
		}
	}
}

// TestCopiesBehindARestore: after a restore, another old copy is still
// recognized as old.
func TestCopiesBehindARestore(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	act(t, s)
	oldest := fork(t, dir)
	s.witness.passed()
	for range 20 {
		act(t, s)
	}
	s.witness.passed()
	act(t, s)
	older := fork(t, dir)
	s.witness.passed()
	act(t, s)
	dir = fork(t, dir)
	for _, copied := range []string{oldest, older} {
		replace(t, dir, copied)
		s = start(t, dir)
		if s.Restored() == nil {
			t.Fatal("a copy that was put back is taken for the database")
		}
		dir = fork(t, dir)
	}
}

// TestStampsAreRare: recognizing copies costs actions nothing, except now and
// then.
func TestStampsAreRare(t *testing.T) {
	s := start(t, t.TempDir())
	stamp := func() (n int64) {
		n, there, err := s.noted(t.Context(), "commits")
		if err != nil || !there {
			t.Fatal(n, there, err)
		}
		return n
	}
	s.witness.at = time.Now().Add(time.Hour) // as if the last stamp were recent, during the whole test
	before := stamp()
	for range 50 {
		act(t, s)
	}
	if n := stamp(); n != before {
		t.Errorf("stamped %d, and then %d", before, n)
	}
	s.witness.passed()
	act(t, s)
	if n := stamp(); n != before+51 || n != s.witness.seen {
		t.Errorf("stamped %d with the database and %d beside it, want %d", n, s.witness.seen, before+51)
	}
}
