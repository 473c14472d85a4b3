package packager

import "mediad/ingest"

const (
	millisecond = ingest.Clock / 1000
	// slack is what PART-TARGET leaves above a whole number of frames, for
	// RTMP's millisecond stamps: a part must never exceed it (RFC 8216bis
	// 4.4.4.9), and AVPlayer refuses the whole asset for 1 ms too much.
	slack = 5 * millisecond
)

// fitPartTarget chooses PART-TARGET for a steady frame interval f, so that a
// part is a whole number of frames and a segment a whole number of nearly
// equal parts. 30 fps with 500 ms parts in 2 s segments gives 15 frames and
// 0.505 s; 25 fps gives 13 frames and 0.525 s rather than four parts and a
// sliver. All values are in ticks.
func fitPartTarget(part, segment, f int64) int64 {
	if f <= 0 {
		return part
	}
	parts := max(1, (segment+part/2)/part)
	frames := (segment + f/2) / f
	n := (frames + parts - 1) / parts
	if n*f > part+part*15/100 {
		n = part / f
	}
	n = max(n, 1)
	return (n*f + slack + millisecond - 1) / millisecond * millisecond
}
