package packager

import (
	"fmt"
	"net/http"
	"strconv"
)

// Every viewer asks twice a part, and headers are most of what an answer costs. So their
// values are made once and put into the map as they are, under canonical names;
// Header.Set would allocate each of them again. All answers share them, and nobody changes
// them. A map of more than eight would be allocated twice, so headers that only a
// preflight needs stand in its answer alone.
var (
	anyOrigin     = []string{"*"}
	exposed       = []string{"Age, Date, ETag, Content-Length, Content-Range"}
	inBytes       = []string{"bytes"}
	gzipped       = []string{"gzip"}
	byEncoding    = []string{"Accept-Encoding"}
	typePlaylist  = []string{"application/vnd.apple.mpegurl"}
	typeMedia     = []string{"video/mp2t"}
	cacheForNow   = []string{forNow}
	cacheForGood  = []string{immutable}
	allMethods    = []string{"GET, HEAD, OPTIONS"}
	rangeHeader   = []string{"Range"}
	preflightLife = []string{"86400"}
)

// label is what the headers say of one body, made once with it.
type label struct{ etag, length []string }

func newLabel(etag string, size int) label {
	return label{etag: []string{etag}, length: []string{strconv.Itoa(size)}}
}

// AllowEverybody lets pages of every origin read the answer, whatever its
// status: without it a player sees neither a 404 nor the Age of a playlist.
func AllowEverybody(h http.Header) {
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Access-Control-Expose-Headers"] = exposed
	h["Timing-Allow-Origin"] = anyOrigin
}

// Preflight answers what a browser asks before a request that is not simple.
func Preflight(w http.ResponseWriter) {
	h := w.Header()
	h["Access-Control-Allow-Methods"] = allMethods
	h["Access-Control-Allow-Headers"] = rangeHeader
	h["Access-Control-Max-Age"] = preflightLife
	w.WriteHeader(http.StatusNoContent)
}

// ForEverybody is a handler whose answers pages of every origin may read, whatever
// their status, and which answers what browsers ask before, as Live does by itself.
func ForEverybody(media http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		AllowEverybody(w.Header())
		if r.Method == http.MethodOptions {
			Preflight(w)
			return
		}
		media.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, cache, why string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	fmt.Fprintln(w, why)
}
