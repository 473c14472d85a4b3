package rtmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"time"
)

// peer is an encoder of our own making: it sends bytes, and writes down what
// the server says, one line per message. It shares no code with the server.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   map[byte]*inChunks
	size int // the server's chunk size
	out  int // our own

	once bool // an extended timestamp stands in the first chunk of a message only
}

type inChunks struct {
	length int
	typ    byte
	stream uint32
	body   []byte
}

// dialPeer connects and shakes hands.
func dialPeer(t *testing.T, conn net.Conn) *peer {
	t.Helper()
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn, in: map[byte]*inChunks{}, size: 128, out: 128}
	c1 := bytes.Repeat([]byte{7}, 1536)
	p.raw(append([]byte{3}, c1...))
	s := make([]byte, 1+2*1536)
	if _, err := io.ReadFull(conn, s); err != nil {
		t.Fatalf("handshake: %v", err)
	}
	if s[0] != 3 || !bytes.Equal(s[1+1536+8:], c1[8:]) {
		t.Errorf("S0 is %d, or S2 is no echo", s[0])
	}
	p.raw(s[1 : 1+1536])
	return p
}

func (p *peer) raw(b []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatalf("write: %v", err)
	}
}

// message makes a message: a type-0 chunk and as many of type 3 as it takes.
func (p *peer) message(csid, typ byte, stream, ts uint32, body []byte) []byte {
	short, more := min(ts, 0xffffff), []byte(nil)
	if short == 0xffffff { // RTMP1 5.3.1.3
		more = binary.BigEndian.AppendUint32(nil, ts)
	}
	h := []byte{csid, byte(short >> 16), byte(short >> 8), byte(short), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body)), typ}
	h = append(binary.LittleEndian.AppendUint32(h, stream), more...)
	if p.once {
		more = nil
	}
	for {
		n := min(len(body), p.out)
		h = append(h, body[:n]...)
		if body = body[n:]; len(body) == 0 {
			return h
		}
		h = append(append(h, 0xc0|csid), more...)
	}
}

// call makes a command message.
func (p *peer) call(stream uint32, values ...any) []byte {
	return p.message(3, 20, stream, 0, amf(values...))
}

func (p *peer) chunkSize(n int) []byte {
	m := p.message(2, 1, 0, 0, binary.BigEndian.AppendUint32(nil, uint32(n)))
	p.out = n
	return m
}

func (p *peer) media(k kind, ts uint32, body string) []byte {
	typ := byte(9)
	if k == audio {
		typ = 8
	}
	return p.message(4, typ, 1, ts, unhex(p.t, body))
}

// open connects to the application and creates a stream.
func (p *peer) open(app string) {
	p.t.Helper()
	p.raw(p.call(0, "connect", 1., object{"app", app, "flashVer", "test/1.0"}))
	p.until("_result 1 ")
	p.raw(p.call(0, "createStream", 2., nil))
	p.until("_result 2 ")
}

// publish does it all with default answers.
func (p *peer) publish(key string) {
	p.t.Helper()
	p.open("live")
	p.raw(p.call(1, "publish", 3., nil, key, "live"))
	p.until("NetStream.Publish.Start")
}

// until reads messages up to one whose line contains part.
func (p *peer) until(part string) []string {
	p.t.Helper()
	var lines []string
	for {
		line, err := p.next()
		if err != nil {
			p.t.Fatalf("no %q in:\n%s\n%v", part, strings.Join(lines, "\n"), err)
		}
		if lines = append(lines, line); strings.Contains(line, part) {
			return lines
		}
	}
}

// rest reads to the end of the connection.
func (p *peer) rest() []string {
	p.t.Helper()
	var lines []string
	for {
		line, err := p.next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				p.t.Errorf("the connection ends with %v", err)
			}
			return lines
		}
		lines = append(lines, line)
	}
}

func (p *peer) next() (string, error) {
	for {
		typ, stream, body, err := p.chunk()
		if err != nil {
			return "", err
		}
		if body == nil {
			continue
		}
		switch typ {
		case 1:
			p.size = int(binary.BigEndian.Uint32(body))
			return fmt.Sprintf("chunk size %d", p.size), nil
		case 4:
			return fmt.Sprintf("user control %x", body), nil
		case 5:
			return fmt.Sprintf("window %d", binary.BigEndian.Uint32(body)), nil
		case 6:
			return fmt.Sprintf("bandwidth %d type %d", binary.BigEndian.Uint32(body), body[4]), nil
		case 20:
			return fmt.Sprintf("on %d: %s", stream, printAMF(body)), nil
		}
		return fmt.Sprintf("type %d: %x", typ, body), nil
	}
}

// chunk reads a chunk; the body is nil unless it ends a message.
func (p *peer) chunk() (typ byte, stream uint32, body []byte, err error) {
	head := make([]byte, 12)
	if _, err := io.ReadFull(p.conn, head[:1]); err != nil {
		return 0, 0, nil, err
	}
	format, csid := head[0]>>6, head[0]&63
	m := p.in[csid]
	if m == nil {
		m = &inChunks{}
		p.in[csid] = m
	}
	if _, err := io.ReadFull(p.conn, head[1:][:[]int{11, 7, 3, 0}[format]]); err != nil {
		return 0, 0, nil, err
	}
	if format < 2 {
		m.length, m.typ = int(head[4])<<16|int(head[5])<<8|int(head[6]), head[7]
	}
	if format == 0 {
		m.stream = binary.LittleEndian.Uint32(head[8:])
	}
	part := make([]byte, min(m.length-len(m.body), p.size))
	if _, err := io.ReadFull(p.conn, part); err != nil {
		return 0, 0, nil, err
	}
	if m.body = append(m.body, part...); len(m.body) < m.length {
		return 0, 0, nil, nil
	}
	body, m.body = m.body, nil
	return m.typ, m.stream, body, nil
}

// object is an AMF0 object: names and values in turn.
type object []any

func amf(values ...any) []byte {
	var b []byte
	text := func(s string) { b = append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...) }
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, 5)
		case bool:
			if b = append(b, 1, 0); v {
				b[len(b)-1] = 1
			}
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 0), math.Float64bits(v))
		case string:
			b = append(b, 2)
			text(v)
		case object:
			b = append(b, 3)
			for i := 0; i < len(v); i += 2 {
				text(v[i].(string))
				b = append(b, amf(v[i+1])...)
			}
			b = append(b, 0, 0, 9)
		}
	}
	return b
}

// printAMF writes values as text, in the order of the wire.
func printAMF(b []byte) string {
	var out []string
	for len(b) > 0 {
		var s string
		s, b = printValue(b)
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func printValue(b []byte) (string, []byte) {
	switch b[0] {
	case 0:
		return fmt.Sprint(math.Float64frombits(binary.BigEndian.Uint64(b[1:]))), b[9:]
	case 1:
		return fmt.Sprint(b[1] != 0), b[2:]
	case 2:
		n := int(binary.BigEndian.Uint16(b[1:]))
		return string(b[3 : 3+n]), b[3+n:]
	case 5, 6:
		return "null", b[1:]
	case 3, 8:
		if b[0] == 8 {
			b = b[4:]
		}
		var out []string
		for b = b[1:]; ; {
			n := int(binary.BigEndian.Uint16(b))
			if n == 0 {
				return "{" + strings.Join(out, ", ") + "}", b[3:]
			}
			name := string(b[2 : 2+n])
			var v string
			v, b = printValue(b[2+n:])
			out = append(out, name+": "+v)
		}
	}
	return fmt.Sprintf("?%x", b), nil
}
