package doctor

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// Bounds of the parts that are remembered by name: their number and their bytes. The
// bytes also bound the remembered parts of one segment.
const (
	keptParts = 64
	keptBytes = maxBody
)

// reader reads media in its order, and holds what was learned of it.
type reader struct {
	next   uint64 // media sequence number of the segment that is being read
	begun  bool   // reading it has begun
	parts  [][]byte
	held   int // bytes of parts
	uris   []string
	whole  bool          // all of its parts so far were read
	sum    time.Duration // of the parts that were read
	ts     check.TS
	coding check.Coding
	other  bool // the media is not MPEG-TS

	bodies map[string][]byte // of the last parts
	order  []string
	kept   int // bytes of bodies

	last     spot          // the part, or segment, read last
	head     spot          // of the segment before
	headDate time.Time     // its date
	date     time.Time     // of the segment that is being read
	from, to time.Time     // the dates that were read without a hole
	pictures int           // number of pictures
	lasting  time.Duration // length of the media that has them
	bits     int64         // of whole segments
	length   time.Duration // of whole segments
	peak     float64       // bit/s
	peakAt   string
	measured int // segments

	cues      []seenCue
	cueBefore bool // a cue came in an earlier segment
	stated    bool // the segment's first part has the state
	noID3     string
	noID3At   string
	seen      map[uint64]bool // sequence numbers of cues
}

// spot is the place of a piece of media on its own clock.
type spot struct {
	known    bool
	first    int64 // DTS of its first unit
	shown    int64 // its first PTS
	duration time.Duration
}

// begin starts at the last whole segment, whose parts are still listed.
func (r *reader) begin(m *m3u8.Media) {
	r.next = upcoming(m) - 1
	r.bodies = map[string][]byte{}
}

// keep remembers a part's bytes for a while.
func (r *reader) keep(uri string, body []byte) {
	if r.bodies[uri] != nil {
		return
	}
	r.bodies[uri] = body
	r.kept += len(body)
	for r.order = append(r.order, uri); len(r.order) > keptParts || r.kept > keptBytes && len(r.order) > 1; {
		r.kept -= len(r.bodies[r.order[0]])
		delete(r.bodies, r.order[0])
		r.order = r.order[1:]
	}
}

// fetch asks for a piece of media; it may be called from any goroutine.
func (d *Doctor) fetch(ctx context.Context, uri string, headers ...string) *answer {
	name, within := piece(uri)
	u, err := d.list.Parse(name)
	if err != nil {
		return &answer{method: http.MethodGet, url: d.list, err: err, header: http.Header{}}
	}
	if within != "" {
		headers = append(headers, "Range", within)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return d.request(ctx, http.MethodGet, u, maxBody, headers...)
}

// take fetches a listed piece of media, and judges whether it is there. It gives nil
// where it is not.
func (d *Doctor) take(ctx context.Context, uri string) *answer {
	a := d.fetch(ctx, uri)
	if ctx.Err() != nil {
		return nil
	}
	d.heard(a, media)
	there := a.err == nil && (a.status == http.StatusOK || a.status == http.StatusPartialContent)
	d.ledger.judge("A2.4", there, a.place(), a.heads("Content-Length")+lineWith(d.text, uri), "it is listed, and cannot be fetched")
	if !there {
		return nil
	}
	return a
}

// read reads the listed media that was not read yet.
func (d *Doctor) read(ctx context.Context) {
	r, m := &d.reader, d.media
	if r.bodies == nil {
		if len(m.Segments) == 0 {
			return
		}
		r.begin(m)
	}
	if r.next < m.Sequence { // fell behind
		*r = reader{next: m.Sequence, bodies: r.bodies, order: r.order, kept: r.kept, coding: r.coding, seen: r.seen, other: r.other,
			pictures: r.pictures, lasting: r.lasting, bits: r.bits, length: r.length, peak: r.peak, peakAt: r.peakAt, measured: r.measured,
			noID3: r.noID3, noID3At: r.noID3At}
	}
	for ctx.Err() == nil {
		s, closed := &m.Open, false
		if at := r.next - m.Sequence; at < uint64(len(m.Segments)) {
			s, closed = &m.Segments[at], true
		} else if r.next > upcoming(m) || len(s.Parts) == 0 {
			return
		}
		d.readSegment(ctx, s, closed)
		if !closed {
			return
		}
		r.next++
		r.begun, r.parts, r.held, r.uris, r.whole, r.sum = false, nil, 0, nil, false, 0
		r.cueBefore = len(r.cues) > 0
	}
}

func (d *Doctor) readSegment(ctx context.Context, s *m3u8.Segment, closed bool) {
	r := &d.reader
	if !r.begun {
		r.begun, r.whole = true, true
		if r.date = s.Date; s.Discontinuity {
			r.cut()
		}
	}
	for i, p := range s.Parts {
		if i < len(r.uris) && r.uris[i] == p.URI {
			continue
		}
		if i != len(r.uris) { // its first parts are no longer listed
			r.whole = false
			break
		}
		r.uris = append(r.uris, p.URI)
		a := (*answer)(nil)
		if !p.Gap && !s.Gap {
			a = d.take(ctx, p.URI)
		}
		if a == nil {
			r.whole = false
			r.parts = append(r.parts, nil)
			r.cut()
			continue
		}
		if r.held += len(a.body); r.held > keptBytes {
			r.whole, r.parts = false, nil
		} else {
			r.parts = append(r.parts, a.body)
		}
		r.sum += p.Duration
		r.keep(p.URI, a.body)
		d.report.Parts++
		d.unit(a.place(), a.body, p.Duration, i == 0, &p)
	}
	if closed {
		d.segment(ctx, s)
	}
}

// segment reads a whole segment and compares it with its parts, or judges it by itself
// where it has none.
func (d *Doctor) segment(ctx context.Context, s *m3u8.Segment) {
	r := &d.reader
	if s.Gap || s.URI == "" {
		r.cut()
		return
	}
	a := d.take(ctx, s.URI)
	if a == nil {
		r.cut()
		return
	}
	d.report.Segments++
	if s.Duration > 0 {
		rate := float64(len(a.body)*8) / s.Duration.Seconds()
		if s.Duration >= d.target/2 && rate > r.peak {
			r.peak, r.peakAt = rate, a.place()
		}
		r.bits, r.length = r.bits+int64(len(a.body)*8), r.length+s.Duration
		r.measured++
	}
	switch joined := bytes.Join(r.parts, nil); {
	case len(r.uris) == 0:
		d.unit(a.place(), a.body, s.Duration, true, nil)
	case !r.whole || (s.Duration-r.sum).Abs() > 10*time.Millisecond:
		r.cut()
	default:
		same := bytes.Equal(joined, a.body) || isTS(a.body) && check.SameMedia(joined, a.body)
		at := 0
		for at < min(len(joined), len(a.body)) && joined[at] == a.body[at] {
			at++
		}
		d.ledger.judge("A1.21", same, a.place(), dump(a.body, at/packetSize*packetSize),
			fmt.Sprintf("%d bytes, its parts have %d; they differ from byte %d on", len(a.body), len(joined), at))
	}
}

// cut forgets earlier media, at a place where a break is no fault.
func (r *reader) cut() {
	r.ts.Discontinuity()
	r.last, r.head = spot{}, spot{}
	r.from, r.to = time.Time{}, time.Time{}
	r.cues, r.cueBefore = nil, false
}
