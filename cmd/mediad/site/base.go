package site

import (
	"net/http"
	"strings"
)

// BelowBase also answers at paths that begin with the base, for a proxy that
// does not remove it.
func BelowBase(base string, h http.Handler) http.Handler {
	if base == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != base && !strings.HasPrefix(r.URL.Path, base+"/") {
			h.ServeHTTP(w, r)
			return
		}
		bare, u := *r, *r.URL
		if u.Path = u.Path[len(base):]; u.Path == "" {
			u.Path = "/"
		}
		u.RawPath = strings.TrimPrefix(u.RawPath, base) // the base itself is never escaped
		bare.URL = &u
		h.ServeHTTP(w, &bare)
	})
}
