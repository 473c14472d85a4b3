package spool

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Segments leave the page cache ten seconds after they were synced, in order, each
// once; what they hold stays, and one that is gone by then is no matter.
func TestEvictions(t *testing.T) {
	dir := t.TempDir()
	var gone []string
	c := evictions{evict: func(path string) {
		evict(path)
		gone = append(gone, filepath.Base(path))
	}}
	begin := time.Now()
	for i, name := range []string{"1.ts", "2.ts", "3.ts"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(name); err != nil {
			t.Fatal(err)
		}
		c.add([]written{{media: f}, {}}, begin.Add(time.Duration(i)*4*time.Second))
	}
	if err := os.Remove(filepath.Join(dir, "2.ts")); err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct{ second, gone int }{{9, 0}, {10, 1}, {13, 1}, {14, 2}, {17, 2}, {18, 3}, {60, 3}} {
		c.add(nil, begin.Add(time.Duration(at.second)*time.Second))
		if len(gone) != at.gone {
			t.Errorf("after %d s %v are let go of", at.second, gone)
		}
	}
	if !slices.Equal(gone, []string{"1.ts", "2.ts", "3.ts"}) {
		t.Errorf("let go of: %v", gone)
	}
	if body, err := os.ReadFile(filepath.Join(dir, "1.ts")); err != nil || string(body) != "1.ts" {
		t.Errorf("%q, %v", body, err)
	}
}
