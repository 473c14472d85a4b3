package align

import (
	"slices"
	"time"

	"mediad/ingest"
)

// Merge brings the pictures of several tracks together. Those of the first track lead: a
// picture of it waits until every other track, a follower, has sent what belongs to the
// same moment. What came in between waits behind it, so that the order of the first track
// and of the sound beside it stays what the publisher sent.
//
// A follower that lets the first track wait for too long is not waited for again until
// it has caught up. So it costs the first track one such wait.
//
// Only DTS are compared: encoders may reorder pictures in different ways. A Merge is used
// by one goroutine. The zero value has no followers.
type Merge struct {
	queue []*Held // of the first track and of sound, in the order of their arrival
	lanes []lane
	bytes int // of all that waits

	newest int64    // DTS of the first track's last picture that came
	last   int64    // and of the last one that was given out; not begun: none was
	steps  [2]int64 // how far it, and the one before it, lay behind the one before
	begun  bool

	moment Moment
	free   []*Held
}

// lane is one follower.
type lane struct {
	queue   []*Held
	last    int64 // DTS of the last picture that came
	steps   [2]int64
	any     bool // a picture came
	keyless bool // pictures are left out up to a key frame
	behind  bool // it is not waited for
	gone    bool // nobody wants it
}

// Held is a unit with bytes of its own.
type Held struct {
	ingest.Unit
	Came  time.Time // when it arrived
	store []byte
}

// Moment is what can be written now: a unit of the first track, or one of sound.
type Moment struct {
	*Held
	// Followers are the pictures of each follower that belong to it, oldest first: one, but
	// for those that were late, or for a follower with fewer pictures.
	Followers [][]*Held
}

const (
	// usual is how long a picture lasts, in ticks, before two tell it.
	usual = ingest.Clock / 30
	// slowest is the longest that is believed.
	slowest = ingest.Clock / 2
	// maxLead is how long, beyond one picture, the first track waits for the others.
	maxLead = 100 * time.Millisecond
	// mostHeld bounds the bytes that wait, and mostUnits the units of each track.
	mostHeld  = 32 << 20
	mostUnits = 256
	// mostFree is how many buffers are kept for what comes next.
	mostFree = 16
)

// NewMerge gives a Merge for so many followers. Each begins with a key frame.
func NewMerge(followers int) Merge {
	m := Merge{lanes: make([]lane, followers), moment: Moment{Followers: make([][]*Held, followers)}}
	for i := range m.lanes {
		m.lanes[i].keyless = true
	}
	return m
}

// Lead takes a unit of the first track, whose Track is 0, or of sound.
func (m *Merge) Lead(u ingest.Unit, now time.Time) {
	if u.Track == 0 {
		m.newest = u.DTS
	}
	m.queue = append(m.queue, m.hold(u, now))
}

// Follow takes a picture of follower k.
func (m *Merge) Follow(k int, u ingest.Unit, now time.Time) {
	l := &m.lanes[k]
	if l.gone || l.keyless && !u.Key && !u.Recovers {
		return
	}
	l.keyless = false
	if l.any {
		l.steps = [2]int64{l.steps[1], u.DTS - l.last}
	}
	l.last, l.any = u.DTS, true
	if u.DTS >= m.newest-m.half() {
		l.behind = false
	}
	l.queue = append(l.queue, m.hold(u, now))
	if len(l.queue) > mostUnits || m.bytes > mostHeld {
		// The first track has stopped, or this one lies elsewhere in time.
		m.forget(l)
		l.keyless = true
	}
}

// Leave forgets follower k for good.
func (m *Merge) Leave(k int) {
	m.forget(&m.lanes[k])
	m.lanes[k].gone = true
}

// Next gives what can be written now, with all: without waiting for anybody. It is valid
// until the next call.
func (m *Merge) Next(now time.Time, all bool) (_ *Moment, ok bool) {
	m.recycle()
	if len(m.queue) == 0 {
		return nil, false
	}
	h := m.queue[0]
	if h.Track == 0 {
		if !all && !m.due(h, now) {
			return nil, false
		}
		m.gather(h.DTS)
	}
	m.queue = slices.Delete(m.queue, 0, 1)
	m.moment.Held = h
	return &m.moment, true
}

// due tells whether a picture of the first track waits for nobody, or has waited for long
// enough.
func (m *Merge) due(h *Held, now time.Time) bool {
	half := m.half()
	over := now.Sub(h.Came) >= ingest.Duration(m.length())+maxLead || len(m.queue) > mostUnits || m.bytes > mostHeld
	for i := range m.lanes {
		l := &m.lanes[i]
		if l.gone || l.behind || l.has(h.DTS, half) {
			continue
		}
		if !over {
			return false
		}
		l.behind = true
	}
	return true
}

// has tells whether a follower has sent all that belongs to a moment, as far as can be
// told. One with a picture in two has none for every second moment.
func (l *lane) has(at, half int64) bool {
	if !l.any || l.last >= at-half {
		return l.any
	}
	step := l.steps[1]
	return step > 0 && max(step-l.steps[0], l.steps[0]-step) < 3*ingest.Millisecond && l.last+step > at+half
}

// gather moves what belongs to a moment of the first track out of the lanes.
func (m *Merge) gather(at int64) {
	if m.begun {
		m.steps = [2]int64{at - m.last, m.steps[0]}
	}
	m.last, m.begun = at, true
	until := at + m.half()
	for k := range m.lanes {
		l := &m.lanes[k]
		n := 0
		for n < len(l.queue) && l.queue[n].DTS < until {
			n++
		}
		m.moment.Followers[k] = append(m.moment.Followers[k], l.queue[:n]...)
		l.queue = slices.Delete(l.queue, 0, n)
	}
}

// length is how long a picture of the first track lasts, and half is half of it: as far as
// pictures of one moment may lie apart. A pause is not how long pictures last.
func (m *Merge) length() int64 {
	if step := min(m.steps[0], m.steps[1]); step > 0 && step <= slowest {
		return step
	}
	return usual
}

func (m *Merge) half() int64 { return m.length() / 2 }

// Same tells whether two DTS are of one moment.
func (m *Merge) Same(a, b int64) bool { return max(a-b, b-a) <= m.half() }

// hold takes a copy of a unit.
func (m *Merge) hold(u ingest.Unit, now time.Time) *Held {
	var h *Held
	if n := len(m.free); n > 0 {
		h, m.free = m.free[n-1], m.free[:n-1]
	} else {
		h = new(Held)
	}
	size := 0
	for _, nal := range u.NALs {
		size += len(nal)
	}
	nals, store := h.NALs[:0], slices.Grow(h.store[:0], size)
	for _, nal := range u.NALs {
		at := len(store)
		store = append(store, nal...)
		nals = append(nals, store[at:len(store):len(store)])
	}
	h.Unit, h.Came, h.store = u, now, store
	h.NALs = nals
	m.bytes += size
	return h
}

// release takes a unit's memory back.
func (m *Merge) release(h *Held) {
	m.bytes -= len(h.store)
	if len(m.free) < mostFree {
		m.free = append(m.free, h)
	}
}

// recycle takes back what the last moment held.
func (m *Merge) recycle() {
	if m.moment.Held != nil {
		m.release(m.moment.Held)
		m.moment.Held = nil
	}
	for k, units := range m.moment.Followers {
		for _, h := range units {
			m.release(h)
		}
		clear(units)
		m.moment.Followers[k] = units[:0]
	}
}

// forget drops what waits of a follower.
func (m *Merge) forget(l *lane) {
	for _, h := range l.queue {
		m.release(h)
	}
	clear(l.queue)
	l.queue = l.queue[:0]
}
