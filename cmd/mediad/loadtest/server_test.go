package loadtest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/site/sitetest"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// mediad is a real server with a real publisher.
type mediad struct {
	*process
	host    string // of HTTP
	metrics string // the host of /metrics
	url     string // of the multivariant playlist
	rtmp    string
}

const (
	streamKey  = "loadtest-key-0123456789"
	adminToken = "loadtest-admin-0123456789"
)

// startMediad builds and starts the server; nobody publishes yet.
func startMediad(t testing.TB, cpu, hls string) *mediad {
	t.Helper()
	dir := t.TempDir()
	binary := os.Getenv("MEDIAD_LOADTEST_BINARY") // to compare two builds
	if binary == "" {
		binary = filepath.Join(dir, "mediad")
		if out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
			t.Fatalf("build mediad: %v\n%s", err, out)
		}
	}
	m := &mediad{host: sitetest.FreeAddress(t), metrics: sitetest.FreeAddress(t), rtmp: sitetest.FreeAddress(t)}
	m.url = "http://" + m.host + "/live/demo/index.m3u8"
	config := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf("data_dir: %s\nlog: {level: warn}\nrtmp: {listen: %q}\nhttp: {listen: %q}\nmetrics: {listen: %q}\nhls: %s\nstorage: {kind: none}\nthumbnails: off\nauth: {admin_token: %s}\nrooms: [{slug: demo, stream_key: %s, title: Demo}]\n",
		filepath.Join(dir, "data"), m.rtmp, m.host, m.metrics, hls, adminToken, streamKey)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m.process = startCommand(t, cpu, nil, binary, "serve", "--config", config)
	m.await("/readyz")
	return m
}

// get fetches one page.
func (m *mediad) get(path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(m.t.Context(), 20*time.Second)
	defer cancel()
	c, err := dial(ctx, m.host)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.get(path)
}

// await asks for a page until it is there.
func (m *mediad) await(path string) {
	m.t.Helper()
	var err error
	for range 600 {
		if _, err = m.get(path); err == nil || err == errLength {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	m.t.Fatalf("%s does not come: %v", path, err)
}

// publish pushes a clip, with a stamp on each frame, until the test ends, and
// returns when players can watch.
func (m *mediad) publish() {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	src := &stamping{clip: clip(m.t)}
	go func() {
		done <- push.New(push.Options{URL: "rtmp://" + m.rtmp + "/live", Key: streamKey}).Run(ctx, src)
	}()
	m.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			m.t.Errorf("publisher: %v", err)
		}
	})
	m.await("/live/demo/index.m3u8")
}

// stamping is a Source that keeps time itself, so that it can stamp each frame
// at the moment at which it is sent.
type stamping struct {
	clip  *push.Loop
	start time.Time
}

func (s *stamping) Next() (flv.Tag, error) {
	tag, err := s.clip.Next()
	if err != nil {
		return tag, err
	}
	if s.start.IsZero() {
		s.start = time.Now()
	}
	time.Sleep(time.Until(s.start.Add(time.Duration(tag.Timestamp) * time.Millisecond)))
	if tag.Type == flv.Video {
		tag.Body = Stamped(tag.Body, time.Now())
	}
	return tag, nil
}

// period is the time after which the clip begins again.
const period = 16 * time.Second

// clip encodes, once per machine, 720p30 with one-second GOPs and about 2.6
// Mbit/s in all. It repeats after 16 seconds: a whole number of GOPs and of
// audio frames, so that the repetition cannot be told from the rest.
func clip(t testing.TB) *push.Loop {
	t.Helper()
	file := filepath.Join(os.TempDir(), "mediad-loadtest-2.flv")
	if _, err := os.Stat(file); err != nil {
		part := filepath.Join(t.TempDir(), "clip.flv")
		out, err := exec.Command("ffmpeg", "-v", "error", "-y",
			"-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30,noise=alls=12:allf=t",
			"-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=48000:amplitude=0.3", "-t", "16.5",
			"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p",
			"-g", "30", "-keyint_min", "30", "-sc_threshold", "0", "-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "1250k",
			"-c:a", "aac", "-b:a", "128k", "-ac", "2", part).CombinedOutput()
		if err != nil {
			t.Fatalf("ffmpeg: %v\n%s", err, out)
		}
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		// A rename between file systems may fail. A write followed by a rename within one does
		// not.
		own := fmt.Sprintf("%s.%d", file, os.Getpid())
		if err := os.WriteFile(own, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(own, file); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tags, err := flv.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	tags = slices.DeleteFunc(tags, func(tag flv.Tag) bool { return time.Duration(tag.Timestamp)*time.Millisecond >= period })
	l, err := push.NewLoop(tags, period)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// goroutines asks the server how many it has.
func (m *mediad) goroutines() int {
	m.t.Helper()
	return m.number(m.metrics, "/metrics", "\ngo_goroutines ")
}

// viewers asks the server how many wait for a playlist.
func (m *mediad) viewers() int {
	m.t.Helper()
	return m.number(m.host, "/api/v1/rooms/demo", `"viewers":`)
}

// number finds the number that stands behind a word on a page.
func (m *mediad) number(host, path, word string) int {
	m.t.Helper()
	q, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, "http://"+host+path, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+adminToken)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		m.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	var n int
	_, rest, _ := strings.Cut(string(text), word)
	if _, err := fmt.Sscan(rest, &n); err != nil {
		m.t.Fatalf("no number behind %q on %s: %v", word, path, err)
	}
	return n
}
