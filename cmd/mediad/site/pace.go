package site

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A reader must take its answer at some pace, or it would hold a goroutine and
// the media of a window long gone for as long as it likes. Below 32 KiB/s no
// stream of ours can be watched.
const (
	paceBase  = 10 * time.Second // for any answer, and its headers
	paceFloor = 32 << 10         // bytes a second on top of that
)

// allowance is how long a reader may keep us waiting over so many bytes in all.
func allowance(bytes int64) time.Duration {
	return paceBase + time.Duration(bytes)*time.Second/paceFloor
}

// bound gives every answer a deadline that grows with its size. It is set when
// bytes begin to flow, so that a blocking request may wait as long as it must,
// and only time spent writing counts: a slow store is not the reader's fault.
// What was answered goes to count.
func bound(h http.Handler, count func(path string, status int, bytes int64, took time.Duration)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &paced{ResponseWriter: w, rc: *http.NewResponseController(w), shared: r.ProtoMajor > 1}
		path, begun := r.URL.Path, time.Now() // before handlers change it
		defer func() {
			if r.Method == http.MethodHead {
				p.sent = 0 // net/http takes a body, and drops it
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
	sent   int64         // taken by it
	waited time.Duration // in Write so far
	own    bool          // the handler sets deadlines itself, as that of events does
	armed  bool          // a deadline of ours stands
	shared bool          // the connection is shared, as over HTTP/2: deadlines are the answer's
}

// Unwrap is for http.ResponseController.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// SetWriteDeadline is for http.ResponseController: from now on the handler
// itself says how long a write may take.
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

// ReadFrom sends what src gives, in small pieces. What waits for a reader to take
// more holds none of them, where the connection can tell.
func (p *paced) ReadFrom(src io.Reader) (n int64, err error) {
	for {
		room, err := p.reserve()
		if err != nil {
			return n, err
		}
		b := pieces.Get().(*[pieceSize]byte)
		got, rerr := src.Read(b[:room])
		if got > 0 {
			got, err = p.Write(b[:got])
			n += int64(got)
		}
		pieces.Put(b)
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

// reserver is an answer whose reader says how much it takes. Reserve waits until
// that is anything, and holds up to most bytes of it for the next Write.
type reserver interface{ Reserve(most int) (int, error) }

// reserve waits until something can be sent, and tells how much.
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

// pieceSize is what is held in memory of a body that comes from elsewhere.
const pieceSize = 16 << 10

var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// whole tells that all of what was announced is written: the handler has no more.
func (p *paced) whole() bool {
	length := p.Header()["Content-Length"]
	if len(length) != 1 {
		return false
	}
	n, err := strconv.ParseInt(length[0], 10, 64)
	return err == nil && p.sent >= n
}

// lift takes the deadline away until the next write. Over HTTP/2 it ends the
// answer when it comes, also while a handler waits for its store.
func (p *paced) lift() {
	if p.own || !p.armed {
		return
	}
	p.armed = false
	_ = p.rc.SetWriteDeadline(time.Time{}) // as in arm
}

// finish bounds what buffers hold still: net/http sends it when the handler has
// returned. Of a handler that wrote nothing, as for a HEAD, those are the headers.
func (p *paced) finish() {
	if p.own || !p.armed {
		_ = p.rc.SetWriteDeadline(time.Now().Add(paceBase)) // as in arm
	}
}

// arm bounds one write by its own size, lest what buffers have taken count for
// a reader who has stopped, and all writes together by theirs, lest a trickle
// go on for ever.
func (p *paced) arm(now time.Time, size int) {
	if p.own {
		return
	}
	p.armed = true
	// It fails only where there is no connection to bound.
	_ = p.rc.SetWriteDeadline(now.Add(min(allowance(int64(size)), allowance(p.bytes)-p.waited)))
}

// statusOf is what net/http sends for a handler that named no status.
func statusOf(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}
