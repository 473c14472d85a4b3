package playback

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// Rehearsals keeps viewers out of the media of rehearsals, on air and afterwards: they
// find a room that is not on air, and a show that is not there. Whoever has a role in
// the room watches signed in, with a token in the header Authorization, or by an
// address that the API has signed for hosts.
type Rehearsals struct {
	// Rehearses tells whether a rehearsal is on air in a room, Rehearsal whether a
	// broadcast is of one. They are asked for each request.
	Rehearses, Rehearsal func(name string) bool
	// MayRead returns an error for a request from somebody who may not read the room.
	MayRead func(r *http.Request, room string) error
	Tokens  *Protection
}

// hostsOf is what a host's playback token is for. No room is named so: viewers' tokens
// of the room do not open its rehearsals.
func hostsOf(room string) string { return room + "#rehearsals" }

// MintForHosts gives the function that makes playback tokens for rehearsals of a room.
func (p *Protection) MintForHosts() func(room string) (token string, until time.Time) {
	return func(room string) (string, time.Time) {
		until := playtoken.End(time.Now(), p.lifetime)
		return p.ring.Sign(hostsOf(room), until), until
	}
}

// Guard passes on to media what is no rehearsal, where viewers' tokens allow it, and
// what somebody with a role in the room asks for.
func (g Rehearsals) Guard(media http.Handler) http.Handler {
	viewers := g.Tokens.Guard(media)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, path := layout.CutToken(layout.LivePath, r.URL.Path)
		room, file, _ := strings.Cut(strings.TrimPrefix(path, layout.LivePath), "/")
		if !g.private(room, file, path) || r.Method == http.MethodOptions {
			viewers.ServeHTTP(w, r)
			return
		}
		if g.host(w, r, room, token, layout.LivePath, media) {
			return
		}
		// As for a room that is not on air: viewers need not know more.
		packager.AllowEverybody(w.Header())
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "this room is not live", http.StatusNotFound)
	})
}

// private tells whether a path is a rehearsal's, or of a room that has one on air.
func (g Rehearsals) private(room, file, path string) bool {
	if epoch, _, _ := strings.Cut(file, "/"); g.Rehearsal(epoch) {
		return true
	}
	if !g.Rehearses(room) {
		return false
	}
	name, ok := layout.ParsePath(path)
	return ok && name.Epoch == ""
}

// host answers a request for a rehearsal's media if it comes from a host.
func (g Rehearsals) host(w http.ResponseWriter, r *http.Request, room, token, folder string, media http.Handler) bool {
	if token != "" && g.Tokens != nil {
		if _, err := g.Tokens.ring.Check(token, hostsOf(room), time.Now()); err == nil {
			of := func(*http.Request, string) string { return hostsOf(room) }
			(&playtoken.Guard{Ring: g.Tokens.ring, Base: folder, Room: of, Next: media}).ServeHTTP(&uncached{ResponseWriter: w}, r)
			return true
		}
	}
	if g.MayRead(r, room) != nil {
		return false
	}
	media.ServeHTTP(&uncached{ResponseWriter: w}, bare(r, folder))
	return true
}

// bare is a request without the playback token in its path: a page that viewers see, too, has one for them.
func bare(r *http.Request, folder string) *http.Request {
	token, path := layout.CutToken(folder, r.URL.Path)
	if token == "" {
		return r
	}
	out := new(http.Request)
	*out = *r
	out.URL = new(url.URL)
	*out.URL = *r.URL
	out.URL.Path = path
	_, out.URL.RawPath = layout.CutToken(folder, r.URL.RawPath)
	return out
}

// uncached lets no cache keep an answer: it would hand it to viewers.
type uncached struct {
	http.ResponseWriter
	begun bool
}

func (u *uncached) WriteHeader(status int) {
	u.begun = true
	u.Header().Set("Cache-Control", "private, no-store")
	u.ResponseWriter.WriteHeader(status)
}

func (u *uncached) Write(b []byte) (int, error) {
	if !u.begun {
		u.WriteHeader(http.StatusOK)
	}
	return u.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (u *uncached) Unwrap() http.ResponseWriter { return u.ResponseWriter }
