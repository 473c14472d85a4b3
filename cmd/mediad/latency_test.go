package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The metrics count how long a broadcast and its viewers wait and name the
// program, and the log begins with the addresses.
func TestLatencies(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, []string{"MEDIAD_LOG_FORMAT=json"}, "demo")
	c.start()
	defer c.stop(syscall.SIGTERM)
	off := c.air("demo")
	eventually(t, "parts are listed", 30*time.Second, func() bool { return c.metric("mediad_part_latency_seconds_count") >= 5 })
	if status, _, err := c.get(t.Context(), "/live/demo/index.m3u8"); err != nil || status != http.StatusOK {
		t.Errorf("%d, %v", status, err)
	}
	if n := c.metric(`mediad_room_viewers{room="demo"}`); n != 0 {
		t.Errorf("%v viewers, though nobody waits", n)
	}
	off()
	// A part is listed when it is whole, and not much later.
	if mean := c.metric("mediad_part_latency_seconds_sum") / c.metric("mediad_part_latency_seconds_count"); !(mean > 0.1 && mean < 3) {
		t.Errorf("parts of half a second are listed %v s after they begin to arrive", mean)
	}
	if n := c.metric(`mediad_http_request_seconds_count{kind="multivariant"}`); n != 1 {
		t.Errorf("%v requests for a multivariant playlist, want 1", n)
	}
	_, text, err := answerOf(t.Context(), "http://"+c.metrics+"/metrics")
	if err != nil || !bytes.Contains(text, []byte(`mediad_build_info{goversion="go1.`)) || !bytes.Contains(text, []byte(`version="`+Version+`"} 1`)) {
		t.Errorf("the program is not named: %v", err)
	}
	first, _, _ := strings.Cut(c.log.String(), "\n")
	var began map[string]any
	if err := json.Unmarshal([]byte(first), &began); err != nil || began["http"] != c.http || began["rtmp"] != c.rtmp || began["metrics"] != c.metrics || !strings.HasPrefix(began["version"].(string), "mediad "+Version) {
		t.Errorf("the log begins with %s", first)
	}
}
