package rtmp

import (
	"slices"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
)

// captureMost is the longest time from a picture's composition to its arrival that is
// believed. Beyond it, the encoder's clock is wrong.
const captureMost = time.Minute

// hear takes what OBS tells the server of itself out of a message. OBS puts it behind the slices, where
// it would begin another picture, and no player needs it. Figures of the whole program come with each
// track, so those that come with the first track count.
func (f *feed) hear(nals [][]byte, first bool) [][]byte {
	return slices.DeleteFunc(nals, func(nal []byte) bool {
		p, is := h264.ReadPerformance(nal)
		if !is {
			return false
		}
		now := f.now()
		f.account.count(func(n *ingest.Stats) { report(&n.Reported, p, first, now) })
		return true
	})
}

func report(r *ingest.Reported, p h264.Performance, first bool, now time.Time) {
	r.Input += uint64(p.Input)
	r.Skipped += uint64(p.Skipped)
	if !first {
		return
	}
	r.Rendered += uint64(p.Rendered)
	r.Lagged += uint64(p.Lagged)
	r.Output += uint64(p.Output)
	r.Unsent += uint64(p.Dropped)
	if at, err := time.Parse(time.RFC3339, p.Composed); err == nil {
		if r.CaptureDelay = now.Sub(at); r.CaptureDelay < 0 || r.CaptureDelay > captureMost {
			r.CaptureDelay = 0
		}
	}
}
