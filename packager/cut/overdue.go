package cut

import "mediad/ingest"

// Start is where the open part begins, or the next one where none is open.
func (s *Segmenter) Start() int64 { return s.start }

// Latest is where the open part must have ended.
func (s *Segmenter) Latest() int64 { return s.start + s.limit() }

// Overdue tells whether a unit of the primary track at dts lies beyond the
// open part. Units of the secondary track that wait for a part must be written
// first then, so that the part is not empty.
func (s *Segmenter) Overdue(dts int64) bool {
	return s.running && dts >= s.Latest()
}

// SecondaryOverdue tells the same by the clock of the secondary track, of which a unit
// lies at dts.
func (s *Segmenter) SecondaryOverdue(dts int64) bool {
	return s.Overdue(dts - s.ahead - jitter)
}

// longestLeap is how far beyond the open part, in ticks, the secondary track's clock may leap
// before that is a jump. It is ingest's bound for one step of both tracks; several steps
// of one track, each within it, add up.
const longestLeap = 3 * ingest.Clock

// SecondaryLeaps tells whether a unit of the secondary track at dts lies so far beyond the open
// part that no part can bridge what is missing before it. Whatever waits for a part must
// be written first then.
func (s *Segmenter) SecondaryLeaps(dts int64) bool {
	return s.Overdue(dts - s.ahead - longestLeap)
}

// OpensLate tells whether a unit of the primary track at dts, the first of the open
// part, would come long after the part's beginning.
func (s *Segmenter) OpensLate(dts int64) bool {
	return s.running && dts-s.start > LongestForetold && !s.Overdue(dts)
}

// Interval gives the mean distance of the last frames of the primary track, and
// whether the next one can be foretold from it.
func (s *Segmenter) Interval() (mean int64, steady bool) { return s.cadence.interval() }
