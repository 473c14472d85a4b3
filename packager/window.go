package packager

import (
	"slices"
	"sort"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/m3u8"
)

// part is one partial segment. It is immutable once in a window.
type part struct {
	number      uint64
	data        []byte
	duration    int64 // ticks
	independent bool
	gap         bool // no media came: there is nothing to fetch
	label       label
	others      []*part // the same in the other renditions; nil: it is a gap there
}

// segment is one media segment; its bytes are its parts' bytes in order (RFC
// 8216bis 3.2). A closed segment is immutable; of an open one a window holds a
// copy with the parts so far.
type segment struct {
	msn           uint64
	date          time.Time // programme date-time of its start
	start         int64     // output DTS of its start, ticks
	duration      int64     // sum of its parts, ticks
	discontinuity bool
	gap           bool // all its parts are gaps
	standIn       bool // nobody published
	resumes       bool // the first after a restart
	parts         []*part
	cues          []m3u8.DateRange // of the cues that landed in it
	spooled       int              // how many of cues the spool has
}

func (s *segment) size() int { return sizeOf(s.parts) }

// sizeOf is how many bytes parts have.
func sizeOf(parts []*part) (n int) {
	for _, p := range parts {
		n += len(p.data)
	}
	return n
}

// held is how many bytes all renditions have.
func (s *segment) held() (n int) {
	n = s.size()
	for _, p := range s.parts {
		for _, q := range p.others {
			if q != nil {
				n += len(q.data)
			}
		}
	}
	return n
}

// rate is a segment's bit rate, in bits a second; 0: it has no media.
func (s *segment) rate() int {
	if s.gap || s.duration <= 0 {
		return 0
	}
	return int(int64(s.size()) * 8 * ingest.Clock / s.duration)
}

// window is all that players can fetch of a stream at one moment. It does not change. A
// newer one takes its place, and closes next.
type window struct {
	retired  []*segment // no longer listed, still downloadable
	segments []*segment // listed and closed
	open     segment    // its parts so far; without parts: nothing
	nextPart uint64     // the number of the part that comes next
	ended    bool       // no more comes: ENDLIST
	leaving  bool       // this process is going down: no more comes from here
	dropped  uint64     // DISCONTINUITY tags that left the list

	tracks             []ingest.Track // of the present or last publisher
	target, partTarget int64          // ticks
	rate               int            // of the last whole segment of media, listed or not; 0: there was none
	next               chan struct{}  // closed when a newer window is there

	repeated  bool  // pictures were repeated where the publisher sent none
	skipUntil int64 // the skip boundary, ticks; 0: there are no delta updates
	whole     bool  // the list has no parts

	lists         lists
	multivariants [listKinds]list

	// Of a ladder: the other renditions, and the tracks of those that players are told of.
	// A track without a codec is none.
	others  []lists
	offered []ingest.Track
}

// lists are the texts of a window in one rendition.
type lists [skips]list

// ready tells whether a playlist may be served: players take one without a
// whole segment for empty (hls.js levelEmptyError).
func (w *window) ready() bool { return len(w.segments) > 0 }

// told tells whether the multivariant playlist can say which codings and bit rate there
// are. A list of gaps alone, as after a restart that lost the past, cannot.
func (w *window) told() bool { return w.ready() && len(w.tracks) > 0 && w.rate > 0 }

// lastMSN is the media sequence number of the last whole segment.
func (w *window) lastMSN() uint64 { return w.segments[len(w.segments)-1].msn }

// has tells whether part number n of segment msn, or anything later, is
// listed. A part beyond the end of a closed segment is part 0 of the next (RFC
// 8216bis 6.2.5.2).
func (w *window) has(msn uint64, n int) bool {
	if !w.ready() || msn > w.lastMSN()+1 {
		return false
	}
	if msn == w.lastMSN()+1 {
		return len(w.open.parts) > n
	}
	if msn == w.lastMSN() && n >= len(w.segments[len(w.segments)-1].parts) {
		return len(w.open.parts) > 0
	}
	return true
}

// segment finds a downloadable segment by its media sequence number.
func (w *window) segment(msn uint64) *segment {
	for _, list := range [2][]*segment{w.segments, w.retired} {
		i := sort.Search(len(list), func(i int) bool { return list[i].msn >= msn })
		if i < len(list) && list[i].msn == msn {
			return list[i]
		}
	}
	return nil
}

// part finds a downloadable part by its number.
func (w *window) part(number uint64) *part {
	find := func(parts []*part) *part {
		i := sort.Search(len(parts), func(i int) bool { return parts[i].number >= number })
		if i < len(parts) && parts[i].number == number {
			return parts[i]
		}
		return nil
	}
	if p := find(w.open.parts); p != nil {
		return p
	}
	for _, list := range [2][]*segment{w.segments, w.retired} {
		// The last segment whose first part is not beyond the number.
		i := sort.Search(len(list), func(i int) bool { return list[i].parts[0].number > number }) - 1
		if i >= 0 {
			if p := find(list[i].parts); p != nil {
				return p
			}
		}
	}
	return nil
}

// trim moves segments that the list no longer needs to retired, and forgets those that
// no player fetches any more. A segment can be fetched for its duration and that of the
// longest playlist that listed it (RFC 8216bis 6.2.2); its parts are its bytes.
func (w *window) trim(length int64) {
	var listed int64
	for _, s := range w.segments {
		listed += s.duration
	}
	least := max(length, 3*w.target)
	for len(w.segments) > 6 && listed-w.segments[0].duration >= least {
		s := w.segments[0]
		listed -= s.duration
		// A shorter slice of the same array would keep what has left it in memory.
		w.segments = slices.Clone(w.segments[1:])
		w.retired = append(w.retired, s)
		if s.discontinuity {
			w.dropped++
		}
	}
	if len(w.segments) == 0 {
		return
	}
	last := w.segments[len(w.segments)-1]
	keep := last.start + last.duration - listed - max(listed, length) - 2*w.target
	for len(w.retired) > 0 && w.retired[0].start < keep {
		w.retired = slices.Clone(w.retired[1:])
	}
}

// archived makes a segment of the archive from a closed one. They share the bytes, which
// never change.
func (s *segment) archived() archive.Segment {
	out := archive.Segment{
		MSN: s.msn, Duration: ingest.Duration(s.duration), Date: s.date, Gap: s.gap, StandIn: s.standIn,
		// The archive takes numbers that are missing before a DISCONTINUITY for
		// reserved ones that were never used.
		Discontinuity: s.discontinuity || s.resumes,
		Data:          make([][]byte, len(s.parts)), DateRanges: s.cues,
	}
	for i, p := range s.parts {
		out.Data[i] = p.data
	}
	return out
}
