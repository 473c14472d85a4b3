package site

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A reader must read its answer at some pace. Otherwise it could hold a
// goroutine, and the media of an old window, as long as it likes. Below 32
// KiB/s nobody can watch one of our streams.
const (
	paceBase  = 10 * time.Second // for any answer, and its headers
	paceFloor = 32 << 10         // bytes a second on top of that
)

// allowance is the total time that writes of so many bytes may wait for a
// reader.
func allowance(bytes int64) time.Duration {
	return paceBase + time.Duration(bytes)*time.Second/paceFloor
}

// bound gives every answer a deadline that grows with its size. The deadline
// is set when the first bytes are written, so that a blocking request may wait
// as long as it must. Only time spent in writes counts, since a slow store is
// not the reader's fault. bound reports each answer to count.
func bound(h http.Handler, count func(path string, status int, bytes int64, took time.Duration)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &paced{ResponseWriter: w, rc: *http.NewResponseController(w), shared: r.ProtoMajor > 1}
		path, begun := r.URL.Path, time.Now() // before handlers change it
		defer func() {
			if r.Method == http.MethodHead {
				p.sent = 0 // net/http accepts a body and drops it
			}
			count(path, statusOf(p.status), p.sent, time.Since(begun))
		}()
		h.ServeHTTP(p, r)
		p.finish()
	})
}

// paced is one answer. It belongs to its request's goroutine.
type paced struct {
	http.ResponseWriter
	rc     http.ResponseController
	status int           // 0: none named yet
	bytes  int64         // handed to Write
	sent   int64         // accepted by Write
	waited time.Duration // in Write so far
	own    bool          // the handler sets deadlines itself, like the one of events
	armed  bool          // a deadline of ours is set
	shared bool          // the connection is shared (HTTP/2): deadlines are for this answer only
}

// Unwrap is for http.ResponseController.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// SetWriteDeadline is for http.ResponseController: from now on the handler
// itself decides how long a write may take.
func (p *paced) SetWriteDeadline(t time.Time) error {
	p.own = true
	return p.rc.SetWriteDeadline(t)
}

func (p *paced) WriteHeader(status int) {
	if p.status == 0 && status >= 200 {
		p.status = status
	}
	if !p.shared { // there it only takes note, and the handler may wait for the body
		p.arm(time.Now(), 0)
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *paced) Write(b []byte) (int, error) {
	p.bytes += int64(len(b))
	begun := time.Now()
	p.arm(begun, len(b))
	n, err := p.ResponseWriter.Write(b)
	p.sent += int64(n)
	p.waited += time.Since(begun)
	if p.shared && !p.whole() {
		p.lift()
	}
	return n, err
}

// ReadFrom sends src in small pieces. An answer that waits for its reader holds
// no piece in memory, if the connection can tell how much the reader accepts.
func (p *paced) ReadFrom(src io.Reader) (n int64, err error) {
	for {
		room, err := p.reserve()
		if err != nil {
			return n, err
		}
		got, rerr, err := p.copyPiece(src, room)
		n += int64(got)
		switch {
		case err != nil:
			return n, err
		case rerr == io.EOF:
			return n, nil
		case rerr != nil:
			return n, rerr
		}
	}
}

// copyPiece writes up to room bytes of src. A write may wait for those of other
// answers on its connection, and holds its piece meanwhile: what is held fits
// what the peer accepts, so that a thousand answers of a byte each hold little.
func (p *paced) copyPiece(src io.Reader, room int) (n int, rerr, err error) {
	if room <= scrapSize {
		b := scraps.Get().(*[scrapSize]byte)
		defer scraps.Put(b)
		return p.pass(src, b[:room])
	}
	b := pieces.Get().(*[pieceSize]byte)
	defer pieces.Put(b)
	return p.pass(src, b[:room])
}

// pass reads into b once, and writes what came.
func (p *paced) pass(src io.Reader, b []byte) (n int, rerr, err error) {
	got, rerr := src.Read(b)
	if got > 0 {
		n, err = p.Write(b[:got])
	}
	return n, rerr, err
}

// reserver is an answer whose peer says how much it accepts (HTTP/2). Reserve
// waits until the peer accepts something, and reserves up to most bytes for the
// next Write.
type reserver interface{ Reserve(most int) (int, error) }

// reserve waits until something can be sent, and returns how much.
func (p *paced) reserve() (int, error) {
	to, ok := p.ResponseWriter.(reserver)
	if !ok {
		return pieceSize, nil
	}
	begun := time.Now()
	p.arm(begun, pieceSize)
	room, err := to.Reserve(pieceSize)
	p.waited += time.Since(begun)
	p.lift()
	return room, err
}

// pieceSize is the size of the pieces in which a body from elsewhere is
// copied.
const pieceSize = 16 << 10

// scrapSize is the size of the pieces for peers that accept next to nothing.
const scrapSize = 512

var (
	pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}
	scraps = sync.Pool{New: func() any { return new([scrapSize]byte) }}
)

// whole tells whether the announced length is written, so that the handler has
// nothing more.
func (p *paced) whole() bool {
	length := p.Header()["Content-Length"]
	if len(length) != 1 {
		return false
	}
	n, err := strconv.ParseInt(length[0], 10, 64)
	return err == nil && p.sent >= n
}

// lift removes the deadline until the next write. Over HTTP/2 a deadline ends
// the answer when it passes, even while a handler waits for its store.
func (p *paced) lift() {
	if p.own || !p.armed {
		return
	}
	p.armed = false
	_ = p.rc.SetWriteDeadline(time.Time{}) // as in arm
}

// finish bounds the writing of bytes that are still in buffers: net/http sends
// them when the handler has returned. If a handler wrote nothing, as for a HEAD,
// these are the headers.
func (p *paced) finish() {
	if p.own || !p.armed {
		_ = p.rc.SetWriteDeadline(time.Now().Add(paceBase)) // as in arm
	}
}

// arm bounds one write by its own size, so that bytes that went into buffers
// do not give extra time to a reader that has stopped. It bounds all writes
// together by their total size, so that a very slow reader cannot go on for
// ever.
func (p *paced) arm(now time.Time, size int) {
	if p.own {
		return
	}
	p.armed = true
	// It fails only where there is no connection to bound.
	_ = p.rc.SetWriteDeadline(now.Add(min(allowance(int64(size)), allowance(p.bytes)-p.waited)))
}

// statusOf gives the status that net/http sends if a handler named none.
func statusOf(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}
