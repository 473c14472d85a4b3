package playtoken

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mediad/packager/layout"
)

// Guard hands requests with a valid playback token on to Next, without the token.
type Guard struct {
	Ring *Ring
	Base string // layout.LivePath or layout.ReplayPath
	// Room names the room of a path below Base without its token; nil: the first
	// part of the path. An empty one is refused.
	Room func(r *http.Request, below string) string
	Next http.Handler
	Now  func() time.Time // nil: time.Now
}

func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now
	if g.Now != nil {
		now = g.Now
	}
	given, path := layout.CutToken(g.Base, r.URL.Path)
	below := strings.TrimPrefix(path, g.Base)
	room, _, _ := strings.Cut(below, "/")
	if g.Room != nil {
		room = g.Room(r, below)
	}
	at := now()
	h, err := g.Ring.check(given, room, at)
	if err != nil || room == "" {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, ErrRefused.Error(), http.StatusForbidden)
		return
	}
	a := &admitted{Context: r.Context(), given: given, url: *r.URL, answer: ending{ResponseWriter: w, valid: h, left: int64(h.until.Sub(at) / time.Second)}}
	a.url.Path = path
	_, a.url.RawPath = layout.CutToken(g.Base, r.URL.RawPath) // a clip's file may have escapes
	bare := r.WithContext(a)
	bare.URL = &a.url
	g.Next.ServeHTTP(&a.answer, bare)
}

// admitted is a request with a valid token, in one piece of the heap: its context,
// which knows the token, its address and its answer.
type admitted struct {
	context.Context
	given  string
	url    url.URL
	answer ending
}

type givenKey struct{}

func (a *admitted) Value(key any) any {
	if key == (givenKey{}) {
		return a.given
	}
	return a.Context.Value(key)
}

// Given is the token of a request that a Guard handed on; "" for other requests.
func Given(ctx context.Context) string {
	given, _ := ctx.Value(givenKey{}).(string)
	return given
}

// ending is an answer. No cache may keep it beyond the end of its token.
type ending struct {
	http.ResponseWriter
	valid *validity
	left  int64 // seconds until the token ends
	set   bool
}

// Unwrap is for http.ResponseController.
func (e *ending) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func (e *ending) WriteHeader(status int) {
	e.shorten()
	e.ResponseWriter.WriteHeader(status)
}

func (e *ending) Write(b []byte) (int, error) {
	e.shorten()
	return e.ResponseWriter.Write(b)
}

func (e *ending) shorten() {
	if e.set {
		return
	}
	e.set = true
	h := e.Header()
	if given := h["Cache-Control"]; len(given) == 1 && longest(given[0]) > e.left {
		h["Cache-Control"] = e.valid.shortened(given[0], e.left)
	}
}
