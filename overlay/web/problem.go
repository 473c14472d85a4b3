package web

import (
	"encoding/json"
	"net/http"
)

// How long caches may keep answers that are the same for all.
const (
	forMinutes = "public, max-age=300"
	forSeconds = "public, max-age=10" // what may exist soon, as a room that is made just now
	notKept    = "no-store"
)

// open marks an answer as one that pages of any site may read.
func open(h http.Header, contentType, cache string) {
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
}

// problem answers with problem details (RFC 9457). The detail says what to do, in the user's words.
func problem(w http.ResponseWriter, status int, cache, detail string) {
	open(w.Header(), "application/problem+json", cache)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{http.StatusText(status), status, detail}) // the reader may have left
}
