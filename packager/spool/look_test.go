package spool_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mediad/packager/spool"
)

// Everybody's files are found, and each that a store could not be given.
func TestLook(t *testing.T) {
	dir := t.TempDir()
	whole, ends := spool.Encode(head(3), parts(3), 0)
	turned := append([]byte(nil), whole...)
	turned[ends[1]-1] ^= 1 // of the first part's media
	for name, text := range map[string][]byte{
		"corn/01a/3.parts": whole, "corn/01b/3.parts": whole[:ends[2]+7], "tea/01c/3.parts": turned,
		"tea/01c/4.parts": whole, "tea/01c/5.parts": whole[:ends[0]], "tea/01c/x.parts": whole,
		"corn/01a.journal": nil, "corn/01a/exact": nil, "corn/.damaged-01d/3.parts": whole, ".damaged-x/01d/3.parts": whole,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, err := spool.Look(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s %s %d %v", f.Room, f.Epoch, f.MSN, f.Damaged == nil))
		if f.Size == 0 || f.Modified.IsZero() || filepath.Dir(f.Path) != filepath.Join(dir, f.Room, f.Epoch) {
			t.Errorf("%+v", f)
		}
	}
	want := []string{"corn 01a 3 true", "corn 01b 3 true", "tea 01c 3 false", "tea 01c 4 false", "tea 01c 5 false", "tea 01c 0 false"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("found %q, want %q", got, want)
	}
	if found, err = spool.Look(filepath.Join(dir, "nowhere")); err != nil || found != nil {
		t.Errorf("nowhere: %v, %v", found, err)
	}
}
