package cut

// Kind says what ends.
type Kind uint8

// What may end.
const (
	None Kind = iota
	Part
	Segment
	// Break ends the segment, and a DISCONTINUITY follows: the pause before this
	// unit is longer than parts can bridge.
	Break
)

// Cut is the answer of a Segmenter.
type Cut struct {
	Kind Kind
	// At is where the part, and the segment, ends in output DTS. The next one
	// begins there.
	At int64
	// Foretold: the end is the expected start of the next frame, which was not
	// waited for.
	Foretold bool
	// Forced: a segment ends without a key frame after it, because the GOP is
	// longer than TARGETDURATION allows.
	Forced bool
}
