package m3u8

import (
	"errors"
	"testing"
)

// Each of these faults has its own Fault.
func TestFaults(t *testing.T) {
	const rng = "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\""
	found := map[Fault]bool{}
	for text, want := range map[string]Fault{
		"#EXTINF:x,\n": IllegalText,
		"#EXT-X-PART:DURATION=0.5,URI=\"p\",INDEPENDENT=NO\n":                                IllegalText,
		"#EXT-X-PART:DURATION=0.5,URI=\"p\"\n":                                               NoPartTarget,
		"#EXT-X-PART-INF:A=1\n":                                                              NoPartTarget,
		"#EXT-X-PART-INF:PART-TARGET=0.5\n":                                                  NoHoldBack,
		"#EXT-X-PLAYLIST-TYPE:LIVE\n":                                                        WrongType,
		"#EXT-X-PLAYLIST-TYPE:VOD\n":                                                         WrongType,
		"#EXTINF:2,\n#EXT-X-PART:DURATION=0.5,URI=\"p\"\n":                                   PartBehindEXTINF,
		"#EXT-X-PART:DURATION=0.5,URI=\"p\"\n#EXT-X-DISCONTINUITY\n":                         TagBehindPart,
		"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"q\"\n": WrongHint,
		"#EXT-X-PRELOAD-HINT:TYPE=ENDLIST,URI=\"p\"\n":                                       WrongHint,
		"#EXT-X-SKIP:SKIPPED-SEGMENTS=0\n":                                                   WrongSkip,
		"#EXT-X-SKIP:SKIPPED-SEGMENTS=2\n#EXTINF:1,\na.ts\n":                                 WrongSkip,
		"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n#EXT-X-ENDLIST\n":                          OpenAfterEnd,
		"#EXT-X-DATERANGE:ID=\"a\"\n":                                                        RangeWithoutStart,
		rng + ",END-ON-NEXT=YES\n":                                                           WrongRangeEnd,
		rng + ",DURATION=1,END-DATE=\"2026-11-21T12:00:02Z\"\n":                              WrongRangeEnd,
		rng + "\n#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:01Z\"\n":            RangeChanged,
		// Words of other faults, in what the text says of itself.
		rng + ",CLASS=\"END-repeats\",X-A=word\n":              IllegalRange,
		"#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"yesterday\"\n": IllegalRange,
		"#EXT-X-DATERANGE:ID=\"repeats END-\"\n":               RangeWithoutStart,
	} {
		_, err := Parse([]byte("#EXTM3U\n#EXT-X-TARGETDURATION:2\n" + text))
		var e *SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%q is legal", text)
		} else if found[e.Fault] = true; e.Fault != want {
			t.Errorf("%q: fault %d, want %d: %v", text, e.Fault, want, err)
		}
	}
	for _, f := range Faults() {
		if !found[f] {
			t.Errorf("nothing has fault %d", f)
		}
	}
}
