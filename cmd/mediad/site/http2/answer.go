package http2

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/http2/hpack"

	"mediad/cmd/mediad/site/http1"
)

// answer is the http.ResponseWriter of a stream. It belongs to the handler's goroutine.
type answer struct {
	st       *stream
	header   http.Header
	toHead   bool
	status   int                 // 0: WriteHeader is to come
	length   int64               // of the body, as announced; -1: it was not
	wrote    int64               // of the body, by the handler
	top      []hpack.HeaderField // the head; empty: it was sent
	trailers []string            // announced
	body     []byte              // small writes that go out together
	reserved int                 // bytes of the windows that are reserved for the next write
	deadline time.Time
	done     bool // the stream is ended
	err      error
}

// gathered is how many bytes of small writes go out together. So it is also the
// longest body whose length is announced for a handler that does not do it.
// batch is how much is written before other streams of the connection have their
// turn.
const (
	gathered = 2 << 10
	batch    = 4 * (recordSize - headerSize)
)

func (a *answer) begin(toHead bool) {
	a.header, a.toHead, a.length = make(http.Header, 12), toHead, -1
}

func (a *answer) Header() http.Header { return a.header }

// WriteHeader fixes the headers. There are no interim answers (1xx).
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	a.top = make([]hpack.HeaderField, 0, len(a.header)+4)
	a.top = append(a.top, hpack.HeaderField{Name: ":status", Value: statusText(status)})
	for name, values := range a.header {
		if len(values) == 0 { // the handler wants none
			continue
		}
		switch name {
		case "Content-Length":
			n, err := strconv.ParseInt(values[0], 10, 64)
			if err == nil && n >= 0 && !a.bodiless() {
				a.length = n
			}
			continue
		case "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade":
			continue // RFC 9113 8.2.2
		case "Trailer":
			a.announce(values)
		case "Content-Type":
			if status == http.StatusNotModified {
				continue
			}
		}
		if strings.HasPrefix(name, http.TrailerPrefix) {
			continue
		}
		a.fields(name, values)
	}
	if _, own := a.header["Date"]; !own {
		a.top = append(a.top, hpack.HeaderField{Name: "date", Value: http1.Date()})
	}
}

func (a *answer) fields(name string, values []string) {
	name = lower(name)
	if !httpguts.ValidHeaderFieldName(name) {
		return
	}
	for _, v := range values {
		if httpguts.ValidHeaderFieldValue(v) {
			a.top = append(a.top, hpack.HeaderField{Name: name, Value: v})
		}
	}
}

// lower gives the name of a header in lower case, as HTTP/2 needs it.
func lower(name string) string {
	if n, ok := lowered[name]; ok {
		return n
	}
	return strings.ToLower(name)
}

// lowered has the header names of answers to players.
var lowered = func() map[string]string {
	m := map[string]string{}
	for _, n := range []string{
		"Accept-Ranges", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Age", "Cache-Control", "Content-Encoding",
		"Content-Length", "Content-Range", "Content-Type", "Date", "Etag", "Last-Modified", "Location", "Retry-After", "Timing-Allow-Origin", "Vary",
	} {
		m[n] = strings.ToLower(n)
	}
	return m
}()

func statusText(status int) string {
	switch status {
	case http.StatusOK:
		return "200"
	case http.StatusNotModified:
		return "304"
	}
	return strconv.Itoa(status)
}

// bodiless tells whether the status allows no body (RFC 9110 6.4.1).
func (a *answer) bodiless() bool {
	return a.status == http.StatusNoContent || a.status == http.StatusNotModified
}

func (a *answer) announce(values []string) {
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			if name = http.CanonicalHeaderKey(strings.TrimSpace(name)); httpguts.ValidTrailerHeader(name) {
				a.trailers = append(a.trailers, name)
			}
		}
	}
}

// Write sends large pieces and the last one, and gathers others. b is not
// kept.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.bodiless() {
		return 0, http.ErrBodyNotAllowed
	}
	if a.length >= 0 && a.wrote+int64(len(b)) > a.length {
		return 0, http.ErrContentLength
	}
	a.wrote += int64(len(b))
	whole := a.wrote == a.length && len(a.trailers) == 0
	switch {
	case a.err != nil:
		return 0, a.err
	case a.toHead:
		return len(b), nil
	case !whole && len(a.body)+len(b) <= gathered:
		a.body = append(a.body, b...)
		return len(b), nil
	}
	if len(a.body) > 0 {
		if len(a.body)+len(b) <= recordSize/2 {
			n := len(a.body)
			sent, err := a.send(append(a.body, b...), whole)
			a.body = a.body[:0]
			return max(0, sent-n), err
		}
		if _, err := a.send(a.body, false); err != nil {
			return 0, err
		}
		a.body = a.body[:0]
	}
	return a.send(b, whole)
}

// Reserve waits until the peer accepts data, and reserves up to most bytes for
// the next write.
func (a *answer) Reserve(most int) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.toHead || a.bodiless() {
		return most, nil
	}
	if a.reserved == 0 && a.err == nil {
		a.reserved, a.err = a.st.try(most)
	}
	if a.reserved == 0 && a.FlushError() == nil { // send the head before the wait
		a.reserved, a.err = a.st.take(most, a.deadline)
	}
	return min(most, a.reserved), a.err
}

// Flush sends the gathered bytes.
func (a *answer) Flush() { _ = a.FlushError() }

// FlushError is for http.ResponseController.
func (a *answer) FlushError() error {
	a.WriteHeader(http.StatusOK)
	if a.err == nil && !a.done && (len(a.top) > 0 || len(a.body) > 0) {
		if _, err := a.send(a.body, false); err != nil {
			return err
		}
		a.body = a.body[:0]
	}
	return a.err
}

// SetWriteDeadline is for http.ResponseController.
func (a *answer) SetWriteDeadline(t time.Time) error {
	a.deadline = t
	return nil
}

// SetReadDeadline is for http.ResponseController.
func (a *answer) SetReadDeadline(t time.Time) error {
	if a.st.body != nil {
		a.st.body.deadline(t)
	}
	return nil
}

// EnableFullDuplex is for http.ResponseController. HTTP/2 is always full
// duplex.
func (a *answer) EnableFullDuplex() error { return nil }

// errShort: a handler wrote less than it announced.
var errShort = errors.New("the answer is shorter than was announced")
