package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func body(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*31 + i>>8)
	}
	return b
}

func video(ts uint32, b []byte) message { return message{4, ts, typeVideo, 1, string(b)} }

func TestChunks(t *testing.T) {
	a, b := body(300), body(200)
	tests := []struct {
		name string
		in   func(w *wire)
		want []message
		err  error
		drop map[Reason]uint64
	}{
		{name: "one chunk", in: func(w *wire) { w.msg(4, 7, 9, 1, a[:100], 128) }, want: []message{video(7, a[:100])}},
		{name: "several chunks", in: func(w *wire) { w.msg(4, 7, 9, 1, a, 128) }, want: []message{video(7, a)}},
		{name: "a multiple of the chunk size", in: func(w *wire) { w.msg(4, 7, 9, 1, a[:256], 128).msg(4, 8, 9, 1, b, 128) },
			want: []message{video(7, a[:256]), video(8, b)}},
		{name: "interleaved", in: func(w *wire) {
			w.head(0, 4, 7, 200, 9, 1).raw(b[:128]...)
			w.head(0, 6, 8, 300, 8, 1).raw(a[:128]...)
			w.cont(4).raw(b[128:]...)
			w.cont(6).raw(a[128:256]...).cont(6).raw(a[256:]...)
		}, want: []message{video(7, b), {6, 8, typeAudio, 1, string(a)}}},
		{name: "two-byte id", in: func(w *wire) { w.msg(64, 1, 9, 1, a, 128).msg(319, 2, 9, 1, b, 128) },
			want: []message{{63, 1, 9, 1, string(a)}, {63, 2, 9, 1, string(b)}}},
		{name: "three-byte id", in: func(w *wire) { w.msg(320, 1, 9, 1, a, 128).msg(65599, 2, 9, 1, b, 128) },
			want: []message{{63, 1, 9, 1, string(a)}, {63, 2, 9, 1, string(b)}}},
		{name: "three-byte form of a small id", in: func(w *wire) {
			w.raw(1, 0, 0, 0, 0, 5, 0, 0, 1, 9, 1, 0, 0, 0, 'x').raw(0x80, 0, 0, 0, 2, 'y') // 64 in both forms
		}, want: []message{{63, 5, 9, 1, "x"}, {63, 7, 9, 1, "y"}}},
		{name: "all four formats", in: func(w *wire) {
			w.head(0, 4, 5000, 1, 9, 1).raw('a')
			w.head(1, 4, 40, 2, 9, 0).raw('b', 'b')
			w.head(2, 4, 30, 0, 0, 0).raw('c', 'c')
			w.cont(4).raw('d', 'd').cont(4).raw('e', 'e')
		}, want: []message{video(5000, []byte("a")), video(5040, []byte("bb")), video(5070, []byte("cc")),
			video(5100, []byte("dd")), video(5130, []byte("ee"))}},
		{name: "type 3 after type 0 repeats a frame distance", in: func(w *wire) {
			w.head(0, 4, 23, 1, 9, 1).raw('a').cont(4).raw('b').cont(4).raw('c')
		}, want: []message{video(23, []byte("a")), video(46, []byte("b")), video(69, []byte("c"))}},
		{name: "type 3 after type 0 does not repeat an hour", in: func(w *wire) {
			w.head(0, 4, 3600000, 1, 9, 1).raw('a').cont(4).raw('b')
		}, want: []message{video(3600000, []byte("a")), video(3600000, []byte("b"))}},
		{name: "type 1 begins a chunk stream", in: func(w *wire) { w.head(1, 4, 9, 1, 9, 0).raw('a') },
			want: []message{{4, 9, 9, 0, "a"}}},
		{name: "type 2 begins a chunk stream", in: func(w *wire) { w.head(2, 4, 9, 0, 0, 0).raw('a') }, err: ErrChunkHeader},
		{name: "type 3 begins a chunk stream", in: func(w *wire) { w.cont(4).raw('a') }, err: ErrChunkHeader},
		{name: "timestamps wrap", in: func(w *wire) {
			w.head(0, 4, 0xfffffff0, 1, 9, 1).raw('a').head(2, 4, 0x20, 0, 0, 0).raw('b')
		}, want: []message{video(0xfffffff0, []byte("a")), video(0x10, []byte("b"))}},
		{name: "a delta back", in: func(w *wire) {
			w.head(0, 4, 100, 1, 9, 1).raw('a').head(1, 4, 0xfffffff6, 1, 9, 1).raw('b')
		}, want: []message{video(100, []byte("a")), video(90, []byte("b"))}},

		{name: "extended timestamp repeated", in: func(w *wire) { w.msg(4, 0x1000000, 9, 1, a, 128).msg(4, 0x1000028, 9, 1, b, 128) },
			want: []message{video(0x1000000, a), video(0x1000028, b)}},
		{name: "extended timestamp of exactly 0xffffff", in: func(w *wire) { w.msg(4, 0xffffff, 9, 1, a, 128) },
			want: []message{video(0xffffff, a)}},
		{name: "extended timestamp not repeated", in: func(w *wire) {
			w.head(0, 4, 0x1000000, 300, 9, 1).raw(a[:128]...).cont(4).raw(a[128:256]...).cont(4).raw(a[256:]...)
			w.head(2, 4, 33, 0, 0, 0).raw(a[:128]...).cont(4).raw(a[128:256]...).cont(4).raw(a[256:]...)
		}, want: []message{video(0x1000000, a), video(0x1000021, a)}},
		{name: "extended timestamp not repeated, payload begins like it", in: func(w *wire) {
			p := append(bytes.Repeat([]byte{9}, 128), 1, 0, 0)
			w.head(0, 4, 0x1000000, 131, 9, 1).raw(p[:128]...).cont(4).raw(p[128:]...)
			w.msg(6, 1, 8, 1, []byte("x"), 128)
		}, want: []message{video(0x1000000, append(bytes.Repeat([]byte{9}, 128), 1, 0, 0)), {6, 1, 8, 1, "x"}}},
		{name: "extended timestamp on a type-3 message", in: func(w *wire) {
			w.head(0, 4, 0x2000000, 2, 9, 1).raw('a', 'b').cont(4).raw(2, 0, 0, 0, 'c', 'd').cont(4).raw('e', 'f')
		}, want: []message{video(0x2000000, []byte("ab")), video(0x2000000, []byte("cd")), video(0x2000000, []byte("ef"))}},
		{name: "a small delta ends the extension", in: func(w *wire) {
			w.msg(4, 0x1000000, 9, 1, a, 128).head(1, 4, 40, 200, 9, 0).raw(b[:128]...).cont(4).raw(b[128:]...)
		}, want: []message{video(0x1000000, a), video(0x1000028, b)}},

		{name: "chunk size before the first message", in: func(w *wire) { w.control(1, 4096).msg(4, 7, 9, 1, a, 4096) }, want: []message{video(7, a)}},
		{name: "chunk size 1", in: func(w *wire) { w.control(1, 1).msg(4, 7, 9, 1, a, 1) }, want: []message{video(7, a)}},
		{name: "chunk size 0x7fffffff", in: func(w *wire) { w.control(1, 0x7fffffff).msg(4, 7, 9, 1, a, 1<<20) }, want: []message{video(7, a)}},
		{name: "chunk size within a message", in: func(w *wire) {
			w.head(0, 4, 7, 300, 9, 1).raw(a[:128]...).control(1, 100)
			w.cont(4).raw(a[128:228]...).cont(4).raw(a[228:]...)
		}, want: []message{video(7, a)}},
		{name: "chunk size 0", in: func(w *wire) { w.control(1, 0) }, err: ErrChunkSize},
		{name: "chunk size negative", in: func(w *wire) { w.control(1, 0x80000080) }, err: ErrChunkSize},
		{name: "chunk size of three bytes", in: func(w *wire) { w.msg(2, 0, 1, 0, []byte{0, 1, 0}, 128) }, err: ErrChunkSize},

		{name: "abort", in: func(w *wire) {
			w.head(0, 4, 7, 300, 9, 1).raw(a[:128]...).control(2, 4).msg(4, 8, 9, 1, b, 128)
		}, want: []message{video(8, b)}, drop: map[Reason]uint64{Aborted: 1}},
		{name: "abort of nothing", in: func(w *wire) { w.control(2, 4).control(2, 99).msg(4, 8, 9, 1, b, 128).control(2, 4) },
			want: []message{video(8, b)}},
		{name: "abort, then type 3", in: func(w *wire) {
			w.head(0, 4, 40, 300, 9, 1).raw(a[:128]...).control(2, 4)
			w.cont(4).raw(a[:128]...).cont(4).raw(a[128:256]...).cont(4).raw(a[256:]...)
		}, want: []message{video(80, a)}, drop: map[Reason]uint64{Aborted: 1}},
		{name: "a header within a message", in: func(w *wire) {
			w.head(0, 4, 7, 300, 9, 1).raw(a[:128]...).msg(4, 8, 9, 1, b, 128)
		}, want: []message{video(8, b)}, drop: map[Reason]uint64{Restarted: 1}},
		{name: "zero length", in: func(w *wire) {
			w.head(0, 4, 7, 0, 9, 1).head(1, 4, 5, 0, 8, 1).cont(4).msg(4, 8, 9, 1, b, 128)
		}, want: []message{video(8, b)}, drop: map[Reason]uint64{Empty: 3}},

		{name: "media of 8 MiB", in: func(w *wire) { w.control(1, 1<<20).msg(4, 7, 9, 1, make([]byte, 8<<20), 1<<20) },
			want: []message{video(7, make([]byte, 8<<20))}},
		{name: "media above 8 MiB", in: func(w *wire) { w.head(0, 4, 7, 8<<20+1, 9, 1) }, err: ErrMessageTooLarge},
		{name: "command above 64 KiB", in: func(w *wire) { w.head(0, 4, 7, 64<<10+1, 20, 1) }, err: ErrMessageTooLarge},
		{name: "data above 64 KiB", in: func(w *wire) {
			w.control(1, 1<<20).msg(4, 7, 18, 1, make([]byte, 64<<10+1), 1<<20).msg(4, 8, 9, 1, b, 1<<20)
		}, want: []message{video(8, b)}, drop: map[Reason]uint64{TooLongData: 1}},
		{name: "16 chunk streams", in: func(w *wire) {
			for i := range 16 {
				w.msg(3+i, 1, 9, 1, []byte("x"), 128)
			}
			w.msg(20, 1, 9, 1, []byte("x"), 128)
		}, err: ErrChunkStreams},
		{name: "16 MiB in flight", in: func(w *wire) {
			w.control(1, 6<<20)
			for i := range 3 {
				w.head(0, 4+i, 1, 8<<20, 9, 1).raw(make([]byte, 6<<20)...)
			}
		}, err: ErrInFlight},
	}
	for _, tt := range tests {
		var w wire
		w.handshake()
		tt.in(&w)
		steps, sizes := []int{0, 1, 5}, []int{1 << 16, 7}
		if w.Len() > 1<<20 {
			steps, sizes = []int{0}, []int{1 << 16}
		}
		for _, step := range steps {
			for _, size := range sizes {
				t.Run(fmt.Sprintf("%s/%d/%d", tt.name, step, size), func(t *testing.T) {
					got, c, err := run(t, w.Bytes(), Limits{}, step, size)
					if !errors.Is(err, tt.err) {
						t.Fatalf("error %v, want %v", err, tt.err)
					}
					if tt.err == nil {
						if d := cmp.Diff(tt.want, got); d != "" {
							t.Error(d[:min(len(d), 2000)])
						}
					}
					for r, n := range tt.drop {
						if got := c.Stats().Dropped[r]; got != n {
							t.Errorf("dropped %v: %d, want %d", r, got, n)
						}
					}
					if _, again := c.Read(make([]byte, 1)); err != nil && again != err {
						t.Errorf("error is not final: %v", again)
					}
				})
			}
		}
	}
}

// A peer that has used much memory for finished messages keeps the buffers that fit
// the limit, and is not refused because of the others.
func TestFinishedBuffersAreReused(t *testing.T) {
	var w wire
	w.handshake().control(1, 1<<20)
	big := body(7 << 20)
	for i := range 8 {
		w.msg(4+i, uint32(i), 9, 1, big, 1<<20)
	}
	got, c, err := run(t, w.Bytes(), Limits{}, 0, 1<<16)
	if err != nil || len(got) != 8 {
		t.Fatalf("%d messages, error %v", len(got), err)
	}
	if c.chunks.held > 16<<20 {
		t.Errorf("%d bytes held", c.chunks.held)
	}
	sum := 0
	c.chunks.each(func(s *inStream) { sum += cap(s.buf) })
	if sum != c.chunks.held {
		t.Errorf("held says %d, is %d", c.chunks.held, sum)
	}
}

func TestEnd(t *testing.T) {
	var whole wire
	whole.handshake().msg(4, 1, 9, 1, body(300), 128)
	n := whole.Len()
	for cut, want := range map[int]error{
		0: io.EOF, 1: io.ErrUnexpectedEOF, handshakeSize - 1: io.ErrUnexpectedEOF, handshakeSize: io.EOF,
		handshakeSize + 5: io.ErrUnexpectedEOF, handshakeSize + 100: io.ErrUnexpectedEOF,
		n - 174: io.ErrUnexpectedEOF, // behind a whole chunk
		n:       io.EOF,
	} {
		c := New(&memConn{in: bytes.NewReader(whole.Bytes()[:cut])}, Limits{})
		_, err := io.Copy(io.Discard, struct{ io.Reader }{c})
		if want == io.EOF {
			want = nil // Copy's word for it
		}
		if err != want {
			t.Errorf("cut at %d: %v, want %v", cut, err, want)
		}
	}
}

func TestHandshake(t *testing.T) {
	var w wire
	w.handshake()
	for _, step := range []int{0, 1, 1000} {
		c := New(&memConn{in: bytes.NewReader(w.Bytes()), step: step}, Limits{})
		got, err := io.ReadAll(c)
		if err != nil || !bytes.HasPrefix(got, w.Bytes()) || len(got) != w.Len()+32 {
			t.Errorf("step %d: %d bytes, error %v", step, len(got), err)
		}
	}
	for first, want := range map[byte]error{6: ErrEncrypted, 8: ErrEncrypted, 'G': ErrVersion, 0x16: ErrVersion, 0: ErrVersion, 2: ErrVersion} {
		c := New(&memConn{in: bytes.NewReader([]byte{first, 1, 2})}, Limits{})
		n, err := c.Read(make([]byte, 100))
		if n != 0 || !errors.Is(err, want) {
			t.Errorf("first byte %d: %d bytes, error %v", first, n, err)
		}
	}
	_, err := New(&memConn{in: strings.NewReader("GET / HTTP/1.1\r\n")}, Limits{}).Read(make([]byte, 9))
	if err == nil || err.Error() != "guard: not RTMP (first byte 0x47)" {
		t.Errorf("error text %q", err)
	}
}
