package archive_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"mediad/packager/archive"
)

// What is no journal and stands in the place of one keeps nobody from the air,
// and is kept itself.
func TestSetAside(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	a := start(t, archive.Options{Store: st, Dir: dir})
	a.open("demo", "01z").Add(segment(2))
	a.flush()
	a.kill()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		os.MkdirAll(in("demo/01a.journal/inside"), 0o755),
		os.Symlink("nowhere", in("demo/01b.journal")),
		os.Symlink("01c.journal", in("demo/01c.journal")),
		syscall.Mkfifo(in("demo/01d.journal"), 0o644),
		os.WriteFile(in("tea"), []byte("x"), 0o644),
		os.Mkdir(in("demo/01z"), 0o755), // of the spool
	} {
		if err != nil {
			t.Fatal(err)
		}
	}

	b := start(t, archive.Options{Store: st, Dir: dir})
	defer b.kill()
	rooms, err := b.Rooms()
	if err != nil || !slices.Equal(rooms, []string{"demo", "tea"}) {
		t.Fatalf("rooms %v: %v", rooms, err)
	}
	setAside := func() (moved []string, err error) {
		for _, room := range append(rooms, "nobody") {
			here, e := b.SetAside(room)
			moved, err = append(moved, here...), errors.Join(err, e)
		}
		return moved, err
	}
	moved, err := setAside()
	if err != nil || len(moved) != 5 {
		t.Fatalf("moved %v: %v", moved, err)
	}
	for _, path := range moved {
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
	if !slices.ContainsFunc(moved, func(p string) bool { return strings.HasSuffix(p, "-01a.journal") }) {
		t.Errorf("moved %v", moved)
	}
	if moved, err = setAside(); err != nil || moved != nil {
		t.Errorf("moved again: %v, %v", moved, err)
	}
	left, err := b.Unfinished("demo")
	if err != nil || len(left) != 1 || left[0] != "01z" {
		t.Errorf("unfinished: %v, %v", left, err)
	}
	for _, e := range []archive.Epoch{{Room: "demo", Epoch: "01z"}, {Room: "tea", Epoch: "01a"}} {
		s, err := b.Open(e.Room, e.Epoch, 2)
		if err != nil {
			t.Fatal(err)
		}
		s.End()
	}
	b.flush()
}
