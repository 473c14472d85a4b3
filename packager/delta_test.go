package packager

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// version is a full list and when it was had.
type version struct {
	text []byte
	at   time.Time
}

// merge holds both updates of a window, merged with lists that a client may
// still have, against the full list. It gives the number of skipped segments.
func (s *studio) merge(history []version) (skipped int) {
	s.t.Helper()
	w := s.stream.snapshot()
	full := w.playlist()
	for kind := skipSegments; kind < skips; kind++ {
		r := w.update(kind)
		if full.err != nil || r.err != nil {
			s.t.Fatal(full.err, r.err)
		}
		if bytes.Equal(r.plain, full.plain) {
			continue
		}
		if r.etag == full.etag {
			s.t.Error("an update has the ETag of the full list")
		}
		m, err := m3u8.Parse(r.plain)
		if err != nil || m.Skipped != w.skippable() || m.SkippedRanges != (kind == skipRanges) {
			s.t.Fatalf("%v, skipped %d of %d\n%s", err, m.Skipped, w.skippable(), r.plain)
		}
		skipped = m.Skipped
		for _, v := range history {
			if vs := check.Delta(v.text, r.plain, full.plain); len(vs) > 0 {
				s.t.Fatalf("kind %d, a list of %v before: %v\n%s", kind, s.now.Sub(v.at), vs, r.plain)
			}
		}
	}
	return skipped
}

// TestDeltaUpdates lets random streams run, with publishers that are lost, cues
// and silences, and merges every update as clients do: with the list before,
// and with one of half the skip boundary ago, the oldest that hls.js and
// AVPlayer still update (RFC 8216bis 6.3.7).
func TestDeltaUpdates(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			s := newStudio(t, Options{Window: longWindow, State: state(0), SegmentsOnly: seed%3 == 2})
			var history []version
			var seen *window
			most, seq, from := 0, 0, int64(0)
			look := func() {
				w := s.stream.snapshot()
				if w == seen || !w.ready() {
					return
				}
				seen = w
				some := history
				if n := len(history); n > 2 { // the oldest and the newest
					some = []version{history[0], history[n-1]}
				}
				most = max(most, s.merge(some))
				history = append(history, version{w.playlist().plain, s.now})
				old := s.now.Add(-time.Duration(w.skipUntil) * time.Second / 90000 / 2)
				for len(history) > 1 && history[0].at.Before(old) {
					history = history[1:]
				}
			}
			for s.now.Before(testAnchor.Add(3 * time.Minute)) {
				if r.IntN(3) == 0 {
					seq++
					c := event(seq)
					c.Class, c.Attrs = "mediad.cue", []m3u8.Attr{{Name: "X-N", Value: fmt.Sprint(seq)}}
					s.stream.Cue(c)
				}
				fps := []float64{24, 25, 30, 29.97, 60}[int(seed)%5]
				n := 1 + r.IntN(40)
				s.send(shot{fps: fps, gop: 60, frames: n, from: from})
				from += int64(float64(n) / fps * 1000)
				look()
				if r.IntN(60) == 0 { // the publisher is lost, and comes back
					s.sink.Close(0)
					for range r.IntN(60) {
						s.now = s.now.Add(tick)
						s.stream.Tick(s.now)
						s.look()
						look()
					}
					s.publish()
					from = 0
				}
			}
			if most < 40 {
				t.Errorf("no more than %d segments were skipped", most)
			}
			s.stream.End()
			w := s.stream.snapshot()
			if text := w.update(skipRanges).plain; strings.Contains(string(text), "EXT-X-SKIP") {
				t.Error("an ended list is shortened")
			}
		})
	}
}

func TestHandlerDeltaUpdates(t *testing.T) {
	t.Parallel()
	url := mediaURL + "index.m3u8"
	lives := map[time.Duration]*Live{}
	for _, window := range []time.Duration{0, longWindow - time.Second, longWindow} {
		s := newStudio(t, Options{Window: window})
		s.send(shot{fps: 30, gop: 60, frames: 30 * 145})
		lives[window] = NewLive(nil)
		lives[window].Add(s.stream)
	}
	for _, c := range []struct {
		window  time.Duration
		query   string
		version string
		skip    bool
	}{
		{longWindow, "", "6", false},
		{longWindow, "?_HLS_skip=YES", "9", true},
		{longWindow, "?_HLS_skip=v2", "10", true},
		{longWindow, "?_HLS_msn=70&_HLS_skip=v2&_HLS_part=0", "10", true},
		{longWindow, "?_HLS_skip=yes", "6", false},
		{longWindow, "?_HLS_skip=v3", "6", false},
		{longWindow, "?_HLS_skip=", "6", false},
		{longWindow, "?_HLS_skip", "6", false},
		{longWindow, "?_HLS_skip=YES&_HLS_skip=v2", "9", true},
		{longWindow, "?_%48LS_skip=%59ES", "9", true},
		{longWindow - time.Second, "?_HLS_skip=YES", "6", false},
		{0, "?_HLS_skip=v2", "6", false},
	} {
		l := lives[c.window]
		full := ask(l, "GET", url)
		got := ask(l, "GET", url+c.query)
		text := got.Body.String()
		if got.Code != 200 || strings.Contains(text, "#EXT-X-SKIP:") != c.skip || !strings.Contains(text, "#EXT-X-VERSION:"+c.version+"\n") {
			t.Errorf("window %v, %s: %d\n%s", c.window, c.query, got.Code, text)
		}
		if (got.Header().Get("ETag") == full.Header().Get("ETag")) == c.skip {
			t.Errorf("window %v, %s: ETag %s, of the full list %s", c.window, c.query, got.Header().Get("ETag"), full.Header().Get("ETag"))
		}
		if offered := strings.Contains(text, ",CAN-SKIP-UNTIL=12.000,CAN-SKIP-DATERANGES=YES"); offered != (c.window >= longWindow) {
			t.Errorf("window %v: delta updates offered: %v", c.window, offered)
		}
		if zipped := ask(l, "GET", url+c.query, "Accept-Encoding", "gzip"); zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Body.Len() >= len(text) {
			t.Errorf("%s: %d bytes, zipped %d", c.query, len(text), zipped.Body.Len())
		}
		if tag := got.Header().Get("ETag"); ask(l, "GET", url+c.query, "If-None-Match", tag).Code != 304 {
			t.Errorf("%s: a known ETag is not", c.query)
		}
	}
}
