package m3u8

import (
	"strings"
	"time"
)

// segmentTag reads a tag that belongs to the segment whose URI comes next.
func (p *parser) segmentTag(tag, value string) (err error) {
	s := &p.next
	switch tag {
	case "#EXTINF":
		if p.extinf {
			return breach("4.4.4.1", "an EXTINF has no URI")
		}
		p.extinf = true
		number, _, comma := strings.Cut(value, ",")
		if !comma {
			return breach("4.4.4.1", "EXTINF has no comma")
		}
		s.Duration, err = decimal(number)
	case "#EXT-X-DISCONTINUITY":
		err = p.beforeParts(tag, s.Discontinuity)
		s.Discontinuity = true
	case "#EXT-X-PROGRAM-DATE-TIME":
		if err = p.beforeParts(tag, !s.Date.IsZero()); err == nil {
			s.Date, err = date(value)
		}
	case "#EXT-X-GAP":
		s.Gap = true
	case "#EXT-X-PART":
		if p.extinf {
			// Players take a part behind the EXTINF for the next segment's
			// (8216bis 3.2).
			return breachOf(PartBehindEXTINF, "4.4.4.9", "a part stands between EXTINF and its URI")
		}
		return p.part(value)
	}
	return err
}

// beforeParts judges that a tag of the whole segment comes before its first part, and
// only once (8216bis 4.4.4.9).
func (p *parser) beforeParts(tag string, again bool) error {
	switch {
	case len(p.next.Parts) > 0:
		return breachOf(TagBehindPart, "4.4.4.9", "%s stands behind the first part of its segment", tag)
	case again:
		return breach("4.4.4", "%s stands twice before one segment", tag)
	}
	return nil
}

func (p *parser) part(value string) error {
	a := readAttributes(value)
	part := Part{
		URI:         a.quoted("URI"),
		Duration:    a.seconds("DURATION"),
		Independent: a.yes("INDEPENDENT"),
		Gap:         a.yes("GAP"),
	}
	if !a.has("DURATION") {
		a.fail(breach("4.4.4.9", "a part has no DURATION"))
	}
	a.absent("BYTERANGE")
	p.parts = true
	p.next.Parts = append(p.next.Parts, part)
	return a.err
}

// seconds reads an optional duration.
func (a *attributes) seconds(name string) time.Duration {
	e, ok := a.byName[name]
	if !ok {
		return 0
	}
	d, err := decimal(e.Value)
	if err == nil && e.Quoted {
		err = breach("4.2", "%s is quoted", name)
	}
	if err != nil {
		a.fail(err)
	}
	return d
}
