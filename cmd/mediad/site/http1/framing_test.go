package http1_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// An answer is framed as net/http frames it.
func TestAnswers(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	for name, h := range map[string]http.HandlerFunc{
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"a refusal": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no such thing", http.StatusNotFound)
		},
		"announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			io.WriteString(w, long[:7])
			io.WriteString(w, long[7:])
		},
		"announced, in vain": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			if r.Method == http.MethodGet {
				io.WriteString(w, long)
			}
		},
		"not modified": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"x"`)
			w.WriteHeader(http.StatusNotModified)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				panic(err)
			}
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3")
			w.WriteHeader(http.StatusNoContent)
		},
		"a range": func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			r.Header.Set("Range", "bytes=10-19,30-39")
			http.ServeContent(w, r, "x.ts", time.Time{}, strings.NewReader(long))
		},
		"the last": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			io.WriteString(w, "x")
		},
		"several values": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Vary"] = []string{"Accept", "Origin"}
			w.Header().Set("X-Odd", "two\r\nlines")
			w.Header().Set("Date", "then")
			w.WriteHeader(http.StatusAccepted)
			w.WriteHeader(http.StatusOK) // too late
			w.Header().Set("X-Late", "1")
		},
		"headers left out": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"], w.Header()["Content-Type"], w.Header()["X-Odd"] = nil, nil, nil
			w.WriteHeader(http.StatusOK)
		},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			typed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain") // net/http looks for one, http1 does not
				h(w, r)
			})
			s := open(t, typed)
			ask := func(path string) (*http.Response, string) {
				p := s.dial(t)
				for range 2 {
					p.say(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
					r, body := p.hear(method)
					if r.Close {
						if !p.closed() {
							t.Errorf("%s of %s: stays open", method, name)
						}
						return r, body
					}
					if (r.Header.Get("Date") == "") != (name == "headers left out") {
						t.Errorf("%s of %s: the date is %q", method, name, r.Header.Get("Date"))
					}
				}
				p.say(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				r, body := p.hear(method)
				if !r.Close || !p.closed() {
					t.Errorf("%s of %s: stays open", method, name)
				}
				return r, body
			}
			want, text := ask("/")
			s.answered()
			got, body := ask("/live/")
			if by := s.answered(); len(by) == 0 || slices.Contains(by, "net/http") {
				t.Errorf("%s of %s: by %v", method, name, by)
			}
			for _, r := range []*http.Response{want, got} {
				if r.Header.Get("Date") != "then" {
					r.Header.Del("Date")
				}
				if _, boundary, ok := strings.Cut(r.Header.Get("Content-Type"), "boundary="); ok {
					r.Header.Del("Content-Type")
					text, body = strings.ReplaceAll(text, boundary, ""), strings.ReplaceAll(body, boundary, "")
				}
			}
			if got.Status != want.Status || fmt.Sprint(got.Header) != fmt.Sprint(want.Header) || body != text || got.ContentLength != want.ContentLength {
				t.Errorf("%s of %s:\n%s %v %d %.80q\nof net/http:\n%s %v %d %.80q", method, name,
					got.Status, got.Header, got.ContentLength, body, want.Status, want.Header, want.ContentLength, text)
			}
		}
	}
}

// A body of unknown length ends with the connection, and so does one that is
// shorter than announced. A panic ends only its own answer.
func TestBodiesThatEndTheConnection(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 5000)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/live/unknown":
			w.Write(long[:1500])
			w.Write(long[1500:])
		case "/live/short":
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "short")
		case "/live/interim":
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Set("Connection", "close")
			io.WriteString(w, "late")
		case "/live/much":
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "01234")
			if _, err := io.WriteString(w, "5"); !errors.Is(err, http.ErrContentLength) {
				t.Errorf("more than announced: %v", err)
			}
		case "/live/panic":
			panic("at the wrong time")
		case "/live/abort":
			panic(http.ErrAbortHandler)
		}
	}))
	for path, want := range map[string]int{"unknown": 5000, "short": 5, "much": 5, "interim": 4, "panic": 0, "abort": 0} {
		p := s.dial(t)
		p.say("GET /live/" + path + " HTTP/1.1\r\nHost: x\r\n")
		if path == "much" {
			p.say("Connection: close\r\n")
		}
		p.say("\r\n")
		all, err := io.ReadAll(p.in)
		_, body, _ := bytes.Cut(all, []byte("\r\n\r\n"))
		if err != nil || len(body) != want {
			t.Errorf("%s: %d bytes and %v, want %d and the end", path, len(body), err, want)
		}
	}
	if log := s.log.String(); strings.Count(log, "given up") != 1 || !strings.Contains(log, "at the wrong time") {
		t.Errorf("the log says %q", log)
	}
}
