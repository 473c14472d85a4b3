// Package push publishes to an RTMP server in real time: what the demo does,
// and what restreaming needs.
//
// FLV tags flow in from a Source; an RTMP publish flows out, each message at
// the time that its timestamp says. A Loop makes an endless Source of a short
// clip. When the server refuses, Run ends with a *StatusError that has the
// server's own words.
//
// Dial is for whoever has the media live, as restreaming does: it gives a Conn that
// sends each message at once.
//
// go-rtmp's chunk streamer and messages do the commands; its ClientConn is not
// used, because it drops onStatus and waits for answers without a limit. Media is written
// here: see chunker.
package push

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"mediad/ingest/rtmp/flv"
)

// Options configure a Client.
type Options struct {
	// URL is rtmp://HOST[:PORT]/APP or rtmps://…. Required.
	URL string
	// Key is the stream key. Never logged.
	Key string
	// Encoder is what the client calls itself; default "mediad".
	Encoder string
	// TLS is for rtmps; nil means the system's defaults.
	TLS *tls.Config
	// Log takes a line per connection; default slog.Default().
	Log *slog.Logger
	// Timeout bounds connecting with all its commands, and each write;
	// default 10 s.
	Timeout time.Duration
}

// Source gives tags in the order in which they are to be sent. After the last
// one it gives io.EOF.
type Source interface {
	Next() (flv.Tag, error)
}

// StatusError is the server's refusal.
type StatusError struct {
	Code        string // as "NetStream.Publish.BadName"
	Description string
}

func (e *StatusError) Error() string {
	if e.Description == "" {
		return "server says " + e.Code
	}
	return "server says " + e.Code + ": " + e.Description
}

// Client publishes to one server.
type Client struct {
	o Options // read only
}

// New returns a Client. It starts nothing.
func New(o Options) *Client {
	if o.Encoder == "" {
		o.Encoder = "mediad"
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	return &Client{o: o}
}

// Run connects, publishes what src gives, and unpublishes. It returns nil when src
// ends or ctx is done. It does not connect a second time.
func (c *Client) Run(ctx context.Context, src Source) (err error) {
	to, err := parseURL(c.o.URL)
	if err != nil {
		return err
	}
	p, err := c.connect(ctx, to)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("publish to %s: %w", to.host, err)
	}
	defer p.close()
	c.o.Log.Info("publishing", "server", to.host)
	if err := p.stream(ctx, src); err != nil && ctx.Err() == nil {
		return fmt.Errorf("publish to %s: %w", to.host, err)
	}
	if err := p.unpublish(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("unpublish from %s: %w", to.host, err)
	}
	return nil
}

// stream sends what src gives, in time.
func (p *publisher) stream(ctx context.Context, src Source) error {
	var pace pacer
	for {
		tag, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.idle(ctx, pace.due(tag.Timestamp, time.Now())); err != nil {
			return err
		}
		if err := p.sendTag(tag); err != nil {
			return err
		}
	}
}

// server is a parsed URL.
type server struct {
	tls  bool
	host string // with port
	app  string
	url  string // without key
}

func parseURL(s string) (server, error) {
	u, err := url.Parse(s)
	if err != nil {
		return server{}, fmt.Errorf("parse RTMP address: %w", err)
	}
	to := server{tls: u.Scheme == "rtmps", host: u.Host, app: strings.Trim(u.Path, "/"), url: s}
	if u.Scheme != "rtmp" && !to.tls || u.Hostname() == "" || to.app == "" {
		return server{}, fmt.Errorf("RTMP address %q is not of the form rtmp://HOST/APP", s)
	}
	if u.Port() == "" {
		port := "1935"
		if to.tls {
			port = "443"
		}
		to.host = net.JoinHostPort(u.Hostname(), port)
	}
	return to, nil
}
