package guard

import (
	"bytes"
	"encoding/binary"
	"io"
	"mediad/ingest/rtmp/amf0"
	"slices"
	"testing"
)

// capture is what a whole publisher sends, as OBS and ffmpeg order it.
func capture(size int) []byte {
	null := []byte{amf0.Null}
	var w wire
	w.handshake().control(1, uint32(size))
	w.msg(3, 0, 20, 0, command("connect", 1, cat([]byte{amf0.Object}, aKey("app"), aStr("live"), aKey("type"), aStr("nonprivate"), aEnd())), size)
	w.control(5, 2500000)
	w.msg(3, 0, 20, 0, command("releaseStream", 2, null, aStr("key")), size)
	w.msg(3, 0, 17, 0, append([]byte{0}, command("FCPublish", 3, null, aStr("key"))...), size)
	w.msg(3, 0, 20, 0, command("createStream", 4, null), size)
	w.msg(4, 0, 20, 1, command("publish", 5, null, aStr("key"), aStr("live")), size)
	w.msg(4, 0, 18, 1, cat(aStr("@setDataFrame"), aStr("onMetaData"), []byte{amf0.ECMAArray, 0, 0, 0, 1}, aKey("width"), aNum(1280), aEnd()), size)
	w.msg(4, 0xfffffe, 9, 1, body(700), size).msg(6, 0xfffffe, 8, 1, body(9), size)
	w.msg(4, 0xfffffff, 9, 1, body(700), size).msg(6, 0xfffffff, 8, 1, body(9), size)
	w.msg(5, 40, 22, 1, cat(tag(9, 0, body(100)), tag(8, 20, body(9)), tag(18, 20, aStr("x"))), size)
	w.head(0, 4, 80, 300, 9, 1).raw(body(min(size, 300))...).control(2, 4)
	w.msg(2, 0, 4, 0, event(3, 0, 0, 0, 1, 0, 0, 1, 0), size)
	w.head(1, 4, 33, 3, 9, 1).raw('a', 'b', 'c').head(2, 4, 33, 0, 0, 0).raw('d', 'e', 'f').cont(4).raw('g', 'h', 'i')
	w.msg(3, 0, 20, 0, command("FCUnpublish", 6, null, aStr("key")), size)
	return w.Bytes()
}

// payloads follows the output of a guard with HandOver, and collects the payload of
// each media message.
type payloads struct {
	at  int // how much of the output has been looked at
	all []string
}

// read is called behind each Read, with all that came out so far.
func (p *payloads) read(t *testing.T, c *Conn, out []byte) {
	t.Helper()
	const preamble = 2 * 16
	for p.at = max(p.at, handshakeSize+preamble); len(out) >= p.at+12; {
		h := out[p.at:]
		n := 12 + int(be24(h[4:]))
		if be24(h[1:]) == 0xffffff {
			n += 4
		}
		if len(h) < n {
			return
		}
		if typ := h[7]; typ == typeAudio || typ == typeVideo {
			if len(h) > n || len(c.Payload()) == 0 || h[n-1] != c.Payload()[0] {
				t.Fatalf("%d bytes behind a media message, its payload has %d", len(h)-n, len(c.Payload()))
			}
			p.all = append(p.all, string(c.Payload()))
		}
		p.at += n
	}
}

// whole gives the messages with their payloads.
func (p *payloads) whole(t *testing.T, msgs []message) []message {
	t.Helper()
	next := 0
	for i, m := range msgs {
		if m.Type != typeAudio && m.Type != typeVideo {
			continue
		}
		if len(m.Body) != 1 || next == len(p.all) {
			t.Fatalf("a media message of %d bytes; %d payloads", len(m.Body), len(p.all))
		}
		msgs[i].Body = p.all[next]
		next++
	}
	return msgs
}

// FuzzConn feeds bytes to a guard, after a handshake. For any input, the output is
// sane. It does not depend on how the bytes are cut, nor on HandOver. It costs no more
// memory than the limits allow.
func FuzzConn(f *testing.F) {
	for _, handOver := range []bool{false, true} {
		for _, size := range []int{1, 128, 4096} {
			f.Add(capture(size)[handshakeSize:], uint16(0), uint16(0), true, handOver)
			f.Add(capture(size)[handshakeSize:], uint16(3), uint16(70), true, handOver)
			f.Add(capture(size)[handshakeSize:], uint16(0), uint16(500), false, handOver)
		}
		f.Add([]byte{0xc3}, uint16(0), uint16(0), true, handOver)
		f.Add(binary.BigEndian.AppendUint32(nil, 0x01020304), uint16(1), uint16(1), false, handOver)
	}
	var shake wire
	shake.handshake()
	limits := Limits{MaxMessage: 64 << 10, MaxControl: 8 << 10, MaxInFlight: 128 << 10, MaxChunkStreams: 8}
	f.Fuzz(func(t *testing.T, in []byte, step, size uint16, allow, handOver bool) {
		feed := func(step, size int, handOver bool) ([]byte, []message, error, Stats) {
			m := &memConn{in: io.MultiReader(bytes.NewReader(shake.Bytes()), &memConn{in: bytes.NewReader(in), step: step})}
			c := New(m, limits)
			var handed payloads
			if handOver {
				c.HandOver()
			}
			if allow {
				c.AllowMedia()
			}
			if _, err := c.Write(shake.Bytes()); err != nil {
				t.Fatal(err)
			}
			out := make([]byte, handshakeSize)
			if _, err := io.ReadFull(c, out); err != nil {
				t.Fatal(err)
			}
			var err error
			b := make([]byte, size)
			for err == nil {
				var n int
				if n, err = c.Read(b); n == 0 && err == nil {
					t.Fatal("Read returns nothing")
				}
				out = append(out, b[:n]...)
				if handOver {
					handed.read(t, c, out)
				}
				held, unfinished := 0, 0
				c.chunks.each(func(s *inStream) {
					held += cap(s.buf)
					if s.left > 0 {
						unfinished++
					}
				})
				if held != c.chunks.held || held > limits.MaxInFlight {
					t.Fatalf("%d bytes held, accounted for %d", held, c.chunks.held)
				}
				if unfinished != c.chunks.unfinished || c.chunks.count > limits.MaxChunkStreams {
					t.Fatalf("%d unfinished, accounted for %d; %d chunk streams", unfinished, c.chunks.unfinished, c.chunks.count)
				}
			}
			_, msgs, bad := sane(out, limits)
			if bad != nil {
				t.Fatalf("output is not sane: %v", bad)
			}
			if handOver {
				msgs = handed.whole(t, msgs)
			}
			if !allow {
				for _, r := range msgs {
					if r.Type != typeCommand && r.Type != typeUserControl {
						t.Fatalf("a stranger got through: %+v", r)
					}
				}
			}
			if _, rest, err := dechunk(m.out.Bytes()); rest > 0 || err != nil {
				t.Fatalf("%d bytes to the peer are not chunks, error %v", rest, err)
			}
			return out, msgs, err, c.Stats()
		}
		out, msgs, err, stats := feed(int(step), int(size)+1, handOver)
		out2, msgs2, err2, stats2 := feed(0, 1<<16, handOver)
		if !bytes.Equal(out, out2) || !slices.Equal(msgs, msgs2) || err.Error() != err2.Error() || stats.Messages != stats2.Messages {
			t.Fatalf("cut differently, it differs: %d and %d bytes, errors %v and %v", len(out), len(out2), err, err2)
		}
		if !handOver {
			return
		}
		if _, msgs3, err3, stats3 := feed(0, 1<<16, false); !slices.Equal(msgs, msgs3) || err.Error() != err3.Error() || stats.Messages != stats3.Messages {
			t.Fatalf("handed over, it differs: %d and %d messages, errors %v and %v", len(msgs), len(msgs3), err, err3)
		}
	})
}
