package storage_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"mediad/storage"
)

// TestDirVersions: the versions of a playlist alternate between two files. A reader that
// has one open, or a second name of it, keeps its bytes.
func TestDirVersions(t *testing.T) {
	const key = "live/demo/index.m3u8"
	root := t.TempDir()
	d := openDir(t, root)
	path := filepath.Join(root, filepath.FromSlash(key))
	text := func(n int) []byte { return bytes.Repeat([]byte{byte('a' + n)}, 3000+n%3*1000) }
	n, tag := 0, ""
	next := func() os.FileInfo {
		t.Helper()
		n++
		var err error
		if n%2 == 0 {
			err = d.Put(t.Context(), key, text(n))
			tag = get(t, d, key).ETag
		} else {
			tag, err = d.PutIf(t.Context(), key, text(n), tag)
		}
		if err != nil {
			t.Fatal(err)
		}
		if body, err := os.ReadFile(path); err != nil || !bytes.Equal(body, text(n)) {
			t.Fatalf("version %d is %.9q, %d bytes: %v", n, body, len(body), err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	versions := []os.FileInfo{next(), next(), next(), next()}
	for i, v := range versions[2:] {
		if !os.SameFile(v, versions[i]) {
			t.Errorf("versions %d and %d are two files", i+1, i+3)
		}
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	begun := n
	if _, err := io.ReadFull(reader, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(root, "copy")
	next()
	linked := n
	if err := os.Link(path, copied); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		next()
	}
	if rest, err := io.ReadAll(reader); err != nil || !bytes.Equal(rest, text(begun)[100:]) {
		t.Errorf("the reader of version %d reads on with %.9q, %d bytes: %v", begun, rest, len(rest), err)
	}
	if body, err := os.ReadFile(copied); err != nil || !bytes.Equal(body, text(linked)) {
		t.Errorf("the second name of version %d is %.9q: %v", linked, body, err)
	}
	hidden := func() int {
		found, _ := filepath.Glob(filepath.Join(root, storage.Hidden, "*"))
		return len(found) - 1 // the lock
	}
	if got := hidden(); got != 1 {
		t.Errorf("%d files are hidden, want 1", got)
	}
	if err := d.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if got := hidden(); got != 0 {
		t.Errorf("%d files are hidden behind the deletion", got)
	}
	tag = ""
	// Another program may remove the hidden files.
	next()
	next()
	if err := os.RemoveAll(filepath.Join(root, storage.Hidden)); err != nil {
		t.Fatal(err)
	}
	next()
	next()
	// A folder does not change places with a playlist.
	put(t, d, "live/demo/other.m3u8/1.ts", []byte("x"))
	if err := d.Put(t.Context(), "live/demo/other.m3u8", []byte("list")); err == nil {
		t.Error("a folder became a playlist")
	}
	if got := string(read(t, get(t, d, "live/demo/other.m3u8/1.ts"))); got != "x" {
		t.Errorf("it holds %q", got)
	}
}

// TestDirVersionsWhole: a reader gets one whole version at any moment.
func TestDirVersionsWhole(t *testing.T) {
	const key, writers, versions = "live/demo/index.m3u8", 2, 200
	root := t.TempDir()
	d := openDir(t, root)
	put(t, d, key, bytes.Repeat([]byte{'x'}, 1000))
	path := filepath.Join(root, filepath.FromSlash(key))
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range versions {
				body := bytes.Repeat([]byte{byte('a' + i%26)}, 1000+1000*w+i)
				if err := d.Put(t.Context(), key, body); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	for range 4 {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				body, err := os.ReadFile(path)
				if err != nil || len(body) < 1000 || len(bytes.Trim(body, string(body[:1]))) > 0 {
					t.Errorf("%d bytes, not all of one version: %v", len(body), err)
					return
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
}
