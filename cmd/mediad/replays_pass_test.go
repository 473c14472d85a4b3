package main

import (
	"strings"
	"testing"
)

func TestPassed(t *testing.T) {
	const kept = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/demo/01a/main/1.ts\n#EXTINF:2,\n/live/demo/01a/main/2.ts\n"
	const want = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/1.ts\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/2.ts\n"
	// Lines longer than any buffer, and a text that ends within one.
	long := "#" + strings.Repeat("/live/", 5000) + "\n/live/"
	text, err := zip([]byte(kept + long))
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"9.k.s": want + strings.Replace(long, "\n/live/", "\n/live/~9.k.s/", 1), "": kept + long} {
		var flows strings.Builder
		if err := text.copyTo(&flows, given); err != nil || flows.String() != want {
			t.Errorf("with the pass %q: %v\n%.300s", given, err, flows.String())
		}
		whole, err := text.form(given, false)
		if err != nil || string(whole) != want {
			t.Errorf("with the pass %q: %v\n%.300s", given, err, whole)
		}
	}
}
