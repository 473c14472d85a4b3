package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"mediad/storage/versity"
)

// trouble is a real S3 server with two proxies in front: the outer one
// disturbs connections (toxiproxy), the inner one answers instead of the
// server.
type trouble struct {
	t       *testing.T
	gateway *versity.Gateway
	wire    *toxiproxy.Proxy
	busy    atomic.Bool // the inner proxy answers 503 SlowDown
	dir     string      // where the bucket's objects are files
}

func newTrouble(t *testing.T) *trouble {
	t.Helper()
	g := versity.For(t)
	b := &trouble{t: t, gateway: g, dir: g.Objects()}
	pass := handOn(t, g)
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !b.busy.Load() {
			pass.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>")
	}))
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	b.wire = toxiproxy.NewProxy(server, "store", "127.0.0.1:0", strings.TrimPrefix(inner.URL, "http://"))
	if err := b.wire.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.wire.Stop()
		inner.CloseClientConnections()
		inner.Close()
	})
	return b
}

// handOn is a handler that hands requests on to an S3 server. Where that is gone,
// the connection breaks, for a server that is gone does not answer 502.
func handOn(t *testing.T, g *versity.Gateway) http.Handler {
	t.Helper()
	to, err := url.Parse(g.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}, ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }}
}

// config is what a server needs to store here.
func (b *trouble) config() (storage map[string]any, env []string) {
	return inBucket(b.gateway, "http://"+b.wire.Listen), b.gateway.Environ()
}

// toxic disturbs the traffic of the outer proxy until the returned function is
// called.
func (b *trouble) toxic(kind, stream string, attributes map[string]int) (stop func()) {
	b.t.Helper()
	text, err := json.Marshal(map[string]any{"name": kind, "type": kind, "stream": stream, "attributes": attributes})
	if err == nil {
		_, err = b.wire.Toxics.AddToxicJson(strings.NewReader(string(text)))
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return func() {
		if err := b.wire.Toxics.RemoveToxic(context.Background(), kind); err != nil {
			b.t.Error(err)
		}
	}
}

// slow delays each answer by two seconds.
func (b *trouble) slow() func() {
	return b.toxic("latency", "downstream", map[string]int{"latency": 2000})
}

// late delays requests by a second, even those of a process that has died
// meanwhile.
func (b *trouble) late() func() {
	return b.toxic("latency", "upstream", map[string]int{"latency": 1000})
}

// resets breaks every connection half a second after its first byte.
func (b *trouble) resets() func() {
	return b.toxic("reset_peer", "downstream", map[string]int{"timeout": 500})
}

// dark lets no answer through.
func (b *trouble) dark() func() {
	return b.toxic("timeout", "downstream", map[string]int{"timeout": 0})
}

// overloaded answers 503 SlowDown to everything.
func (b *trouble) overloaded() func() {
	b.busy.Store(true)
	return func() { b.busy.Store(false) }
}

// killed ends the S3 server itself.
func (b *trouble) killed() func() {
	if err := b.gateway.Close(); err != nil {
		b.t.Fatal(err)
	}
	return func() {
		if err := b.gateway.Restart(context.Background()); err != nil {
			b.t.Fatal(err)
		}
	}
}
