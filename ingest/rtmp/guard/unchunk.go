package guard

// chunk reads chunks until a message is pending, or returns errWait.
func (c *Conn) chunk() error {
	a := &c.chunks
	for c.pending.empty() && len(c.aggregate.body) == 0 {
		if a.cur == nil {
			if err := c.chunkHeader(); err != nil {
				return err
			}
			continue
		}
		b := c.source.peek()
		if len(b) == 0 {
			return errWait
		}
		b = b[:min(len(b), int(a.left))]
		if err := c.payload(a.cur, b); err != nil {
			return err
		}
	}
	return nil
}

// chunkHeader reads one header, whole or not at all.
func (c *Conn) chunkHeader() error {
	a := &c.chunks
	b := c.source.peek()
	var h header
	n := h.parse(b)
	if n == 0 {
		return errWait
	}
	s, err := a.open(h.csid, c.lim.MaxChunkStreams)
	if err != nil {
		return err
	}
	if h.format == 3 && s.ext {
		more := s.repeat(b[n:])
		if more < 0 {
			return errWait
		}
		n += more
	}
	c.source.skip(n)
	if s.left > 0 && h.format != 3 {
		c.abandon(s, Restarted)
	}
	begins, err := s.apply(&h)
	if err != nil {
		return err
	}
	if begins {
		if s.length == 0 { // go-rtmp panics on it
			c.drop(Empty)
			return nil
		}
		a.unfinished++
		s.buf = s.buf[:0]
		if err := c.admit(s); err != nil {
			return err
		}
	}
	a.cur, a.left = s, min(s.left, a.size)
	return nil
}

// abandon gives up the unfinished message of s.
func (c *Conn) abandon(s *inStream, r Reason) {
	s.left = 0
	c.chunks.unfinished--
	if !s.skip {
		c.drop(r)
	}
}

// payload takes bytes of the current chunk from the source. A message that lies
// there in one piece is passed on without a copy.
func (c *Conn) payload(s *inStream, b []byte) error {
	a := &c.chunks
	n := uint32(len(b))
	c.source.skip(len(b))
	s.left -= n
	if a.left -= n; a.left == 0 {
		a.cur = nil
	}
	if !s.skip && n < s.length {
		limit := c.lim.MaxInFlight
		if !c.media.Load() {
			limit = min(limit, 4*c.lim.MaxControl)
		}
		if err := a.store(s, b, limit); err != nil {
			return err
		}
		b = s.buf
	}
	if s.left > 0 {
		return nil
	}
	a.unfinished--
	if s.skip {
		return nil
	}
	return c.message(s, b)
}
