package packager

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"mediad/packager/m3u8"
)

// Cue is something that happens at a moment of the picture: an id and two
// opaque payloads. Cues are stamped in the order in which they are given.
type Cue struct {
	ID string
	// NotBefore is the programme date-time of the first frame that may carry
	// it; zero: the next frame.
	NotBefore time.Time
	// Event is what happens, State what holds after it; each becomes one ID3
	// tag. State is repeated at the head of every following segment.
	Event, State []byte
	// Class and Attrs make the cue's EXT-X-DATERANGE; an empty Class: none.
	Class string
	Attrs []m3u8.Attr
	// Landed, if set, is told where the cue landed, on the publisher's
	// goroutine: it must not block.
	Landed func(Landing)
}

// Landing is the frame that carries a cue.
type Landing struct {
	PTS     int64     // 90 kHz, as in the transport stream before its 33-bit wrap
	Date    time.Time // programme date-time
	Epoch   string
	Segment uint64 // media sequence number
	Part    uint64 // running number: part pN.ts
}

// cueDescription is the TXXX description of every tag.
const cueDescription = "mediad.cue"

// cueQueue holds cues until their frame comes. Any goroutine may add; only the
// publisher's takes.
type cueQueue struct {
	// due is the output PTS from which the first cue may land, so that a frame
	// looks at the queue without a lock; never: nothing waits.
	due atomic.Int64

	mu sync.Mutex
	// Guarded by mu.
	list []queued
}

type queued struct {
	cue Cue
	at  int64 // output PTS, 0: now
}

const never = math.MaxInt64

func (q *cueQueue) add(c Cue, at int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, queued{c, at})
	q.due.Store(q.list[0].at)
}

// take gives the cues that land on the frame at pts, in the order of their arrival. A cue
// that waits for a later frame holds back the cues after it, so that events land in order
// of their seq.
func (q *cueQueue) take(pts int64) []Cue {
	if pts < q.due.Load() {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []Cue
	for len(q.list) > 0 && q.list[0].at <= pts {
		out = append(out, q.list[0].cue)
		q.list = q.list[1:]
	}
	if len(q.list) == 0 {
		q.list = nil
		q.due.Store(never)
	} else {
		q.due.Store(q.list[0].at)
	}
	return out
}
