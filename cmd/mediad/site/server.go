package site

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/site/connlimit"
	"mediad/cmd/mediad/site/cors"
	"mediad/cmd/mediad/site/flight"
	"mediad/cmd/mediad/site/http1"
	"mediad/cmd/mediad/site/http2"
)

// Server is an HTTP server with bounds. net/http accepts every connection. http1 then
// takes over players that keep their connection, and http2 clients that speak HTTP/2.
// net/http serves the rest.
type Server struct {
	rest    *http.Server
	players *http1.Server
	streams *http2.Server // HTTP/2
}

// Options say what a server answers, and how.
type Options struct {
	Handler http.Handler
	Pages   cors.Options
	Players func(path string) bool         // whether a path is live media, which players request again and again
	Network func(remote string) netip.Addr // for whom a connection from HOST:PORT counts
	// Count is called for each answer, with the requested path, the status, the bytes of the
	// body that were sent, and the time since the request. Many goroutines call it.
	Count func(path string, status int, bytes int64, took time.Duration)
	Log   *slog.Logger
}

// New makes a server. It bounds the time and memory that a client can take before its
// request is whole, and how slowly it may read (pace.go). There is no deadline from request
// to answer, since a blocking request is meant to wait.
//
// HTTP/2 works over TLS and, with prior knowledge, in the clear: proxies use
// that for servers behind them. A player has several requests waiting, and a
// proxy has those of many players on one connection.
//
// cors is the outermost handler, so that pages of other sites can read
// refusals as well.
func New(o Options) *Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	h := bound(o.Pages.Before(flight.New(mostInFlight, mostOfOne, o.Network).Before(asterisk(o.Handler))), o.Count)
	players := http1.New(http1.Options{Handler: h, Takes: o.Players, Idle: idleTimeout, Log: o.Log})
	streams := http2.New(http2.Options{
		Handler: boundBodies(h, o.Players), State: connlimit.TrackState, Log: o.Log,
		Streams: mostOnOne, Idle: idleTimeout, Stall: allowance(64 << 10), Header: maxHeader, Network: o.Network,
	})
	return &Server{players: players, streams: streams, rest: &http.Server{
		Handler:   players.Before(boundBodies(h, o.Players)),
		Protocols: protocols,
		// net/http would answer `OPTIONS *` without the bounds.
		DisableGeneralOptionsHandler: true,

		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       http1.ConnContext,
		ConnState:         connlimit.TrackState,
		TLSNextProto:      streams.Next(),
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}}
}

const (
	idleTimeout = 2 * time.Minute
	maxHeader   = 32 << 10 // bytes of a request's headers
)

// How many requests are answered at once over HTTP/2: in total, for one network,
// and on one connection. A waiting request takes about 10 KiB.
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

// boundBodies gives the body of a request a deadline, even if no handler reads it.
// Requests without a body get none: they may be meant to wait. Handlers of media
// do not read bodies, but net/http would read one before it sends an answer,
// unless that is the last on the connection.
func boundBodies(h http.Handler, players func(path string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// This fails only if there is no connection to bound.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
			if r.ProtoMajor == 1 && players(r.URL.Path) {
				w.Header().Set("Connection", "close")
			}
		}
		h.ServeHTTP(w, r)
	})
}

// bodyTimeout is how long a request's body may take: 64 KB over a poor line.
const bodyTimeout = 15 * time.Second

// Serve answers requests on l, over TLS if config is not nil, until the server is drained or
// closed.
func (s *Server) Serve(l net.Listener, config *tls.Config) error {
	var all errgroup.Group
	until := func(f func() error) func() error {
		return func() error {
			if err := f(); !errors.Is(err, http.ErrServerClosed) {
				return errors.Join(fmt.Errorf("serve HTTP on %v: %w", l.Addr(), err), s.Close())
			}
			return nil
		}
	}
	if s.rest.TLSConfig = config; config != nil {
		all.Go(until(func() error { return s.rest.ServeTLS(s.streams.Below(l), "", "") })) // the certificates are in config
	} else {
		all.Go(until(func() error { return s.rest.Serve(l) }))
		all.Go(until(func() error { return s.rest.Serve(s.players.Returned(l.Addr())) }))
	}
	return all.Wait()
}

// Close closes every connection at once.
func (s *Server) Close() error {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	s.players.Shutdown(now)
	s.streams.Shutdown(now)
	return s.rest.Close()
}

// Drain lets servers finish running requests and takes no new ones: `Connection: close`
// on HTTP/1.1, GOAWAY on HTTP/2. Connections that have not ended within that time are
// closed.
func Drain(within time.Duration, servers ...*Server) error {
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
			if s.rest.Shutdown(ctx) != nil {
				return s.Close() // slow readers do not leave by themselves
			}
			return nil
		})
	}
	return all.Wait()
}
