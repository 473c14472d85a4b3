package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest"
	"mediad/ingest/ingesttest"
	"mediad/overlay/api"
	"mediad/packager/health"
)

// The API, the events and the metrics show what a publisher sends.
func TestHealthIsShown(t *testing.T) {
	c := config.Defaults()
	c.DataDir, c.RTMP.Listen, c.HTTP.Listen, c.Metrics.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", ""
	c.Auth.AdminToken = "a-token-for-this-test-only"
	c.Rooms = []config.Room{{Slug: "corn", StreamKey: "corn-key-for-this-test"}}
	s, err := newServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.prepare(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	routes, err := s.routes()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(routes)
	t.Cleanup(func() {
		web.Close()
		s.broadcasts.Suspend()
		if err := s.shut(); err != nil {
			t.Error(err)
		}
	})

	sink, err := s.broadcasts.Publish(t.Context(), ingest.Request{
		Key: "corn-key-for-this-test", Protocol: "rtmp", Encoder: "test/1", Kick: func(error) {},
		Stats: func() ingest.Stats {
			return ingest.Stats{Bytes: 1000, Drops: ingest.Drops{NoKey: 2, NoAudioHeader: 1}, RTT: 20 * time.Millisecond}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ingesttest.Publish(t, sink, 20)
	running, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- s.broadcasts.Run(running) }()
	go func() { ended <- s.feed.Run(running) }()
	defer func() {
		stop()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
	}()
	eventually(t, "the publisher is looked at", 20*time.Second, func() bool {
		r := s.broadcasts.Reports()
		return len(r) == 1 && len(r[0].Warnings) == 2
	})

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	get := func(path string) *http.Response {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer a-token-for-this-test-only")
		res, err := web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d", path, res.StatusCode)
		}
		return res
	}
	const words = "Viewers wait up to 8.3 s to join: set the keyframe interval to 2 s in OBS → Settings → Output."
	res := get("/api/v1/rooms/corn")
	var room api.Status
	if err := json.NewDecoder(res.Body).Decode(&room); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	// The twenty seconds came at once, so there is also a warning about early
	// media.
	if len(room.Warnings) != 2 || room.Warnings[1] != words || len(room.Details) != 2 || room.Details[0].Code != string(health.Early) || room.Details[1].Code != string(health.Keyframes) {
		t.Errorf("warnings %q, %+v", room.Warnings, room.Details)
	}
	if in := room.Ingest; in == nil || in.Encoder != "test/1" || in.Dropped != 3 || in.NoKey != 2 || in.NoAudioHeader != 1 || in.RTT != 0.02 || in.KeyInterval < 8 || in.Early < 15 || in.FPS < 29 || in.Bitrate == 0 {
		t.Errorf("ingest %+v", room.Ingest)
	}

	operator := httptest.NewRecorder()
	s.operatorRoutes().ServeHTTP(operator, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := operator.Body.String()
	for _, want := range []string{
		`mediad_room_warning{code="keyframe_interval",room="corn"} 1`, `mediad_room_publishing{room="corn"} 1`,
		`mediad_room_round_trip_seconds{room="corn"} 0.02`, `mediad_room_dropped_units_total{room="corn"} 3`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}

	res = get("/api/v1/rooms/corn/events")
	defer res.Body.Close()
	await(t, res.Body, "event: health", `"appeared":[{"code":"early",`, `{"code":"keyframe_interval","text":"`+words)
	sink.Close(ingest.Lost)
	await(t, res.Body, "event: health", `"appeared":[{"code":"publisher_gone"`, `"gone":["early","keyframe_interval"]`)
}

// await reads until a message of the event has come, and compares it with what
// is wanted.
func await(t *testing.T, body io.Reader, event string, want ...string) {
	t.Helper()
	var text strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := body.Read(buf)
		text.Write(buf[:n])
		if _, after, ok := strings.Cut(text.String(), event); ok && strings.Contains(after, "\n\n") {
			for _, w := range want {
				if !strings.Contains(after, w) {
					t.Errorf("no %s in %s", w, after)
				}
			}
			return
		}
		if err != nil {
			t.Fatalf("no %s in %s: %v", event, &text, err)
		}
	}
}
