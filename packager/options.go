package packager

import (
	"time"

	"mediad/packager/archive"
	"mediad/packager/spool"
)

// Options describe one broadcast.
type Options struct {
	Room, Epoch string
	// Anchor is the date of output PTS 900000, the broadcast's begin.
	Anchor time.Time
	// Part, Segment and Window are the durations asked for; zero: 500 ms, 2 s,
	// 30 s.
	Part, Segment, Window time.Duration
	// DVR is how far viewers can go back; zero: 2 h. Without an archive that
	// stores it is the window.
	DVR time.Duration
	// SegmentsOnly makes a playlist without parts, which changes once a segment.
	// There are parts of Part all the same: cues and the slate go by them.
	SegmentsOnly bool
	// Begin says which numbers come first. A media sequence number of 0
	// becomes 1: hls.js does not block on 0.
	Begin Numbers
	// Resumed: the epoch was served before, by a process that is gone.
	Resumed bool
	// Edge is the date at which that process's media ended, as far as is known. A
	// gap is listed from there to the present, but of Window at most. Numbers were
	// skipped, so hls.js and Shaka find their place again by the dates of the gap;
	// with later dates alone hls.js never finds it. Zero: no gap.
	Edge time.Time
	// Past is what that process listed last, with its bytes, if nothing of it is
	// missing. It is listed again, and its last picture and its numbers go on after
	// it. Begin and Edge are not looked at then.
	Past []*spool.Segment
	// Stored are the segments of the epoch that former processes stored, or left to
	// this one's Archive: what viewers can go back to. It may have those of Past or
	// not.
	Stored []archive.Record
	// State is the cue state that holds before the first frame; nil: none.
	State []byte
	// Advance, if set, is told after each closed segment which numbers come next.
	// It is called on the publisher's goroutine and must not block.
	Advance func(Numbers)
	// Listed, if set, is called when players can have a part. It is told how long ago
	// the part's first unit arrived. It is called as Advance is.
	Listed func(time.Duration)
	// Archive takes the closed segments; nil: nobody does.
	Archive *archive.Recorder
	// Spool takes the parts as they are listed, for the process after this one;
	// nil: nobody does.
	Spool *spool.Recorder
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Numbers are what must survive a restart so that an epoch goes on under the
// same URL: the numbers that come next, and values that may never change.
type Numbers struct {
	MSN, Part       uint64 // media sequence number; running number of parts
	Discontinuities uint64 // EXT-X-DISCONTINUITY tags so far
	Target          int64  // TARGETDURATION in ticks, 0: not yet fixed
	PartTarget      int64  // in ticks, 0: not yet fixed
}

func (o Options) withDefaults() Options {
	if o.Part == 0 {
		o.Part = 500 * time.Millisecond
	}
	if o.Segment == 0 {
		o.Segment = 2 * time.Second
	}
	if o.Window == 0 {
		o.Window = 30 * time.Second
	}
	if o.DVR == 0 {
		o.DVR = 2 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
