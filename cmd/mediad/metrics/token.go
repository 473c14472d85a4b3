package metrics

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Guesses refuses clients that try one wrong token after the other. remote is
// HOST:PORT.
type Guesses interface {
	// Left is for how long a remote is still refused.
	Left(remote string) time.Duration
	// Wrong records a wrong token.
	Wrong(remote, token string)
}

// WithToken asks for a bearer token, if one is set; guesses are throttled.
func WithToken(token *atomic.Pointer[string], guesses Guesses, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		want := *token.Load()
		if want == "" {
			h.ServeHTTP(w, r)
			return
		}
		if left := guesses.Left(r.RemoteAddr); left > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(int(left/time.Second)+1))
			http.Error(w, "too many wrong tokens came from your address", http.StatusTooManyRequests)
			return
		}
		scheme, got, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if got = strings.TrimSpace(got); strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1 {
			h.ServeHTTP(w, r)
			return
		}
		if got != "" {
			guesses.Wrong(r.RemoteAddr, got)
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="mediad"`)
		http.Error(w, "send the header Authorization: Bearer TOKEN, with metrics.token", http.StatusUnauthorized)
	})
}
