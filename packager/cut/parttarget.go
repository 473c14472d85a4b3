package cut

import "mediad/ingest"

// Slack is what PART-TARGET leaves above a whole number of frames, in ticks, for
// RTMP's millisecond stamps: a part must never exceed it (RFC 8216bis 4.4.4.9), and
// AVPlayer refuses the whole asset for 1 ms too much.
const Slack = 5 * ingest.Millisecond

// FitPartTarget chooses PART-TARGET for a steady frame interval f, so that a
// part is a whole number of frames and a segment a whole number of nearly
// equal parts. 30 fps with 500 ms parts in 2 s segments gives 15 frames and
// 0.505 s; 25 fps gives 13 frames and 0.525 s rather than four parts and a
// sliver. All values are in ticks.
func FitPartTarget(part, segment, f int64) int64 {
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
	return (n*f + Slack + ingest.Millisecond - 1) / ingest.Millisecond * ingest.Millisecond
}
