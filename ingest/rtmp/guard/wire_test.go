package guard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"mediad/ingest/rtmp/amf0"
	"net"
	"sync"
	"testing"
	"time"
)

// wire builds what a peer sends.
type wire struct{ bytes.Buffer }

func (w *wire) handshake() *wire {
	w.WriteByte(3)
	for i := range 2 * 1536 {
		w.WriteByte(byte(i * 7))
	}
	return w
}

// basic writes a basic header in the shortest form.
func (w *wire) basic(format, csid int) {
	switch {
	case csid < 64:
		w.WriteByte(byte(format<<6 | csid))
	case csid < 320:
		w.Write([]byte{byte(format << 6), byte(csid - 64)})
	default:
		w.Write([]byte{byte(format<<6 | 1), byte((csid - 64) & 0xff), byte((csid - 64) >> 8)})
	}
}

func (w *wire) u24(v uint32) { w.Write([]byte{byte(v >> 16), byte(v >> 8), byte(v)}) }
func (w *wire) u32(v uint32) { w.Write(binary.BigEndian.AppendUint32(nil, v)) }

// head writes a chunk header of format 0, 1 or 2.
func (w *wire) head(format, csid int, ts uint32, length, typ int, stream uint32) *wire {
	w.basic(format, csid)
	w.u24(min(ts, 0xffffff))
	if format <= 1 {
		w.u24(uint32(length))
		w.WriteByte(byte(typ))
	}
	if format == 0 {
		w.Write(binary.LittleEndian.AppendUint32(nil, stream))
	}
	if ts >= 0xffffff {
		w.u32(ts)
	}
	return w
}

func (w *wire) cont(csid int) *wire { w.basic(3, csid); return w }

func (w *wire) raw(b ...byte) *wire { w.Write(b); return w }

// msg writes a whole message as type-0 and type-3 chunks.
func (w *wire) msg(csid int, ts uint32, typ int, stream uint32, body []byte, size int) *wire {
	w.head(0, csid, ts, len(body), typ, stream)
	for len(body) > size {
		w.Write(body[:size])
		body = body[size:]
		w.cont(csid)
		if ts >= 0xffffff {
			w.u32(ts)
		}
	}
	w.Write(body)
	return w
}

func (w *wire) control(typ int, v uint32) *wire {
	return w.msg(2, 0, typ, 0, binary.BigEndian.AppendUint32(nil, v), 128)
}

// AMF0 builders.
func aStr(s string) []byte {
	return append([]byte{amf0.String, byte(len(s) >> 8), byte(len(s))}, s...)
}
func aKey(s string) []byte { return append([]byte{byte(len(s) >> 8), byte(len(s))}, s...) }
func aNum(f float64) []byte {
	return binary.BigEndian.AppendUint64([]byte{amf0.Number}, math.Float64bits(f))
}
func aEnd() []byte           { return []byte{0, 0, amf0.ObjectEnd} }
func cat(p ...[]byte) []byte { return bytes.Join(p, nil) }
func command(name string, tx float64, args ...[]byte) []byte {
	return cat(append([][]byte{aStr(name), aNum(tx)}, args...)...)
}

// memConn is a peer made of bytes: Reads come in pieces of at most step, and
// what is written is kept.
type memConn struct {
	in   io.Reader
	step int
	mu   sync.Mutex
	out  bytes.Buffer
}

func (m *memConn) Read(b []byte) (int, error) {
	if m.step > 0 && len(b) > m.step {
		b = b[:m.step]
	}
	return m.in.Read(b)
}
func (m *memConn) Write(b []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.out.Write(b)
}
func (m *memConn) Close() error                     { return nil }
func (m *memConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (m *memConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (m *memConn) SetDeadline(time.Time) error      { return nil }
func (m *memConn) SetReadDeadline(time.Time) error  { return nil }
func (m *memConn) SetWriteDeadline(time.Time) error { return nil }

// message is one that came out of the guard.
type message struct {
	CSID   int
	TS     uint32
	Type   int
	Stream uint32
	Body   string
}

// sane parses what came out of a guard, and fails on anything but the form
// that the package promises. It returns the handshake's bytes beside.
func sane(out []byte, l Limits) (shake []byte, msgs []message, err error) {
	l = l.normalize()
	if len(out) <= handshakeSize {
		return out, nil, nil
	}
	shake, out = out[:handshakeSize], out[handshakeSize:]
	preamble := []byte{
		2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff,
		2, 0, 0, 0, 0, 0, 4, 5, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe,
	}
	if !bytes.HasPrefix(out, preamble) {
		return shake, nil, fmt.Errorf("no preamble: % x", out[:min(len(out), 32)])
	}
	out = out[len(preamble):]
	for len(out) > 0 {
		if out[0] < 2 || out[0] > 63 {
			return shake, msgs, fmt.Errorf("basic header 0x%02x", out[0])
		}
		if len(out) < 12 {
			return shake, msgs, fmt.Errorf("header cut off: % x", out)
		}
		m := message{CSID: int(out[0]), TS: be24(out[1:]), Type: int(out[7]), Stream: binary.LittleEndian.Uint32(out[8:])}
		n := int(be24(out[4:]))
		out = out[12:]
		if m.TS == 0xffffff {
			if len(out) < 4 {
				return shake, msgs, fmt.Errorf("extended timestamp cut off")
			}
			m.TS = binary.BigEndian.Uint32(out)
			out = out[4:]
		}
		if n == 0 || n > len(out) {
			return shake, msgs, fmt.Errorf("message of %d bytes, %d left", n, len(out))
		}
		m.Body, out = string(out[:n]), out[n:]
		switch m.Type {
		case typeAudio, typeVideo:
			if n > l.MaxMessage {
				return shake, msgs, fmt.Errorf("media message of %d bytes", n)
			}
		case typeCommand, typeData:
			again, err := rewriteAMF([]byte(m.Body), l.AMFDepth, l.AMFValues)
			if err != nil || string(again) != m.Body || n > l.MaxControl {
				return shake, msgs, fmt.Errorf("AMF of %d bytes is not plain: %v", n, err)
			}
		case typeUserControl:
			if m.Stream != 0 || n != 6 && n != 10 {
				return shake, msgs, fmt.Errorf("user control of %d bytes on stream %d", n, m.Stream)
			}
		default:
			return shake, msgs, fmt.Errorf("message type %d", m.Type)
		}
		msgs = append(msgs, m)
	}
	return shake, msgs, nil
}

// run feeds in to a guard that allows media, in pieces of step, reads with a
// buffer of size bytes, and checks the form of what comes out.
func run(t *testing.T, in []byte, l Limits, step, size int) (msgs []message, c *Conn, err error) {
	t.Helper()
	c = New(&memConn{in: bytes.NewReader(in), step: step}, l)
	c.AllowMedia()
	var out []byte
	b := make([]byte, size)
	for err == nil {
		var n int
		n, err = c.Read(b)
		out = append(out, b[:n]...)
	}
	if err == io.EOF {
		err = nil
	}
	_, msgs, bad := sane(out, l)
	if bad != nil {
		t.Fatalf("output is not sane: %v", bad)
	}
	return msgs, c, err
}
