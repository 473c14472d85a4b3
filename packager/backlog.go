package packager

import (
	"time"

	"mediad/ingest"
)

// longestBacklog bounds how long a publisher may send faster than real time
// before that is taken for its way of publishing.
const longestBacklog = 10 * time.Second

// keyless is how long a key frame, or another picture to begin with, is waited for.
const keyless = 4 * time.Second

// backlog tells what a publisher that was silent sends late, all at once, from
// what it sends now. Viewers have seen a still in place of the late media; were
// it played to them after all, they would be that much later for good. It is a
// value without a clock.
type backlog struct {
	first time.Time // arrival of the first unit after the silence
	wall  time.Time // arrival of the last key frame, or of the first unit
	ts    int64     // its timestamp
	set   bool
}

// over tells at a unit whether media may go on with it: a key frame, or the next
// picture where none comes for long, before which units came no faster than they are to be shown. Before the first there is
// nothing to go by.
func (b *backlog) over(key bool, ts int64, now time.Time) bool {
	if !b.set {
		*b = backlog{first: now, wall: now, ts: ts, set: true}
		return false
	}
	if !key && now.Sub(b.wall) < keyless {
		return false
	}
	came, shown := now.Sub(b.wall), ingest.Duration(ts-b.ts)
	b.wall, b.ts = now, ts
	return shown <= came*3/2 || now.Sub(b.first) > longestBacklog
}
