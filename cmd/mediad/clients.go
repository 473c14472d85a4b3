package main

import (
	"log/slog"
	"math"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// clients counts who is connected over HTTP, and closes what comes beyond the
// most: a process without a file to open would lose encoders and segments
// before it lost viewers.
type clients struct {
	most    int64
	open    atomic.Int64
	refused atomic.Int64
	said    atomic.Int64 // when it was logged last, in Unix seconds
	log     *slog.Logger
}

// newClients takes http.max_connections; 0 is seven eighths of the files that
// the system lets this process open.
func newClients(most int, log *slog.Logger) *clients {
	if most == 0 {
		most = openFiles() / 8 * 7
	}
	return &clients{most: int64(most), log: log}
}

// openFiles is how many files this process may have open; Go has raised that to
// all it may have.
func openFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024
	}
	return int(min(l.Cur, math.MaxInt32))
}

// bound makes l keep to it, with all other listeners that were given to it.
func (c *clients) bound(l net.Listener) net.Listener { return &boundListener{l, c} }

type boundListener struct {
	net.Listener
	clients *clients
}

func (l *boundListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, err
		}
		if l.clients.open.Add(1) <= l.clients.most {
			return &counted{TCPConn: tcp, clients: l.clients}, nil
		}
		l.clients.open.Add(-1)
		l.clients.refuse()
		tcp.Close()
	}
}

// counted is a connection that counts until it is closed.
type counted struct {
	*net.TCPConn
	clients *clients
	closed  atomic.Bool
}

func (c *counted) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.clients.open.Add(-1)
	}
	return c.TCPConn.Close()
}

// refuse counts, and tells the operator once a minute.
func (c *clients) refuse() {
	c.refused.Add(1)
	now := time.Now().Unix()
	if last := c.said.Load(); now-last >= 60 && c.said.CompareAndSwap(last, now) {
		c.log.Warn("too many HTTP connections; new ones are closed", "open", c.most, "see", "http.max_connections")
	}
}

func (c *clients) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mediad_http_connections", Help: "Connections that are open over HTTP.",
		}, func() float64 { return float64(c.open.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "mediad_http_refused_connections_total", Help: "Connections that were closed at once, being more than http.max_connections.",
		}, func() float64 { return float64(c.refused.Load()) }),
	}
}
