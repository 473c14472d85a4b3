package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mediad/cmd/mediad/site/sitetest"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest/rtmp/push"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// testSecret is the secret in the test vector of the Standard Webhooks
// libraries.
const testSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// testServer is a whole server with a room "demo".
type testServer struct {
	*server
	key string
}

func startServer(t *testing.T, change func(*config.Config)) *testServer {
	t.Helper()
	c := config.Defaults()
	c.DataDir = t.TempDir()
	storetest.Fresh(t, c.DataDir)
	c.RTMP.Listen, c.HTTP.Listen, c.Metrics.Listen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	c.Log.Level = "error"
	change(&c)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := newServer(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.prepare(ctx, io.Discard); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	key, err := s.store.RevealKey(ctx, "demo", "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return &testServer{server: s, key: key}
}

// push publishes the demo's clip in a loop; the channel gets the error with
// which it ends.
func (s *testServer) push(t *testing.T, key string) (stop func(), ended <-chan error) {
	t.Helper()
	loop, err := push.NewLoop(demoClip(t), clipLength)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- push.New(push.Options{URL: "rtmp://" + s.rtmp.Addr().String() + "/live", Key: key, Log: s.log}).Run(ctx, loop)
	}()
	t.Cleanup(cancel)
	return cancel, done
}

// onAir waits for a publisher that came after since, and returns when it
// came.
func (s *testServer) onAir(t *testing.T, since time.Time) time.Time {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if in := s.broadcasts.Status("demo").Ingest; in != nil && in.Since.After(since) {
			return in.Since
		}
	}
	t.Fatal("nobody comes on air")
	return time.Time{}
}

func refusal(t *testing.T, ended <-chan error) string {
	t.Helper()
	select {
	case err := <-ended:
		var status *push.StatusError
		if !errors.As(err, &status) {
			t.Fatalf("ended with %v", err)
		}
		return status.Code + " " + status.Description
	case <-time.After(20 * time.Second):
		t.Fatal("it is not refused")
		return ""
	}
}

// TestRTMPS pushes with ffmpeg over TLS.
func TestRTMPS(t *testing.T) {
	cert, key := sitetest.Certificate(t, t.TempDir(), 1, time.Now().Add(time.Hour))
	s := startServer(t, func(c *config.Config) { c.RTMP.TLS = config.RTMPTLS{Listen: "127.0.0.1:0", Cert: cert, Key: key} })
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25", "-t", "60",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-f", "flv",
		"rtmps://"+s.rtmps.Addr().String()+"/live/"+s.key)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	}()
	s.onAir(t, time.Time{})
	if got := s.broadcasts.Status("demo").Ingest.Protocol; got != "rtmps" {
		t.Errorf("protocol %q", got)
	}
	// The round trip comes from the socket below TLS.
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if in := s.broadcasts.Status("demo").Ingest; in != nil && in.RTT > 0 {
			if in.RTT > 1 {
				t.Errorf("round trip on the loopback: %v s", in.RTT)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("no round trip is reported")
		}
	}
}

func TestRTMPSCannotStart(t *testing.T) {
	c := config.Defaults()
	c.DataDir = t.TempDir()
	c.RTMP.Listen, c.HTTP.Listen = "127.0.0.1:0", "127.0.0.1:0"
	c.RTMP.TLS = config.RTMPTLS{Listen: "127.0.0.1:0", Cert: "absent.pem", Key: "absent.pem"}
	if _, err := newServer(t.Context(), c); err == nil || !strings.Contains(err.Error(), "rtmp.tls: stat absent.pem: no such file") {
		t.Errorf("%v", err)
	}
}

// TestRotation: a new key costs the live publisher nothing.
func TestRotation(t *testing.T) {
	s := startServer(t, func(*config.Config) {})
	_, first := s.push(t, s.key)
	since := s.onAir(t, time.Time{})
	key, err := s.store.RotateKey(t.Context(), "demo", "test", store.Once{})
	if err != nil {
		t.Fatal(err)
	}
	_, old := s.push(t, s.key)
	if got := refusal(t, old); !strings.HasPrefix(got, "NetStream.Publish.BadName") {
		t.Errorf("the former key: %s", got)
	}
	if in := s.broadcasts.Status("demo").Ingest; in == nil || !in.Since.Equal(since) || len(first) > 0 {
		t.Errorf("the live publisher is gone: %+v", in)
	}
	if got := s.metric(t, `mediad_rtmp_refused_total{reason="wrong_key"}`); got != "1" {
		t.Errorf("counted %q wrong keys", got)
	}
	if got := s.metric(t, `mediad_rtmp_bans_total`); got != "0" {
		t.Errorf("counted %q bans", got)
	}
	s.push(t, key)
	s.onAir(t, since)
	<-first
}

// metric scrapes one number.
func (s *testServer) metric(t *testing.T, name string) string {
	t.Helper()
	res, err := http.Get("http://" + s.operator.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// TestTwoThatCompete: a take-over is immediate, but only a few times in a
// row.
func TestTwoThatCompete(t *testing.T) {
	const takeOvers = 3 // in a row; the next is refused
	s := startServer(t, func(*config.Config) {})
	var since time.Time
	var ended []<-chan error
	for range 1 + takeOvers {
		_, e := s.push(t, s.key)
		ended = append(ended, e)
		since = s.onAir(t, since)
	}
	for _, e := range ended[:takeOvers] {
		<-e
	}
	_, newcomer := s.push(t, s.key)
	if got := refusal(t, newcomer); !strings.HasPrefix(got, "NetStream.Publish.Rejected refused: another encoder is competing for this room") {
		t.Errorf("the newcomer: %s", got)
	}
	status := s.broadcasts.Status("demo")
	if status.Ingest == nil || !status.Ingest.Since.Equal(since) {
		t.Errorf("the present one did not stay: %+v", status.Ingest)
	}
	if !slices.Contains(status.Warnings, "Two encoders compete for this room. The one on air stays; stop the other one.") {
		t.Errorf("warnings: %q", status.Warnings)
	}
}

// TestPublishWebhook: another server decides, and its words reach the encoder.
func TestPublishWebhook(t *testing.T) {
	var code atomic.Int64
	code.Store(http.StatusForbidden)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(int(code.Load()))
		_, _ = io.WriteString(w, `{"reason":"the show begins at eight"}`)
	}))
	defer hook.Close()
	s := startServer(t, func(c *config.Config) { c.Auth.PublishWebhook = config.Webhook{URL: hook.URL, Secret: testSecret} })
	_, ended := s.push(t, s.key)
	if got := refusal(t, ended); got != "NetStream.Publish.Rejected refused: the show begins at eight" {
		t.Error(got)
	}
	if got := s.broadcasts.Status("demo").Warnings; !slices.Contains(got, "A publisher with the right key was not let on: the show begins at eight.") {
		t.Errorf("warnings: %q", got)
	}
	code.Store(http.StatusOK)
	s.push(t, s.key+"?token=another") // which is another question
	s.onAir(t, time.Time{})
}

// TestTooMuch: a publisher above the limit is closed, and its host can read why.
func TestTooMuch(t *testing.T) {
	s := startServer(t, func(c *config.Config) { c.RTMP.MaxBitrateKbps = 50 })
	_, ended := s.push(t, s.key)
	if got := refusal(t, ended); !strings.Contains(got, "the server takes at most 50 kb/s") {
		t.Error(got)
	}
	eventually(t, "the host is told", 20*time.Second, func() bool {
		return strings.Contains(strings.Join(s.broadcasts.Status("demo").Warnings, "\n"), "The server disconnected the publisher: the stream has")
	})
}
