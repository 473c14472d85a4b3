package http1

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// answer is the http.ResponseWriter of a connection. Its headers go out with the
// first bytes of the body, in one system call.
type answer struct {
	c      *conn
	header http.Header
	toHead bool
	last   bool // the connection is closed after it

	status int    // 0: WriteHeader is to come
	length int64  // of the body, as announced; -1: it was not
	wrote  int64  // of the body, by the handler
	top    []byte // the head, as far as it is known; empty: it was sent
	body   []byte // small writes that go out together
	err    error  // of the connection

	pieces [3][]byte
	vector net.Buffers
}

// gathered is how many bytes of small writes go out together. So it is also the
// longest body whose length a handler need not announce, for example that of a
// refusal.
const gathered = 2 << 10

// begin makes a the answer to r.
func (a *answer) begin(r *http.Request) {
	clear(a.header)
	a.toHead, a.last = r.Method == http.MethodHead, r.Close
	a.status, a.length, a.wrote, a.err = 0, -1, 0, nil
	a.top, a.body = a.top[:0], a.body[:0]
}

func (a *answer) Header() http.Header { return a.header }

// WriteHeader fixes the headers. There are no interim answers (1xx).
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	a.last = a.last || a.c.s.members.Draining()
	a.top = append(a.top, "HTTP/1.1 "...)
	a.top = strconv.AppendInt(a.top, int64(status), 10)
	a.top = append(append(a.top, ' '), http.StatusText(status)...)
	a.top = append(a.top, "\r\n"...)
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
		case "Connection":
			a.last = a.last || values[0] == "close"
		case "Transfer-Encoding": // there is none
		case "Content-Type":
			if status != http.StatusNotModified {
				a.line(name, values[0])
			}
		default:
			for _, v := range values {
				a.line(name, v)
			}
		}
	}
	if _, own := a.header["Date"]; !own {
		a.line("Date", Date())
	}
}

// bodiless tells whether the status allows no body (RFC 9110 6.4.1).
func (a *answer) bodiless() bool {
	return a.status == http.StatusNoContent || a.status == http.StatusNotModified
}

func (a *answer) line(name, value string) {
	if strings.ContainsAny(value, "\r\n") {
		value = oneLine.Replace(value)
	}
	a.top = append(append(a.top, name...), ": "...)
	a.top = append(append(a.top, value...), "\r\n"...)
}

var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

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
	switch {
	case a.toHead:
		return len(b), nil
	case a.wrote != a.length && len(a.body)+len(b) <= gathered:
		a.body = append(a.body, b...)
		return len(b), a.err
	case a.length < 0:
		a.last = true // the end of the connection is the end of the body
	}
	return a.send(b)
}

// finish sends the rest when the handler has returned; false: no other answer
// can follow on this connection.
func (a *answer) finish() bool {
	a.WriteHeader(http.StatusOK)
	short := a.length >= 0 && a.wrote < a.length && !a.toHead
	if len(a.top) > 0 {
		a.last = a.last || short
		if a.length < 0 && !a.bodiless() && a.wrote <= gathered && (a.wrote > 0 || !a.toHead) {
			a.length = a.wrote
		}
	}
	if len(a.top) > 0 || len(a.body) > 0 {
		a.send(nil)
	}
	return !a.last && !short && a.err == nil
}

// send writes b, and before it the head and the gathered bytes.
func (a *answer) send(b []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	a.endHead()
	before := len(a.top) + len(a.body)
	if before == 0 {
		var n int
		n, a.err = a.c.Conn.Write(b)
		return n, a.err
	}
	a.pieces = [...][]byte{a.top, a.body, b}
	a.vector = a.pieces[:]
	n, err := a.vector.WriteTo(a.c.Conn)
	a.pieces, a.err = [3][]byte{}, err
	a.top, a.body = a.top[:0], a.body[:0]
	return max(0, int(n)-before), err
}

// endHead adds the last headers, unless the head was sent.
func (a *answer) endHead() {
	if len(a.top) == 0 {
		return
	}
	if a.length >= 0 {
		a.top = append(a.top, "Content-Length: "...)
		a.top = strconv.AppendInt(a.top, a.length, 10)
		a.top = append(a.top, "\r\n"...)
	}
	if a.last {
		a.top = append(a.top, "Connection: close\r\n"...)
	}
	a.top = append(a.top, "\r\n"...)
}

// slack is how much too late a write may fail. The answers to a viewer set ten
// deadlines a second, each a little later than the one before or, for a smaller
// part, a little earlier. With slack, one deadline of the socket does for nearly
// all of them.
const slack = 4 * time.Second

// SetWriteDeadline is for http.ResponseController. It keeps the present
// deadline of the socket if that is not too early and not much too late.
func (a *answer) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		a.c.writeBy = 0
		return a.c.Conn.SetWriteDeadline(t)
	}
	asked := t.Sub(started) // the wall clock may be set back
	if by := a.c.writeBy; by != 0 && by >= asked && by-asked <= slack {
		return nil
	}
	a.c.writeBy = asked + slack
	return a.c.Conn.SetWriteDeadline(t.Add(slack))
}

// started is the zero point of deadlines.
var started = time.Now()

// Date gives the Date header, which is made once a second.
func Date() string {
	now := time.Now()
	if d := dated.Load(); d != nil && d.second == now.Unix() {
		return d.text
	}
	d := &dateOf{now.Unix(), now.UTC().Format(http.TimeFormat)}
	dated.Store(d)
	return d.text
}

type dateOf struct {
	second int64
	text   string
}

var dated atomic.Pointer[dateOf]
