package main

import "testing"

func TestPassed(t *testing.T) {
	const kept = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/demo/01a/main/1.ts\n#EXTINF:2,\n/live/demo/01a/main/2.ts\n"
	const want = "#EXTM3U\n#EXT-X-DATERANGE:X-MEDIAD-TITLE=\"/live/\"\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/1.ts\n#EXTINF:2,\n/live/~9.k.s/demo/01a/main/2.ts\n"
	text := []byte(kept)
	if got := string(passed(text, "9.k.s")); got != want {
		t.Errorf("with a pass:\n%s", got)
	}
	if got := string(passed(text, "")); got != kept || string(text) != kept {
		t.Errorf("what is kept was changed:\n%s", got)
	}
}
