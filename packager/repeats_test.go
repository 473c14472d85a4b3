package packager

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// film is what x264 made of a moving picture.
type film struct {
	track    ingest.Track
	pictures []filmed
	hashes   []string // of what they show, in the order of display
}

type filmed struct {
	nals  [][]byte
	key   bool
	shown int // its place in the order of display
}

// ffmpeg runs it; whatever it says fails the test.
func ffmpeg(t testing.TB, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin", "-y"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return out.String()
}

// shoot makes a film of n pictures, a key frame first of each gop.
func shoot(t testing.TB, n, gop int, args ...string) (f film) {
	t.Helper()
	dir := t.TempDir()
	mp4, raw := filepath.Join(dir, "a.mp4"), filepath.Join(dir, "a.h264")
	ffmpeg(t, append(append([]string{"-f", "lavfi", "-i", "testsrc2=rate=30:size=160x96", "-frames:v", strconv.Itoa(n), "-c:v", "libx264", "-threads", "1",
		"-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", strconv.Itoa(gop), "-sc_threshold", "0"}, args...), mp4)...)
	ffmpeg(t, "-i", mp4, "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", raw)
	f.hashes = watched(t, mp4)
	data, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	f.track = ingest.Track{Codec: ingest.H264, RFC6381: "avc1.64000b", Width: 160, Height: 96}
	var unit filmed
	for nal := range bytes.SplitSeq(data, []byte{0, 0, 1}) {
		if nal = bytes.TrimRight(nal, "\x00"); len(nal) == 0 {
			continue
		}
		switch kind := nal[0] & 0x1f; kind {
		case 7, 8:
			if len(f.track.PPS) == 0 {
				if kind == 7 {
					f.track.SPS = [][]byte{nal}
				} else {
					f.track.PPS = [][]byte{nal}
				}
			}
		case 1, 5:
			unit.nals, unit.key = append(unit.nals, nal), kind == 5
			f.pictures, unit = append(f.pictures, unit), filmed{}
		default:
			unit.nals = append(unit.nals, nal)
		}
	}
	times := probe(t, mp4)
	sorted := slices.Sorted(slices.Values(times))
	for i := range f.pictures {
		f.pictures[i].shown = slices.Index(sorted, times[i])
	}
	return f
}

// probe gives the PTS of each picture in the order of decoding.
func probe(t testing.TB, file string) (pts []int) {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts", "-of", "csv=p=0", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(out)) {
		n, err := strconv.Atoi(strings.Trim(line, ","))
		if err != nil {
			t.Fatal(err)
		}
		pts = append(pts, n)
	}
	return pts
}

// watched gives the hash of each picture as it is shown. The first error of the
// decoder ends it.
func watched(t testing.TB, file string) (hashes []string) {
	t.Helper()
	text := ffmpeg(t, "-xerror", "-err_detect", "explode", "-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-")
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); !strings.HasPrefix(line, "#") {
			hashes = append(hashes, f[len(f)-1])
		}
	}
	return hashes
}

// play sends a film whose pictures are shown at the given times, in milliseconds,
// beside running sound, and gives what came out, as one file.
func (s *studio) play(f film, at func(i int) int64, delay int) string {
	s.t.Helper()
	audio, start := 0., s.now
	for i, p := range f.pictures {
		dts := at(i-delay) + 1000
		for ; audio <= float64(dts)/1000; audio += 1024. / 48000 {
			ms := int64(audio*1000 + 0.5)
			s.now = start.Add(time.Duration(ms) * time.Millisecond)
			s.stream.Tick(s.now)
			s.write(ingest.Unit{Track: 1, DTS: ms * 90, PTS: ms * 90, NALs: [][]byte{silence(audioTrack())}})
		}
		s.now = start.Add(time.Duration(dts) * time.Millisecond)
		s.stream.Tick(s.now)
		if i == 0 {
			s.grew, s.stood = s.now, 0 // what is before the first picture does not count
		}
		s.write(ingest.Unit{DTS: dts * 90, PTS: (at(p.shown) + 1000) * 90, Key: p.key, NALs: p.nals})
	}
	s.stream.End()
	s.look()
	file := filepath.Join(s.t.TempDir(), "out.ts")
	var media []byte
	for _, n := range slices.Sorted(mapKeys(s.segments)) {
		media = append(media, s.segments[n]...)
	}
	if err := os.WriteFile(file, media, 0o644); err != nil {
		s.t.Fatal(err)
	}
	return file
}

func mapKeys(m map[uint64][]byte) func(func(uint64) bool) {
	return func(yield func(uint64) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// same holds what is shown against the film: each picture comes once, as it is, in
// its order; between them stands only what was on the screen.
func same(t *testing.T, f film, got []string) (repeated int) {
	t.Helper()
	at := 0
	for i, h := range got {
		switch {
		case at < len(f.hashes) && h == f.hashes[at]:
			at++
		case slices.Contains(f.hashes[max(at-3, 0):min(at+3, len(f.hashes))], h):
			repeated++
		default:
			t.Fatalf("picture %d of %d is neither the next nor the last, but %d; %d came", i, len(got), slices.Index(f.hashes, h), at)
		}
	}
	if at != len(f.hashes) {
		t.Errorf("%d of %d pictures are shown", at, len(f.hashes))
	}
	return repeated
}

// The studio holds each part against the rules; one is that it has a picture.
func TestEveryPartHoldsAPicture(t *testing.T) {
	type show struct {
		name   string
		fps    float64
		frames int
		gop    int
		pauses uint64 // seed; 0: none
		args   []string
		delay  int
	}
	var shows []show
	for _, fps := range []float64{0.2, 0.5, 1, 2, 5, 7.5, 15, 24, 29.97, 60, 120} {
		n := max(7, int(fps*9))
		shows = append(shows, show{name: fmt.Sprint(fps, " fps"), fps: fps, frames: n, gop: max(1, int(fps*2+.5)), args: []string{"-bf", "0"}})
	}
	for seed := range uint64(4) {
		for _, fps := range []float64{15, 30, 60} {
			shows = append(shows,
				show{fmt.Sprint(fps, " fps with pauses, ", seed), fps, 240, int(fps * 2), seed + 1, []string{"-bf", "0"}, 0},
				show{fmt.Sprint(fps, " fps with pauses and B-frames, ", seed), fps, 240, int(fps * 2), seed + 1, []string{"-bf", "2"}, 2},
			)
		}
	}
	shows = append(shows, show{"without arithmetic coding, with pauses", 25, 200, 50, 9, []string{"-bf", "0", "-coder", "0"}, 0})
	films := map[string]film{}
	for _, c := range shows {
		t.Run(c.name, func(t *testing.T) {
			key := fmt.Sprint(c.frames, c.gop, c.args)
			if films[key].pictures == nil {
				films[key] = shoot(t, c.frames, c.gop, c.args...)
			}
			f := films[key]
			times := make([]int64, c.frames)
			r := rand.New(rand.NewPCG(c.pauses, 5))
			now := 0.
			for i := range times {
				times[i] = int64(now*1000 + .5)
				now += 1 / c.fps
				if c.pauses > 0 && r.IntN(20) == 0 {
					now += r.Float64() * 4
				}
			}
			at := func(i int) int64 {
				if i < 0 {
					return int64(float64(i) * 1000 / c.fps)
				}
				return times[i]
			}
			s := newStudio(t, Options{State: state(0)}, f.track, audioTrack())
			file := s.play(f, at, c.delay)
			if n := same(t, f, watched(t, file)); c.pauses > 0 && n < 5 || c.pauses == 0 && c.fps >= 5 && n > 0 {
				t.Errorf("%d pictures are repeated", n)
			}
			w := s.window
			if first := w.segments[0].discontinuity; len(w.segments) < 3 || first {
				t.Fatalf("%d segments", len(w.segments))
			}
			for _, seg := range w.segments[1:] {
				if c.pauses == 0 && !seg.parts[0].independent || seg.discontinuity {
					t.Errorf("segment %d begins with a key frame: %t, with a DISCONTINUITY: %t", seg.msn, seg.parts[0].independent, seg.discontinuity)
				}
			}
			if s.stood > 700*time.Millisecond {
				t.Errorf("nothing new for %v", s.stood)
			}
		})
	}
}

// Pictures are left out around the end of each part. Players take the last picture of a
// part to last as long as the one before, and Chromium drops what lies more than twice
// that behind it, up to the next key frame.
func TestPartsFollowEachOther(t *testing.T) {
	f := shoot(t, 240, 48, "-bf", "0")
	var times []int64
	for ms := 0.; len(times) < len(f.pictures); ms += 1000. / 30 {
		if place := int(ms+.5) % 500; place < 420 || place > 499-40*(len(times)/48) { // it is over before the part is, at it, and behind it
			times = append(times, int64(ms+.5))
		}
	}
	s := newStudio(t, Options{}, f.track, audioTrack())
	same(t, f, watched(t, s.play(f, func(i int) int64 { return times[max(i, 0)] }, 0)))
	judged, step, last := 0, 0, 0
	for _, seg := range s.window.segments {
		for _, p := range seg.parts {
			file := filepath.Join(t.TempDir(), "part.ts")
			if err := os.WriteFile(file, p.data, 0o644); err != nil {
				t.Fatal(err)
			}
			pts := probe(t, file)
			if gap := pts[0] - last; step > 0 && !p.independent {
				if judged++; gap > 2*step {
					t.Errorf("part %d begins %d ms behind a picture that seems to last %d ms", p.number, gap/90, step/90)
				}
			}
			if n := len(pts); n > 1 {
				step, last = pts[n-1]-pts[n-2], pts[n-1]
			} else {
				step = 0
			}
		}
	}
	if judged < 12 {
		t.Errorf("%d parts are judged", judged)
	}
}

// Fields cannot be continued: the last key frame stands until the next one comes,
// and nothing that is shown is broken.
func TestFieldsWaitForAKeyFrame(t *testing.T) {
	f := shoot(t, 240, 60, "-bf", "0", "-flags", "+ilme+ildct")
	at := func(i int) int64 {
		if i >= 100 {
			return int64(i)*40 + 1900
		}
		return int64(i) * 40
	}
	s := newStudio(t, Options{}, f.track, audioTrack())
	got := watched(t, s.play(f, at, 0))
	var order []int
	for _, h := range got {
		order = append(order, slices.Index(f.hashes, h))
	}
	order = slices.Compact(order)
	want := make([]int, 0, 240)
	for i := range 240 {
		if i == 100 {
			want = append(want, 60) // the key frame, for the rest of its pictures
		}
		if i < 100 || i >= 120 {
			want = append(want, i)
		}
	}
	if !slices.Equal(order, want) {
		t.Errorf("shown are %v", order)
	}
	if n := s.stream.Health().LateUnits; n != 20 {
		t.Errorf("%d pictures are left out, want 20", n)
	}
}
