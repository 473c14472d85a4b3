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

// What viewers read of a show, a room or a festival, as live.json, is made once for all who ask: after each
// commit that readers should see, and once a second, since its figures and what is revealed
// change, and the answer may be kept that long.

// edition is one of a file. It does not change.
type edition struct {
	revealed func() (map[string]bool, error) // the products that the show has revealed; read once, when asked for
	text     json.RawMessage
	header   http.Header // shared by all answers
	at       time.Time
	changed  <-chan struct{} // closed when a later edition may say something else
	status   any             // what it says that no commit changes, as it was then; comparable
	value    any             // in place of text, where the editions are no file
}

// fresh tells whether the edition holds. One that is kept for longer than a moment holds for all of
// its time, whatever changes.
func (f *edition) fresh(now time.Time, kept time.Duration) bool {
	if age := now.Sub(f.at); age < 0 || age >= max(kept, time.Second) {
		return false
	}
	if kept > 0 {
		return true
	}
	select {
	case <-f.changed:
		return false
	default:
		return true
	}
}

// The files of a show, and how many editions are kept at a time: those of live.json are
// small, and all viewers of a show ask for it again and again.
const (
	liveName    = "live.json"
	roomName    = "room" // the files of rooms, /c/room/ROOM.json
	chatName    = "chat" // the pages of chats, /c/SHOW/chat
	maxLives    = 1024
	maxEditions = 64
)

// showFiles has what makes the body of each file of a show that is for viewers.
func (a *API) showFiles() map[string]func(ctx context.Context, show string) (any, error) {
	files := map[string]func(context.Context, string) (any, error){
		liveName:        func(ctx context.Context, show string) (any, error) { return a.publicLive(ctx, show) },
		"lineup.json":   func(ctx context.Context, show string) (any, error) { return a.publicLineup(ctx, show, time.Time{}) },
		"products.json": func(ctx context.Context, show string) (any, error) { return a.productsShown(ctx, show) },
		"polls.json":    func(ctx context.Context, show string) (any, error) { return a.publicPolls(ctx, show) },
		"chapters.json": func(ctx context.Context, show string) (any, error) { return a.chapters(ctx, show) },
	}
	for name, body := range files {
		files[name] = func(ctx context.Context, show string) (any, error) {
			if err := a.forViewers(ctx, show); err != nil {
				return nil, err
			}
			return body(ctx, show)
		}
	}
	return files
}

// editions are those of one file, of the shows or rooms that are asked for. They guard themselves.
type editions struct {
	body func(ctx context.Context, of string) (any, error)
	most int // shows or rooms; a bound of the table: editions that are old are of no use
	// status gives what a body says that no commit changes; nil: nothing.
	status func(of string) any
	kept   time.Duration // how long an edition holds whatever changes; 0: until something does, a second at most
	values bool          // they are no files: bodies are kept as they are

	mu     sync.RWMutex
	places map[string]*editionPlace // guarded by mu
}

// editionPlace has the latest edition of the file of one of them.
type editionPlace struct {
	making sync.Mutex // held by who makes an edition: others wait for it
	latest atomic.Pointer[edition]
}

func newEditions(name string, body func(context.Context, string) (any, error)) *editions {
	e := &editions{body: body, most: maxEditions, places: map[string]*editionPlace{}}
	if name == liveName || name == roomName {
		e.most = maxLives
	}
	return e
}

func (l *editions) place(of string) *editionPlace {
	l.mu.RLock()
	p := l.places[of]
	l.mu.RUnlock()
	if p != nil {
		return p
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p = l.places[of]; p != nil {
		return p
	}
	if len(l.places) >= l.most {
		now := time.Now()
		for other, q := range l.places {
			if f := q.latest.Load(); f == nil || !f.fresh(now, l.kept) || len(l.places) >= 2*l.most {
				delete(l.places, other)
			}
		}
	}
	p = &editionPlace{}
	l.places[of] = p
	return p
}

// fileNow gives the present edition of a file of a show that is for viewers.
func (a *API) fileNow(ctx context.Context, show, name string) (*edition, error) {
	all := a.files[name]
	if all == nil {
		return nil, overlay.Errorf(overlay.NotFound, "there is nothing at this address")
	}
	return a.editionNow(ctx, all, show)
}

// editionNow gives the present edition of a file of a show or a room.
func (a *API) editionNow(ctx context.Context, all *editions, of string) (*edition, error) {
	p := all.place(of)
	var status any
	if all.status != nil {
		status = all.status(of)
	}
	if f := p.latest.Load(); f != nil && f.status == status && f.fresh(time.Now(), all.kept) {
		return f, nil
	}
	p.making.Lock()
	defer p.making.Unlock()
	now := time.Now()
	if f := p.latest.Load(); f != nil && f.status == status && f.fresh(now, all.kept) {
		return f, nil
	}
	f := &edition{at: now, status: status, changed: a.viewers.Changed()} // before reading, so that no commit is missed
	reading := context.WithoutCancel(ctx)                                // for all who ask
	f.revealed = sync.OnceValues(func() (map[string]bool, error) { return a.viewers.RevealedIDs(reading, of) })
	body, err := all.body(ctx, of)
	if err != nil {
		return nil, err
	}
	if all.values {
		f.value = body
		p.latest.Store(f)
		return f, nil
	}
	if f.text, err = json.Marshal(body); err != nil {
		return nil, err
	}
	keeping := aMoment
	if all.kept > 0 {
		keeping = someMoments
	}
	sum := sha256.Sum256(f.text)
	f.header = http.Header{
		"Content-Type": {"application/json"}, "Cache-Control": {keeping}, "Content-Length": {strconv.Itoa(len(f.text))},
		"Etag": {`"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, "Access-Control-Allow-Origin": {"*"},
	}
	p.latest.Store(f)
	return f, nil
}

// LiveOf gives the show whose live.json is at a path.
func LiveOf(path string) (show string, ok bool) {
	show, name, ok := fileAt(path)
	return show, ok && name == liveName
}

// fileAt gives the show and the name of a file at a path, where that may be one.
func fileAt(path string) (show, name string, ok bool) {
	path, ok = strings.CutPrefix(path, "/c/")
	if !ok {
		return "", "", false
	}
	show, name, ok = strings.Cut(path, "/")
	return show, name, ok && overlay.ValidID(show)
}

// fileBefore gives the present edition of the file at a path; nil: there is none that Before
// answers with.
func (a *API) fileBefore(ctx context.Context, path string) *edition {
	var f *edition
	var err error
	if slug, ok := strings.CutPrefix(path, "/c/"+roomName+"/"); ok {
		if slug, ok = strings.CutSuffix(slug, jsonName); !ok {
			return nil
		}
		f, err = a.editionNow(ctx, a.roomFiles, slug)
	} else if slug, ok := strings.CutPrefix(path, "/c/"+festivalName+"/"); ok {
		if slug, ok = strings.CutSuffix(slug, jsonName); !ok {
			return nil
		}
		f, err = a.editionNow(ctx, a.festivalFiles, slug)
	} else if show, name, ok := fileAt(path); ok && a.files[name] != nil {
		f, err = a.fileNow(ctx, show, name)
	}
	if err != nil {
		return nil // the mux has the words for errors
	}
	return f
}

// Before answers requests for the files of shows and rooms, of which each viewer and each cache sends
// many, in front of the mux, and leaves the rest to next.
func (a *API) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.forChatMux(r) {
			a.chatMux.ServeHTTP(w, r)
			return
		}
		var f *edition
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			f = a.fileBefore(r.Context(), r.URL.Path)
		}
		if f == nil {
			if found := foundPath(r.URL.Path); found != "" {
				r = r.Clone(r.Context())
				r.URL.Path, r.URL.RawPath = found, ""
			}
			next.ServeHTTP(w, r)
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
