package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mediad/overlay"
)

// What is true now in a show, live.json, is made once for all who ask: after each commit
// that readers should see, and once a second, since its figures change and the answer may
// be kept that long.

// liveFile is one edition of it. It does not change.
type liveFile struct {
	revealed func() (map[string]bool, error) // the products that the show has revealed; read once, when asked for
	text     json.RawMessage
	header   http.Header // shared by all answers
	at       time.Time
	changed  <-chan struct{} // closed when a later edition may say something else
}

func (f *liveFile) fresh(now time.Time) bool {
	if age := now.Sub(f.at); age < 0 || age >= time.Second {
		return false
	}
	select {
	case <-f.changed:
		return false
	default:
		return true
	}
}

// liveFiles are the editions of the shows that are asked for. They guard themselves.
type liveFiles struct {
	mu    sync.RWMutex
	shows map[string]*livePlace // guarded by mu
}

type livePlace struct {
	making sync.Mutex // held by who makes an edition: others wait for it
	latest atomic.Pointer[liveFile]
}

// maxLiveFiles bounds the table. Editions are small, and those that are old are of no use.
const maxLiveFiles = 1024

func (l *liveFiles) place(show string) *livePlace {
	l.mu.RLock()
	p := l.shows[show]
	l.mu.RUnlock()
	if p != nil {
		return p
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p = l.shows[show]; p != nil {
		return p
	}
	if len(l.shows) >= maxLiveFiles {
		now := time.Now()
		for other, q := range l.shows {
			if f := q.latest.Load(); f == nil || !f.fresh(now) || len(l.shows) >= 2*maxLiveFiles {
				delete(l.shows, other)
			}
		}
	}
	p = &livePlace{}
	l.shows[show] = p
	return p
}

// liveNow gives the present edition of a show that is for viewers.
func (a *API) liveNow(ctx context.Context, show string) (*liveFile, error) {
	p := a.lives.place(show)
	if f := p.latest.Load(); f != nil && f.fresh(time.Now()) {
		return f, nil
	}
	p.making.Lock()
	defer p.making.Unlock()
	now := time.Now()
	if f := p.latest.Load(); f != nil && f.fresh(now) {
		return f, nil
	}
	f := &liveFile{at: now, changed: a.viewers.Changed()} // before reading, so that no commit is missed
	reading := context.WithoutCancel(ctx)                 // for all who ask
	f.revealed = sync.OnceValues(func() (map[string]bool, error) { return a.viewers.RevealedIDs(reading, show) })
	err := a.forViewers(ctx, show)
	if err != nil {
		return nil, err
	}
	body, err := a.publicLive(ctx, show)
	if err != nil {
		return nil, err
	}
	if f.text, err = json.Marshal(body); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(f.text)
	f.header = http.Header{
		"Content-Type": {"application/json"}, "Cache-Control": {aMoment}, "Content-Length": {strconv.Itoa(len(f.text))},
		"Etag": {`"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, "Access-Control-Allow-Origin": {"*"},
	}
	p.latest.Store(f)
	return f, nil
}

// LiveOf gives the show whose live.json is at a path.
func LiveOf(path string) (show string, ok bool) {
	show, ok = strings.CutPrefix(path, "/c/")
	if !ok {
		return "", false
	}
	show, ok = strings.CutSuffix(show, "/live.json")
	return show, ok && overlay.ValidID(show)
}

// Before answers requests for live.json, of which each viewer and each cache sends many,
// in front of the mux, and leaves the rest to next.
func (a *API) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		show, ok := LiveOf(r.URL.Path)
		if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		f, err := a.liveNow(r.Context(), show)
		if err != nil {
			next.ServeHTTP(w, r) // where errors become words
			return
		}
		h := w.Header()
		for name, values := range f.header {
			h[name] = values
		}
		if r.Header.Get("If-None-Match") == h["Etag"][0] {
			delete(h, "Content-Length")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if r.Method == http.MethodGet {
			_, _ = w.Write(f.text) // the client may have gone
		}
	})
}
