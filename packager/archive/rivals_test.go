package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/m3u8"
	"mediad/storage"
	"mediad/storage/versity"
)

// plainStore is a store without conditional writes.
type plainStore struct{ archive.Store }

func (plainStore) PutIf(context.Context, string, []byte, string) (string, error) {
	return "", storage.ErrNoConditional
}

// stores are those that two servers may share.
func stores(t *testing.T) map[string]archive.Store {
	t.Helper()
	dir, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	other, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close(); other.Close() })
	g := versity.Here(t)
	bucket, err := storage.NewS3(t.Context(), storage.S3Options{Endpoint: g.Endpoint, Bucket: g.Bucket, Prefix: "shop", PathStyle: true})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]archive.Store{"dir": dir, "s3": bucket, "no conditions": plainStore{other}}
}

// listed gives the epoch and the number of the last segment of the stable
// playlist, and whether it has ended.
func listed(t *testing.T, st archive.Store) (epoch, last string, ended bool) {
	t.Helper()
	text, _, err := st.Read(t.Context(), plain)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	uri := m.Segments[len(m.Segments)-1].URI
	epoch, _, _ = strings.Cut(uri, "/")
	return epoch, strings.TrimSuffix(path.Base(uri), ".ts"), m.Ended
}

// TestRivals: two servers with data directories of their own share a prefix. The
// stable playlist is that of the newest broadcast on air at every moment: one that
// ends gives it back, one that dies without a word is waited for and replaced, and
// has it again when it is back.
func TestRivals(t *testing.T) {
	for name, st := range stores(t) {
		t.Run(name, func(t *testing.T) {
			const patience = 300 * time.Millisecond
			at := func(want string, ended bool) {
				t.Helper()
				epoch, last, e := listed(t, st)
				if got := epoch + " " + last; got != want || e != ended {
					t.Errorf("the stable playlist is at %s (ended: %v), want %s (%v)", got, e, want, ended)
				}
			}
			var said, newer bytes.Buffer
			a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Patience: patience, Log: slog.New(slog.NewTextHandler(&said, nil))})
			defer a.kill()
			dir := t.TempDir()
			b := start(t, archive.Options{Store: st, Dir: dir, Patience: patience, Log: slog.New(slog.NewTextHandler(&newer, nil))})
			add := func(r *running, s *archive.Recorder, msn int) {
				t.Helper()
				s.Add(segment(msn))
				r.flush()
			}
			old := a.open("demo", "01a")
			add(a, old, 1)
			at("01a 1", false)

			first := b.open("demo", "01b")
			add(b, first, 1)
			at("01b 1", false)
			if !strings.Contains(newer.String(), "does not know") {
				t.Errorf("the newcomer does not tell whose playlist it replaced: %s", &newer)
			}
			if epoch, at := first.Replaced(); epoch != "01a" || time.Since(at) > time.Minute {
				t.Errorf("the newcomer's host is told of %q since %v", epoch, at)
			}
			if epoch, _ := old.Replaced(); epoch != "" {
				t.Errorf("the first one's host is told of %q", epoch)
			}
			for msn := 2; msn <= 4; msn++ {
				add(a, old, msn)
				at("01b 1", false)
			}
			if old.Rival() != "01b" || a.Stats().Displaced != 1 || a.Stats().FailedAttempts != 0 {
				t.Errorf("rival %q, %+v", old.Rival(), a.Stats())
			}
			if n := strings.Count(said.String(), "level=ERROR"); n != 1 || !strings.Contains(said.String(), "their_epoch=01b") {
				t.Errorf("said %d times: %s", n, &said)
			}

			first.End()
			b.flush()
			add(a, old, 5)
			at("01a 5", false)
			if old.Rival() != "" {
				t.Error("the warning stays behind its cause")
			}

			second := b.open("demo", "01c")
			add(b, second, 2)
			add(a, old, 6)
			at("01c 2", false)
			b.kill() // without a word
			add(a, old, 7)
			at("01c 2", false)
			time.Sleep(patience + 50*time.Millisecond)
			add(a, old, 8)
			at("01a 8", false)

			b = start(t, archive.Options{Store: st, Dir: dir, Patience: patience, Log: slog.New(slog.DiscardHandler)})
			defer func() { b.kill() }()
			second = b.open("demo", "01c")
			add(b, second, 3)
			at("01c 3", false)
			add(a, old, 9)
			at("01c 3", false)
			second.End()
			b.flush()
			at("01c 3", true)
			add(a, old, 10)
			at("01a 10", false)
			old.End()
			a.flush()
			at("01a 10", true)
		})
	}
}

// TestOldCopy: a server that was put back to an old copy of its data, and is
// behind the playlist of its former self, has the name again after a while. That
// is the way back for a room that would have nobody.
func TestOldCopy(t *testing.T) {
	for name, st := range stores(t) {
		t.Run(name, func(t *testing.T) {
			const patience = 300 * time.Millisecond
			quiet := slog.New(slog.DiscardHandler)
			a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Log: quiet})
			s := a.open("demo", "01a")
			for msn := 1; msn <= 9; msn++ {
				s.Add(segment(msn))
			}
			a.flush()
			a.kill()
			b := start(t, archive.Options{Store: st, Dir: t.TempDir(), Patience: patience, Log: quiet})
			defer b.kill()
			s = b.open("demo", "01a")
			s.Add(segment(2))
			b.flush()
			if epoch, last, _ := listed(t, st); epoch != "01a" || last != "9" {
				t.Errorf("replaced at once: %s %s", epoch, last)
			}
			time.Sleep(patience + 50*time.Millisecond)
			s.Add(segment(3))
			b.flush()
			if epoch, last, _ := listed(t, st); epoch != "01a" || last != "3" {
				t.Errorf("the name is with nobody: %s %s", epoch, last)
			}
		})
	}
}
