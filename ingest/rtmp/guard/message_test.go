package guard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"mediad/ingest/rtmp/amf0"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tag is one FLV tag of an aggregate message.
func tag(typ byte, ts uint32, b []byte) []byte {
	n := uint32(len(b))
	h := []byte{typ, byte(n >> 16), byte(n >> 8), byte(n), byte(ts >> 16), byte(ts >> 8), byte(ts), byte(ts >> 24), 0, 0, 0}
	return cat(h, b, binary.BigEndian.AppendUint32(nil, n+flvTagHeader))
}

func event(typ uint16, rest ...byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, typ), rest...)
}

func TestMessages(t *testing.T) {
	null := []byte{amf0.Null}
	publish := command("publish", 5, null, aStr("key"), aStr("live"))
	meta := cat(aStr("onMetaData"), []byte{amf0.ECMAArray, 0, 0, 0, 1}, aKey("width"), aNum(2), aEnd())
	plain := cat(aStr("onMetaData"), []byte{amf0.Object}, aKey("width"), aNum(2), aEnd())
	deep := bytes.Repeat([]byte{amf0.StrictArray, 0, 0, 0, 1}, 17)
	const size = 1 << 20
	tests := []struct {
		name string
		in   func(w *wire)
		want []message
		err  error
		drop map[Reason]uint64
	}{
		{name: "command at timestamp 0", in: func(w *wire) { w.msg(3, 99, 20, 1, publish, size) }, want: []message{{3, 0, 20, 1, string(publish)}}},
		{name: "AMF3 command with format byte", in: func(w *wire) { w.msg(3, 0, 17, 1, append([]byte{0}, publish...), size) },
			want: []message{{3, 0, 20, 1, string(publish)}}},
		{name: "AMF3 command without format byte", in: func(w *wire) { w.msg(3, 0, 17, 1, publish, size) },
			want: []message{{3, 0, 20, 1, string(publish)}}},
		{name: "AMF3 command with AMF3 values", in: func(w *wire) {
			w.msg(3, 0, 17, 1, cat([]byte{0}, command("x", 1, []byte{amf0.AVMPlus, 1})), size).msg(3, 0, 20, 1, publish, size)
		}, want: []message{{3, 0, 20, 1, string(publish)}}, drop: map[Reason]uint64{AMF3: 1}},
		{name: "a lone format byte", in: func(w *wire) { w.msg(3, 0, 17, 1, []byte{0}, size) }, err: ErrCommand},
		{name: "AMF3 data", in: func(w *wire) { w.msg(3, 9, 15, 1, append([]byte{0}, meta...), size) },
			want: []message{{3, 9, 18, 1, string(plain)}}},
		{name: "undefined becomes null", in: func(w *wire) { w.msg(3, 0, 20, 0, command("x", 1, []byte{amf0.Undefined}), size) },
			want: []message{{3, 0, 20, 0, string(command("x", 1, null))}}},
		{name: "command without transaction", in: func(w *wire) { w.msg(3, 0, 20, 0, aStr("connect"), size) }, err: ErrCommand},
		{name: "command without name", in: func(w *wire) { w.msg(3, 0, 20, 0, aNum(1), size) }, err: ErrCommand},
		{name: "command with null for transaction", in: func(w *wire) { w.msg(3, 0, 20, 0, cat(aStr("x"), null), size) }, err: ErrCommand},
		{name: "command cut off", in: func(w *wire) { w.msg(3, 0, 20, 0, publish[:len(publish)-1], size) }, err: ErrAMF},
		{name: "command too deep", in: func(w *wire) { w.msg(3, 0, 20, 0, command("x", 1, deep, null), size) }, err: ErrAMFDepth},
		{name: "answers to nothing", in: func(w *wire) {
			w.msg(3, 0, 20, 0, command("_result", 1, null), size).msg(3, 0, 20, 0, command("_error", 1, null), size)
		}, drop: map[Reason]uint64{Reply: 2}},

		{name: "metadata", in: func(w *wire) { w.msg(4, 9, 18, 1, meta, size) }, want: []message{{4, 9, 18, 1, string(plain)}}},
		{name: "bad metadata does no harm", in: func(w *wire) {
			w.msg(4, 9, 18, 1, meta[:30], size).msg(4, 9, 18, 1, aNum(1), size).msg(4, 9, 18, 1, cat(aStr("x"), deep, null), size)
			w.msg(4, 9, 15, 1, []byte{0}, size).msg(4, 9, 18, 1, cat(aStr("x"), []byte{amf0.AVMPlus, 1}), size)
			w.msg(4, 9, 18, 1, meta, size)
		}, want: []message{{4, 9, 18, 1, string(plain)}}, drop: map[Reason]uint64{BadData: 4, AMF3: 1}},

		{name: "user control", in: func(w *wire) {
			w.msg(2, 0, 4, 1, event(3, 0, 0, 0, 1, 0, 0, 1, 0, 99), size) // one byte too many
			w.msg(2, 0, 4, 0, event(7, 0, 0, 0, 1), size)
			w.msg(2, 0, 4, 0, event(31, 0, 0, 0, 1), size).msg(2, 0, 4, 0, event(5, 0, 0, 0, 1), size)
			w.msg(2, 0, 4, 0, event(3, 0, 0, 0, 1), size).msg(2, 0, 4, 0, []byte{0}, size)
		}, want: []message{{2, 0, 4, 0, string(event(3, 0, 0, 0, 1, 0, 0, 1, 0))}, {2, 0, 4, 0, string(event(7, 0, 0, 0, 1))}},
			drop: map[Reason]uint64{UserControl: 4}},
		{name: "not for the server", in: func(w *wire) {
			w.control(3, 1).msg(2, 0, 6, 0, []byte{0, 0, 0, 1, 2}, size).control(5, 0).msg(2, 0, 5, 0, []byte{1}, size)
			w.msg(3, 0, 16, 0, null, size).msg(3, 0, 19, 0, null, size)
			w.msg(3, 0, 7, 0, null, size).msg(3, 0, 0, 0, null, size).msg(3, 0, 255, 0, null, size)
		}, drop: map[Reason]uint64{Consumed: 5, SharedObject: 2, UnknownType: 3}}, // and the chunk size

		{name: "aggregate", in: func(w *wire) {
			w.msg(4, 1000, 22, 1, cat(tag(9, 50, []byte("v1")), tag(8, 60, []byte("a1")), tag(18, 60, meta), tag(9, 40, []byte("v2")),
				tag(9, 61, nil), tag(20, 61, publish), tag(8, 90, []byte("a2"))), size)
		}, want: []message{
			{4, 1000, 9, 1, "v1"}, {4, 1010, 8, 1, "a1"}, {4, 1010, 18, 1, string(plain)}, {4, 990, 9, 1, "v2"}, {4, 1040, 8, 1, "a2"},
		}, drop: map[Reason]uint64{Empty: 1, UnknownType: 1}},
		{name: "aggregate over the wrap", in: func(w *wire) {
			w.msg(4, 5, 22, 1, cat(tag(9, 0xffffffff, []byte("v1")), tag(8, 4, []byte("a1"))), size)
		}, want: []message{{4, 5, 9, 1, "v1"}, {4, 10, 8, 1, "a1"}}},
		{name: "aggregate without its last back pointer", in: func(w *wire) {
			b := cat(tag(9, 0, []byte("v1")), tag(8, 5, []byte("a1")))
			w.msg(4, 0, 22, 1, b[:len(b)-4], size)
		}, want: []message{{4, 0, 9, 1, "v1"}, {4, 5, 8, 1, "a1"}}},
		{name: "aggregate cut off", in: func(w *wire) {
			b := cat(tag(9, 0, []byte("v1")), tag(8, 5, []byte("a1")))
			w.msg(4, 0, 22, 1, b[:len(b)-5], size).msg(4, 0, 22, 1, b[:len(b)-10], size).msg(4, 9, 8, 1, []byte("x"), size)
		}, want: []message{{4, 0, 9, 1, "v1"}, {4, 0, 9, 1, "v1"}, {4, 9, 8, 1, "x"}}, drop: map[Reason]uint64{BadAggregate: 2}},
		{name: "aggregate with long data", in: func(w *wire) {
			w.msg(4, 0, 22, 1, cat(tag(18, 0, make([]byte, 64<<10+1)), tag(8, 5, []byte("a1"))), size)
		}, want: []message{{4, 5, 8, 1, "a1"}}, drop: map[Reason]uint64{TooLongData: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var w wire
			w.handshake().control(1, size)
			tt.in(&w)
			got, c, err := run(t, w.Bytes(), Limits{}, 0, 1<<16)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			for r, n := range tt.drop {
				if got := c.Stats().Dropped[r]; got != n {
					t.Errorf("dropped %v: %d, want %d", r, got, n)
				}
			}
		})
	}
}

// Strangers' media is not even stored.
func TestBeforeAllowMedia(t *testing.T) {
	var w wire
	w.handshake().control(1, 1<<20)
	for i := range 8 {
		w.msg(4+i, 0, 9, 1, make([]byte, 1<<20), 1<<20)
	}
	w.msg(4, 0, 18, 1, aStr("onMetaData"), 1<<20).msg(3, 0, 20, 1, command("publish", 5), 1<<20).msg(4, 7, 8, 1, []byte("kept"), 1<<20)
	c := New(&memConn{in: bytes.NewReader(w.Bytes())}, Limits{StrangerBytes: 1 << 30})
	var out []byte
	b := make([]byte, 1<<16)
	for {
		n, err := c.Read(b)
		if err != nil {
			break
		}
		out = append(out, b[:n]...)
		if bytes.Contains(b[:n], []byte("publish")) {
			if !bytes.HasSuffix(b[:n], command("publish", 5)) {
				t.Error("Read went on behind a command")
			}
			c.AllowMedia() // as a handler does, which has then seen the command
		}
	}
	_, msgs, err := sane(out, Limits{})
	if err != nil || len(msgs) != 2 || msgs[1].Body != "kept" {
		t.Errorf("%v, error %v", msgs, err)
	}
	if s := c.Stats(); s.Dropped[Early] != 9 || s.Messages != 2 {
		t.Errorf("stats %+v", s)
	}
	if c.chunks.held != 0 {
		t.Errorf("%d bytes held for a stranger", c.chunks.held)
	}
}

// A stranger needs a few commands to publish. Too many commands, or too many bytes, end
// its connection. For a publisher there is no such limit.
func TestStrangersTalk(t *testing.T) {
	var few, many, much wire
	few.handshake()
	for range 64 {
		few.msg(3, 0, 20, 0, command("_checkbw", 1), 128)
	}
	many.Write(few.Bytes())
	many.msg(3, 0, 20, 0, command("_checkbw", 1), 128)
	much.handshake()
	for range 20 {
		much.msg(4, 0, 9, 1, make([]byte, 60<<10), 128)
	}
	for _, tt := range []struct {
		name  string
		in    wire
		allow bool
		err   error
	}{
		{"a few commands", few, false, io.EOF},
		{"many commands", many, false, ErrStranger},
		{"much of what is dropped", much, false, ErrStranger},
		{"a publisher's commands", many, true, io.EOF},
		{"a publisher's pictures", much, true, io.EOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := New(&memConn{in: bytes.NewReader(tt.in.Bytes())}, Limits{})
			if tt.allow {
				c.AllowMedia()
			}
			var err error
			for b := make([]byte, 1<<16); err == nil; {
				_, err = c.Read(b)
			}
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
		})
	}
}

func TestStrangersMemory(t *testing.T) {
	var w wire
	w.handshake().control(1, 60<<10)
	for i := range 5 {
		w.head(0, 3+i, 0, 64<<10, 20, 0).raw(make([]byte, 60<<10)...)
	}
	c := New(&memConn{in: bytes.NewReader(w.Bytes())}, Limits{})
	var err error
	for b := make([]byte, 1<<16); err == nil; {
		_, err = c.Read(b)
	}
	if !errors.Is(err, ErrInFlight) || c.chunks.held > 256<<10 {
		t.Errorf("error %v, %d bytes held", err, c.chunks.held)
	}
}

func TestOnCommand(t *testing.T) {
	connect := command("connect", 1, cat([]byte{amf0.Object}, aKey("app"), aStr("live"), aKey("fourCcList"),
		[]byte{amf0.StrictArray, 0, 0, 0, 1}, aStr("hvc1"), aKey("pageUrl"), []byte{amf0.Undefined}, aEnd()))
	var w wire
	w.handshake().msg(3, 0, 20, 0, connect, 128).msg(3, 0, 17, 0, append([]byte{0}, command("createStream", 2)...), 128)
	c := New(&memConn{in: bytes.NewReader(w.Bytes())}, Limits{})
	var names []string
	c.OnCommand(func(name string, amf []byte) {
		names = append(names, name)
		if name == "connect" && (!bytes.Contains(amf, []byte("hvc1")) || bytes.Contains(amf, []byte{amf0.Undefined, 0, 0, 9})) {
			t.Errorf("connect % x", amf)
		}
		if !bytes.HasPrefix(amf, aStr(name)) {
			t.Errorf("%s does not begin with its name: % x", name, amf)
		}
	})
	var err error
	for b := make([]byte, 1<<16); err == nil; {
		_, err = c.Read(b)
	}
	if strings.Join(names, " ") != "connect createStream" {
		t.Errorf("commands %q", names)
	}
}

func TestReasonNames(t *testing.T) {
	seen := map[string]bool{}
	for r := range reasons {
		if n := r.String(); n == "unknown" || seen[n] {
			t.Errorf("reason %d is called %q", r, n)
		} else {
			seen[n] = true
		}
	}
	if reasons.String() != "unknown" {
		t.Error("a reason that does not exist has a name")
	}
}
