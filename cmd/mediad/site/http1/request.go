package http1

import (
	"bytes"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// verdict says what to do with the bytes that came.
type verdict int

const (
	more   verdict = iota // the head is not whole yet
	ours                  // a request
	theirs                // not a simple request: it is for net/http
)

// head reads the heads of one connection.
type head struct {
	takes func(path string) bool
	blank http.Request // the fields that all requests share

	// Of the request before: players send the same each time.
	text   []byte // its header lines
	header http.Header
	host   string
	close  bool
}

// request is everything that one request allocates.
type request struct {
	http.Request
	url url.URL
}

// read takes a request from the beginning of b, n bytes of it.
func (h *head) read(b []byte) (r *http.Request, n int, v verdict) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		if bareNewline(b) {
			return nil, 0, theirs // the head may be whole
		}
		return nil, 0, more
	}
	line, lines, _ := bytes.Cut(b[:end+2], []byte("\r\n"))
	method, rest, _ := strings.Cut(string(line), " ")
	target, proto, _ := strings.Cut(rest, " ")
	if proto != "HTTP/1.1" || !plainTarget(target) {
		return nil, 0, theirs
	}
	if method != http.MethodGet && method != http.MethodHead {
		return nil, 0, theirs
	}
	path, query, _ := strings.Cut(target, "?")
	if !h.takes(path) {
		return nil, 0, theirs
	}
	if h.header == nil || !bytes.Equal(lines, h.text) {
		if !h.readLines(lines) {
			return nil, 0, theirs
		}
	}
	q := new(request)
	q.url.Path, q.url.RawQuery = path, query
	q.Request = h.blank
	q.Method, q.URL, q.RequestURI = method, &q.url, target
	q.Proto, q.ProtoMajor, q.ProtoMinor = "HTTP/1.1", 1, 1
	q.Header, q.Host, q.Close, q.Body = h.header, h.host, h.close, http.NoBody
	return &q.Request, end + 4, ours
}

func bareNewline(b []byte) bool {
	for i, c := range b {
		if c == '\n' && (i == 0 || b[i-1] != '\r') {
			return true
		}
	}
	return false
}

// readLines reads header lines; false: the request is for net/http.
func (h *head) readLines(lines []byte) bool {
	h.text = append(h.text[:0], lines...)
	h.header, h.host, h.close = nil, "", false
	header, hosts := http.Header{}, 0
	for rest := string(lines); rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || !all(name, inName) || !all(value, inValue) {
			return false
		}
		name, value = textproto.CanonicalMIMEHeaderKey(name), strings.Trim(value, " ")
		if name == "Host" {
			if hosts++; hosts > 1 || value == "" || !all(value, inHost) {
				return false
			}
			h.host = value
			continue
		}
		closes, ok := plainHeader(name, value)
		if !ok || name == "Connection" && header[name] != nil {
			return false
		}
		h.close = h.close || closes
		header[name] = append(header[name], value)
	}
	if hosts == 0 {
		return false
	}
	h.header = header
	return true
}

// plainHeader tells whether a header is harmless: it does not change how the
// request is read, except that closes may say that it is the last one.
func plainHeader(name, value string) (closes, ok bool) {
	switch name {
	case "Content-Length", "Transfer-Encoding", "Trailer", "Expect", "Upgrade", "Pragma":
		return false, false
	case "Connection":
		closes = strings.EqualFold(value, "close")
		return closes, closes || strings.EqualFold(value, "keep-alive")
	}
	return false, true
}

// plainTarget tells whether a target is a path without escapes, with or without
// a query.
func plainTarget(target string) bool {
	path, query, some := strings.Cut(target, "?")
	return path != "" && path[0] == '/' && all(path, inPath) && some == (query != "") && all(query, inQuery)
}

// set is a set of bytes.
type set [256]bool

func setOf(f func(c byte) bool) *set {
	s := new(set)
	for c := range s {
		s[c] = f(byte(c))
	}
	return s
}

func all(text string, in *set) bool {
	for i := range len(text) {
		if !in[text[i]] {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func oneOf(more string) *set {
	return setOf(func(c byte) bool { return alphanumeric(c) || strings.IndexByte(more, c) >= 0 })
}

// Bytes that have no special meaning and are never escaped.
var (
	inPath  = oneOf("/-._~")
	inQuery = oneOf("/-._~=&%+,:;@!$'()*?")
	inName  = oneOf("-_")
	inHost  = oneOf("-._:[]")
	inValue = setOf(func(c byte) bool { return ' ' <= c && c != 0x7f })
)
