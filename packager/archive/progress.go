package archive

import (
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// progress is how far a plain playlist has come. The zero value is before every
// other.
type progress struct {
	epoch string
	end   uint64 // the media sequence number behind the last segment's
	ended bool   // it has ENDLIST
}

// progressOf reads a plain playlist. One that is not ours, or none, has come
// nowhere.
func progressOf(text []byte) progress {
	m, err := m3u8.Parse(text)
	if err != nil || len(m.Segments) == 0 {
		return progress{}
	}
	epoch, found := layout.EpochOf(m.Segments[len(m.Segments)-1].URI)
	if !found {
		return progress{}
	}
	return progress{epoch, m.Sequence + uint64(len(m.Segments)), m.Ended}
}

// Listed gives the epoch that a stable playlist lists; "" where it cannot be read
// or is none of ours.
func Listed(text []byte) (epoch string) { return progressOf(text).epoch }

// before tells whether a playlist that has come to p may be followed by a
// different one that has come to q, of a broadcast that is over or not. It may not
// where q is older, or comes behind the end of its broadcast, after which nothing
// may change (RFC 8216bis 4.4.3.4). The stable name belongs to the newest broadcast
// that is on air.
func (p progress) before(q progress, over bool) bool {
	switch {
	case p.epoch < q.epoch:
		return true // epochs sort by time, see Open
	case p.epoch > q.epoch:
		return p.ended && !over
	case p.ended:
		return false
	}
	return p.end <= q.end
}
