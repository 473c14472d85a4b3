package push

import "time"

// pacer says when a tag is due. The zero value is ready; the first tag is due
// at once.
type pacer struct {
	running bool
	start   time.Time
	first   int64 // ms, unwrapped
	last    int64
}

// due returns when a tag with this timestamp is to be sent.
func (p *pacer) due(timestamp uint32, now time.Time) time.Time {
	if !p.running {
		p.running, p.start = true, now
		p.first = int64(timestamp)
		p.last = p.first
		return now
	}
	// Timestamps wrap at 2^32 ms; of both ways around, the shorter one is meant.
	p.last += int64(int32(timestamp - uint32(p.last)))
	return p.start.Add(time.Duration(p.last-p.first) * time.Millisecond)
}
