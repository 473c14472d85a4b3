package mpegts

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/packager/check"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden writes testdata/clip.flv (25 fps, B-frames, encoder's delimiters
// and repeated parameter sets; made by ffmpeg with a test picture and a sine
// tone) in parts of 500 ms, and compares bytes and their text.
func TestGolden(t *testing.T) {
	tracks, units := readFLV(t, "testdata/clip.flv", base)
	got := newCutter(t, tracks...).run(units, every(45000, 0))
	var dump, inspection bytes.Buffer
	if err := check.Dump(&dump, got); err != nil {
		t.Fatal(err)
	}
	if err := check.Inspect(&inspection, got); err != nil {
		t.Fatal(err)
	}
	for _, g := range []struct {
		name string
		got  []byte
	}{
		{"clip.ts", got}, {"clip.txt", dump.Bytes()}, {"clip.inspect.txt", inspection.Bytes()},
	} {
		path := filepath.Join("testdata", g.name)
		if *update {
			if err := os.WriteFile(path, g.got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case bytes.Equal(g.got, want):
		case g.name == "clip.ts":
			t.Errorf("%s: the bytes changed; the difference of the texts says where", path)
		default:
			t.Errorf("%s: %s", path, cmp.Diff(string(want), string(g.got)))
		}
	}
}
