package replay

import (
	"strings"
	"testing"
)

func TestLed(t *testing.T) {
	const kept = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/demo/01a/main/1.ts\n#EXTINF:2,\n/live/demo/01a/main/2.ts\n"
	const want = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/1.ts\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/2.ts\n"
	// Lines longer than any buffer, and a text that ends within one.
	long := "#" + strings.Repeat("/live/", 5000) + "\n/live/"
	text, err := zip([]byte(kept + long))
	if err != nil {
		t.Fatal(err)
	}
	passed := want + strings.Replace(long, "\n/live/", "\n/live/~9.k.s/", 1)
	for _, test := range []struct{ base, given, want string }{
		{"", "", kept + long},
		{"", "9.k.s", passed},
		{"/shop", "", strings.ReplaceAll(kept+long, "\n/live/", "\n/shop/live/")},
		{"/shop", "9.k.s", strings.ReplaceAll(passed, "\n/live/", "\n/shop/live/")},
	} {
		lead, want := (&Replays{base: test.base}).lead(test.given), test.want
		var flows strings.Builder
		if err := text.copyTo(&flows, lead); err != nil || flows.String() != want {
			t.Errorf("led by %q: %v\n%.300s", lead, err, flows.String())
		}
		whole, err := text.form(lead, false)
		if err != nil || string(whole) != want {
			t.Errorf("led by %q: %v\n%.300s", lead, err, whole)
		}
	}
}
