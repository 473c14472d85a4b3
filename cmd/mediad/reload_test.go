package main

import (
	"crypto/tls"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
)

// A SIGHUP applies the values that can change at once, and names the others.
// If the file is broken, everything stays as it was.
func TestReload(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "dir"}, nil, "demo")
	c.start()
	defer c.stop(syscall.SIGTERM)
	text, err := os.ReadFile(c.config)
	if err != nil {
		t.Fatal(err)
	}
	said := func(n int) func() bool {
		return func() bool {
			return strings.Count(c.log.String(), "configuration read again")+strings.Count(c.log.String(), "the old one stays in use") == n
		}
	}
	hangup := func(n int, change, to string) {
		t.Helper()
		changed := strings.Replace(string(text), change, to, 1)
		if change != "" && changed == string(text) {
			t.Fatalf("%s is not in %s", change, text)
		}
		if err := os.WriteFile(c.config, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the configuration is read again", 10*time.Second, said(n))
	}
	most := func() float64 { return c.metric("mediad_http_max_connections") }
	before := most()
	hangup(1, `"http":{`, `"hls":{"window":"40s"},"log":{"level":"debug"},"http":{"max_connections":77,`)
	if got := most(); got != 77 {
		t.Errorf("%v connections are allowed, want 77", got)
	}
	if log := c.log.String(); !strings.Contains(log, `needs a restart: hls.window`) || strings.Contains(log, "needs a restart: log") || !strings.Contains(log, "log.level http.max_connections") {
		t.Error(log)
	}
	hangup(2, `"http":{`, `"http":{"max_connections":"many",`)
	if log := c.log.String(); most() != 77 || !strings.Contains(log, "cannot be used; the old one stays in use") || !strings.Contains(log, "http.max_connections") {
		t.Errorf("%v connections after a broken file: %s", most(), log)
	}
	hangup(3, "", "")
	if got := most(); got != before || strings.Count(c.log.String(), "needs a restart") != 1 {
		t.Errorf("%v connections, want %v as at first: %s", got, before, &c.log)
	}
}

// Every key is of one kind or the other, and the reloadable ones are applied.
func TestReloadableKeys(t *testing.T) {
	s := startServer(t, func(*config.Config) {})
	for _, key := range keysBelow(reflect.TypeFor[config.Config](), "") {
		if !config.Reloadable(key) || strings.Contains(key, ".tls.") {
			continue
		}
		if !s.apply(key, s.config) {
			t.Errorf("%s is not applied", key)
		}
	}
	if s.apply("http.tls.cert", s.config) {
		t.Error("a port becomes HTTPS without a restart")
	}
}

func keysBelow(t reflect.Type, key string) (keys []string) {
	if t.Kind() != reflect.Struct {
		return []string{key}
	}
	for i := range t.NumField() {
		keys = append(keys, keysBelow(t.Field(i).Type, strings.TrimPrefix(key+"."+t.Field(i).Tag.Get("yaml"), "."))...)
	}
	return keys
}

// If another program has the operator's port: a server with a configured port
// does not start, and one with the default port runs without metrics and logs
// that.
func TestOperatorPort(t *testing.T) {
	l, err := net.Listen("tcp", config.DefaultMetrics)
	if err == nil { // otherwise another program may have it
		defer l.Close()
	}
	c := newChild(t, map[string]any{"kind": "none"}, []string{"MEDIAD_METRICS_LISTEN=" + config.DefaultMetrics}, "demo")
	c.start()
	c.stop(syscall.SIGTERM)
	if log := c.log.String(); !strings.Contains(log, "this server has no metrics: their port is taken") || !strings.Contains(log, "set metrics.listen") {
		t.Error(log)
	}
	l, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := config.Defaults()
	s.DataDir, s.RTMP.Listen, s.HTTP.Listen, s.Metrics.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", l.Addr().String()
	if _, err := newServer(t.Context(), s); err == nil || !strings.Contains(err.Error(), "metrics.listen: port ") || !strings.Contains(err.Error(), "is taken, ") || !strings.Contains(err.Error(), "or set metrics.listen") {
		t.Errorf("with a port that is taken: %v", err)
	}
}

// A SIGHUP loads renewed certificates at once, from other files too. If they
// cannot be used, the former ones stay.
func TestReloadCertificates(t *testing.T) {
	first, firstKey := sitetest.Certificate(t, t.TempDir(), 1, time.Now().Add(time.Hour))
	second, secondKey := sitetest.Certificate(t, t.TempDir(), 2, time.Now().Add(time.Hour))
	s := startServer(t, func(c *config.Config) {
		c.HTTP.TLS.Cert, c.HTTP.TLS.Key = first, firstKey
		c.RTMP.TLS = config.RTMPTLS{Listen: "127.0.0.1:0", Cert: first, Key: firstKey}
	})
	serial := func(l net.Listener) int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	next := s.config
	next.HTTP.TLS.Cert, next.HTTP.TLS.Key = second, secondKey
	if !s.certificates.ReadAgain(next.Certificates(), s.log) || serial(s.http) != 2 || serial(s.rtmps) != 1 {
		t.Errorf("certificates %d and %d, want 2 and 1", serial(s.http), serial(s.rtmps))
	}
	next.RTMP.TLS.Cert, next.RTMP.TLS.Key = second, firstKey // they do not fit together
	if s.certificates.ReadAgain(next.Certificates(), s.log) || serial(s.http) != 2 || serial(s.rtmps) != 1 {
		t.Errorf("certificates %d and %d after files that cannot be used, want 2 and 1", serial(s.http), serial(s.rtmps))
	}
}
