package packager

import (
	"sync"
	"time"

	"mediad/packager/archive"
)

// recorded is the media of a broadcast on air that its recording will have, in stretches:
// one more for each absence of the publisher. So a moment of a live show has the same
// place before the show's end as after it.
type recorded struct {
	mu sync.Mutex
	// Guarded by mu.
	stretches []stretch
}

// stretch is media without a hole.
type stretch struct {
	from   time.Time
	length time.Duration
}

// seam is how far apart segments of one stretch are dated, for rounding.
const seam = 50 * time.Millisecond

// add takes a closed segment that has media.
func (r *recorded) add(date time.Time, length time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.stretches); n > 0 {
		last := &r.stretches[n-1]
		end := last.from.Add(last.length)
		if date.Sub(end) < seam {
			if end = date.Add(length); end.After(last.from.Add(last.length)) {
				last.length = end.Sub(last.from)
			}
			return
		}
	}
	r.stretches = append(r.stretches, stretch{date, length})
}

// Recorded is how far a date of the broadcast lies from the recording's begin, in playing
// time: without the time in which nobody published. The open segment counts.
func (s *Stream) Recorded(date time.Time) (at time.Duration) {
	r := &s.published.recorded
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, x := range r.stretches {
		since := max(date.Sub(x.from), 0)
		if i == len(r.stretches)-1 {
			return at + since // it goes on
		}
		at += min(since, x.length)
	}
	return max(date.Sub(s.opts.Anchor), 0)
}

// takeRecords begins with what a former process stored.
func (r *recorded) takeRecords(records []archive.Record) {
	for _, x := range records {
		if !x.Gap && !x.StandIn {
			r.add(x.Date, x.Duration)
		}
	}
}
