package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/storage"
)

func TestOpenDirRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no path":      "",
		"a file":       file,
		"below a file": filepath.Join(file, "objects"),
		"not writable": "/proc/objects",
	} {
		_, err := storage.OpenDir(path)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line that names %q", name, err, path)
		}
	}
}

func TestDirGuardsImmutableKeys(t *testing.T) {
	d := openDir(t, t.TempDir())
	for _, key := range []string{"live/demo/01A/main/1.ts", "live/demo/01A/vod.m3u8"} {
		put(t, d, key, []byte("first"))
		for _, body := range []string{"other", "longer than the first", ""} {
			err := d.Put(t.Context(), key, []byte(body))
			var permanent interface{ Permanent() bool }
			if !errors.Is(err, storage.ErrImmutable) || !errors.As(err, &permanent) || !permanent.Permanent() {
				t.Errorf("%s := %q: %v, want ErrImmutable", key, body, err)
			}
		}
		if got := string(read(t, get(t, d, key))); got != "first" {
			t.Errorf("%s became %q", key, got)
		}
	}
}

// TestDirAcrossProcesses: two processes over one directory exclude each other
// as two goroutines do.
func TestDirAcrossProcesses(t *testing.T) {
	path := t.TempDir()
	one := openDir(t, path)
	tag, err := one.PutIf(t.Context(), "index.m3u8", []byte("first"), "")
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var all sync.WaitGroup
		tags := make(chan string, 2)
		for _, body := range []string{tag + "a", tag + "b"} {
			d := openDir(t, path) // an open file of its own is what another process has
			all.Go(func() {
				next, err := d.PutIf(t.Context(), "index.m3u8", []byte(body), tag)
				if err == nil {
					tags <- next
				} else if !errors.Is(err, storage.ErrChanged) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(tags) != 1 {
			t.Fatalf("%d of two writers got through", len(tags))
		}
		tag = <-tags
	}
}

// TestDirLeavesNothingBehind: no half-written file is visible or stays, and empty
// folders are removed with their last object.
func TestDirLeavesNothingBehind(t *testing.T) {
	root := t.TempDir()
	d := openDir(t, root)
	put(t, d, "a/b/1.ts", []byte("x"))
	put(t, d, "a/b/1.ts", []byte("x"))
	put(t, d, "a/2.ts", []byte("x"))
	if err := d.Put(t.Context(), "a/2.ts", []byte("y")); err == nil {
		t.Fatal("an immutable object was replaced")
	}
	if err := d.Put(t.Context(), "a/2.ts/3.ts", []byte("y")); err == nil {
		t.Fatal("an object became a folder")
	}
	if err := d.Delete(t.Context(), "a/b/1.ts"); err != nil {
		t.Fatal(err)
	}
	want := []string{storage.Hidden, storage.Hidden + "/lock", "a", "a/2.ts"}
	if got := tree(t, root); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("left on disk: %v, want %v", got, want)
	}
	info, err := os.Stat(filepath.Join(root, "a/2.ts"))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v: a web server could not read it", info.Mode(), err)
	}
}

// TestOpenDirSweeps what a crash left, but nothing that may still be written.
func TestOpenDirSweeps(t *testing.T) {
	root := t.TempDir()
	openDir(t, root)
	for name, age := range map[string]time.Duration{"put-old": 2 * time.Hour, "put-new": time.Minute} {
		path := filepath.Join(root, storage.Hidden, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	openDir(t, root)
	want := storage.Hidden + " " + storage.Hidden + "/lock " + storage.Hidden + "/put-new"
	if got := strings.Join(tree(t, root), " "); got != want {
		t.Errorf("left on disk: %s, want %s", got, want)
	}
}

func TestDirCheckSaysWhere(t *testing.T) {
	root := t.TempDir()
	d := openDir(t, root)
	// A folder that was removed is made again; a file in its place is not removed.
	if err := os.RemoveAll(filepath.Join(root, storage.Hidden)); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(t.Context(), "a/b.ts", []byte("x")); err != nil {
		t.Errorf("after the hidden folder went: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(root, storage.Hidden)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, storage.Hidden), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := d.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), root) || !strings.Contains(err.Error(), "cannot write") {
		t.Errorf("%v, want the place and what cannot be done", err)
	}
}

func tree(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if path != root {
			name, _ := filepath.Rel(root, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// FuzzDirKey: for any key, nothing is written outside the directory, and an object that
// was put can be read, listed and deleted.
func FuzzDirKey(f *testing.F) {
	for _, key := range []string{"a", "a/b.ts", "../a", "a/../../b", "/etc/x", "a//b", ".", "a/.", "%2e%2e/a", "空.ts", "a\x00b", "live/demo/index.m3u8"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		outer := t.TempDir()
		d, err := storage.OpenDir(filepath.Join(outer, "objects"))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		before := len(tree(t, filepath.Join(outer, "objects")))
		err = d.Put(context.Background(), key, []byte("x"))
		if entries, _ := os.ReadDir(outer); len(entries) != 1 {
			t.Fatalf("%q was written outside", key)
		}
		if err != nil {
			if !errors.Is(err, storage.ErrKey) || len(tree(t, filepath.Join(outer, "objects"))) != before {
				t.Fatalf("%q: %v", key, err)
			}
			return
		}
		found, err := d.List(context.Background(), key, "", 0)
		if err != nil || len(found) != 1 || found[0].Key != key {
			t.Fatalf("%q is listed as %v: %v", key, found, err)
		}
		if err := d.Delete(context.Background(), key); err != nil || len(tree(t, filepath.Join(outer, "objects"))) != before {
			t.Fatalf("%q was not deleted: %v", key, err)
		}
	})
}

// A disk that is no longer mounted is not an empty store.
func TestDirAway(t *testing.T) {
	root := filepath.Join(t.TempDir(), "objects")
	d := openDir(t, root)
	if found, err := d.List(t.Context(), "live/demo/", "", 0); err != nil || len(found) != 0 {
		t.Errorf("an empty store: %v, %v", found, err)
	}
	if err := d.Put(t.Context(), "live/demo/1.ts", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(root, root+".away"); err != nil {
		t.Fatal(err)
	}
	for _, stay := range []func() error{
		func() error { return nil },
		func() error { return os.Mkdir(root, 0o755) }, // the mount point
		func() error { return d.Put(t.Context(), "live/tea/1.ts", []byte("x")) },
	} {
		if err := stay(); err != nil {
			t.Fatal(err)
		}
		if found, err := d.List(t.Context(), "live/demo/", "", 0); err == nil {
			t.Errorf("listed %v, want an error", found)
		}
	}
}

// TestDirTakesAFileAsItIs: within a file system, nothing is written twice; elsewhere
// the bytes are copied. An immutable key never gets other bytes.
func TestDirTakesAFileAsItIs(t *testing.T) {
	const key = "live/demo/01A/main/1.ts"
	root := t.TempDir()
	d := openDir(t, filepath.Join(root, "objects"))
	elsewhere, err := os.MkdirTemp("/dev/shm", "mediad-*") // a file system of its own
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(elsewhere)
	for name, c := range map[string]struct {
		dir  string
		same bool
	}{"same file system": {root, true}, "another": {elsewhere, false}} {
		file := filepath.Join(c.dir, "segment")
		if err := os.WriteFile(file, []byte("segment"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := d.PutFrom(t.Context(), key, nil, file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ours, _ := os.Stat(file)
		object, err := os.Stat(filepath.Join(root, "objects", key))
		if err != nil || os.SameFile(ours, object) != c.same {
			t.Errorf("%s: one file %t, %v", name, os.SameFile(ours, object), err)
		}
		other := filepath.Join(c.dir, "other")
		for _, body := range []string{"SEGMENT", "longer than the first"} {
			if err := os.WriteFile(other, []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, pieces := range [][][]byte{nil, {[]byte(body)}} {
				if err := d.PutFrom(t.Context(), key, pieces, other); !errors.Is(err, storage.ErrImmutable) {
					t.Errorf("%s: other bytes: %v, want ErrImmutable", name, err)
				}
			}
		}
		if left, _ := filepath.Glob(filepath.Join(root, "objects", storage.Hidden, "put-*")); len(left) > 0 {
			t.Errorf("%s: left over: %v", name, left)
		}
		if err := d.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if body, err := os.ReadFile(file); err != nil || string(body) != "segment" {
			t.Errorf("%s: the deletion of the object left %q, %v", name, body, err)
		}
	}
}
