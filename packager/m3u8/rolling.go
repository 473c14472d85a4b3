package m3u8

import (
	"bytes"
	"fmt"
	"slices"
)

// Rolling is a plain live playlist that is kept as text: each segment is written
// once, when it comes, however often the list is asked for. It is for lists of
// several hours. A segment has the same text as from Media.Bytes.
//
// It is not safe for concurrent use.
type Rolling struct {
	target    int
	sequence  uint64 // media sequence number of the first
	dropped   uint64 // DISCONTINUITY tags that left the list
	text      []byte // of the listed segments
	listed    []line
	described map[string]bool // IDs of the date ranges in text
}

// line is one listed segment's place in the text.
type line struct {
	length        int
	extinf        int // where its EXTINF begins, from its own start
	discontinuity bool
	gap           bool
	ranges        []string // IDs
}

// NewRolling begins an empty list. target is TARGETDURATION in seconds;
// sequence is the first segment's media sequence number; discontinuities is
// DISCONTINUITY-SEQUENCE in front of it.
func NewRolling(target int, sequence, discontinuities uint64) *Rolling {
	return &Rolling{target: target, sequence: sequence, dropped: discontinuities, described: map[string]bool{}}
}

// Add lists one more segment, and the date ranges that begin within it; its
// parts are not written. A range whose ID is listed already is left out, because
// an ID stands for one range (8216bis 4.4.5.1).
func (r *Rolling) Add(s Segment, ranges []DateRange) error {
	s.Parts = nil
	l := line{discontinuity: s.Discontinuity, gap: s.Gap}
	var kept []DateRange
	for _, d := range ranges {
		if !r.described[d.ID] && !slices.Contains(l.ranges, d.ID) {
			kept, l.ranges = append(kept, d), append(l.ranges, d.ID)
		}
	}
	one := Media{TargetDuration: r.target, Segments: []Segment{s}, DateRanges: kept}
	if err := one.legal(); err != nil {
		return fmt.Errorf("list segment %d: %w", r.Next(), err)
	}
	for _, id := range l.ranges {
		r.described[id] = true
	}
	var b bytes.Buffer
	w := writer{ranges: sorted(kept)}
	written := w.segment(&b, &s)
	w.rest(&b)
	l.extinf = b.Len()
	fmt.Fprintf(&b, "#EXTINF:%s,\n%s\n", seconds(written), s.URI)
	l.length = b.Len()
	r.text, r.listed = append(r.text, b.Bytes()...), append(r.listed, l)
	return nil
}

// Drop removes the oldest n segments from the list, or all if there are fewer.
func (r *Rolling) Drop(n int) {
	for _, l := range r.listed[:min(n, len(r.listed))] {
		if l.discontinuity {
			r.dropped++ // 8216bis 6.2.2
		}
		for _, id := range l.ranges {
			delete(r.described, id)
		}
		r.text, r.listed = r.text[l.length:], r.listed[1:]
		r.sequence++
	}
}

// Miss marks a listed segment, by its media sequence number, as one that cannot
// be fetched (EXT-X-GAP). No standard allows this change of a list. But for a
// segment that was lost after it was listed, it is better than an error.
func (r *Rolling) Miss(sequence uint64) {
	if sequence < r.sequence || sequence >= r.Next() {
		return
	}
	i, at := int(sequence-r.sequence), 0
	if r.listed[i].gap {
		return
	}
	for _, l := range r.listed[:i] {
		at += l.length
	}
	l := &r.listed[i]
	r.text = slices.Insert(r.text, at+l.extinf, []byte(gapTag)...)
	l.gap, l.length, l.extinf = true, l.length+len(gapTag), l.extinf+len(gapTag)
}

const gapTag = "#EXT-X-GAP\n"

// Sequence is the media sequence number of the oldest segment.
func (r *Rolling) Sequence() uint64 { return r.sequence }

// Next is the media sequence number of the segment that comes next.
func (r *Rolling) Next() uint64 { return r.sequence + uint64(len(r.listed)) }

// Bytes writes the whole list; ended adds EXT-X-ENDLIST. The answer is the
// caller's.
func (r *Rolling) Bytes(ended bool) ([]byte, error) {
	head, err := (&Media{TargetDuration: r.target, Sequence: r.sequence, DiscontinuitySequence: r.dropped}).Bytes()
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(head)+len(r.text)+len(endTag))
	out = append(append(out, head...), r.text...)
	if ended {
		out = append(out, endTag...)
	}
	return out, nil
}

const endTag = "#EXT-X-ENDLIST\n"
