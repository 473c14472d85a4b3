package http2

import (
	"context"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/http2"
)

// request makes the request of a stream, and returns the handler that answers it.
// An error is for the stream only.
func (st *stream) request(f *http2.MetaHeadersFrame) (http.Handler, error) {
	bad := http2.StreamError{StreamID: st.id, Code: http2.ErrCodeProtocol}
	r := &st.asked
	var scheme, path, authority string
	for _, p := range f.PseudoFields() {
		switch p.Name {
		case ":method":
			r.Method = p.Value
		case ":scheme":
			scheme = p.Value
		case ":path":
			path = p.Value
		case ":authority":
			authority = p.Value
		default: // a pseudo-header of a protocol that we have not offered
			return nil, bad
		}
	}
	connect := r.Method == http.MethodConnect
	switch {
	case r.Method == "" || !httpguts.ValidHeaderFieldName(r.Method), connect && (scheme != "" || path != "" || authority == ""):
		return nil, bad
	case !connect && (scheme != "http" && scheme != "https" || path == "" || path[0] != '/' && path != "*"):
		return nil, bad
	}
	var next http.Handler
	length, ok := st.fields(f)
	switch {
	case !ok:
		return nil, bad
	case f.Truncated:
		next = refusal(http.StatusRequestHeaderFieldsTooLarge)
	case connect:
		next = refusal(http.StatusMethodNotAllowed)
	}
	if r.Host = authority; authority == "" {
		r.Host = r.Header.Get("Host")
	}
	delete(r.Header, "Host")
	if !st.target(path) || !httpguts.ValidHostHeader(r.Host) {
		next = refusal(http.StatusBadRequest)
	}
	r.Proto, r.ProtoMajor, r.RemoteAddr, r.TLS = "HTTP/2.0", 2, st.c.remote, st.c.tls
	r.Body, r.ContentLength = http.NoBody, 0
	switch {
	case !st.heard:
		st.body = newBody(st, length, strings.EqualFold(r.Header.Get("Expect"), "100-continue"))
		r.Body, r.ContentLength = st.body, length
	case length > 0:
		return nil, bad
	}
	delete(r.Header, "Expect")
	var ctx context.Context
	ctx, st.cancel = context.WithCancel(st.c.ctx)
	st.asked = *r.WithContext(ctx)
	if st.body != nil {
		st.body.trailer = &st.asked.Trailer
	}
	st.answer.begin(r.Method == http.MethodHead)
	if next == nil {
		next = st.c.s.opts.Handler
	}
	return next, nil
}

// target reads the path as net/http does.
func (st *stream) target(path string) bool {
	r := &st.asked
	r.RequestURI = path
	if path == "" { // CONNECT
		r.URL = &url.URL{Host: r.Host}
		return true
	}
	if plain, query, some := strings.Cut(path, "?"); !some || query != "" {
		if plainPath(plain) && !strings.HasPrefix(plain, "//") {
			st.url = url.URL{Path: plain, RawQuery: query}
			r.URL = &st.url
			return plainQuery(query)
		}
	}
	u, err := url.ParseRequestURI(path)
	if err != nil {
		r.URL = &st.url
		return false
	}
	r.URL = u
	return true
}

// plainPath tells whether a path needs no decoding, like those of media.
func plainPath(path string) bool {
	for i := range len(path) {
		switch c := path[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', c == '/', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return path != "" && path[0] == '/'
}

// plainQuery tells whether url.ParseRequestURI accepts a query.
func plainQuery(query string) bool {
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c == 0x7f {
			return false
		}
	}
	return true
}

// fields reads the headers; length is that of the body, -1: not announced.
func (st *stream) fields(f *http2.MetaHeadersFrame) (length int64, ok bool) {
	fields := f.RegularFields()
	h := make(http.Header, len(fields))
	values := make([]string, len(fields)) // of all of them
	length = -1
	for i, p := range fields {
		name := textproto.CanonicalMIMEHeaderKey(p.Name)
		switch name {
		case "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade":
			return 0, false // RFC 9113 8.2.2
		case "Te":
			if p.Value != "trailers" {
				return 0, false
			}
		case "Cookie":
			if had := h[name]; had != nil { // 8.2.3
				had[0] += "; " + p.Value
				continue
			}
		case "Content-Length":
			n, err := strconv.ParseUint(p.Value, 10, 63)
			if err != nil || length >= 0 && length != int64(n) {
				return 0, false
			}
			length = int64(n)
		case "Trailer":
			announce(&st.asked, p.Value)
			continue
		}
		if had := h[name]; had != nil {
			h[name] = append(had, p.Value)
			continue
		}
		values[i] = p.Value
		h[name] = values[i : i+1 : i+1]
	}
	st.asked.Header = h
	return length, true
}

// announce records which trailers will come.
func announce(r *http.Request, names string) {
	for name := range strings.SplitSeq(names, ",") {
		name = textproto.CanonicalMIMEHeaderKey(textproto.TrimString(name))
		if !httpguts.ValidTrailerHeader(name) {
			continue
		}
		if r.Trailer == nil {
			r.Trailer = http.Header{}
		}
		r.Trailer[name] = nil
	}
}

// trailer reads the trailers of a request.
func trailer(f *http2.MetaHeadersFrame) http.Header {
	h := http.Header{}
	for _, p := range f.RegularFields() {
		if name := textproto.CanonicalMIMEHeaderKey(p.Name); httpguts.ValidTrailerHeader(name) {
			h[name] = append(h[name], p.Value)
		}
	}
	return h
}

// refusal answers requests that no handler should get.
type refusal int

func (s refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, http.StatusText(int(s)), int(s))
}
