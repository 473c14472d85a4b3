package thumbs

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/layout"
)

func run(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ffmpeg", args...)
}

// media makes MPEG-TS of two seconds; with ffmpeg, or the test fails.
func media(t *testing.T, args ...string) []byte {
	t.Helper()
	all := append([]string{"-v", "error"}, args...)
	cmd := exec.Command("ffmpeg", append(all, "-t", "2", "-f", "mpegts", "pipe:1")...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &said)
	}
	return out
}

func video(size, filter string) []string {
	return []string{"-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=10", "-vf", filter, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}
}

func TestPicture(t *testing.T) {
	r := NewRunner(run)
	for name, test := range map[string]struct {
		media          []byte
		poster, little image.Point
	}{
		"wide":                 {media(t, video("1920x1080", "null")...), image.Pt(1280, 720), image.Pt(160, 90)},
		"tall":                 {media(t, video("540x960", "null")...), image.Pt(540, 960), image.Pt(90, 160)},
		"small stays small":    {media(t, video("100x60", "null")...), image.Pt(100, 60), image.Pt(100, 60)},
		"pixels not square":    {media(t, video("720x576", "setsar=64/45")...), image.Pt(1024, 576), image.Pt(160, 90)},
		"no sound, no problem": {media(t, append(video("640x360", "null"), "-an")...), image.Pt(640, 360), image.Pt(160, 90)},
	} {
		got, err := r.picture(t.Context(), bytes.NewReader(test.media), "mjpeg", posterWidth, 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(got)); err != nil || image.Pt(c.Width, c.Height) != test.poster {
			t.Errorf("%s: the poster is %d×%d, want %v: %v", name, c.Width, c.Height, test.poster, err)
		}
		got, err = r.picture(t.Context(), bytes.NewReader(test.media), "png", tileSide, tileSide)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c, err := png.DecodeConfig(bytes.NewReader(got)); err != nil || image.Pt(c.Width, c.Height) != test.little {
			t.Errorf("%s: the tile is %d×%d, want %v: %v", name, c.Width, c.Height, test.little, err)
		}
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "noise": bytes.Repeat([]byte("noise"), 10000),
		"sound alone": media(t, "-f", "lavfi", "-i", "sine", "-c:a", "aac"),
	} {
		if _, err := r.picture(t.Context(), bytes.NewReader(bad), "mjpeg", posterWidth, 0); err == nil {
			t.Errorf("%s: there is a picture", name)
		}
	}
}

// Whatever the program does, the turn passes on.
func TestBrokenProgram(t *testing.T) {
	for script, want := range map[string]string{
		"echo it broke >&2; exit 3": "exit status 3: it broke",
		"exit 0":                    "no key frame",
		"exec cat /dev/zero":        "more than 1048576 bytes",
	} {
		r := NewRunner(func(ctx context.Context, _ ...string) *exec.Cmd { return exec.CommandContext(ctx, "sh", "-c", script) })
		for range 2 {
			_, err := r.picture(t.Context(), strings.NewReader("media"), "mjpeg", 1, 1)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", script, err)
			}
		}
	}
	r := NewRunner(func(ctx context.Context, _ ...string) *exec.Cmd { return exec.CommandContext(ctx, "sleep", "1000") })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := r.picture(ctx, strings.NewReader("media"), "mjpeg", 1, 1); err == nil {
		t.Error("one that hangs gave a picture")
	}
	r.turn <- struct{}{} // one runs
	if _, err := r.picture(ctx, strings.NewReader("media"), "mjpeg", 1, 1); err == nil {
		t.Error("did not wait for its turn")
	}
}

// A queue that is full, or a store that is not ready, holds nobody up.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &bucket{}
		m := NewMaker(MakerOptions{Store: store, Recent: func(context.Context) ([]Broadcast, error) {
			return []Broadcast{layout.Of("r", "old")}, nil
		}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		m.Add(layout.Of("r", "new"))
		m.Add(layout.Of("r", "new"))
		time.Sleep(time.Minute)
		if asked := store.asked("live/r/new/vod.m3u8"); asked < 5 || asked > 8 {
			t.Errorf("asked %d times for a replay in its first minute", asked)
		}
		if store.asked("live/r/old/vod.m3u8") == 0 {
			t.Error("the one from before the start was not looked for")
		}
		time.Sleep(2 * patience)
		before := store.asked("live/r/new/vod.m3u8")
		time.Sleep(patience)
		m.mu.Lock()
		left := len(m.jobs)
		m.mu.Unlock()
		if after := store.asked("live/r/new/vod.m3u8"); after != before || left != 0 {
			t.Errorf("asked %d times after %d, %d jobs left: it is never given up", after, before, left)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	m := NewMaker(MakerOptions{})
	for i := range mostJobs + 10 {
		m.Add(layout.Of("r", fmt.Sprint(i)))
	}
	if len(m.jobs) != mostJobs {
		t.Errorf("%d jobs wait", len(m.jobs))
	}
}
