package m3u8

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxDuration bounds every written duration. grafov/m3u8 prints EXTINF from a
// float32, which still has milliseconds up to this duration.
const maxDuration = time.Hour

// legal reports why m cannot be written as legal text.
func (m *Media) legal() error {
	switch {
	case m.TargetDuration < 1: // 8216bis 4.4.3.1
		return fmt.Errorf("target duration %d is below 1 s", m.TargetDuration)
	case m.Type != "" && m.Type != "VOD" && m.Type != "EVENT": // 8216bis 4.4.3.5
		return fmt.Errorf("playlist type %q is not VOD or EVENT", m.Type)
	case m.Skipped < 0 || m.Skipped > 0 && m.Skipped >= len(m.Segments):
		return fmt.Errorf("cannot skip %d of %d segments", m.Skipped, len(m.Segments))
	case m.SkippedRanges && m.Skipped == 0 || len(m.RemovedRanges) > 0 && !m.SkippedRanges:
		return fmt.Errorf("date ranges are skipped without segments, or removed without being skipped")
	case m.CanSkipUntil > 0 && m.PartTarget == 0 && m.HoldBack == 0:
		return fmt.Errorf("delta updates are offered by a playlist that cannot be waited for")
	case m.Ended && (len(m.Open.Parts) > 0 || m.Hint != ""): // 8216bis 6.2.1
		return fmt.Errorf("an ended playlist has an open segment or a preload hint")
	}
	for _, d := range []time.Duration{m.PartTarget, m.PartHoldBack, m.HoldBack, m.CanSkipUntil} {
		if d < 0 || d%tick != 0 {
			return fmt.Errorf("duration %v is not a positive number of whole milliseconds", d)
		}
	}
	for i := m.Skipped; i < len(m.Segments); i++ {
		s := &m.Segments[i]
		if err := legalURI(s.URI); err != nil {
			return fmt.Errorf("segment %d: %w", m.Sequence+uint64(i), err)
		}
		if err := s.legal(); err != nil {
			return fmt.Errorf("segment %d: %w", m.Sequence+uint64(i), err)
		}
	}
	if err := m.Open.legal(); err != nil {
		return fmt.Errorf("open segment: %w", err)
	}
	if m.Hint != "" {
		if err := legalQuoted(m.Hint); err != nil {
			return fmt.Errorf("hint: %w", err)
		}
	}
	for _, r := range m.Reports {
		if err := legalQuoted(r.URI); err != nil || r.URI == "" {
			return fmt.Errorf("rendition report on %q cannot be written", r.URI)
		}
	}
	for _, id := range m.RemovedRanges {
		if err := legalQuoted(id); err != nil || id == "" {
			return fmt.Errorf("removed date range %q cannot be written", id)
		}
	}
	for i := range m.DateRanges {
		if err := m.DateRanges[i].legal(); err != nil {
			return fmt.Errorf("date range %q: %w", m.DateRanges[i].ID, err)
		}
	}
	return nil
}

func (s *Segment) legal() error {
	if s.Duration < 0 || s.Duration > maxDuration {
		return fmt.Errorf("duration %v is outside 0..%v", s.Duration, maxDuration)
	}
	if err := legalDate(s.Date); err != nil {
		return err
	}
	var sum time.Duration
	for _, p := range s.Parts {
		if p.URI == "" {
			return fmt.Errorf("a part has no URI")
		}
		if err := legalQuoted(p.URI); err != nil {
			return fmt.Errorf("part: %w", err)
		}
		if sum += p.Duration; p.Duration < 0 || sum > maxDuration {
			return fmt.Errorf("part %q: duration %v", p.URI, p.Duration)
		}
	}
	return nil
}

func (d *DateRange) legal() error {
	if d.ID == "" || d.Start.IsZero() { // 8216bis 4.4.5.1
		return fmt.Errorf("ID and start are required")
	}
	if err := legalDate(d.Start); err != nil {
		return err
	}
	if d.Duration < 0 {
		return fmt.Errorf("duration %v", d.Duration)
	}
	for _, s := range []string{d.ID, d.Class} {
		if err := legalQuoted(s); err != nil {
			return err
		}
	}
	seen := make(map[string]bool, len(d.Attrs))
	for _, a := range d.Attrs {
		if !strings.HasPrefix(a.Name, "X-") || !attributeName(a.Name) {
			return fmt.Errorf("attribute name %q", a.Name)
		}
		if seen[a.Name] { // 8216bis 4.2: a name stands once in a list
			return fmt.Errorf("attribute %s stands twice", a.Name)
		}
		seen[a.Name] = true
		if err := legalQuoted(a.Value); err != nil {
			return fmt.Errorf("attribute %s: %w", a.Name, err)
		}
	}
	return nil
}

// legalDate keeps dates within what ISO 8601 writes with four digits.
func legalDate(t time.Time) error {
	if y := t.Year(); !t.IsZero() && (y < 1 || y >= 9999) {
		return fmt.Errorf("year %d cannot be written", y)
	}
	return nil
}

// legalQuoted reports whether s can stand between quotes (8216bis 4.2).
func legalQuoted(s string) error {
	if strings.ContainsAny(s, "\"\r\n") {
		return fmt.Errorf("%q holds a quote or a line break", s)
	}
	return legalText(s)
}

// legalURI reports whether s can stand on a line of its own: a line that begins
// with "#" would be a comment (8216bis 4.1).
func legalURI(s string) error {
	if s == "" || s[0] == '#' || s != strings.TrimSpace(s) {
		return fmt.Errorf("URI %q is empty, padded or begins with #", s)
	}
	return legalText(s)
}

// legalText refuses what no playlist may hold: control characters and bytes
// that are not UTF-8 (8216bis 4).
func legalText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%q is not UTF-8", s)
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("%q holds a control character", s)
	}
	return nil
}
