package http2

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

// body is the body of a request. The window of the stream bounds the bytes that
// have come and are not read yet.
type body struct {
	st      *stream
	trailer *http.Header // of the request, filled at the end

	mu sync.Mutex
	// Guarded by mu.
	wake     chan struct{} // closed and replaced when anything changes
	came     []byte
	read     int         // bytes of came
	left     int64       // announced bytes that have not come yet; -1: the length is not known
	err      error       // after the bytes in came
	ends     http.Header // trailers
	asks     bool        // the peer waits for 100 Continue
	by       time.Time   // a deadline
	finished bool        // nobody reads the body any more
}

func newBody(st *stream, length int64, asks bool) *body {
	return &body{st: st, left: length, asks: asks, wake: make(chan struct{})}
}

var errLength = errors.New("the body is not as long as was announced")

// push adds bytes that have come, and returns how many of them are kept for the
// reader. It fails if they do not fit the announced length.
func (b *body) push(piece []byte, last bool, trailer http.Header) (kept int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil || b.finished {
		return 0, nil // nobody reads them
	}
	defer b.changed()
	if n := int64(len(piece)); b.left >= 0 {
		if n > b.left || last && n < b.left {
			b.err = errLength
			return 0, errLength
		}
		b.left -= n
	}
	b.came = append(b.came, piece...)
	if last {
		b.err, b.ends = io.EOF, trailer
	}
	return len(piece), nil
}

// changed wakes the reader. mu is held.
func (b *body) changed() {
	close(b.wake)
	b.wake = make(chan struct{})
}

// fail ends the body with an error, unless it has ended.
func (b *body) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
		b.changed()
	}
}

// close ends the body, and returns the number of bytes that nobody will read.
func (b *body) close() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.came) - b.read
	b.finished, b.came, b.read = true, nil, 0
	return int64(n)
}

// Close is for handlers that read no more.
func (b *body) Close() error {
	b.fail(http.ErrBodyReadAfterClose)
	return nil
}

func (b *body) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := b.next(p)
	if n > 0 {
		b.st.c.s.stock.remove(b.st.c.from, int64(n))
		_ = b.st.c.returnWindow(b.st, int64(n)) // an error ends the connection by itself
	}
	return n, err
}

// next waits for bytes.
func (b *body) next(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		if n := copy(p, b.came[b.read:]); n > 0 {
			if b.read += n; b.read == len(b.came) {
				b.came, b.read = b.came[:0], 0
			}
			return n, nil
		}
		if b.err != nil {
			if b.ends != nil && b.err == io.EOF {
				b.give()
			}
			return 0, b.err
		}
		if err := b.wait(); err != nil {
			return 0, err
		}
	}
}

// give copies the trailers into the request. mu is held.
func (b *body) give() {
	if *b.trailer == nil {
		*b.trailer = http.Header{}
	}
	for name, values := range b.ends {
		(*b.trailer)[name] = values
	}
	b.ends = nil
}

// wait releases mu until something changes or the deadline passes.
func (b *body) wait() error {
	left, passed := until(b.by)
	if passed {
		return os.ErrDeadlineExceeded
	}
	wake, asks := b.wake, b.asks
	b.asks = false
	b.mu.Unlock()
	defer b.mu.Lock()
	if asks {
		if err := b.st.c.out.proceed(b.st.id); err != nil {
			return err
		}
	}
	if left == 0 {
		<-wake
		return nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-wake:
	case <-timer.C:
	}
	return nil
}

func (b *body) deadline(t time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.by = t
	b.changed()
}
