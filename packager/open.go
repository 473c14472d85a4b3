package packager

import (
	"bytes"
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/id3"
	"mediad/packager/layout"
	"mediad/packager/mpegts"
)

// openMedia is the media that is being written: a part, and the segment that it belongs
// to. Stream.mu guards it.
type openMedia struct {
	writer    *mpegts.Writer // of the part
	buf       *bytes.Buffer  // the part's bytes; nil: no part is open
	scratch   bytes.Buffer   // what buf points to: reused, for a finished part is a copy
	start     int64          // output DTS at which the part begins, or the last one began
	came      time.Time      // when its first unit did
	key       bool           // it holds an IDR
	units     int            // written into it
	followers []*follower    // that write the other renditions

	segment segment // with its parts so far
	begun   bool    // the segment is; false: the next part is the first of another
	tags    tags    // of both
	end     int64   // output DTS of the last unit
	delay   int64   // PTS - DTS of the first picture of the last session
}

// What one part may hold is more than an encoder at 100 Mbit/s sends in two seconds.
// Where there is more, the publisher's timestamps stand still, or its bit rate is not that
// of a live stream, and the part would never end.
const (
	maxPartBytes = 32 << 20
	maxPartUnits = 4096
	// maxScratch is how much room is kept from one part to the next.
	maxScratch = 4 << 20
)

// part tells whether one is open.
func (o *openMedia) part() bool { return o.buf != nil }

// beginPart begins a part at an output DTS, now.
func (o *openMedia) beginPart(w *mpegts.Writer, followers []*follower, start int64, now time.Time) error {
	o.scratch.Reset()
	o.writer, o.buf, o.units, o.followers = w, &o.scratch, 0, followers
	o.came, o.start = now, start
	o.tags.landed = nil
	for _, f := range followers {
		f.beginPart()
	}
	return w.Begin(o.buf)
}

// beginSegment begins a segment with the part that begins, whose first picture may be
// at pts.
func (o *openMedia) beginSegment(s segment, pts int64) {
	o.segment, o.begun = s, true
	o.tags.beginSegment(pts)
}

// write puts a unit into the part, and tells whether the timestamps wrapped with it.
func (o *openMedia) write(u ingest.Unit) (wrapped bool, err error) {
	if o.units++; o.buf.Len() > maxPartBytes || o.units > maxPartUnits {
		return false, fmt.Errorf("a part of %d units and %d bytes does not end: do the timestamps stand still?", o.units, o.buf.Len())
	}
	if err := o.writer.Unit(u); err != nil {
		return false, err
	}
	if u.Track > 0 { // sound is the same in all renditions
		for _, f := range o.followers {
			f.write(u)
		}
	}
	wrapped = align.Wraps(o.end, u.DTS)
	o.end = max(o.end, u.DTS)
	return wrapped, nil
}

// tag writes a tag; PTS of tags are strictly rising.
func (o *openMedia) tag(pts int64, payload []byte) error {
	t := &o.tags
	t.last = max(pts, t.last+1)
	text := id3.AppendTXXX(nil, cueDescription, payload)
	if err := o.writer.ID3(t.last, text); err != nil {
		return fmt.Errorf("write cue: %w", err)
	}
	for _, f := range o.followers {
		f.tag(t.last, text)
	}
	return nil
}

// headKey tells whether the open segment begins with a key frame.
func (o *openMedia) headKey() bool {
	if len(o.segment.parts) > 0 {
		return o.segment.parts[0].independent
	}
	return o.key
}

// endPart ends the part at an output DTS.
func (o *openMedia) endPart(number uint64, at int64) (*part, error) {
	if err := o.writer.End(); err != nil {
		return nil, fmt.Errorf("end part %d: %w", number, err)
	}
	// A copy of its own size: a buffer that grew would stay in memory for as long
	// as players may fetch the part, with room for up to as much again.
	p := &part{number: number, data: bytes.Clone(o.buf.Bytes()), duration: at - o.start, independent: o.key}
	if len(o.followers) > 0 {
		p.others = make([]*part, len(o.followers))
		for k, f := range o.followers {
			p.others[k] = f.endPart(p)
		}
	}
	o.drop()
	if o.scratch.Cap() > maxScratch {
		o.scratch = bytes.Buffer{}
	}
	return p, nil
}

// drop forgets the part.
func (o *openMedia) drop() {
	o.buf, o.key = nil, false
	for _, f := range o.followers {
		f.drop()
	}
}

// add adds a finished part to the segment.
func (o *openMedia) add(p *part) {
	tag := `"` + layout.PartFile(p.number) + `"`
	p.label = newLabel(tag, len(p.data))
	for _, q := range p.others {
		if q != nil {
			q.label = newLabel(tag, len(q.data))
		}
	}
	o.segment.parts = append(o.segment.parts, p)
	o.segment.duration += p.duration
}

// endSegment takes the segment out.
func (o *openMedia) endSegment() *segment {
	closed := o.segment
	o.segment, o.begun = segment{}, false
	return &closed
}
