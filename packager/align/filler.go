package align

import "mediad/ingest"

// unheard is how long, in ticks, a publisher's own sound may be behind its pictures before
// silence takes its place. It is longer than the skew of encoders, and longer than it
// takes until sound with a greater skew is moved.
const unheard = 2 * ingest.Clock

// Filler decides whether silence fills a publisher's sound track.
type Filler struct {
	// Own: the publisher has sound of its own, and silence stands only where that
	// fails.
	Own bool
	on  bool // where it does
}

// Heard notes that the publisher's own sound came.
func (f *Filler) Heard() { f.on = false }

// Fills tells whether silence is written up to an output time. heard is where the
// sound so far ends.
func (f *Filler) Fills(heard, to int64) bool {
	if f.Own && !f.on {
		f.on = to-heard > unheard
	}
	return !f.Own || f.on
}
