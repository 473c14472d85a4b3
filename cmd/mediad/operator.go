package main

import (
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/metrics"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/connlimit"
	"mediad/cmd/mediad/site/cors"
	"mediad/packager"
	"mediad/packager/layout"
)

// operatorConnections is how many connections the operator's port can have. Their
// files are not among those that viewers and encoders get.
const operatorConnections = 32

// openOperator opens the operator's port, which is not for viewers, hosts or
// shops. If the default port is taken, as by another server on this machine,
// this server starts without metrics and logs that.
func (s *server) openOperator() (err error) {
	c := s.config.Metrics
	s.metricsToken.Store(&c.Token)
	if c.Listen == "" {
		return nil
	}
	s.operator, err = s.listen("metrics.listen", c.Listen, "another mediad")
	if c.Listen == config.DefaultMetrics && errors.Is(err, syscall.EADDRINUSE) {
		s.log.Error("this server has no metrics: their port is taken, most likely by another mediad; set metrics.listen to a free one, or to \"\" for none", "listen", c.Listen)
		return nil
	}
	return err
}

// operatorRoutes gives the handler of that port. It answers even when viewers use
// all connections of the public port.
func (s *server) operatorRoutes() http.Handler {
	mux := http.NewServeMux()
	all := metrics.Handler(metrics.Sources{
		Version: Version, Revision: revision(), Rooms: s.broadcasts, Store: s.store, Archive: s.archive, Spool: s.spool, Ingest: s.ingest,
		Traffic: s.traffic, Connections: s.connections, Media: s.media, Clicks: s.clicks, Viewers: s.viewers, Log: s.log,
	})
	mux.Handle("GET /metrics", metrics.WithToken(&s.metricsToken, s.guesses, all))
	s.health(mux)
	return mux
}

// health adds the health checks, which both ports answer.
func (s *server) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
}

// nobodysPages keeps pages of other sites from reading the operator's
// answers.
func nobodysPages() cors.Options {
	none := func(string) bool { return false }
	return cors.Options{Public: none, API: none}
}

// serveOperator makes the server of the operator's port, with connections of
// its own.
func (s *server) serveOperator() (*site.Server, func() error) {
	log := s.log
	server := site.New(site.Options{
		Handler: s.operatorRoutes(), Pages: nobodysPages(), Players: layout.IsLive, Network: packager.NetworkOf, Count: func(string, int, int64, time.Duration) {}, Log: log,
	})
	places := connlimit.New(operatorConnections, "metrics.listen", log)
	return server, func() error { return server.Serve(places.Listener(s.operator), nil) }
}
