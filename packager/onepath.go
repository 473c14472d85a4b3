package packager

import (
	"net/http"

	"mediad/packager/layout"
)

// OnePath refuses other spellings of paths of media with 404. A cache in front would
// keep a copy of each spelling, and its rules for paths, such as which need a token,
// would not see them. It is no redirect, since players should get none (Apple authoring
// 8.18), and nobody gives such an address out.
func OnePath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if layout.Respelled(r.URL.Path, r.URL.RawPath) {
			AllowEverybody(w.Header())
			refuse(w, http.StatusNotFound, never404, "no such page")
			return
		}
		next.ServeHTTP(w, r)
	})
}
