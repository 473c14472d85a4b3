package packager

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// now asks without waiting.
func now(l *Live, url string) *httptest.ResponseRecorder {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := httptest.NewRecorder()
	l.ServeHTTP(w, httptest.NewRequest("GET", url, nil).WithContext(ctx))
	return w
}

// states asks for everything that a window is rendered into, and holds the answers
// to what players can work with: a playlist, a 404, or a 503 that says when to
// come again. It gives those of the multivariant playlist.
func states(t *testing.T, l *Live, what string) (multivariant *httptest.ResponseRecorder) {
	t.Helper()
	for _, url := range []string{"/live/demo/index.m3u8", "/live/demo/dvr/index.m3u8", mediaURL + "index.m3u8", mediaURL + "index.m3u8?_HLS_skip=YES",
		mediaURL + "1.ts", mediaURL + "130.ts", mediaURL + "p600.ts", "/live/demo/01test/dvr.m3u8"} {
		got := now(l, url)
		switch {
		case got.Code == 200, got.Code == 404:
		case got.Code == 503 && got.Header().Get("Retry-After") != "" && strings.Contains(got.Header().Get("Cache-Control"), "no-store"):
		default:
			t.Errorf("%s: %s is answered %d %v %s", what, url, got.Code, got.Header(), got.Body)
		}
		if multivariant == nil {
			multivariant = got
		}
	}
	return multivariant
}

// No state of a window is an error of the server's, and none is described with a
// bit rate of nothing.
func TestNoStateIsAnError(t *testing.T) {
	surround := audioTrack()
	surround.Channels, surround.Config = 6, []byte{0x11, 0xb0}
	boast := videoTrack()
	boast.FrameRate = 90_000
	numbers := Numbers{MSN: 130, Part: 600, Target: 2 * ingest.Clock, PartTarget: 505 * ingest.Millisecond}
	for name, c := range map[string]struct {
		options Options
		tracks  []ingest.Track
	}{
		"new":                    {Options{}, nil},
		"no slate":               {Options{}, []ingest.Track{videoTrack(), surround}},
		"plain":                  {Options{SegmentsOnly: true}, []ingest.Track{videoTrack(), surround}},
		"a frame rate of 90,000": {Options{}, []ingest.Track{boast, audioTrack()}},
		"restart without a past": {Options{Begin: numbers, Resumed: true, Edge: testAnchor.Add(-7 * time.Second)}, nil},
		"restart, no edge":       {Options{Begin: numbers, Resumed: true}, nil},
		"restart after an hour":  {Options{Begin: numbers, Resumed: true, Edge: testAnchor.Add(-time.Hour)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.Window = 12 * time.Second
			s := newStudio(t, c.options, c.tracks...)
			l := NewLive(objects{})
			l.Add(s.stream)
			states(t, l, "a publisher, and nothing of it")
			s.send(shot{fps: 30, gop: 60, frames: 3})
			if got := states(t, l, "the first frames"); got.Code != 503 {
				t.Errorf("described before there is a segment: %d %s", got.Code, got.Body)
			}
			s.send(shot{fps: 30, gop: 60, frames: 200, from: 100})
			if got := states(t, l, "on air"); got.Code != 200 || !strings.Contains(got.Body.String(), "BANDWIDTH=") {
				t.Errorf("on air: %d %s", got.Code, got.Body)
			}
			s.sink.Close(ingest.Lost)
			for range 8 { // until the list is of nothing else
				s.away(2 * time.Second)
				if got := states(t, l, "away"); got.Code != 200 {
					t.Errorf("away: %d %s", got.Code, got.Body)
				}
			}
			s.publish()
			if got := states(t, l, "back"); got.Code != 200 {
				t.Errorf("back: %d %s", got.Code, got.Body)
			}
			s.send(shot{fps: 30, gop: 60, frames: 1})
			s.sink.Close(ingest.Lost)
			states(t, l, "a single frame")
			s.away(20 * time.Second)
			if got := states(t, l, "away for long"); got.Code != 200 {
				t.Errorf("away for long: %d %s", got.Code, got.Body)
			}
			s.stream.End()
			if got := states(t, l, "ended"); got.Code != 200 {
				t.Errorf("ended: %d %s", got.Code, got.Body)
			}
		})
	}
}
