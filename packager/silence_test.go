package packager

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/packager/align"
)

// sent is a unit and when it comes, in milliseconds.
type sent struct {
	at   int64
	unit ingest.Unit
}

// stalled gives a film with its sound as they come over a network that stands still
// from a time on, for so many milliseconds: what was said meanwhile comes at once
// behind that, or never.
func stalled(f film, fps float64, from, long int64, burst bool) (out []sent) {
	add := func(ms int64, u ingest.Unit) {
		at := ms
		if ms >= from && ms < from+long {
			if !burst {
				return
			}
			at = from + long
		}
		u.DTS, u.PTS = ms*90, ms*90
		out = append(out, sent{at, u})
	}
	sound := 0.
	for i, p := range f.pictures {
		ms := int64(float64(i)*1000/fps + .5)
		for ; sound <= float64(ms)/1000; sound += 1024. / 48000 {
			add(int64(sound*1000+.5), ingest.Unit{Track: 1, NALs: [][]byte{silence(audioTrack())}})
		}
		add(ms, ingest.Unit{Key: p.key, Recovers: !p.key && h264.Recovers(p.nals), NALs: p.nals})
	}
	return out
}

// Behind a silent network sound goes on at once, over the last key frame, and pictures
// with the next key frame or recovery point, or where none comes, within four
// seconds. What had come late is left out. The studio holds all of it against the
// rules.
func TestSoundGoesOnBehindASilence(t *testing.T) {
	encoders := []struct {
		name string
		gop  float64 // seconds; 0: one for all
		args []string
		from int64         // when the network stands still: behind the first segment
		wait time.Duration // for a picture, at most: a GOP, and what shows that it is of now
	}{
		{"a key frame every 2 s", 2, nil, 8000, 2300 * time.Millisecond},
		{"intra refresh", 2, []string{"-x264-params", "intra-refresh=1"}, 8000, 2300 * time.Millisecond},
		{"an endless GOP", 0, nil, 14000, align.KeyPatience + 100*time.Millisecond},
	}
	films := map[string]film{}
	for i, fps := range []float64{15, 29.97, 60} {
		for j, enc := range encoders {
			for k, long := range []int64{1700, 2000, 3300, 5000, 10000} {
				burst := (i+j+k)%3 != 0
				t.Run(fmt.Sprintf("%g fps, %s, %d ms, all at once behind it %t", fps, enc.name, long, burst), func(t *testing.T) {
					film := fmt.Sprint(fps, enc.name)
					if films[film].pictures == nil {
						gop := 100000
						if enc.gop > 0 {
							gop = int(enc.gop * fps)
						}
						films[film] = shoot(t, int(32*fps), gop, append([]string{"-bf", "0"}, enc.args...)...)
					}
					f := films[film]
					s := newStudio(t, Options{State: state(0), Window: time.Hour}, f.track, audioTrack())
					back := testAnchor.Add(time.Duration(enc.from+long) * time.Millisecond)
					heard, seen := time.Hour, time.Hour
					for _, u := range stalled(f, fps, enc.from, long, burst) {
						for at := testAnchor.Add(time.Duration(u.at) * time.Millisecond); s.now.Before(at); {
							s.now = s.now.Add(min(tick, at.Sub(s.now)))
							s.stream.Tick(s.now)
							s.look()
						}
						s.write(u.unit)
						if len(s.segments) == 0 {
							s.stood = 0 // players have nothing yet
						}
						if s.now.Before(back) {
							continue
						}
						if !s.stream.slate.on() && s.sink.seen {
							heard = min(heard, s.now.Sub(back))
						}
						if s.sink.catchUp == nil {
							seen = min(seen, s.now.Sub(back))
						}
					}
					s.stream.End()
					s.look()
					if heard > 400*time.Millisecond || seen > enc.wait {
						t.Errorf("sound goes on after %v, pictures after %v", heard, seen)
					}
					if part := s.stream.seg.PartTarget; s.stood > patience(part)+ingest.Duration(part)+200*time.Millisecond {
						t.Errorf("nothing new for %v", s.stood)
					}
					breaks := 0
					for _, seg := range s.window.segments {
						if seg.discontinuity {
							breaks++
						}
						if seg.gap {
							t.Errorf("segment %d is a gap", seg.msn)
						}
					}
					if breaks > 1 || breaks == 0 && long > 1700 { // the shortest is borne where parts are long
						t.Errorf("%d times DISCONTINUITY", breaks)
					}
					if off := s.stream.line.Date(s.stream.published.edge).Sub(s.now); off < -time.Second || off > time.Second {
						t.Errorf("the list ends %v off the clock", off)
					}
					s.decode(f, enc.gop > 0, enc.args == nil && enc.gop > 0)
				})
			}
		}
	}
}

// decode lets ffmpeg show all that was listed: the last second as it was filmed,
// where the encoder comes round to it, and all of it without an error where it sends
// key frames.
func (s *studio) decode(f film, ends, clean bool) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "out.ts")
	var media []byte
	for _, n := range slices.Sorted(mapKeys(s.segments)) {
		media = append(media, s.segments[n]...)
	}
	if err := os.WriteFile(file, media, 0o644); err != nil {
		s.t.Fatal(err)
	}
	var got []string
	if clean {
		got = watched(s.t, file)
	} else {
		text, err := exec.Command("ffmpeg", "-v", "quiet", "-nostdin", "-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-").Output()
		if err != nil {
			s.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); !strings.HasPrefix(line, "#") {
				got = append(got, f[len(f)-1])
			}
		}
	}
	if len(got) < 200 {
		s.t.Fatalf("%d pictures are shown", len(got))
	}
	if n := len(f.hashes) - 15; ends && !slices.Equal(got[len(got)-15:], f.hashes[n:]) {
		s.t.Error("the last second is not as it was filmed")
	}
	for i, h := range got {
		if clean && !slices.Contains(f.hashes, h) {
			s.t.Fatalf("picture %d of %d was never filmed", i, len(got))
		}
	}
}
