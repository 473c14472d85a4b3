package rtmp

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager"
	"mediad/packager/check"
	"mediad/packager/health"
)

// singlePublisher is a Publisher with one stream, whatever the key.
type singlePublisher struct {
	stream *packager.Stream
	stats  chan func() ingest.Stats
	closed chan struct{}
}

type singleSink struct {
	*packager.Session
	closed chan struct{}
}

func (s *singlePublisher) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	s.stats <- r.Stats
	return singleSink{s.stream.Attach(), s.closed}, nil
}

func (s singleSink) Close(end ingest.End) {
	s.Session.Close(end)
	close(s.closed)
}

// openSingle serves a singlePublisher until the test ends, with a peer that publishes there.
func openSingle(t *testing.T) (*singlePublisher, *peer) {
	t.Helper()
	st := &singlePublisher{
		stream: packager.NewStream(packager.Options{Room: "demo", Epoch: "e", Anchor: time.Now()}),
		stats:  make(chan func() ingest.Stats, 1), closed: make(chan struct{}),
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- New(Options{Publisher: st, Log: slog.New(slog.DiscardHandler)}).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := dialPeer(t, conn)
	p.publish("key")
	return st, p
}

// end unpublishes, ends the stream, and gives what was counted.
func (s *singlePublisher) end(t *testing.T, p *peer) ingest.Stats {
	t.Helper()
	p.raw(p.call(0, "FCUnpublish", 9., nil, "key"))
	select {
	case <-s.closed:
	case <-time.After(20 * time.Second):
		t.Fatal("the sink is not closed")
	}
	stats := (<-s.stats)()
	s.stream.End()
	return stats
}

// TestTimestampsWrap sends twelve seconds across each place where a timestamp grows or
// wraps, through the guard, go-rtmp and the packager. It judges the output by all
// rules: no viewer may notice.
func TestTimestampsWrap(t *testing.T) {
	for _, tc := range []struct {
		name  string
		first uint32
		once  bool
		wraps uint64
	}{
		{"24 bits, after 4 h 39 min", 0xffffff - 6000, false, 1},
		{"24 bits, extended in the first chunk only", 0xffffff - 6000, true, 1},
		{"31 bits", 1<<31 - 6000, false, 0},
		{"32 bits, after 49.7 days", 1<<32 - 6000, false, 1},
		{"32 bits, extended in the first chunk only", 1<<32 - 6000, true, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, stats := broadcast(t, tc.first, tc.once, avc720, plain)
			if stats.Wraps != tc.wraps {
				t.Errorf("%d wraps, want %d", stats.Wraps, tc.wraps)
			}
			if h.Counts != (health.Counts{}) || h.BFrames {
				t.Errorf("health %+v", h)
			}
		})
	}
}

// slice is a picture of some size; plain sends it as it is.
var slice = strings.Repeat("5a", 700)

func plain(_ int, key bool) string {
	if key {
		return "1701000000" + "000002bd" + "65" + slice
	}
	return "2701000000" + "000002bd" + "41" + slice
}

// TestQuirksReachViewers: whatever encoders put around their pictures, the output obeys
// the rules.
func TestQuirksReachViewers(t *testing.T) {
	around := func(before, after string) func(int, bool) string {
		return func(i int, key bool) string {
			body := plain(i, key)
			return body[:10] + before + body[10:] + after
		}
	}
	for _, tc := range []struct {
		name, header string
		body         func(i int, key bool) string
		want         health.Counts
		bFrames      bool
	}{
		{"several parameter sets", twoSets, plain, health.Counts{}, false},
		{"delimiter, SEI and filler", avc720, around("0000000209f0"+"0000000406050101", "000000040cffff80"), health.Counts{}, false},
		{"empty NAL units", avc720, around("00000000", "00000000"), health.Counts{}, false},
		{"negative composition times", avc720, func(i int, key bool) string {
			body := plain(i, key)
			if key {
				return body
			}
			return body[:4] + []string{"ffffdf", "000043", "ffffdf"}[i%3] + body[10:] // -33, 67, -33
		}, health.Counts{Shifts: 1, Clamped: 1}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if h, _ := broadcast(t, 0, false, tc.header, tc.body); h.Counts != tc.want || h.BFrames != tc.bFrames {
				t.Errorf("health %+v", h)
			}
		})
	}
}

// broadcast sends twelve seconds, judges the output, and gives the room's health and
// the protocol's counts.
func broadcast(t *testing.T, first uint32, once bool, header string, picture func(i int, key bool) string) (health.Report, ingest.Stats) {
	t.Helper()
	const seconds = 12
	st, p := openSingle(t)
	p.once = once
	p.raw(append(p.media(video, first, header), p.media(audio, first, aac44)...))
	for v, a := 0, 0; v < seconds*30; {
		if ms := uint32(a * 1024 * 1000 / 44100); ms <= uint32(v*1000/30) {
			p.raw(p.media(audio, first+ms, "af01"+slice[:400]))
			a++
			continue
		}
		p.raw(p.media(video, first+uint32(v*1000/30), picture(v, v%30 == 0)))
		v++
	}
	stats := st.end(t, p)
	judge(t, st.stream, seconds)
	if stats.Jumps != 0 || stats.Clamped != 0 || stats.Dropped() != 0 || stats.Bytes < 3072 || stats.Bytes > 2_000_000 {
		t.Errorf("stats %+v", stats)
	}
	return st.stream.Health(), stats
}

// judge reads a stream's parts and playlist as a player would.
func judge(t *testing.T, stream *packager.Stream, seconds float64) {
	t.Helper()
	live := packager.NewLive(nil)
	live.Add(stream)
	get := func(name string) []byte {
		w := httptest.NewRecorder()
		live.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/live/demo/e/main/"+name, nil))
		body, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusOK {
			return nil
		}
		return body
	}
	text := string(get("index.m3u8"))
	if strings.Contains(text, "EXT-X-DISCONTINUITY\n") || !strings.Contains(text, "EXT-X-ENDLIST") {
		t.Errorf("playlist:\n%s", text)
	}
	length := 0.
	for _, m := range regexp.MustCompile(`#EXTINF:([0-9.]+)`).FindAllStringSubmatch(text, -1) {
		d, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		length += d
	}
	if length < seconds-0.1 || length > seconds+0.1 {
		t.Errorf("%v s of segments:\n%s", length, text)
	}
	var ts check.TS
	n := 1
	for ; ; n++ {
		part := get(fmt.Sprintf("p%d.ts", n))
		if part == nil {
			break
		}
		for _, v := range ts.Part(part) {
			t.Errorf("part %d: %v", n, v)
		}
	}
	if n < 20 {
		t.Errorf("%d parts", n-1)
	}
}

// TestPublishStats checks the counts of a publish.
func TestPublishStats(t *testing.T) {
	h := serve(t, Options{}, nil)
	p := h.dial(t)
	p.publish(goodKey)
	sink, req := h.sink(t)
	send := func(k kind, ts uint32, body string) { p.raw(p.media(k, ts, body)) }
	send(video, 0, pic) // no header yet
	send(video, 0, avc720)
	send(audio, 0, aac44)
	send(audio, 0, aac44) // the same again
	send(video, 0, pic)   // no key frame yet
	send(video, 33, idr)
	send(video, 20, pic)     // a small step back
	send(video, 9000, pic)   // a jump, and then no key frame
	send(video, 9033, idr)   //
	send(audio, 9040, aac48) // another header
	send(audio, 9040, sound)
	p.raw(p.message(3, 99, 1, 0, []byte{1})) // no such message
	send(video, 9066, idr)
	sink.await(t, "dts=815940")
	got := req.Stats()
	if got.Bytes < 3072 {
		t.Errorf("%d bytes", got.Bytes)
	}
	rtt := got.RTT
	got.Bytes, got.RTT = 0, 0
	if want := (ingest.Stats{Jumps: 1, Clamped: 1, Drops: ingest.Drops{NoVideoHeader: 1, NoKey: 2}, Headers: 1, Repeats: 1, Refused: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if known := roundTrip(p.conn) > 0; known != (rtt > 0) || rtt > time.Second {
		t.Errorf("round trip %v", rtt)
	}
	_ = p.conn.Close()
	h.stop()
	if again := req.Stats(); again.Dropped() != 3 || again.RTT != 0 {
		t.Errorf("after the end: %+v", again)
	}
}
