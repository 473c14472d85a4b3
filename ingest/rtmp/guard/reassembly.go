package guard

import "fmt"

// reassembly puts the peer's interleaved chunks together.
type reassembly struct {
	size       uint32        // the peer's chunk size
	low        [64]*inStream // by chunk stream id
	high       map[uint32]*inStream
	count      int
	held       int       // capacity of all buffers, in bytes
	unfinished int       // messages begun and not ended
	cur        *inStream // the chunk being read belongs here; nil between chunks
	left       uint32    // its bytes yet to come
}

// inStream is one chunk stream of the peer's.
type inStream struct {
	chunkState
	id   uint8 // as the reader sees it
	skip bool  // the current message is not wanted, and counted already
	buf  []byte
}

func (a *reassembly) find(csid uint32) *inStream {
	if csid < uint32(len(a.low)) {
		return a.low[csid]
	}
	return a.high[csid]
}

func (a *reassembly) open(csid uint32, limit int) (*inStream, error) {
	if s := a.find(csid); s != nil {
		return s, nil
	}
	if a.count == limit {
		return nil, fmt.Errorf("%w: more than %d", ErrChunkStreams, limit)
	}
	a.count++
	s := &inStream{id: uint8(min(csid, 63))}
	if csid < uint32(len(a.low)) {
		a.low[csid] = s
		return s, nil
	}
	// go-rtmp reads too far on 3-byte ids. Since only whole messages with full
	// headers are passed on, all high ids can share one low id.
	if a.high == nil {
		a.high = make(map[uint32]*inStream)
	}
	a.high[csid] = s
	return s, nil
}

// each calls f for every chunk stream.
func (a *reassembly) each(f func(*inStream)) {
	for _, s := range a.low {
		if s != nil {
			f(s)
		}
	}
	for _, s := range a.high {
		f(s)
	}
}

// store appends p to the current message of s. It allocates memory for what has
// arrived, never for what a header promises.
func (a *reassembly) store(s *inStream, p []byte, limit int) error {
	need := len(s.buf) + len(p)
	if need > cap(s.buf) {
		if err := a.grow(s, need, limit); err != nil {
			return err
		}
	}
	s.buf = append(s.buf, p...)
	return nil
}

func (a *reassembly) grow(s *inStream, need, limit int) error {
	others := a.held - cap(s.buf)
	size := max(need, 2*cap(s.buf), 1024)
	if others+size > limit {
		// Buffers of finished messages are kept only while there is room.
		a.each(func(o *inStream) {
			if o != s && o.left == 0 {
				others -= cap(o.buf)
				o.buf = nil
			}
		})
		if others+size > limit {
			size = need
		}
		if others+size > limit {
			return fmt.Errorf("%w: more than %d", ErrInFlight, limit)
		}
	}
	buf := make([]byte, len(s.buf), size)
	copy(buf, s.buf)
	s.buf = buf
	a.held = others + size
	return nil
}
