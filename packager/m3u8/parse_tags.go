package m3u8

import (
	"slices"
	"strings"
)

// highestVersion is the last protocol version known (8216bis 8).
const highestVersion = 13

// tag reads one tag line.
func (p *parser) tag(tag, value string) error {
	if once(tag) {
		if p.seen[tag] {
			return breach("4.4.3", "%s stands twice", tag)
		}
		p.seen[tag] = true
	}
	m := p.m
	switch tag {
	case "#EXTM3U":
		return breach("4.4.1.1", "#EXTM3U stands twice")
	case "#EXT-X-VERSION":
		n, err := integer(value)
		if err == nil && (n < 1 || n > highestVersion) {
			err = breach("4.4.1.2", "version %d is not known", n)
		}
		p.version = n
		return err
	case "#EXT-X-TARGETDURATION":
		n, err := integer(value)
		if err == nil && (n < 1 || n > uint64(maxDuration.Seconds())) {
			err = breach("4.4.3.1", "target duration %d", n)
		}
		m.TargetDuration = int(n)
		return err
	case "#EXT-X-MEDIA-SEQUENCE":
		return p.ahead(tag, value, &m.Sequence, false)
	case "#EXT-X-DISCONTINUITY-SEQUENCE":
		return p.ahead(tag, value, &m.DiscontinuitySequence, p.next.Discontinuity)
	case "#EXT-X-PLAYLIST-TYPE":
		if value != "VOD" && value != "EVENT" {
			return breachOf(WrongType, "4.4.3.5", "playlist type %q", clip(value))
		}
		m.Type = value
	case "#EXT-X-ENDLIST":
		m.Ended = true
	case "#EXT-X-SERVER-CONTROL":
		return p.serverControl(value)
	case "#EXT-X-PART-INF":
		return p.partInf(value)
	case "#EXT-X-SKIP":
		return p.skip(value)
	case "#EXT-X-PRELOAD-HINT":
		return p.hint(value)
	case "#EXT-X-RENDITION-REPORT":
		return p.report(value)
	case "#EXT-X-DATERANGE":
		return inRange(p.dateRange(value))
	case "#EXTINF", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-GAP", "#EXT-X-PART":
		return p.segmentTag(tag, value)
	default:
		return foreign(tag)
	}
	return nil
}

// once tells which tags a playlist holds at most once (8216bis 4.4.3).
func once(tag string) bool {
	return slices.Contains([]string{
		"#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE",
		"#EXT-X-PLAYLIST-TYPE", "#EXT-X-ENDLIST", "#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF", "#EXT-X-SKIP",
		"#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-START",
	}, tag)
}

// foreign refuses known tags that change the meaning of a segment and that a Media
// cannot hold. It ignores all others.
func foreign(tag string) error {
	switch tag {
	case "#EXT-X-STREAM-INF", "#EXT-X-MEDIA", "#EXT-X-I-FRAME-STREAM-INF", "#EXT-X-SESSION-DATA", "#EXT-X-SESSION-KEY":
		return breach("4.1", "%s belongs to a multivariant playlist", tag)
	case "#EXT-X-BYTERANGE", "#EXT-X-KEY", "#EXT-X-MAP", "#EXT-X-DEFINE", "#EXT-X-I-FRAMES-ONLY":
		return breach("4.4", "%s is not supported by this reader", tag)
	}
	return nil
}

// ahead reads a number that must stand before all segments (8216bis 4.4.3.2,
// 4.4.3.3).
func (p *parser) ahead(tag, value string, to *uint64, late bool) error {
	if late || len(p.m.Segments) > 0 || p.extinf || len(p.next.Parts) > 0 {
		return breach("4.4.3", "%s stands behind a segment", tag)
	}
	n, err := integer(value)
	*to = n
	return err
}

func (p *parser) serverControl(value string) error {
	a := readAttributes(value)
	a.yes("CAN-BLOCK-RELOAD")
	a.yes("CAN-SKIP-DATERANGES")
	p.m.HoldBack = a.seconds("HOLD-BACK")
	p.m.CanSkipUntil = a.seconds("CAN-SKIP-UNTIL")
	p.m.PartHoldBack = a.seconds("PART-HOLD-BACK")
	p.hold = a.has("PART-HOLD-BACK")
	return a.err
}

func (p *parser) partInf(value string) error {
	a := readAttributes(value)
	if p.m.PartTarget = a.seconds("PART-TARGET"); p.m.PartTarget == 0 {
		a.fail(breachOf(NoPartTarget, "4.4.3.7", "PART-TARGET is missing or zero"))
	}
	return a.err
}

func (p *parser) skip(value string) error {
	if len(p.m.Segments) > 0 {
		return breachOf(WrongSkip, "4.4.5.2", "EXT-X-SKIP stands behind a segment")
	}
	a := readAttributes(value)
	n, err := integer(a.byName["SKIPPED-SEGMENTS"].Value)
	if err != nil || n < 1 || n > maxSkipped {
		a.fail(breachOf(WrongSkip, "4.4.5.2", "SKIPPED-SEGMENTS is missing or not in 1..%d", maxSkipped))
	}
	if e, ok := a.byName["RECENTLY-REMOVED-DATERANGES"]; ok {
		if !e.Quoted {
			a.fail(breachOf(WrongSkip, "4.4.5.2", "RECENTLY-REMOVED-DATERANGES is not quoted"))
		}
		p.m.SkippedRanges = true
		if e.Value != "" {
			p.m.RemovedRanges = strings.Split(e.Value, "\t")
		}
	}
	if a.err == nil {
		p.m.Skipped = int(n)
		p.m.Segments = make([]Segment, n)
	}
	return a.err
}

func (p *parser) hint(value string) error {
	a := readAttributes(value)
	kind := a.byName["TYPE"]
	uri := a.quoted("URI")
	switch {
	case a.err != nil:
		return a.err
	case kind.Quoted || kind.Value != "PART" && kind.Value != "MAP":
		return breachOf(WrongHint, "4.4.5.3", "hint of type %q", clip(kind.Value))
	case p.seen["hint "+kind.Value]:
		return breachOf(WrongHint, "4.4.5.3", "two preload hints of type %s", kind.Value)
	}
	p.seen["hint "+kind.Value] = true
	if kind.Value == "PART" {
		a.absent("BYTERANGE-START")
		a.absent("BYTERANGE-LENGTH")
		p.m.Hint = uri
	}
	return a.err
}

// report reads EXT-X-RENDITION-REPORT (8216bis 4.4.5.4).
func (p *parser) report(value string) error {
	a := readAttributes(value)
	r := Report{URI: a.quoted("URI"), Part: -1}
	for _, name := range []string{"LAST-MSN", "LAST-PART"} {
		if !a.has(name) {
			continue
		}
		n, err := integer(a.byName[name].Value)
		switch {
		case err != nil:
			a.fail(err)
		case name == "LAST-MSN":
			r.MSN = n
		default:
			r.Part = int(min(n, 1<<30))
		}
	}
	p.m.Reports = append(p.m.Reports, r)
	return a.err
}
