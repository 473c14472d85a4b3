package spool

import (
	"time"

	"mediad/ingest"
	"mediad/packager/m3u8"
)

// Head is what is known of a segment when its first part comes.
type Head struct {
	Boot  string // of the machine, when the segment was written
	MSN   uint64
	Start int64     // output DTS, in ticks of 90 kHz
	Date  time.Time // of its first frame
	// Discontinuity: an EXT-X-DISCONTINUITY stands before it.
	Discontinuity bool `json:",omitempty"`
	// Resumes: numbers that were never used stand before it.
	Resumes bool   `json:",omitempty"`
	Breaks  uint64 // EXT-X-DISCONTINUITY tags of the epoch before this segment's own
	// Target is TARGETDURATION in ticks; 0: not yet fixed.
	Target int64
	Tracks []ingest.Track `json:",omitempty"`
}

// Part is one part of a segment.
type Part struct {
	Number      uint64
	Duration    int64 // ticks, above 0
	Target      int64 // PART-TARGET, in ticks
	Independent bool  `json:",omitempty"`
	Gap         bool  `json:",omitempty"` // no media came: Data is empty
	StandIn     bool  `json:",omitempty"` // nobody published
	// DateRanges are those that began in it. On the disk they are called Marks.
	DateRanges []m3u8.DateRange `json:"Marks,omitempty"`
	// Data are its bytes. They are shared and must not change.
	Data []byte `json:"-"`
}

// ending closes a segment.
type ending struct {
	Parts  int   // how many there are
	Target int64 // TARGETDURATION in ticks; 0: not fixed yet
}

// Segment is a segment as it was found on the disk, at least one part long.
// Its parts have no Data before Load.
type Segment struct {
	Head
	Parts  []Part
	Closed bool

	inline  bool    // the media stands between the records, as former versions wrote it
	offsets []int64 // where each part's Data lies
	sums    []uint32
	sizes   []int64
	place   place // of the records
	good    int64 // up to the end of the last whole record
}

// Duration is the sum of the parts', in ticks.
func (s *Segment) Duration() (ticks int64) {
	for i := range s.Parts {
		ticks += s.Parts[i].Duration
	}
	return ticks
}

// End is the output DTS at which the segment ends, in ticks.
func (s *Segment) End() int64 { return s.Start + s.Duration() }

// Size is the number of bytes of all parts.
func (s *Segment) Size() (bytes int64) {
	for _, n := range s.sizes {
		bytes += n
	}
	return bytes
}

// Gap tells whether a part of it is one: then there is no segment to fetch.
func (s *Segment) Gap() bool {
	for i := range s.Parts {
		if s.Parts[i].Gap {
			return true
		}
	}
	return false
}

// StandIn tells whether nobody published.
func (s *Segment) StandIn() bool {
	for i := range s.Parts {
		if s.Parts[i].StandIn {
			return true
		}
	}
	return false
}

// DateRanges are those that began in it.
func (s *Segment) DateRanges() (out []m3u8.DateRange) {
	for i := range s.Parts {
		out = append(out, s.Parts[i].DateRanges...)
	}
	return out
}
