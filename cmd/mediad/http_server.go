package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/http1"
	"mediad/cmd/mediad/site/cors"
	"mediad/cmd/mediad/site/flight"
	"mediad/cmd/mediad/site/hall"
	"mediad/cmd/mediad/site/http2"
	"mediad/packager"
)

// httpServer is an HTTP server. Players that stay are served by http1, who speaks
// HTTP/2 by http2, everybody else, and every connection at first, by net/http.
type httpServer struct {
	*http.Server
	players *http1.Server
	streams *http2.Server // HTTP/2
}

// newHTTP bounds what a client may take before its request is whole, and how
// slowly it may read (pace.go). There is no deadline from request to answer: a
// blocking request is meant to wait.
//
// HTTP/2 is spoken over TLS and, with prior knowledge, in the clear: that is
// how proxies speak to what stands behind them. A player keeps several requests
// waiting, and a proxy those of many players on one connection.
//
// Outermost of what answers stands cors, so that pages of other sites can read
// refusals as well.
func newHTTP(h http.Handler, pages cors.Options, count func(path string, status int, bytes int64, took time.Duration), log *slog.Logger) *httpServer {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	h = bound(pages.Before(flight.New(mostInFlight, mostOfOne, packager.NetworkOf).Before(asterisk(h))), count)
	players := http1.New(http1.Options{Handler: h, Takes: ofPlayers, Idle: idleTimeout, Log: log})
	streams := http2.New(http2.Options{
		Handler: boundBodies(h), State: hall.Note, Log: log,
		Streams: mostOnOne, Idle: idleTimeout, Stall: allowance(64 << 10), Header: maxHeader, Network: packager.NetworkOf,
	})
	return &httpServer{players: players, streams: streams, Server: &http.Server{
		Handler:   players.Before(boundBodies(h)),
		Protocols: protocols,
		// net/http would answer `OPTIONS *` past the bounds.
		DisableGeneralOptionsHandler: true,

		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       http1.ConnContext,
		ConnState:         hall.Note,
		TLSNextProto:      streams.Next(),
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
}

const (
	idleTimeout = 2 * time.Minute
	maxHeader   = 32 << 10 // bytes of a request's headers
)

// How many requests are answered at once over HTTP/2: in all, for one network, and
// on one connection. One that waits takes some 10 KiB.
const (
	mostInFlight = 16384
	mostOfOne    = mostInFlight / 4
	mostOnOne    = 512
)

// asterisk answers `OPTIONS *`, which asks whether there is a server (RFC 9110
// 9.3.7), as net/http does.
func asterisk(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && r.RequestURI == "*" {
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(http.StatusOK)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// boundBodies gives a request's body a deadline, also where nobody reads it.
// Requests without one are left alone: they may be meant to wait. Of media, nobody
// does, and net/http would before it sends an answer that is not the last one.
func boundBodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// It fails only where there is no connection to bound.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
			if r.ProtoMajor == 1 && ofPlayers(r.URL.Path) {
				w.Header().Set("Connection", "close")
			}
		}
		h.ServeHTTP(w, r)
	})
}

// bodyTimeout is how long a request's body may take: 64 KB over a poor line.
const bodyTimeout = 15 * time.Second

// serve takes requests on l until the server is drained.
func (s *httpServer) serve(l net.Listener, config *tls.Config) error {
	var all errgroup.Group
	until := func(f func() error) func() error {
		return func() error {
			if err := f(); !errors.Is(err, http.ErrServerClosed) {
				return errors.Join(fmt.Errorf("serve HTTP on %v: %w", l.Addr(), err), s.Close())
			}
			return nil
		}
	}
	if s.TLSConfig = config; config != nil {
		all.Go(until(func() error { return s.ServeTLS(s.streams.Below(l), "", "") })) // with the certificates of config
	} else {
		all.Go(until(func() error { return s.Serve(l) }))
		all.Go(until(func() error { return s.Serve(s.players.Returned(l.Addr())) }))
	}
	return all.Wait()
}

// Close closes every connection at once.
func (s *httpServer) Close() error {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	s.players.Shutdown(now)
	s.streams.Shutdown(now)
	return s.Server.Close()
}

// drain answers what is asked and takes nothing new: `Connection: close` on
// HTTP/1.1, GOAWAY on HTTP/2. Who has not left by then is cut off.
func drain(within time.Duration, servers ...*httpServer) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var all errgroup.Group
	for _, s := range servers {
		all.Go(func() error {
			s.players.Shutdown(ctx)
			return nil
		})
		all.Go(func() error {
			s.streams.Shutdown(ctx)
			return nil
		})
		all.Go(func() error {
			if s.Shutdown(ctx) != nil {
				return s.Close() // slow readers do not leave by themselves
			}
			return nil
		})
	}
	return all.Wait()
}
