package main

import (
	"bytes"
	"io"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
)

// A health check finds the server at the address in its configuration, over HTTP
// and HTTPS, and environment variables count as they do for the server.
func TestHealthFollowsTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	cert, key := sitetest.Certificate(t, dir, 1, time.Now().Add(time.Hour))
	for name, secure := range map[string]bool{"HTTP": false, "HTTPS": true} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, func(c *config.Config) {
				if secure {
					c.HTTP.TLS.Cert, c.HTTP.TLS.Key = cert, key
				}
			})
			_, port, _ := net.SplitHostPort(s.http.Addr().String())
			environ := []string{"MEDIAD_HTTP_LISTEN=:" + port}
			if secure {
				environ = append(environ, "MEDIAD_HTTP_TLS_CERT="+cert, "MEDIAD_HTTP_TLS_KEY="+key)
			}
			config := write(t, "data_dir: "+filepath.Join(dir, "elsewhere")+"\n")
			for flag, want := range map[string]string{"": "ok\n", "--ready": "ready\n"} {
				var stdout, stderr bytes.Buffer
				args := []string{"health", "--config", config}
				if flag != "" {
					args = append(args, flag)
				}
				if code := run(t.Context(), args, environ, &stdout, &stderr); code != exitOK || stdout.String() != want {
					t.Errorf("%s: exit code %d, %q, %s", flag, code, &stdout, &stderr)
				}
			}
			var stderr bytes.Buffer
			if code := run(t.Context(), []string{"health", "--config", config}, []string{"MEDIAD_HTTP_LISTEN=:" + port, "MEDIAD_HTTP_TLS_CERT=" + cert, "MEDIAD_HTTP_TLS_KEY=" + key}, io.Discard, &stderr); (code == exitOK) != secure {
				t.Errorf("the other protocol: exit code %d, %s", code, &stderr)
			}
		})
	}
	// A server that accepts connections and never answers is not healthy.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"health"}, []string{"MEDIAD_HTTP_LISTEN=" + l.Addr().String()}, io.Discard, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "does not answer") {
		t.Errorf("a silent server: exit code %d, %s", code, &stderr)
	}
}
