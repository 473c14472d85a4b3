package hall

import "net/netip"

// looked is how many connections of the largest crowds are searched for an idle one. Busy
// ones go to the end, so that the next newcomer searches others.
const looked = 256

// crowds holds all connections that have a place, by network, and the networks
// by their number of connections. Each operation takes constant time, since the
// hall is full just when strangers flood it.
type crowds struct {
	total   int
	by      map[netip.Prefix]*crowd
	bySize  []*crowd // index: number of connections; a ring of the crowds with that many; nil: none
	largest int
}

// crowd holds the connections of one network.
type crowd struct {
	from        netip.Prefix
	size        int
	first, last *Conn

	before, next *crowd // in the ring of its size
}

func newCrowds() crowds {
	return crowds{by: make(map[netip.Prefix]*crowd), bySize: make([]*crowd, 1)}
}

func (s *crowds) enter(c *Conn, from netip.Prefix) {
	w := s.by[from]
	if w == nil {
		w = &crowd{from: from}
		s.by[from] = w
	} else {
		s.unring(w)
	}
	w.size++
	s.ring(w)
	w.push(c)
	s.total++
}

func (s *crowds) leave(c *Conn) {
	w := c.crowd
	if w == nil {
		return
	}
	w.remove(c)
	s.unring(w)
	s.total--
	if w.size--; w.size == 0 {
		delete(s.by, w.from)
	} else {
		s.ring(w)
	}
	s.settle()
}

// loser picks the connection to close for a newcomer: in the largest crowds, the
// idle connection that came, or was last seen busy, longest ago. If all that
// were searched are busy, it is the first of them. nil: there is no connection.
func (s *crowds) loser() *Conn {
	start := s.bySize[s.largest]
	if start == nil {
		return nil
	}
	var busy *Conn
	for w, left := start, looked; ; {
		for range w.size {
			c := w.first
			if !c.busy.Load() {
				return c
			}
			if busy == nil {
				busy = c
			}
			w.remove(c)
			w.push(c)
			if left--; left == 0 {
				return busy
			}
		}
		if w = w.next; w == start {
			return busy
		}
		s.bySize[s.largest] = w // the next search begins here
	}
}

// ring adds a crowd to the ring of its size.
func (s *crowds) ring(w *crowd) {
	for len(s.bySize) <= w.size {
		s.bySize = append(s.bySize, nil)
	}
	if at := s.bySize[w.size]; at == nil {
		w.before, w.next = w, w
		s.bySize[w.size] = w
	} else {
		w.before, w.next = at.before, at
		w.before.next, w.next.before = w, w
	}
	s.largest = max(s.largest, w.size)
}

func (s *crowds) unring(w *crowd) {
	if w.next == w {
		s.bySize[w.size] = nil
	} else {
		w.before.next, w.next.before = w.next, w.before
		if s.bySize[w.size] == w {
			s.bySize[w.size] = w.next
		}
	}
	w.before, w.next = nil, nil
}

// settle lowers largest, by one at most, after the crowds have changed.
func (s *crowds) settle() {
	for s.largest > 0 && s.bySize[s.largest] == nil {
		s.largest--
	}
}

func (w *crowd) push(c *Conn) {
	c.crowd, c.before, c.next = w, w.last, nil
	if w.last == nil {
		w.first = c
	} else {
		w.last.next = c
	}
	w.last = c
}

func (w *crowd) remove(c *Conn) {
	if c.before == nil {
		w.first = c.next
	} else {
		c.before.next = c.next
	}
	if c.next == nil {
		w.last = c.before
	} else {
		c.next.before = c.before
	}
	c.crowd, c.before, c.next = nil, nil, nil
}
