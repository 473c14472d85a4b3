package doctor

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// How much of one answer is read, in bytes. The playlist of a day has some megabytes,
// and to judge a text takes many times its size.
const (
	maxText = 8 << 20
	maxBody = 64 << 20 // of media
)

// errEndless says that an answer was not read to its end. It is then not judged.
var errEndless = errors.New("the answer is too long")

// answer is the result of one request.
type answer struct {
	method string
	url    *url.URL // as asked
	asked  http.Header
	status int // 0: nothing came
	header http.Header
	body   []byte // as sent
	err    error  // of the connection, or of a body that ended early

	redirected        bool
	sent, first, done time.Time // request, first byte of the body (else the headers), end
}

// took is the time from the request to the first byte of the answer's body.
func (a *answer) took() time.Duration { return a.first.Sub(a.sent) }

// ok tells whether the whole answer came, with status 200.
func (a *answer) ok() bool { return a.err == nil && a.status == http.StatusOK }

// zipped tells whether the body is compressed.
func (a *answer) zipped() bool { return a.header.Get("Content-Encoding") == "gzip" }

// text is the body, decompressed.
func (a *answer) text() []byte {
	if !a.zipped() {
		return a.body
	}
	z, err := gzip.NewReader(bytes.NewReader(a.body))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(z, maxText+1))
	if err != nil || len(text) > maxText {
		return nil
	}
	return text
}

// place names the request.
func (a *answer) place() string {
	if a.method == http.MethodGet {
		return a.url.String()
	}
	return a.method + " " + a.url.String()
}

// heads shows the request's own headers, the status and the headers named.
func (a *answer) heads(names ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", a.method, a.url.RequestURI())
	for _, h := range sortedNames(a.asked) {
		fmt.Fprintf(&b, "%s: %s\n", h, a.asked.Get(h))
	}
	if a.err != nil {
		fmt.Fprintf(&b, "after %v: %v\n", a.done.Sub(a.sent).Round(time.Millisecond), a.err)
	}
	if a.status == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "%d after %v\n", a.status, a.took().Round(time.Millisecond))
	for _, n := range names {
		if v, there := a.header[http.CanonicalHeaderKey(n)]; there {
			fmt.Fprintf(&b, "%s: %s\n", n, strings.Join(v, ", "))
		} else {
			fmt.Fprintf(&b, "%s is missing\n", n)
		}
	}
	return b.String()
}

func sortedNames(h http.Header) []string {
	var out []string
	for n := range h {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// ask sends a request and reads the whole answer, a playlist. Headers come in
// pairs. It may be called from any goroutine.
func (d *Doctor) ask(ctx context.Context, method string, u *url.URL, headers ...string) *answer {
	return d.request(ctx, method, u, maxText, headers...)
}

// request is ask with another bound for the size of the answer.
func (d *Doctor) request(ctx context.Context, method string, u *url.URL, most int64, headers ...string) *answer {
	a := &answer{method: method, url: u, asked: http.Header{}, header: http.Header{}}
	for i := 0; i+1 < len(headers); i += 2 {
		a.asked.Set(headers[i], headers[i+1])
	}
	a.sent = time.Now()
	a.first = a.sent
	defer func() { a.done = time.Now() }()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		a.err = err
		return a
	}
	req.Header = a.asked.Clone()
	req.Header.Set("User-Agent", "mediad doctor")
	res, err := d.client.Do(req)
	if err != nil {
		a.err = err
		a.first = time.Now()
		return a
	}
	defer res.Body.Close()
	a.status, a.header, a.first = res.StatusCode, res.Header, time.Now()
	a.redirected = res.Request.URL.String() != req.URL.String()
	if a.redirected && res.Request.URL != nil {
		a.url = res.Request.URL
	}
	var head [1]byte
	n, err := io.ReadFull(res.Body, head[:])
	if n == 1 {
		a.first = time.Now()
		var rest []byte
		rest, a.err = io.ReadAll(io.LimitReader(res.Body, most))
		if a.body = append(head[:], rest...); int64(len(a.body)) > most {
			a.body, a.err = nil, fmt.Errorf("%w: more than %d MiB", errEndless, most>>20)
		}
	} else if err != io.EOF {
		a.err = err
	}
	return a
}

// get is ask with the method GET.
func (d *Doctor) get(ctx context.Context, u *url.URL, headers ...string) *answer {
	return d.ask(ctx, http.MethodGet, u, headers...)
}
