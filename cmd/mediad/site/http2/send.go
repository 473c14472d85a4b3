package http2

import (
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/net/http2/hpack"
)

// send writes the head and b, as far as the peer accepts data, and waits for the
// rest. last ends the answer.
func (a *answer) send(b []byte, last bool) (sent int, err error) {
	if a.err != nil {
		return 0, a.err
	}
	a.endHead(b)
	for {
		n := 0
		if len(b) > 0 {
			if _, passed := until(a.deadline); passed { // the deadline also holds for a peer whose window is large enough
				a.err = os.ErrDeadlineExceeded
				return sent, a.err
			}
			if n, a.err = a.st.try(min(len(b), batch)); n == 0 && a.err == nil && len(a.top) == 0 {
				n, a.err = a.st.take(min(len(b), batch), a.deadline)
			}
			if a.err != nil {
				return sent, a.err
			}
		}
		end := last && n == len(b)
		if n == 0 && !end && len(a.top) == 0 {
			return sent, nil
		}
		if n, a.err = a.out(b[:n], end); a.err != nil {
			return sent, a.err
		}
		sent, b = sent+n, b[n:]
		if len(b) == 0 {
			return sent, nil
		}
	}
}

// out writes bytes for which a share of the windows was taken, and returns how many it
// wrote.
func (a *answer) out(b []byte, end bool) (int, error) {
	var trailers []hpack.HeaderField
	if end {
		trailers = a.trailing()
	}
	n, err := a.st.c.out.answer(a.st, a.top, trailers, b, end)
	a.top = a.top[:0]
	a.st.c.grants.Add(int64(n))
	if err == nil && end && n == len(b) {
		a.done = true
		a.st.whole()
	}
	return n, err
}

// endHead adds the last headers, unless the head was sent.
func (a *answer) endHead(body []byte) {
	if len(a.top) == 0 {
		return
	}
	if a.length >= 0 {
		a.top = append(a.top, hpack.HeaderField{Name: "content-length", Value: a.lengthText()})
	}
	if _, named := a.header["Content-Type"]; !named && len(body) > 0 && a.header.Get("Content-Encoding") == "" {
		a.top = append(a.top, hpack.HeaderField{Name: "content-type", Value: http.DetectContentType(body)})
	}
}

// lengthText gives the length in digits. Mostly the handler has set that text
// already.
func (a *answer) lengthText() string {
	if v := a.header["Content-Length"]; len(v) > 0 {
		if n, err := strconv.ParseInt(v[0], 10, 64); err == nil && n == a.length && v[0][0] != '+' {
			return v[0]
		}
	}
	return strconv.FormatInt(a.length, 10)
}

// trailing gives the trailers that the handler has set.
func (a *answer) trailing() (fields []hpack.HeaderField) {
	add := func(name string, values []string) {
		for _, v := range values {
			fields = append(fields, hpack.HeaderField{Name: lower(name), Value: v})
		}
	}
	for _, name := range a.trailers {
		add(name, a.header[name])
	}
	for name, values := range a.header {
		if plain, ok := strings.CutPrefix(name, http.TrailerPrefix); ok {
			add(plain, values)
		}
	}
	return fields
}

// finish sends the rest when the handler has returned.
func (a *answer) finish() error {
	a.WriteHeader(http.StatusOK)
	switch {
	case a.err != nil || a.done:
		return a.err
	case a.length >= 0 && a.wrote < a.length && !a.toHead:
		return errShort
	}
	if len(a.top) > 0 && a.length < 0 && !a.bodiless() && a.wrote <= gathered && (a.wrote > 0 || !a.toHead) && len(a.trailers) == 0 {
		a.length = a.wrote
	}
	_, err := a.send(a.body, true)
	return err
}
