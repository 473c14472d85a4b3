// Package cors lets pages of other sites read answers: in one place, in front
// of all else, so that no answer is without it, whoever gives it: redirects,
// refusals by bounds and 405 by a mux among them.
//
// In flow requests, out flow the same with the headers of the Fetch standard on
// their answers; what browsers ask before (OPTIONS) is answered here. Media and
// what viewers' pages fetch are for every origin; the API is for those that are
// named. Cookies never count: nothing allows credentials. The package knows
// neither media nor commerce.
package cors

import (
	"net/http"
	"slices"
	"strings"
)

// Options say which paths are for whom.
type Options struct {
	// Public tells whether a path is for pages of every origin. Slashes that stand
	// twice in it are one: such a path is served and not redirected, since players
	// are to get no redirects (Apple authoring 8.18).
	Public func(path string) bool
	// API tells whether a path is for pages of Origins alone: "*" is all.
	API     func(path string) bool
	Origins []string
}

// Headers whose values are the same for all; they are shared and never changed.
var (
	anyOrigin   = []string{"*"}
	exposed     = []string{"Age, Date, ETag, Content-Length, Content-Range, Retry-After"}
	exposedAPI  = []string{"Age, Date, ETag, Content-Length, Content-Range, Retry-After, Location, WWW-Authenticate"}
	lifeOfAsked = []string{"86400"}
)

const (
	readMethods = "GET, HEAD, OPTIONS"
	allMethods  = "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"
	mostHeaders = 2048 // bytes of a list of headers that is allowed as it was asked for
)

// Before gives a handler that does so before next.
func (o Options) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch path := single(r.URL.Path); {
		case o.Public(path):
			h["Access-Control-Allow-Origin"] = anyOrigin
			h["Access-Control-Expose-Headers"] = exposed
			h["Timing-Allow-Origin"] = anyOrigin
			if r.Method == http.MethodOptions {
				preflight(w, r, readMethods)
				return
			}
			if path != r.URL.Path && r.URL.RawPath == "" {
				r = r.Clone(r.Context())
				r.URL.Path = path
			}
		case len(o.Origins) > 0 && o.API(path):
			if o.api(w, r) {
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// api allows an origin that is named, and answers what its browser asks before.
func (o Options) api(w http.ResponseWriter, r *http.Request) (answered bool) {
	h, origin := w.Header(), r.Header.Get("Origin")
	all := slices.Contains(o.Origins, "*")
	if !all {
		h.Add("Vary", "Origin") // also of an answer to nobody's
	}
	switch {
	case origin == "":
		return false
	case all:
		h["Access-Control-Allow-Origin"] = anyOrigin
	case slices.ContainsFunc(o.Origins, func(allowed string) bool { return strings.EqualFold(allowed, origin) }):
		h.Set("Access-Control-Allow-Origin", origin)
	default:
		return false
	}
	h["Access-Control-Expose-Headers"] = exposedAPI
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	preflight(w, r, allMethods)
	return true
}

// preflight allows the headers that are asked for: players add their own (CMCD,
// Authorization, tokens, Cache-Control), "*" does not mean Authorization, and
// older browsers take it for a name.
func preflight(w http.ResponseWriter, r *http.Request, methods string) {
	h := w.Header()
	h.Add("Vary", "Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", "Range")
	if asked := strings.Join(r.Header.Values("Access-Control-Request-Headers"), ", "); names(asked) {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h["Access-Control-Max-Age"] = lifeOfAsked
	w.WriteHeader(http.StatusNoContent)
}

// names tells whether a text is a list of header names (RFC 9110 5.1), and no
// longer than one that is meant.
func names(s string) bool {
	if strings.Trim(s, " ,") == "" || len(s) > mostHeaders {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_!#$%&'*+.^`|~ ,", c) >= 0) {
			return false
		}
	}
	return true
}

// single makes one slash of several.
func single(path string) string {
	if !strings.Contains(path, "//") {
		return path
	}
	var b strings.Builder
	for i := range len(path) {
		if path[i] != '/' || i == 0 || path[i-1] != '/' {
			b.WriteByte(path[i])
		}
	}
	return b.String()
}
