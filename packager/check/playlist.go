package check

import (
	"bytes"
	"errors"
	"time"

	"mediad/packager/m3u8"
)

// PlaylistKind is what a media playlist is meant to be.
type PlaylistKind uint8

// The kinds of playlists.
const (
	AnyPlaylist        PlaylistKind = iota // the kind that its own text claims
	LowLatencyPlaylist                     // parts and blocking reload
	PlainPlaylist                          // live, segments only
	VODPlaylist                            // finished from its first version on
)

// Playlist judges the successive versions of one media playlist: each by
// itself, and each as a successor of the one before. The zero value is ready;
// it is used by one goroutine. It remembers every name ever listed, because no
// name may be used again.
//
// Versions may be missing. Rules that need them are then not judged.
type Playlist struct {
	// Kind is what the playlist must be; AnyPlaylist believes the text.
	Kind PlaylistKind

	text    []byte
	last    *m3u8.Media           // with skipped segments filled in
	control string                // the SERVER-CONTROL line
	shown   map[uint64]*shown     // by media sequence number
	places  map[string]uint64     // media sequence number of the segment of a part's URI
	numbers map[string]uint64     // media sequence number of a segment's URI
	ranges  map[string]*seenRange // by ID
}

// shown is all that has been listed of one segment.
type shown struct {
	parts []m3u8.Part
	whole bool // the first of parts is the first of the segment
}

// Next judges the next version. Seeing the same text again is always legal.
func (p *Playlist) Next(text []byte) []Violation {
	if p.text != nil && bytes.Equal(text, p.text) {
		return nil
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		v := Violation{Rule: RuleSyntax, Detail: err.Error()}
		if e := (*m3u8.SyntaxError)(nil); errors.As(err, &e) {
			v.Clause, v.Offset = e.Clause, e.Offset
		}
		return []Violation{v}
	}
	if p.shown == nil {
		p.shown = make(map[uint64]*shown)
		p.places = make(map[string]uint64)
		p.numbers = make(map[string]uint64)
		p.ranges = make(map[string]*seenRange)
	}
	f := findings{text: string(text)}
	raw := readRaw(text)
	p.fill(m, &f)
	single(m, raw, p.Kind, &f)
	if p.last != nil {
		p.header(m, raw, &f)
		p.succession(m, &f)
		p.hint(m, &f)
	}
	p.names(m, &f)
	p.parts(m, &f)
	p.dateRanges(m, raw, &f)

	p.text, p.last, p.control = bytes.Clone(text), m, raw.control
	return f.list
}

// fill copies the segments that a delta update skips from the version before it.
func (p *Playlist) fill(m *m3u8.Media, f *findings) {
	for i := range m.Skipped {
		old := segmentAt(p.last, m.Sequence+uint64(i))
		if old == nil {
			f.add(RuleSkip, "segment %d is skipped but was never listed", m.Sequence+uint64(i))
			continue
		}
		m.Segments[i] = *old
		m.Segments[i].Parts = nil
	}
}

// segmentAt finds a closed segment by its media sequence number.
func segmentAt(m *m3u8.Media, msn uint64) *m3u8.Segment {
	if m == nil || msn < m.Sequence || msn-m.Sequence >= uint64(len(m.Segments)) {
		return nil
	}
	return &m.Segments[msn-m.Sequence]
}

// end is the media sequence number of the open segment.
func end(m *m3u8.Media) uint64 { return m.Sequence + uint64(len(m.Segments)) }

// length is the duration of all parts.
func length(parts []m3u8.Part) (d time.Duration) {
	for _, p := range parts {
		d += p.Duration
	}
	return d
}
