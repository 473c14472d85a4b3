package playback

import (
	"net/http"
	"strings"

	"mediad/packager"
	"mediad/packager/layout"
)

// Rehearsals keeps viewers out of the live media of rehearsals: they find a room that
// is not on air. Whoever has a role in the room watches signed in, or with a token in
// the header Authorization.
type Rehearsals struct {
	// Rehearses tells whether a rehearsal is on air in a room. It is asked for each
	// request.
	Rehearses func(room string) bool
	// MayRead returns an error for a request from somebody who may not read the room.
	MayRead func(r *http.Request, room string) error
}

// Guard passes on to media what is no rehearsal, and what somebody with a role in the room asks for.
func (g Rehearsals) Guard(media http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, path := layout.CutToken(layout.LivePath, r.URL.Path)
		room, _, _ := strings.Cut(strings.TrimPrefix(path, layout.LivePath), "/")
		if !g.Rehearses(room) || r.Method == http.MethodOptions {
			media.ServeHTTP(w, r)
			return
		}
		if g.MayRead(r, room) == nil {
			media.ServeHTTP(&uncached{ResponseWriter: w}, r)
			return
		}
		// As for a room that is not on air: viewers need not know more.
		packager.AllowEverybody(w.Header())
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "this room is not live", http.StatusNotFound)
	})
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
