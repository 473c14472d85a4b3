package main

import (
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// With few files for the whole program, a client that takes every connection
// of both ports does not stop viewers, health checks or the store.
func TestPlacesFitIntoTheFiles(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "dir"}, nil, "demo")
	c.files = 160
	c.start()
	defer c.stop(syscall.SIGTERM)
	for _, address := range []string{c.http, c.rtmp} {
		for range 200 {
			conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
	}
	off := c.air("demo")
	eventually(t, "a segment is stored", 30*time.Second, func() bool { return c.metric("mediad_storage_stored_segments_total") > 0 })
	for _, path := range []string{"/healthz", "/readyz", "/live/demo/index.m3u8", "/watch/demo"} {
		if status, _, err := c.get(t.Context(), path); err != nil || status != http.StatusOK {
			t.Errorf("%s: %d %v", path, status, err)
		}
	}
	off()
	if text := c.log.String(); strings.Contains(text, "too many open files") || !strings.Contains(text, "raise ulimit -n") {
		t.Error(text)
	}
}
