package connlimit

import "net/netip"

// searchLimit is how many connections of the largest networks are searched for an idle one. Busy
// ones go to the end, so that the next newcomer searches others.
const searchLimit = 256

// networks holds all connections that have a slot, by network, and the networks
// by their number of connections. Each operation takes constant time, since the
// limit is reached just when strangers flood it.
type networks struct {
	total   int
	by      map[netip.Prefix]*network
	bySize  []*network // index: number of connections; a ring of the networks with that many; nil: none
	largest int
}

// network holds the connections of one network.
type network struct {
	from        netip.Prefix
	size        int
	first, last *Conn

	before, next *network // in the ring of its size
}

func newNetworks() networks {
	return networks{by: make(map[netip.Prefix]*network), bySize: make([]*network, 1)}
}

func (s *networks) add(c *Conn, from netip.Prefix) {
	w := s.by[from]
	if w == nil {
		w = &network{from: from}
		s.by[from] = w
	} else {
		s.removeFromRing(w)
	}
	w.size++
	s.addToRing(w)
	w.push(c)
	s.total++
}

func (s *networks) remove(c *Conn) {
	w := c.network
	if w == nil {
		return
	}
	w.remove(c)
	s.removeFromRing(w)
	s.total--
	if w.size--; w.size == 0 {
		delete(s.by, w.from)
	} else {
		s.addToRing(w)
	}
	s.lowerLargest()
}

// victim picks the connection to close for a newcomer: in the largest networks, the
// idle connection that came, or was last seen busy, longest ago. If all that
// were searched are busy, it is the first of them. nil: there is no connection.
func (s *networks) victim() *Conn {
	start := s.bySize[s.largest]
	if start == nil {
		return nil
	}
	var busy *Conn
	for w, left := start, searchLimit; ; {
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

// addToRing adds a network to the ring of its size.
func (s *networks) addToRing(w *network) {
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

func (s *networks) removeFromRing(w *network) {
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

// lowerLargest lowers largest, by one at most, after the networks have changed.
func (s *networks) lowerLargest() {
	for s.largest > 0 && s.bySize[s.largest] == nil {
		s.largest--
	}
}

func (w *network) push(c *Conn) {
	c.network, c.before, c.next = w, w.last, nil
	if w.last == nil {
		w.first = c
	} else {
		w.last.next = c
	}
	w.last = c
}

func (w *network) remove(c *Conn) {
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
	c.network, c.before, c.next = nil, nil, nil
}
