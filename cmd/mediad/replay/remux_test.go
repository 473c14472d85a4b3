package replay

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"mediad/packager/m3u8"
)

func recorded() *m3u8.Media {
	return &m3u8.Media{Segments: []m3u8.Segment{
		{URI: "/live/a/1.ts", Duration: 2 * time.Second}, {URI: "/live/a/2.ts", Duration: 1500 * time.Millisecond},
		{URI: "/live/b/9.ts", Duration: 2 * time.Second, Discontinuity: true},
	}}
}

func TestConcat(t *testing.T) {
	want := "ffconcat version 1.0\nfile 'http://x/0.ts'\nduration 3.500\nfile 'http://x/1.ts'\nduration 2.000\n"
	if got := concat("http://x/", stretches(recorded().Segments)); got != want {
		t.Errorf("%s", got)
	}
}

// Whatever ends it early, it returns an error and leaves nothing.
func TestRemuxLeavesNothingBehind(t *testing.T) {
	asked := make(chan struct{}, 8)
	for name, media := range map[string]http.HandlerFunc{
		"a segment is gone": http.NotFound,
		"a segment is none": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("this is no transport stream")) },
		"it is cancelled": func(_ http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			<-r.Context().Done()
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if name == "it is cancelled" {
			go func() {
				<-asked
				cancel()
			}()
		}
		dir := filepath.Join(t.TempDir(), "downloads")
		_, err := remux{program: "ffmpeg", dir: dir, media: media, list: recorded(), progress: func(float64, int64) error { return nil }}.run(ctx, filepath.Join(dir, "x.mp4"))
		if err == nil || errors.Is(err, context.Canceled) != (name == "it is cancelled") {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v (%v)", name, left, err)
		}
		cancel()
	}
}

// Downloads are bounded, waiting ones can be cancelled, and old ones are
// removed.
func TestDownloadsAreFew(t *testing.T) {
	d := NewDownloads(DownloadOptions{Dir: t.TempDir(), Limit: 1e9})
	j := &download{}
	j.state.ID, j.state.Show, j.state.Expires = "one", "show", time.Now()
	d.jobs["one"] = j
	if _, err := d.Download("other", "one"); err == nil {
		t.Error("found in another show")
	}
	if err := os.WriteFile(d.file("one"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.expire(j.state.Expires.Add(-time.Second))
	if len(d.jobs) != 1 {
		t.Error("gone too early")
	}
	d.expire(j.state.Expires.Add(time.Second))
	if _, err := os.Stat(d.file("one")); len(d.jobs) != 0 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%d left, file: %v", len(d.jobs), err)
	}
	waiting := &download{stopped: true}
	d.work(t.Context(), waiting) // cancelled before its turn
	if waiting.state.State != "" {
		t.Errorf("it is %s", waiting.state.State)
	}
}

// A failed download does not take the place of the next one; a finished one
// does.
func TestFailedDownloadsMakeRoom(t *testing.T) {
	d := NewDownloads(DownloadOptions{Dir: t.TempDir(), Limit: 1e9})
	for i, state := range []string{"done", "failed", "failed", "waiting"} {
		j := &download{}
		j.state.ID, j.state.State, j.state.Expires = string(rune('a'+i)), state, time.Unix(int64(100-i), 0)
		d.jobs[j.state.ID] = j
	}
	for range 4 {
		d.forgetFailed()
	}
	if len(d.jobs) != 2 || d.jobs["a"] == nil || d.jobs["d"] == nil {
		t.Errorf("%v are left", d.jobs)
	}
}

// Downloads that are cancelled while another one is made free their place.
func TestCancelledDownloadsMakeRoom(t *testing.T) {
	d := NewDownloads(DownloadOptions{Dir: t.TempDir(), Limit: 1e9})
	add := func(id string) {
		j := &download{}
		j.state.ID, j.state.Show, j.state.State = id, "show", "waiting"
		d.mu.Lock()
		defer d.mu.Unlock()
		d.enqueue(j)
	}
	add("first")
	for range 3 * maxDownloads {
		add("next")
		if err := d.CancelDownload("show", "next"); err != nil {
			t.Fatal(err)
		}
	}
	add("last")
	var order []string
	for len(d.queue) > 0 {
		if j := <-d.queue; !j.stopped {
			order = append(order, j.state.ID)
		}
	}
	if len(order) != 2 || order[0] != "first" || order[1] != "last" {
		t.Errorf("%v wait", order)
	}
}

// If the store gives only the beginning of a segment, the file does not count
// as whole.
func TestRemuxSourceBreaksOff(t *testing.T) {
	short := true
	media := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "4")
		w.Write([]byte("dat"))
		if !short {
			w.Write([]byte("a"))
		}
	})
	list := recorded()
	var cause error
	source := remux{media: media, list: list}.source("/x/", stretches(list.Segments), func(err error) { cause = err })
	get := func() (broken any, body string) {
		w := httptest.NewRecorder()
		defer func() { broken, body = recover(), w.Body.String() }()
		source.ServeHTTP(w, httptest.NewRequest("GET", "/x/0.ts", nil))
		return nil, ""
	}
	if broken, _ := get(); broken != http.ErrAbortHandler || cause == nil {
		t.Errorf("a short segment: %v, %v", broken, cause)
	}
	short = false
	if broken, body := get(); broken != nil || body != "datadata" {
		t.Errorf("whole segments: %v, %q", broken, body)
	}
}

// A recording without a segment in the middle makes no finished file.
func TestRemuxWithoutItsMiddle(t *testing.T) {
	media, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x120:r=25", "-t", "2", "-c:v", "libx264", "-f", "mpegts", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, missing := range []bool{false, true} {
		dir := t.TempDir()
		size, err := remux{program: "ffmpeg", dir: dir, list: recorded(), progress: func(float64, int64) error { return nil }, media: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if missing && r.URL.Path == "/live/a/2.ts" {
				http.NotFound(w, r)
				return
			}
			half := len(media) / 188 / 2 * 188
			w.Write(map[string][]byte{"/live/a/1.ts": media[:half], "/live/a/2.ts": media[half:], "/live/b/9.ts": media}[r.URL.Path])
		})}.run(t.Context(), filepath.Join(dir, "x.mp4"))
		if (err != nil) != missing || missing == (size > 0) {
			t.Errorf("missing %t: %d bytes, %v", missing, size, err)
		}
	}
}

// Files that would exceed the bound of bytes are not made, and what was written
// of them is removed.
func TestDownloadsTakeNoMoreThanTheyMay(t *testing.T) {
	media, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x120:r=25", "-t", "2", "-c:v", "libx264", "-f", "mpegts", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	serve := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(media) })
	for limit, want := range map[int64]string{10: "failed", 1e9: "done"} {
		dir := t.TempDir()
		d := NewDownloads(DownloadOptions{Dir: dir, Limit: limit, Media: serve, Log: slog.New(slog.DiscardHandler)})
		j := &download{program: "ffmpeg", list: &m3u8.Media{Segments: recorded().Segments[:1]}}
		j.state.ID = "one"
		d.jobs["one"] = j
		d.work(t.Context(), j)
		if j.state.State != want || (want == "failed") != (j.state.Problem == errDownloads.Error()) {
			t.Errorf("limit %d: %+v", limit, j.state)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 != (want == "done") || d.bytes() > 0 != (want == "done") {
			t.Errorf("limit %d: left %v, %d bytes, %v", limit, left, d.bytes(), err)
		}
	}
}
