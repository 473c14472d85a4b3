package m3u8

import (
	"errors"
	"strings"
)

// maxSkipped bounds how much memory Parse allocates because of one number in foreign
// text: a day of segments of one second.
const maxSkipped = 86400

// Parse reads a media playlist strictly. It ignores unknown tags, as 8216bis 6.3.1
// demands. Known tags must be legal, stand in a legal place, and fit a Media: byte
// ranges, keys and initialisation sections are refused. Every error is a
// *SyntaxError.
//
// Dates come back in UTC, durations exactly as written, and the tags of a
// repeated date range merged into its first.
func Parse(text []byte) (*Media, error) {
	p := parser{m: new(Media), seen: make(map[string]bool), ranges: make(map[string]int)}
	err := eachLine(string(text), func(n, offset int, line string) error {
		return placed(p.line(n, line), n, offset)
	})
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, err
	}
	return p.m, nil
}

// eachLine calls f with each line, without its line break, and its place.
func eachLine(text string, f func(n, offset int, line string) error) error {
	for n, offset := 1, 0; offset < len(text); n++ {
		line := text[offset:]
		next := len(text)
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			next = offset + i + 1
			line = line[:i]
		}
		if err := f(n, offset, strings.TrimSuffix(line, "\r")); err != nil {
			return err
		}
		offset = next
	}
	return nil
}

// placed writes a line's place into the SyntaxError it caused.
func placed(err error, n, offset int) error {
	if e := (*SyntaxError)(nil); errors.As(err, &e) {
		e.Line, e.Offset = n, offset
	}
	return err
}

// parser is the state between two lines.
type parser struct {
	m       *Media
	seen    map[string]bool // tags that may stand once
	version uint64
	extinf  bool           // an EXTINF waits for its URI
	next    Segment        // what is known of the segment whose URI comes next
	ranges  map[string]int // index in m.DateRanges by ID
	hold    bool           // PART-HOLD-BACK was given
	parts   bool           // an EXT-X-PART was seen
}

func (p *parser) line(n int, line string) error {
	if legalText(strings.ReplaceAll(line, "\t", " ")) != nil {
		return breach("4", "control characters, or not UTF-8")
	}
	switch {
	case n == 1:
		if line != "#EXTM3U" {
			return breach("4.4.1.1", "the text does not begin with #EXTM3U")
		}
		return nil
	case line == "":
		return nil
	case line[0] != '#':
		return p.uri(line)
	case !strings.HasPrefix(line, "#EXT"): // a comment
		return nil
	}
	tag, value, _ := strings.Cut(line, ":")
	return p.tag(tag, value)
}

// uri closes the segment that the tags before it describe.
func (p *parser) uri(line string) error {
	if !p.extinf {
		return breach("4.4.4.1", "a segment has no EXTINF")
	}
	if legalURI(line) != nil {
		return breach("4.1", "URI %q", clip(line))
	}
	p.next.URI = line
	p.m.Segments = append(p.m.Segments, p.next)
	p.next, p.extinf = Segment{}, false
	return nil
}

// end judges the text as a whole.
func (p *parser) end() error {
	m := p.m
	m.Open = p.next
	switch {
	case !p.seen["#EXT-X-TARGETDURATION"]:
		return breach("4.4.3.1", "there is no EXT-X-TARGETDURATION")
	case p.extinf:
		return breach("4.4.4.1", "the last EXTINF has no URI")
	case p.parts && m.PartTarget == 0:
		return breachOf(NoPartTarget, "4.4.3.7", "there are parts but no EXT-X-PART-INF")
	case m.PartTarget > 0 && !p.hold:
		return breachOf(NoHoldBack, "4.4.3.8", "there is no PART-HOLD-BACK beside EXT-X-PART-INF")
	case m.Skipped > 0 && p.version < versionDelta:
		return breachOf(WrongSkip, "8", "EXT-X-SKIP needs EXT-X-VERSION %d, this is %d", versionDelta, p.version)
	case m.SkippedRanges && p.version < versionRanges:
		return breachOf(WrongSkip, "8", "RECENTLY-REMOVED-DATERANGES needs EXT-X-VERSION %d, this is %d", versionRanges, p.version)
	case m.Skipped > 0 && m.Skipped == len(m.Segments):
		return breachOf(WrongSkip, "4.4.5.2", "EXT-X-SKIP leaves no segment")
	case m.Ended && m.Hint != "":
		return breachOf(OpenAfterEnd, "4.4.5.3", "a preload hint stands beside EXT-X-ENDLIST")
	case m.Ended && len(m.Open.Parts) > 0:
		return breachOf(OpenAfterEnd, "6.2.1", "an open segment stands beside EXT-X-ENDLIST")
	case m.Type == "VOD" && !m.Ended:
		return breachOf(WrongType, "4.4.3.5", "a VOD playlist has no EXT-X-ENDLIST")
	}
	return nil
}
