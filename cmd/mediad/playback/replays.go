package playback

import (
	"errors"
	"net/http"
	"strings"

	"mediad/overlay"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// GuardReplays is Guard for replays: the token of a room is valid for the room's
// shows. A rehearsal is answered as a show that is not there, except to hosts.
func (g Rehearsals) GuardReplays(s Shows, replays http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, path := layout.CutToken(layout.ReplayPath, r.URL.Path)
		id, _, _ := strings.Cut(strings.TrimPrefix(path, layout.ReplayPath), "/")
		show, err := s.GetShow(r.Context(), id)
		var why *overlay.Error
		if errors.As(err, &why) && why.Code == overlay.Unavailable { // the database: the token may be right
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Retry-After", "5")
			http.Error(w, why.Message, http.StatusServiceUnavailable)
			return
		}
		rehearsal := err == nil && show.Rehearsal
		if rehearsal && g.host(w, r, show.Room, token, layout.ReplayPath, replays) {
			return
		}
		switch {
		case !g.Tokens.Public():
			room := ""
			if err == nil && !rehearsal {
				room = show.Room
			}
			guard := &playtoken.Guard{Ring: g.Tokens.ring, Base: layout.ReplayPath, Next: replays, Room: func(*http.Request, string) string { return room }}
			guard.ServeHTTP(w, r)
		case rehearsal:
			w.Header().Set("Cache-Control", "max-age=1")
			http.Error(w, "there is no replay of this show", http.StatusNotFound)
		default:
			replays.ServeHTTP(w, r)
		}
	})
}
