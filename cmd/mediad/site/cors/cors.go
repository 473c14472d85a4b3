// Package cors lets pages of other sites read answers. It stands in front of
// all other handlers, so that every answer has its headers: also redirects,
// refusals by bounds, and 405 from a mux.
//
// Input: requests. Output: the same requests, with the headers of the Fetch
// standard on their answers. Preflight requests (OPTIONS) are answered here.
// Media and the data of viewers' pages are for every origin; the API is for
// configured origins. Credentials are never allowed, so cookies do not matter.
// The package knows neither media nor commerce.
package cors

import (
	"net/http"
	"slices"
	"strings"
)

// Options say which origins may read which paths.
type Options struct {
	// Public tells whether a path is for pages of every origin. Double slashes
	// count as one, so that pages can read the refusal of such a path.
	Public func(path string) bool
	// API tells whether a path is only for pages of Origins; "*" means all.
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
	mostHeaders = 2048 // bytes of a requested list of headers; a longer one is not allowed
)

// Before gives a handler that does this in front of next.
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
		case len(o.Origins) > 0 && o.API(path):
			if o.api(w, r) {
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// api allows a configured origin, and answers its preflight requests.
func (o Options) api(w http.ResponseWriter, r *http.Request) (answered bool) {
	h, origin := w.Header(), r.Header.Get("Origin")
	all := slices.Contains(o.Origins, "*")
	if !all {
		h.Add("Vary", "Origin") // also on answers to requests without an origin
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

// preflight allows the requested headers by name. Players add their own (CMCD,
// Authorization, tokens, Cache-Control), "*" does not include Authorization,
// and older browsers take "*" for a name.
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

// names tells whether a text is a list of header names (RFC 9110 5.1) of a
// sensible length.
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

// single replaces several slashes in a row by one.
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
