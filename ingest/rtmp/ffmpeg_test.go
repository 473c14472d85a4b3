package rtmp

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
)

// clip makes a two-second FLV file once: H.264 with B-frames, and AAC.
func clip(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.flv")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100",
		"-t", "2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30", "-bf", "2", "-c:a", "aac", "-b:a", "64k", "-ac", "2", path)
	return path
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// TestFFmpeg pushes a clip with ffmpeg and compares every unit that arrives
// with the file.
func TestFFmpeg(t *testing.T) {
	path := clip(t)
	for _, tc := range []struct {
		name   string
		args   []string
		tracks string
		kinds  []kind
	}{
		{"both", nil, "tracks avc1.4d400d 320x240@30 mp4a.40.2 44100/2", []kind{video, audio}},
		{"video only", []string{"-an"}, "tracks avc1.4d400d 320x240@30", []kind{video}},
		{"audio only", []string{"-vn"}, "tracks mp4a.40.2 44100/2", []kind{audio}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			args := append([]string{"-v", "error", "-i", path, "-c", "copy"}, tc.args...)
			run(t, "ffmpeg", append(args, "-f", "flv", "rtmp://"+h.addr+"/live/"+goodKey)...)
			sink, req := h.sink(t)
			lines := sink.await(t, "close")
			if lines[0] != tc.tracks || lines[len(lines)-1] != "close unpublished" || !strings.HasPrefix(req.Encoder, "FMLE/3.0") {
				t.Errorf("%s … %s, from %q", lines[0], lines[len(lines)-1], req.Encoder)
			}
			want, got := expected(t, path, tc.kinds), perTrack(lines[1:len(lines)-1])
			for i := range want {
				if d := cmp.Diff(want[i], got[i]); d != "" {
					t.Errorf("track %d: %s", i, d)
				}
			}
		})
	}
}

// expected says what must arrive of a file, per track.
func expected(t *testing.T, path string, kinds []kind) map[int][]string {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := flv.ReadAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[int][]string)
	for i, k := range kinds {
		s, first := newRecordingSink(), int64(-1)
		for _, tag := range tags {
			parse := flv.ParseVideo
			if k == audio {
				parse = flv.ParseAudio
			}
			if tag.Type != [...]flv.Type{video: flv.Video, audio: flv.Audio}[k] {
				continue
			}
			p, err := parse(tag.Body)
			if err != nil {
				t.Fatal(err)
			}
			if p.Kind != flv.Frame {
				continue
			}
			if first < 0 && len(kinds) == 1 { // ffmpeg moves what it keeps to 0
				first = int64(tag.Timestamp)
			}
			u := ingest.Unit{Track: i, DTS: (int64(tag.Timestamp) - max(first, 0)) * 90, NALs: [][]byte{p.Data}}
			u.PTS = u.DTS + int64(p.Offset)*90
			if k == video {
				if u.NALs, err = h264.Split(nil, p.Data, 4); err != nil {
					t.Fatal(err)
				}
				u.Key = h264.HasIDR(u.NALs)
			}
			if err := s.WriteUnit(u); err != nil {
				t.Fatal(err)
			}
		}
		if len(s.lines) < 60 {
			t.Fatalf("the clip has %d units on track %d", len(s.lines), i)
		}
		out[i] = s.lines
	}
	return out
}

func perTrack(lines []string) map[int][]string {
	out := make(map[int][]string)
	for _, line := range lines {
		var i int
		if _, err := fmt.Sscanf(line, "unit %d", &i); err != nil {
			i = -1
		}
		out[i] = append(out[i], line)
	}
	return out
}

func TestFFmpegIsToldWhy(t *testing.T) {
	path := clip(t)
	for _, tc := range []struct{ name, url, want string }{
		{"wrong key", "/live/wr0ng", "Server error: unknown stream key: ask your host for a new one"},
		{"refused", "/live/cl0sed", "Server error: refused: the show is over"},
		{"wrong application", "/stage/" + goodKey, "Server error: unknown application: the server is rtmp://HOST/live"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			var stderr bytes.Buffer
			cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-c", "copy", "-f", "flv", "rtmp://"+h.addr+tc.url)
			cmd.Stderr = &stderr
			err := cmd.Run()
			if err == nil || !strings.Contains(stderr.String(), tc.want) {
				t.Errorf("ffmpeg ends with %v and says:\n%s", err, stderr.String())
			}
		})
	}
}

// TestFFmpegSendsWhatIsNotCarried sends a codec that FLV has and mediad does not carry.
func TestFFmpegSendsWhatIsNotCarried(t *testing.T) {
	h := serve(t, Options{}, nil)
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30", "-t", "60",
		"-c:v", "flv1", "-f", "flv", "rtmp://"+h.addr+"/live/"+goodKey)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Sorenson H.263 video is not supported: choose x264 / H.264") {
		t.Errorf("ffmpeg ends with %v and says:\n%s", err, out)
	}
}
