package pass

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Guard lets through to Next what has a pass, without the pass.
type Guard struct {
	Ring *Ring
	Base string // "/live/"
	// Room names the room of a path below Base without its pass; nil: the first
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
	given, path := Cut(g.Base, r.URL.Path)
	below := strings.TrimPrefix(path, g.Base)
	room, _, _ := strings.Cut(below, "/")
	if g.Room != nil {
		room = g.Room(r, below)
	}
	at := now()
	until, err := g.Ring.Check(given, room, at)
	if err != nil || room == "" {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, ErrRefused.Error(), http.StatusForbidden)
		return
	}
	bare := r.Clone(context.WithValue(r.Context(), givenKey{}, given))
	bare.URL.Path, bare.URL.RawPath = path, ""
	g.Next.ServeHTTP(&ending{ResponseWriter: w, left: until.Sub(at)}, bare)
}

type givenKey struct{}

// Given is the pass with which a request came through a Guard; "" if through none.
func Given(ctx context.Context) string {
	given, _ := ctx.Value(givenKey{}).(string)
	return given
}

// ending is an answer that no cache may keep beyond the end of its pass.
type ending struct {
	http.ResponseWriter
	left time.Duration
	set  bool
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
	fields := strings.Split(e.Header().Get("Cache-Control"), ",")
	for i, f := range fields {
		name, value, ok := strings.Cut(strings.TrimSpace(f), "=")
		n, err := strconv.ParseInt(value, 10, 64)
		if ok && err == nil && (name == "max-age" || name == "s-maxage") {
			n = min(n, max(int64(e.left/time.Second), 0))
			f = name + "=" + strconv.FormatInt(n, 10)
		}
		fields[i] = strings.TrimSpace(f)
	}
	if fields[0] != "" {
		e.Header().Set("Cache-Control", strings.Join(fields, ", "))
	}
}
