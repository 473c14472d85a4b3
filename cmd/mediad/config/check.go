package config

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check reports the first value that makes no sense.
func (c Config) check() error {
	if c.DataDir == "" {
		return fmt.Errorf("data_dir is empty")
	}
	if err := oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error"); err != nil {
		return err
	}
	if err := oneOf("log.format", c.Log.Format, "text", "json"); err != nil {
		return err
	}
	if err := oneOf("thumbnails", c.Thumbnails, "auto", "on", "off"); err != nil {
		return err
	}
	for _, part := range []func() error{c.checkPorts, c.HTTP.check, c.RTMP.check, c.HLS.check, c.checkStorage, c.checkURLs, c.checkRooms, c.checkAuth, c.Metrics.check, c.Playback.check, c.Clicks.check, c.checkSMTP, c.Reminders.check, c.Privacy.check} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func oneOf(key, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s is %q; it must be one of %s", key, value, strings.Join(allowed, ", "))
}

func (c Config) checkPorts() error {
	type port struct{ key, addr string }
	ports := []port{{"rtmp.listen", c.RTMP.Listen}, {"http.listen", c.HTTP.Listen}}
	if l := c.Metrics.Listen; l != "" {
		ports = append(ports, port{"metrics.listen", l})
	}
	if c.RTMP.TLS != (RTMPTLS{}) {
		ports = append(ports, port{"rtmp.tls.listen", c.RTMP.TLS.Listen})
	}
	if l := c.HTTP.TLS.RedirectListen; l != "" {
		ports = append(ports, port{"http.tls.redirect_listen", l})
	}
	for i, p := range ports {
		_, number, err := net.SplitHostPort(p.addr)
		if err == nil {
			_, err = strconv.ParseUint(number, 10, 16)
		}
		if err != nil {
			return fmt.Errorf("%s is %q; it must be HOST:PORT or :PORT", p.key, p.addr)
		}
		for _, q := range ports[:i] {
			if p.addr == q.addr && number != "0" {
				return fmt.Errorf("%s and %s are both %q", q.key, p.key, p.addr)
			}
		}
	}
	if err := pair("rtmp.tls.cert", c.RTMP.TLS.Cert, "rtmp.tls.key", c.RTMP.TLS.Key); err != nil {
		return err
	}
	if c.RTMP.TLS.Listen != "" && c.RTMP.TLS.Cert == "" {
		return fmt.Errorf("rtmp.tls.listen needs rtmp.tls.cert and rtmp.tls.key")
	}
	return nil
}

func (h HTTP) check() error {
	n := amount{"http.max_connections", h.MaxConnections, 0, 10_000_000}
	if err := n.check(); err != nil {
		return err
	}
	if err := h.checkOrigins(); err != nil {
		return err
	}
	return h.TLS.check()
}

// checkOrigins refuses values that no browser sends as an Origin.
func (h HTTP) checkOrigins() error {
	for i, o := range h.APIOrigins {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || o != u.Scheme+"://"+u.Host) {
			return fmt.Errorf("http.api_origins[%d] is %q; it must be * or look like https://shop.example, without a path", i, o)
		}
	}
	return nil
}

func (t HTTPTLS) check() error {
	if err := pair("http.tls.cert", t.Cert, "http.tls.key", t.Key); err != nil {
		return err
	}
	acme := len(t.ACMEDomains) > 0
	switch {
	case acme && t.Cert != "":
		return fmt.Errorf("http.tls.cert and http.tls.acme_domains are both set; set one of them")
	case t.RedirectListen != "" && !acme && t.Cert == "":
		return fmt.Errorf("http.tls.redirect_listen needs http.tls.cert or http.tls.acme_domains")
	}
	for i, d := range t.ACMEDomains {
		if !domainSyntax.MatchString(d) {
			return fmt.Errorf("http.tls.acme_domains[%d] is %q; it must be a name such as live.example.com, without wildcards", i, d)
		}
	}
	return nil
}

// portSyntax is the syntax of the number of a port.
var portSyntax = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)

// domainSyntax is the syntax of a name for which HTTP-01 or TLS-ALPN-01 can
// get a certificate: lower case, with a dot, no address.
var domainSyntax = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

func pair(key1, value1, key2, value2 string) error {
	if value1 == "" && value2 != "" {
		key1, key2 = key2, key1
	}
	if (value1 == "") != (value2 == "") {
		return fmt.Errorf("%s is set but %s is not; set both or none", key1, key2)
	}
	return nil
}

// amount is a value and its bounds.
type amount struct {
	key             string
	value, min, max int
}

func (n amount) check() error {
	if n.value < n.min || n.value > n.max {
		return fmt.Errorf("%s is %d; it must be between %d and %d", n.key, n.value, n.min, n.max)
	}
	return nil
}

// duration is a value and its bounds.
type duration struct {
	key             string
	value, min, max time.Duration
}

func between(durations ...duration) error {
	for _, d := range durations {
		if d.value < d.min || d.value > d.max {
			return fmt.Errorf("%s is %v; it must be between %v and %v", d.key, d.value, d.min, d.max)
		}
	}
	return nil
}

func (r RTMP) check() error {
	for _, n := range []amount{
		{"rtmp.max_connections", r.MaxConnections, 1, 1_000_000},
		{"rtmp.max_connections_per_address", r.MaxConnectionsPerAddress, 1, 1_000_000},
		{"rtmp.max_bitrate_kbps", r.MaxBitrateKbps, 0, 10_000_000},
		{"rtmp.ban.wrong_keys", r.Ban.WrongKeys, 0, 1_000_000},
	} {
		if err := n.check(); err != nil {
			return err
		}
	}
	if u, err := url.Parse(r.PublicURL); r.PublicURL != "" && (err != nil || u.Scheme != "rtmp" && u.Scheme != "rtmps" || u.Host == "" || strings.Trim(u.Path, "/") != "live" || u.RawQuery != "" || u.User != nil) {
		return fmt.Errorf("rtmp.public_url is %q; it must look like rtmp://HOST:1935/live or rtmps://HOST/live", r.PublicURL)
	}
	return between(
		duration{"rtmp.handshake_timeout", r.HandshakeTimeout, time.Second, time.Minute},
		duration{"rtmp.publish_timeout", r.PublishTimeout, time.Second, 10 * time.Minute},
		duration{"rtmp.media_timeout", r.MediaTimeout, time.Second, 10 * time.Minute},
		duration{"rtmp.write_timeout", r.WriteTimeout, time.Second, 10 * time.Minute},
		duration{"rtmp.ban.within", r.Ban.Within, time.Second, 24 * time.Hour},
		duration{"rtmp.ban.for", r.Ban.For, time.Second, 30 * 24 * time.Hour},
	)
}

func (h HLS) check() error {
	err := between(
		duration{"hls.part", h.Part, 100 * time.Millisecond, 2 * time.Second},
		duration{"hls.segment", h.Segment, time.Second, 10 * time.Second},
		duration{"hls.window", h.Window, 0, time.Hour},
		duration{"hls.dvr", h.DVR, 0, 24 * time.Hour},
		duration{"hls.reconnect", h.Reconnect, 0, time.Hour},
		duration{"hls.cue_delay", h.CueDelay, 0, time.Minute},
	)
	switch {
	case err != nil:
		return err
	case h.Part%time.Millisecond != 0: // playlists have milliseconds
		return fmt.Errorf("hls.part is %v; it must be a whole number of milliseconds", h.Part)
	case h.Segment < h.Part:
		return fmt.Errorf("hls.segment is %v, shorter than hls.part (%v)", h.Segment, h.Part)
	case h.Window < 6*h.Segment: // Apple authoring 8.11
		return fmt.Errorf("hls.window is %v; it must hold at least six segments (%v)", h.Window, 6*h.Segment)
	case h.DVR < h.Window:
		return fmt.Errorf("hls.dvr is %v, shorter than hls.window (%v)", h.DVR, h.Window)
	}
	return nil
}

func (c Config) checkStorage() error {
	s := c.Storage
	if l := c.Downloads.Limit; l < 100_000_000 || l > 1<<50 {
		return fmt.Errorf("downloads.limit is %d bytes; it must be between 100MB and 1024TiB", l)
	}
	if err := oneOf("storage.kind", s.Kind, "dir", "s3", "none"); err != nil {
		return err
	}
	switch {
	case s.Kind == "s3" && s.S3.Bucket == "":
		return fmt.Errorf("storage.kind is s3 but storage.s3.bucket is empty")
	case s.S3.Prefix != "" && path.Clean(s.S3.Prefix) != s.S3.Prefix || strings.HasPrefix(s.S3.Prefix, ".."):
		return fmt.Errorf("storage.s3.prefix is %q; it must be a plain path", s.S3.Prefix)
	case s.S3.SSE != "" && s.S3.SSE != "AES256" && s.S3.SSE != "aws:kms" && s.S3.SSE != "aws:kms:dsse":
		return fmt.Errorf("storage.s3.sse is %q; it must be AES256, aws:kms, aws:kms:dsse or empty", s.S3.SSE)
	case s.S3.KMSKey != "" && !strings.HasPrefix(s.S3.SSE, "aws:kms"):
		return fmt.Errorf("storage.s3.kms_key needs storage.s3.sse: aws:kms")
	case s.Spool < 100_000_000 || s.Spool > 1<<50:
		return fmt.Errorf("storage.spool is %d bytes; it must be between 100MB and 1024TiB", s.Spool)
	case s.Uploads < 1 || s.Uploads > 1024:
		return fmt.Errorf("storage.uploads is %d; it must be between 1 and 1024", s.Uploads)
	case s.Retention < 0 || s.Retention > 0 && s.Retention < time.Minute:
		return fmt.Errorf("storage.retention is %v; it must be 0 (for ever) or at least a minute", s.Retention)
	case s.Retention > 0 && s.Retention < c.HLS.DVR:
		return fmt.Errorf("storage.retention is %v, shorter than hls.dvr (%v)", s.Retention, c.HLS.DVR)
	}
	return nil
}

func (c Config) checkURLs() error {
	for _, u := range []struct{ key, value string }{
		{"http.public_url", c.HTTP.PublicURL},
		{"http.tls.acme_directory", c.HTTP.TLS.ACMEDirectory},
		{"storage.s3.endpoint", c.Storage.S3.Endpoint},
	} {
		if u.value == "" {
			continue
		}
		p, err := url.Parse(u.value)
		if err != nil || p.Scheme != "http" && p.Scheme != "https" || p.Host == "" || p.RawQuery != "" || p.Fragment != "" || p.User != nil {
			return fmt.Errorf("%s is %q; it must look like https://example.com", u.key, u.value)
		}
	}
	if err := c.HTTP.checkBase(); err != nil {
		return err
	}
	if u := c.Database.URL; u != "" && !strings.HasPrefix(u, "postgres://") && !strings.HasPrefix(u, "postgresql://") {
		return fmt.Errorf("database.url must be empty (SQLite in data_dir) or begin with postgres://")
	}
	return nil
}

func (c Clicks) check() error {
	n := amount{"clicks.limit", c.Limit, 1000, 100_000_000}
	if err := n.check(); err != nil {
		return err
	}
	if c.Keep == 0 {
		return nil
	}
	return between(duration{"clicks.keep", c.Keep, time.Hour, 10 * 365 * 24 * time.Hour})
}
