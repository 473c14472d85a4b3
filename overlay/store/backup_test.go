package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"mediad/overlay"
)

// files lists a directory, with an error for each file that other users may
// read.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().IsRegular() && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
		names = append(names, e.Name())
	}
	return names
}

// A copy that is made during many writes has everything that was answered
// before it, and a server starts with it.
func TestBackupOfABusyStore(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.EnsureRoom(t.Context(), "corn", "Corn", "corn-key"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	answered := map[string]bool{}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	enough := make(chan struct{})
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				c, err := s.AddCue(context.Background(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, Once{})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				answered[c.ID] = true
				if len(answered) == 300 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	mu.Lock()
	before := map[string]bool{}
	for id := range answered {
		before[id] = true
	}
	mu.Unlock()
	to := t.TempDir()
	c, err := Backup(t.Context(), BackupOptions{Dir: dir, Target: to})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if !regexp.MustCompile(`/mediad-v000\d\d-\d{8}T\d{6}Z\.db$`).MatchString(c.Database) || c.Bytes < 4096 {
		t.Errorf("made %+v", c)
	}
	if got := files(t, to); len(got) != 2 {
		t.Errorf("left %q", got)
	}
	// As docs/operate.md says.
	restored := t.TempDir()
	for from, name := range map[string]string{c.Database: "mediad.db", c.Secret: "secret.key"} {
		if err := os.Rename(from, filepath.Join(restored, name)); err != nil {
			t.Fatal(err)
		}
	}
	checkAnswered(t, restored, "", before)
	again, err := Open(t.Context(), Options{Dir: restored})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if room, err := again.RoomByKey(t.Context(), "corn-key"); err != nil || room.Slug != "corn" {
		t.Errorf("the room of the key: %+v, %v", room, err)
	}
	if key, err := again.RevealKey(t.Context(), "corn", "tester"); err != nil || key != "corn-key" {
		t.Errorf("revealed %q, %v", key, err)
	}
}

func TestBackupOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	to := t.TempDir()
	for _, name := range []string{"a.db", "b.key"} {
		if err := os.WriteFile(filepath.Join(to, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a.db", "b.db", "b.key"} {
		_, err := Backup(t.Context(), BackupOptions{Dir: dir, Target: filepath.Join(to, name)})
		if err == nil || !strings.Contains(err.Error(), "overwrites nothing") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := files(t, to); fmt.Sprint(got) != "[a.db b.key]" {
		t.Errorf("left %q", got)
	}
	for _, name := range []string{"a.db", "b.key"} {
		if text, _ := os.ReadFile(filepath.Join(to, name)); string(text) != "mine" {
			t.Errorf("%s is now %q", name, text)
		}
	}
	// Without the secret, and without a target.
	c, err := Backup(t.Context(), BackupOptions{Dir: dir, NoKey: true})
	if err != nil || c.Secret != "" || filepath.Dir(c.Database) != filepath.Join(dir, "backups") {
		t.Errorf("made %+v, %v", c, err)
	}
	if got := files(t, filepath.Join(dir, "backups")); len(got) != 1 {
		t.Errorf("left %q", got)
	}
	if _, err := Backup(t.Context(), BackupOptions{Dir: to}); err == nil || !strings.Contains(err.Error(), "no database") {
		t.Errorf("got %v", err)
	}
	if _, err := Backup(t.Context(), BackupOptions{Dir: dir, Target: filepath.Join(to, "nowhere", "c.db")}); err == nil {
		t.Error("made a copy in a directory that is not there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Backup(ctx, BackupOptions{Dir: dir, Target: filepath.Join(to, "c.db")}); err == nil {
		t.Error("a cancelled copy was made")
	}
	if got := files(t, to); len(got) != 2 {
		t.Errorf("left %q", got)
	}
}

// A damaged database is neither started nor copied.
func TestDamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		if err := s.write(t.Context(), mark(fmt.Sprint("a row to be damaged ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), dir); err != nil {
		t.Errorf("sound: %v", err)
	}
	file := filepath.Join(dir, database)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A page in the middle of the rows, as a bad block leaves it.
	at := strings.Index(string(text), "a row to be damaged 100") / 4096 * 4096
	copy(text[at:at+4096], strings.Repeat("\xff", 4096))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), Options{Dir: dir}); err == nil {
		s.Close()
		t.Error("a damaged database was opened")
	} else if !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("start: %v", err)
	}
	if err := Check(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("check: %v", err)
	}
	to := t.TempDir()
	if _, err := Backup(t.Context(), BackupOptions{Dir: dir, Target: to}); err == nil {
		t.Error("a damaged database was copied")
	}
	if got := files(t, to); len(got) != 0 {
		t.Errorf("left %q", got)
	}
	if err := os.WriteFile(file, []byte(strings.Repeat("no database at all. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("start with another file: %v", err)
	}
}
