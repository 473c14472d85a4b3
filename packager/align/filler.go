package align

import "mediad/ingest"

// unheard is for how long, in ticks, a publisher's own sound may be behind its
// pictures before silence takes its place: longer than encoders set them apart,
// and than it takes until sound that is set further apart is moved.
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
