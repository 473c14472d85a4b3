package main

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/cors"
	"mediad/cmd/mediad/site/hall"
	"mediad/packager"
	"mediad/packager/layout"
)

// operatorPlaces is how many connections the operator's port has. They come out
// of the files that viewers and encoders leave.
const operatorPlaces = 32

// openOperator opens the port for what is not for viewers, hosts or shops. A
// second server on a machine starts all the same, if nobody chose the port: it
// has no metrics then, and says so.
func (s *server) openOperator() (err error) {
	c := s.config.Metrics
	s.metricsToken.Store(&c.Token)
	if c.Listen == "" {
		return nil
	}
	s.metrics, err = s.listen("metrics.listen", c.Listen, "another mediad")
	if c.Listen == config.DefaultMetrics && errors.Is(err, syscall.EADDRINUSE) {
		s.log.Error("this server has no metrics: their port is taken, most likely by another mediad; set metrics.listen to a free one, or to \"\" for none", "listen", c.Listen)
		return nil
	}
	return err
}

// operator is what is served there. It answers whatever crowds viewers make on
// the public port.
func (s *server) operator() http.Handler {
	mux := http.NewServeMux()
	metrics := metricsHandler(newMetrics(s.broadcasts, s.store, s.archive, s.spool, s.ingest),
		slices.Concat(s.traffic.collectors(), hallMetrics(s.hall), []prometheus.Collector{newMediaMetrics(s.media), newClickMetrics(s.clicks)})...)
	mux.Handle("GET /metrics", withToken(&s.metricsToken, s.guesses, metrics))
	s.health(mux)
	return mux
}

// health are the questions of machines, which both ports answer.
func (s *server) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
}

// nobodysPages lets no page of another site read what is for the operator.
func nobodysPages() cors.Options {
	none := func(string) bool { return false }
	return cors.Options{Public: none, API: none}
}

// serveOperator is the server for it, with places of its own.
func (s *server) serveOperator() (*site.Server, func() error) {
	log := s.log
	server := site.New(site.Options{
		Handler: s.operator(), Pages: nobodysPages(), Players: layout.IsLive, Network: packager.NetworkOf, Count: func(string, int, int64, time.Duration) {}, Log: log,
	})
	places := hall.New(operatorPlaces, "metrics.listen", log)
	return server, func() error { return server.Serve(places.Listener(s.metrics), nil) }
}

// withToken asks for a bearer token, if one is set; guesses are throttled.
func withToken(token *atomic.Pointer[string], guesses guesses, h http.Handler) http.Handler {
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
