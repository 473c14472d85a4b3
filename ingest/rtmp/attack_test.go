package rtmp

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"time"
)

// attacks are the kinds of hostile connections. Each returns when its connection is
// over, whatever the server did.
func attacks() []attackKind {
	return []attackKind{
		{"slow_loris", (*attacker).slowLoris}, {"garbage", (*attacker).garbage}, {"half_handshake", (*attacker).halfHandshake},
		{"huge_array", (*attacker).hugeArray}, {"deep_nesting", (*attacker).deepNesting}, {"tiny_chunks", (*attacker).tinyChunks},
		{"giant_chunk", (*attacker).giantChunk}, {"unfinished", (*attacker).unfinished}, {"browser", (*attacker).browser},
		{"guess", (*attacker).guess}, {"reset", (*attacker).reset}, {"deaf", (*attacker).deaf}, {"media_first", (*attacker).mediaFirst},
		{"mutant", (*attacker).mutant}, {"silent", (*attacker).silent}, {"many_streams", (*attacker).manyStreams},
	}
}

type attackKind struct {
	name string
	run  func(*attacker)
}

// attack is the i-th hostile connection, from the address from, or any if that
// is nil. It gives up after patience and then tells that the server did not end it.
func attack(addr string, from net.IP, i int, patience time.Duration) (kind string, outlasted bool, err error) {
	kinds := attacks()
	k := kinds[i%len(kinds)]
	d := net.Dialer{Timeout: patience}
	if from != nil {
		d.LocalAddr = &net.TCPAddr{IP: from}
	}
	conn, err := d.Dial("tcp", addr)
	if err != nil {
		return k.name, false, err
	}
	defer conn.Close()
	end := time.Now().Add(patience)
	_ = conn.SetDeadline(end)
	k.run(&attacker{Conn: conn, rand: rand.New(rand.NewPCG(7, uint64(i))), peer: peer{out: 128}})
	return k.name, !time.Now().Before(end), nil
}

// attacker is one hostile connection.
type attacker struct {
	net.Conn
	rand *rand.Rand
	peer peer // makes messages
}

// shake does the handshake.
func (a *attacker) shake() {
	_, _ = a.Write(append([]byte{3}, make([]byte, 1536)...))
	_, _ = io.ReadFull(a, make([]byte, 1+2*1536))
	_, _ = a.Write(make([]byte, 1536))
}

// linger reads until the server closes the connection.
func (a *attacker) linger() { _, _ = io.Copy(io.Discard, a) }

func (a *attacker) random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(a.rand.Uint32())
	}
	return b
}

func (a *attacker) command(body []byte) {
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(1<<20), a.peer.message(3, 20, 0, 0, body)))
}

func (a *attacker) slowLoris() {
	for _, b := range append([]byte{3}, make([]byte, 1536)...) {
		if _, err := a.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (a *attacker) garbage() {
	_, _ = a.Write(append([]byte{3}, a.random(64<<10)...))
	a.linger()
}

func (a *attacker) halfHandshake() {
	_, _ = a.Write(append([]byte{3}, make([]byte, 1536)...))
	a.linger()
}

func (a *attacker) hugeArray() {
	a.shake()
	a.command(append(amf("hello", 1.), 0x0a, 0x7f, 0xff, 0xff, 0xff))
	a.linger()
}

func (a *attacker) deepNesting() {
	a.shake()
	a.command(append(amf("hello", 1.), bytes.Repeat([]byte{3, 0, 1, 'a'}, 15000)...))
	a.linger()
}

// tinyChunks sends a long command in chunks of one byte.
func (a *attacker) tinyChunks() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(1), a.peer.message(3, 20, 0, 0, append(amf("hello", 1.), make([]byte, 60_000)...))))
	a.linger()
}

// giantChunk announces the longest message in the longest chunk.
func (a *attacker) giantChunk() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(0x7fffffff), []byte{3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0}, make([]byte, 1<<20)))
	a.linger()
}

// unfinished begins commands on many chunk streams and ends none.
func (a *attacker) unfinished() {
	a.shake()
	out := a.peer.chunkSize(60_000)
	for csid := range byte(14) {
		m := a.peer.message(3+csid, 20, 0, 0, make([]byte, 64_000))
		out = append(out, m[:12+60_000]...)
	}
	_, _ = a.Write(out)
	a.linger()
}

func (a *attacker) browser() {
	_, _ = io.WriteString(a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	a.linger()
}

func (a *attacker) guess() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.call(0, "connect", 1., object{"app", "live"}), a.peer.call(0, "createStream", 2., nil),
		a.peer.call(1, "publish", 3., nil, "wr0ng", "live")))
	a.linger()
}

func (a *attacker) reset() {
	_, _ = a.Write(append([]byte{3}, a.random(700)...))
	_ = a.Conn.(*net.TCPConn).SetLinger(0)
}

// deaf sends many commands and reads no answer.
func (a *attacker) deaf() {
	a.shake()
	questions := bytes.Repeat(a.peer.call(0, "_checkbw", 9., nil), 1000)
	for range 1000 {
		if _, err := a.Write(questions); err != nil {
			return
		}
	}
	a.linger()
}

// mediaFirst sends pictures before it may.
func (a *attacker) mediaFirst() {
	a.shake()
	picture := a.peer.message(4, 9, 1, 0, a.random(20_000))
	for range 100 {
		if _, err := a.Write(picture); err != nil {
			return
		}
	}
	a.linger()
}

// mutant sends a legal publish with some bytes changed.
func (a *attacker) mutant() {
	a.shake()
	words := slices.Concat(a.peer.chunkSize(4096), a.peer.call(0, "connect", 1., object{"app", "live", "tcUrl", "rtmp://h/live", "list", object{"a", 1., "b", nil}}),
		a.peer.call(0, "releaseStream", 2., nil, "x"), a.peer.call(0, "createStream", 3., nil), a.peer.call(1, "publish", 4., nil, "wr0ng", "live"))
	for range 1 + a.rand.IntN(5) {
		words[a.rand.IntN(len(words))] ^= 1 << a.rand.IntN(8)
	}
	_, _ = a.Write(words)
	a.linger()
}

// silent connects to the application and says no more.
func (a *attacker) silent() {
	a.shake()
	_, _ = a.Write(a.peer.call(0, "connect", 1., object{"app", "live"}))
	a.linger()
}

// manyStreams uses every chunk stream id there is.
func (a *attacker) manyStreams() {
	a.shake()
	var out []byte
	for csid := 64; csid < 320; csid++ {
		out = append(out, 0, byte(csid-64), 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0)
	}
	_, _ = a.Write(out)
	a.linger()
}
