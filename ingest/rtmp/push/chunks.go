package push

import (
	"encoding/binary"
	"io"
	"sync"

	"mediad/ingest/rtmp/flv"
)

// socket is the writing side of a connection, which media and the answers to the server
// share: each write is whole.
type socket struct {
	mu sync.Mutex
	w  io.Writer // guarded by mu
}

func (s *socket) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

// chunker writes messages of media. go-rtmp could do it, with five allocations and two
// changes of goroutine for each message; and it gives a message that has the time of the
// one before a header that means another time.
type chunker struct {
	// Owned by the goroutine that sends.
	to     *socket
	stream uint32
	buf    []byte // of one chunk, reused
}

// extended marks a timestamp that has a field of its own (RTMP 5.3.1.3).
const extended = 0xffffff

// message writes one message as chunks, all under full headers: RTMP 5.3.1. A timestamp of
// 24 bits and more is repeated in each chunk, as encoders and servers do it.
func (c *chunker) message(t flv.Type, timestamp uint32, parts ...[]byte) error {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	short := min(timestamp, extended)
	c.buf = append(c.buf[:0], mediaChunks,
		byte(short>>16), byte(short>>8), byte(short),
		byte(size>>16), byte(size>>8), byte(size), byte(t))
	c.buf = binary.LittleEndian.AppendUint32(c.buf, c.stream)
	c.extend(short, timestamp)
	room := chunkSize
	for _, p := range parts {
		for len(p) > 0 {
			if room == 0 {
				if err := c.flush(); err != nil {
					return err
				}
				c.buf = append(c.buf, 3<<6|mediaChunks)
				c.extend(short, timestamp)
				room = chunkSize
			}
			n := min(room, len(p))
			c.buf, p, room = append(c.buf, p[:n]...), p[n:], room-n
		}
	}
	return c.flush()
}

func (c *chunker) extend(short, timestamp uint32) {
	if short == extended {
		c.buf = binary.BigEndian.AppendUint32(c.buf, timestamp)
	}
}

func (c *chunker) flush() error {
	_, err := c.to.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}

// setDataFrame is the name that goes in front of metadata, in AMF0.
const setDataFrame = "\x02\x00\x0d@setDataFrame"
