package doctor

import (
	"strings"
	"testing"

	"mediad/packager/m3u8"
)

// Playlists of other projects can be read: fMP4, byte ranges, dates with a zone
// without colon.
func TestTame(t *testing.T) {
	text := strings.Join([]string{
		"#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-TARGETDURATION:4", `#EXT-X-MAP:URI="init.mp4"`,
		"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.0", "#EXT-X-PART-INF:PART-TARGET=1.0", "#EXT-X-MEDIA-SEQUENCE:7",
		"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:00.000+0100", "#EXT-X-BYTERANGE:1000@200", "#EXTINF:4.0,", "seven.mp4",
		"#EXT-X-BYTERANGE:500", "#EXTINF:4.0,", "seven.mp4",
		`#EXT-X-PART:DURATION=1.0,URI="nine.mp4",BYTERANGE="300@0",INDEPENDENT=YES`, `#EXT-X-PART:DURATION=1.0,URI="nine.mp4",BYTERANGE="200"`,
		`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="nine.mp4",BYTERANGE-START=500`,
	}, "\n") + "\n"
	tamed := tame(text)
	if strings.Count(tamed, "\n") != strings.Count(text, "\n") {
		t.Errorf("lines have moved:\n%s", tamed)
	}
	m, err := m3u8.Parse([]byte(tamed))
	if err != nil {
		t.Fatalf("%v in\n%s", err, tamed)
	}
	if m.Segments[0].Date.Hour() != 11 {
		t.Errorf("the date is %v", m.Segments[0].Date)
	}
	for i, want := range []struct{ uri, name, within string }{
		{m.Segments[0].URI, "seven.mp4", "bytes=200-1199"}, {m.Segments[1].URI, "seven.mp4", "bytes=1200-1699"},
		{m.Open.Parts[0].URI, "nine.mp4", "bytes=0-299"}, {m.Open.Parts[1].URI, "nine.mp4", "bytes=300-499"},
		{"plain.ts", "plain.ts", ""}, {"odd#thing", "odd#thing", ""},
	} {
		if name, within := piece(want.uri); name != want.name || within != want.within {
			t.Errorf("%d: %q is %q, %q", i, want.uri, name, within)
		}
	}
	if m.Hint != "" {
		t.Errorf("a hint of open length is taken for %q", m.Hint)
	}
}

func TestAnother(t *testing.T) {
	for _, c := range []struct {
		uri  string
		more uint64
		want string
	}{
		{"41.ts", 1, "42.ts"}, {"../a9/p7.ts", 2, "../a9/p9.ts"}, {"seg00041.mp4?t=5", 1, "seg00042.mp4?t=5"},
		{"s1_part9.m4s", 1, "s1_part10.m4s"}, {"first.ts", 1, ""}, {"99999999999999999999.ts", 1, ""},
	} {
		if got := another(c.uri, c.more); got != c.want {
			t.Errorf("%q, %d further: %q, want %q", c.uri, c.more, got, c.want)
		}
	}
}

// Text from a stream cannot control the reader's terminal.
func TestPrintable(t *testing.T) {
	r := &Report{Violated: []Finding{{Detail: "a\x1b[2Jb", Where: "w\x07", Evidence: "e\u009b1\n"}}}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil || strings.ContainsAny(b.String(), "\x1b\x07\u009b") {
		t.Errorf("%v: %q", err, &b)
	}
}
