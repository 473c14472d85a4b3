package http2

import (
	"bytes"
	"encoding/binary"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// out writes to the peer. A writer holds mu while it waits for the socket.
type out struct {
	s      *Server
	secure bool
	cork   *cork // nil: nothing below TLS gathers records

	mu sync.Mutex
	// Guarded by mu.
	to     net.Conn
	until  time.Duration // the socket's deadline, since the server began
	broken error
	block  bytes.Buffer // a packed head
	fields *hpack.Encoder
	record *[recordSize]byte // while frames are put together
	used   int               // bytes of record
	sent   int               // bytes of record that are in vector
	vector net.Buffers       // without TLS: the pieces that go out
}

// recordSize is the largest payload of a TLS record, in bytes.
const recordSize = 16 << 10

// records are shared by all connections: each needs one only while it writes.
var records = sync.Pool{New: func() any { return new([recordSize]byte) }}

// deadlineSlack is how much too late a write may fail, since the socket's deadline is
// not set for each write.
const deadlineSlack = 4 * time.Second

func (o *out) open(s *Server, to net.Conn, secure bool) {
	o.s, o.to, o.secure = s, to, secure
	if below, ok := to.(interface{ NetConn() net.Conn }); ok && secure {
		o.cork, _ = below.NetConn().(*cork)
	}
	o.fields = hpack.NewEncoder(&o.block)
}

// fail ends the connection. It does not wait for a writer.
func (o *out) fail(err error) {
	if o.cork != nil {
		o.cork.Conn.Close()
	}
	if o.mu.TryLock() {
		o.broken = err
		o.mu.Unlock()
	}
	o.to.Close()
}

// shut ends the output. The peer's bytes are still read: otherwise the socket
// would be closed by a reset, and bytes on their way could be lost.
func (o *out) shut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return
	}
	o.broken = errGone
	if w, ok := o.to.(interface{ CloseWrite() error }); ok {
		_ = w.CloseWrite() // if this fails, the socket is closed in a moment anyway
	}
}

// begin prepares the socket for writes. mu is held.
func (o *out) begin() error {
	if o.broken != nil {
		return o.broken
	}
	soon := time.Since(o.s.begun) + o.s.opts.Stall
	if o.until < soon {
		o.until = soon + deadlineSlack
		if err := o.to.SetWriteDeadline(o.s.begun.Add(o.until)); err != nil {
			return o.brokenBy(err)
		}
	}
	return nil
}

// brokenBy ends the connection: after half a frame nothing else can be sent. mu is
// held.
func (o *out) brokenBy(err error) error {
	if o.broken == nil {
		o.broken = err
		o.to.Close()
	}
	return o.broken
}

// control writes whole frames.
func (o *out) control(frames []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.begin(); err != nil {
		return err
	}
	if _, err := o.to.Write(frames); err != nil {
		return o.brokenBy(err)
	}
	return nil
}

// acknowledge applies settings of the peer, and tells it so. Answers that are
// written before keep to the former settings, and those after to the new ones.
func (o *out) acknowledge(apply func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.begin(); err != nil {
		return err
	}
	if err := apply(); err != nil {
		return err
	}
	if _, err := o.to.Write(settingsAck()); err != nil {
		return o.brokenBy(err)
	}
	return nil
}

// tableSize sets the size of the peer's header table. Our encoder uses no
// more than its own default. mu is held.
func (o *out) tableSize(n uint32) {
	o.fields.SetMaxDynamicTableSize(n)
}

// proceed sends 100 Continue.
func (o *out) proceed(id uint32) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.begin(); err != nil {
		return err
	}
	o.block.Reset()
	_ = o.fields.WriteField(hpack.HeaderField{Name: ":status", Value: "100"}) // into memory
	frame := append(header(nil, o.block.Len(), http2.FrameHeaders, http2.FlagHeadersEndHeaders, id), o.block.Bytes()...)
	if _, err := o.to.Write(frame); err != nil {
		return o.brokenBy(err)
	}
	return nil
}

// answer writes a head, if there is one, and bytes of a body of one stream, for
// which the caller has taken a share of the windows. It returns how many of them it
// wrote: less than all if the peer has made the window smaller since. last ends the
// stream. Nothing is written for a stream that has been reset.
func (o *out) answer(st *stream, head, trailers []hpack.HeaderField, body []byte, last bool) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.begin(); err != nil {
		return 0, err
	}
	allowed, err := st.allowed(len(body))
	if err != nil {
		return 0, err
	}
	if allowed < len(body) {
		body, last = body[:allowed], false
	}
	id := st.id
	o.record, o.used, o.sent = records.Get().(*[recordSize]byte), 0, 0
	if o.cork != nil && len(body) > recordSize/2 {
		o.cork.gather()
	}
	end := last && len(trailers) == 0
	if len(head) > 0 {
		o.head(id, head, end && len(body) == 0)
	}
	for first := true; len(body) > 0 || first && end && len(head) == 0; first = false {
		body = o.data(id, body, end)
	}
	if last && len(trailers) > 0 {
		o.head(id, trailers, true)
	}
	o.flush()
	if o.cork != nil {
		if err := o.cork.release(); err != nil {
			o.brokenBy(err)
		}
	}
	records.Put(o.record)
	o.record = nil
	return allowed, o.broken
}

// head packs fields into a HEADERS frame, and into CONTINUATION frames if
// they are too long for one. mu is held.
func (o *out) head(id uint32, fields []hpack.HeaderField, end bool) {
	o.block.Reset()
	for _, f := range fields {
		_ = o.fields.WriteField(f) // into memory
	}
	kind, flags := http2.FrameHeaders, http2.Flags(0)
	if end {
		flags = http2.FlagHeadersEndStream
	}
	for rest := o.block.Bytes(); ; {
		piece := rest[:min(len(rest), frameSize)]
		if rest = rest[len(piece):]; len(rest) == 0 {
			flags |= http2.FlagHeadersEndHeaders
		}
		var h [headerSize]byte
		o.put(header(h[:0], len(piece), kind, flags, id))
		o.put(piece)
		if len(rest) == 0 {
			return
		}
		kind, flags = http2.FrameContinuation, 0
	}
}

// data makes the next DATA frame, and returns the rest of body. Over TLS a
// frame fills its record; without TLS the body is not copied. mu is held.
func (o *out) data(id uint32, body []byte, end bool) []byte {
	room := recordSize - o.used - headerSize
	if room < min(len(body), 256) {
		o.flush()
		room = recordSize - headerSize
	}
	n := min(len(body), frameSize)
	if o.secure {
		n = min(n, room)
	}
	piece, rest := body[:n], body[n:]
	var flags http2.Flags
	if end && len(rest) == 0 {
		flags = http2.FlagDataEndStream
	}
	o.used = len(header(o.record[:o.used], n, http2.FrameData, flags, id))
	if o.secure {
		o.used += copy(o.record[o.used:], piece)
		return rest
	}
	o.vector = append(o.vector, o.record[o.sent:o.used], piece)
	o.sent = o.used
	return rest
}

// put copies bytes other than a body's. mu is held.
func (o *out) put(b []byte) {
	for len(b) > 0 {
		if o.used == recordSize {
			o.flush()
		}
		n := copy(o.record[o.used:], b)
		o.used, b = o.used+n, b[n:]
	}
}

// flush writes the frames that were made. mu is held.
func (o *out) flush() {
	small := o.record[o.sent:o.used]
	o.used, o.sent = 0, 0
	if o.broken != nil {
		o.vector = o.vector[:0]
		return
	}
	var err error
	if len(o.vector) == 0 {
		if len(small) > 0 {
			_, err = o.to.Write(small)
		}
	} else {
		all := append(o.vector, small)
		left := all
		_, err = left.WriteTo(o.to)
		clear(all)
		o.vector = all[:0]
	}
	if err != nil {
		o.brokenBy(err)
	}
}

// headerSize is the size of a frame's header, in bytes.
const headerSize = 9

// header appends the header of a frame.
func header(b []byte, size int, kind http2.FrameType, flags http2.Flags, id uint32) []byte {
	b = append(b, byte(size>>16), byte(size>>8), byte(size), byte(kind), byte(flags))
	return binary.BigEndian.AppendUint32(b, id)
}

func rstStream(id uint32, code http2.ErrCode) []byte {
	return binary.BigEndian.AppendUint32(header(nil, 4, http2.FrameRSTStream, 0, id), uint32(code))
}

func goAway(last uint32, code http2.ErrCode) []byte {
	b := binary.BigEndian.AppendUint32(header(nil, 8, http2.FrameGoAway, 0, 0), last)
	return binary.BigEndian.AppendUint32(b, uint32(code))
}

func windowUpdate(b []byte, id uint32, n int64) []byte {
	return binary.BigEndian.AppendUint32(header(b, 4, http2.FrameWindowUpdate, 0, id), uint32(n))
}

func settingsAck() []byte { return header(nil, 0, http2.FrameSettings, http2.FlagSettingsAck, 0) }

func ping(data [8]byte) []byte { return append(header(nil, 8, http2.FramePing, 0, 0), data[:]...) }

func pong(data [8]byte) []byte {
	return append(header(nil, 8, http2.FramePing, http2.FlagPingAck, 0), data[:]...)
}
