package guard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dechunk splits the output of a guard into messages, as any peer does. It returns how
// many bytes belong to unfinished chunks.
func dechunk(out []byte) (msgs []message, rest int, err error) {
	size := uint32(128)
	open := map[uint32]*inStream{}
	b := out[min(handshakeSize, len(out)):]
	for len(b) > 0 {
		var h header
		n := h.parse(b)
		if n == 0 {
			return msgs, len(b), nil
		}
		s := open[h.csid]
		if s == nil {
			s = &inStream{}
			open[h.csid] = s
		}
		if begins, err := s.apply(&h); err != nil {
			return msgs, len(b), err
		} else if begins {
			s.buf = nil
		}
		k := int(min(s.left, size))
		if n+k > len(b) {
			return msgs, len(b), nil
		}
		s.buf = append(s.buf, b[n:n+k]...)
		b = b[n+k:]
		if s.left -= uint32(k); s.left == 0 {
			msgs = append(msgs, message{int(h.csid), s.ts, int(s.typ), s.stream, string(s.buf)})
			if s.typ == typeSetChunkSize {
				size = binary.BigEndian.Uint32(s.buf)
			}
		}
	}
	return msgs, 0, nil
}

// listen is dechunk for output that must be whole.
func listen(t *testing.T, out []byte) []message {
	t.Helper()
	msgs, rest, err := dechunk(out)
	if err != nil || rest > 0 {
		t.Fatalf("%d bytes cannot be read, error %v", rest, err)
	}
	return msgs
}

// talk writes as a server does, in writes of at most piece bytes, and asks for an
// acknowledgement after each.
func talk(t *testing.T, say []byte, piece int) (*memConn, *Conn) {
	t.Helper()
	m := &memConn{in: bytes.NewReader(nil)}
	c := New(m, Limits{})
	for seq := uint32(1); len(say) > 0; seq++ {
		n := min(len(say), piece)
		if k, err := c.Write(say[:n]); k != n || err != nil {
			t.Fatalf("wrote %d of %d, error %v", k, n, err)
		}
		say = say[n:]
		if err := c.sendAck(seq); err != nil {
			t.Fatal(err)
		}
	}
	return m, c
}

func TestOutbound(t *testing.T) {
	reply := body(300)
	u32 := func(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
	var w wire
	w.handshake()
	w.control(5, 2500000)                                             // type 0
	w.head(1, 2, 5, 5, 6, 0).raw(0, 0, 1, 0, 2)                       // type 1
	w.head(2, 2, 5, 0, 0, 0).raw(0, 0, 1, 0, 1)                       // type 2: length and type of the one before
	w.cont(2).raw(0, 0, 1, 0, 0)                                      // type 3, a message of its own
	w.msg(3, 0, 20, 0, reply, 128)                                    // several chunks
	w.head(1, 2, 0, 150, 4, 0).raw(reply[:128]...)                    // a long one on stream 2,
	w.head(0, 5, 1, 2, 8, 1).raw(1, 2).cont(2).raw(reply[128:150]...) // another between its chunks
	w.control(1, 4096).msg(3, 0, 20, 0, reply, 4096).msg(400, 0, 9, 1, reply, 4096)
	want := []message{
		{2, 0, 5, 0, string(u32(2500000))},
		{2, 5, 6, 0, "\x00\x00\x01\x00\x02"}, {2, 10, 6, 0, "\x00\x00\x01\x00\x01"}, {2, 15, 6, 0, "\x00\x00\x01\x00\x00"},
		{3, 0, 20, 0, string(reply)}, {5, 1, 8, 1, "\x01\x02"}, {2, 15, 4, 0, string(reply[:150])},
		{2, 0, 1, 0, string(u32(4096))}, {3, 0, 20, 0, string(reply)}, {400, 0, 9, 1, string(reply)},
	}
	for _, piece := range []int{1, 2, 3, 7, 100, 128, 1000, 1 << 20} {
		t.Run(fmt.Sprint(piece), func(t *testing.T) {
			m, c := talk(t, w.Bytes(), piece)
			if !bytes.HasPrefix(m.out.Bytes(), w.Bytes()[:handshakeSize]) {
				t.Fatal("the handshake has changed")
			}
			var said []message
			var last uint32
			for _, msg := range listen(t, m.out.Bytes()) {
				if msg.Type != typeAck {
					said = append(said, msg)
					continue
				}
				seq := binary.BigEndian.Uint32([]byte(msg.Body))
				if msg.CSID != 2 || msg.Stream != 0 || seq <= last {
					t.Errorf("acknowledgement %+v after %d", msg, last)
				}
				last = seq
			}
			if d := cmp.Diff(want, said); d != "" {
				t.Error(d)
			}
			if end := (w.Len() + piece - 1) / piece; int(last) != end {
				t.Errorf("last acknowledgement %d, want %d", last, end)
			}
			if s := c.Stats(); s.BytesOut != uint64(m.out.Len()) {
				t.Errorf("stats %+v, wrote %d", s, m.out.Len())
			}
		})
	}
}

func TestOutboundNonsense(t *testing.T) {
	var w wire
	w.handshake().cont(3).raw('x')
	c := New(&memConn{in: bytes.NewReader(nil)}, Limits{})
	for range 2 {
		if _, err := c.Write(w.Bytes()); !errors.Is(err, ErrServerChunk) {
			t.Errorf("error %v", err)
		}
	}
}

func TestWriteErrorIsFinal(t *testing.T) {
	near, far := net.Pipe()
	c := New(near, Limits{})
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte{3}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
	if err := c.sendAck(1); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}

// The peer gets acknowledgements by its own count of bytes, whatever the guard
// has made of them.
func TestAcks(t *testing.T) {
	tests := []struct {
		name   string
		window func(w *wire)
		half   int
	}{
		{"none announced", func(*wire) {}, 0},
		{"200,000", func(w *wire) { w.control(5, 200000) }, 100000},
		{"zero", func(w *wire) { w.control(5, 0) }, 32 << 10},
		{"negative as go-rtmp reads it", func(w *wire) { w.control(5, 0xffffffff) }, 1 << 31},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var w wire
			w.handshake()
			tt.window(&w)
			for i := range 500 {
				w.msg(4, uint32(i), 9, 1, body(2000), 128)
			}
			m := &memConn{in: bytes.NewReader(w.Bytes()), step: 1000}
			c := New(m, Limits{})
			if _, err := c.Write(w.Bytes()[:handshakeSize]); err != nil {
				t.Fatal(err)
			}
			c.AllowMedia()
			if _, err := io.Copy(io.Discard, struct{ io.Reader }{c}); err != nil {
				t.Fatal(err)
			}
			total := w.Len() - handshakeSize
			acks := listen(t, m.out.Bytes())
			if tt.half == 0 || tt.half > total {
				if len(acks) != 0 {
					t.Errorf("%d acknowledgements", len(acks))
				}
				return
			}
			last := 0
			for _, a := range acks {
				seq := int(binary.BigEndian.Uint32([]byte(a.Body)))
				if step := seq - last; step < tt.half || step > tt.half+1000 {
					t.Errorf("acknowledged %d after %d", seq, last)
				}
				last = seq
			}
			if total-last > tt.half+1000 || c.Stats().Acks != uint64(len(acks)) {
				t.Errorf("last acknowledged %d of %d, stats %+v", last, total, c.Stats())
			}
		})
	}
}

func TestAckWraps(t *testing.T) {
	a := ackWindow{last: 1<<32 - 50000}
	a.announce(100000, 1)
	if _, ok := a.due(1<<32 - 1 + handshakeSize); ok {
		t.Error("too early")
	}
	if seq, ok := a.due(1<<32 + 7 + handshakeSize); !ok || seq != 7 {
		t.Errorf("%d, %v", seq, ok)
	}
}
