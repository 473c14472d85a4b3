package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHandOver reads a stream of all kinds of messages, in pieces of many sizes. The
// reader sees only the first byte of each media message, and all others whole. The
// Payload after each is the one that the publisher sent.
func TestHandOver(t *testing.T) {
	meta := cat(aStr("onMetaData"), aNum(1))
	ask := command("ping", 1)
	var in wire
	in.handshake().control(1, 200)
	in.msg(4, 0, 18, 1, meta, 200)
	in.msg(4, 1, 9, 1, bytes.Repeat([]byte("picture!"), 1000), 200)
	in.msg(4, 2, 8, 1, []byte("s"), 200)
	in.msg(3, 0, 20, 1, ask, 200)
	in.msg(6, 3, 8, 1, []byte("sound"), 200)
	in.msg(4, 4, 22, 1, cat(tag(8, 0, []byte("bundled sound")), tag(9, 1, []byte("bundled picture"))), 200)
	want := []string{
		fmt.Sprintf("18 %d", len(meta)),
		"9 1 " + string(bytes.Repeat([]byte("picture!"), 1000)), "8 1 s",
		fmt.Sprintf("20 %d", len(ask)),
		"8 1 sound", "8 1 bundled sound", "9 1 bundled picture",
	}
	for _, step := range []int{1, 7, 1000, 1 << 20} {
		for _, size := range []int{1, 5, 13, 4096} {
			c := New(&memConn{in: bytes.NewReader(in.Bytes()), step: step}, Limits{})
			c.HandOver()
			c.AllowMedia()
			if diff := cmp.Diff(want, handedOver(t, c, size)); diff != "" {
				t.Errorf("pieces of %d, reads of %d: %s", step, size, diff)
			}
		}
	}
}

// handedOver reads as go-rtmp does, each message to its end before the next.
func handedOver(t *testing.T, c *Conn, size int) (out []string) {
	t.Helper()
	var got []byte
	b := make([]byte, size)
	more := func(n int) bool {
		for len(got) < n {
			k, err := c.Read(b)
			if errors.Is(err, io.EOF) {
				return false
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, b[:k]...)
		}
		return true
	}
	const preamble = 2 * 16
	if !more(handshakeSize + preamble) {
		t.Fatal("no handshake")
	}
	for got = got[handshakeSize+preamble:]; more(12); {
		length, typ := int(be24(got[4:])), got[7]
		if !more(12 + length) {
			t.Fatalf("message of type %d is cut off", typ)
		}
		line := fmt.Sprintf("%d %d", typ, length)
		if typ == typeAudio || typ == typeVideo {
			if len(got) != 12+length || got[12] != c.Payload()[0] {
				t.Fatalf("%d bytes behind a header, the first 0x%02x", len(got)-12, got[12])
			}
			line += " " + string(c.Payload())
		}
		out, got = append(out, line), got[12+length:]
	}
	return out
}
