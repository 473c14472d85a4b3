package mpegts

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"mediad/ingest"
)

// tool runs a program and gives what it prints. Whatever it says on stderr
// fails the test, lines that match allowed excepted.
func tool(t *testing.T, allowed, name string, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	rest := said.String()
	if allowed != "" {
		rest = regexp.MustCompile("(?m)^"+allowed+"\n").ReplaceAllString(rest, "")
	}
	if err != nil || rest != "" {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, rest)
	}
	return out.String()
}

// TestRealTools lets ffmpeg encode, writes parts, and lets ffprobe and ffmpeg
// judge a recording of them.
func TestRealTools(t *testing.T) {
	dir := t.TempDir()
	flv := filepath.Join(dir, "in.flv")
	tool(t, "", "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi", "-i", "sine=sample_rate=48000",
		"-t", "6", "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", "60", "-bf", "2", "-b:v", "600k",
		"-c:a", "aac", "-ac", "2", "-b:a", "128k", flv)
	tracks, units := readFLV(t, flv, base)

	for _, c := range []struct {
		name string
		keep []int // tracks
		cut  int
		want []string // streams, as ffprobe calls them
	}{
		{"both", []int{0, 1}, 0, []string{"h264", "aac", "timed_id3"}},
		{"video", []int{0}, 0, []string{"h264", "timed_id3"}},
		{"audio", []int{1}, 0, []string{"aac", "timed_id3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var kept []ingest.Track
			index := map[int]int{}
			for i, k := range c.keep {
				kept = append(kept, tracks[k])
				index[k] = i
			}
			var input []ingest.Unit
			for _, u := range units {
				if i, ok := index[u.Track]; ok {
					u.Track = i
					input = append(input, u)
				}
			}
			w := newCutter(t, kept...)
			file := filepath.Join(dir, c.name+".ts")
			if err := os.WriteFile(file, w.run(input, every(45000, 0)), 0o644); err != nil {
				t.Fatal(err)
			}
			probeFile(t, file, kept, input, w.cues, c.want)
			// A full decode: -xerror stops at the first error, and explode makes
			// errors of faults that decoders would conceal. One message is
			// allowed: while ffmpeg estimates frame rates, it takes any stream
			// whose distances differ by a factor of 1000 for broken, and two
			// cues of one picture are one tick apart.
			uneven := `\[mpegts @ .*\] DTS discontinuity in stream ` + strconv.Itoa(len(kept)) + `: packet .*`
			tool(t, uneven, "ffmpeg", "-v", "warning", "-xerror", "-err_detect", "explode", "-i", file, "-map", "0:v?", "-map", "0:a?", "-f", "null", "-")

			// Each part by itself, as a player that begins there gets it. The
			// pictures before it, to which its first ones refer, are missing.
			for i, part := range w.parts {
				one := filepath.Join(dir, c.name+strconv.Itoa(i)+".ts")
				if err := os.WriteFile(one, part, 0o644); err != nil {
					t.Fatal(err)
				}
				var got probe
				got.read(t, tool(t, "", "ffprobe", "-v", "fatal", "-show_streams", "-of", "json", one))
				if names := got.names(); names != strings.Join(c.want, " ") {
					t.Errorf("part %d alone: streams %s", i, names)
				}
				for _, s := range got.Streams {
					if s.CodecName == "h264" && s.Width != 320 {
						t.Errorf("part %d alone: width %d", i, s.Width)
					}
				}
			}
		})
	}
}

// probe holds the fields of ffprobe's JSON that are used.
type probe struct {
	Streams []struct {
		Index     int
		CodecName string `json:"codec_name"`
		CodecTag  string `json:"codec_tag_string"`
		Width     int
	}
	Packets []struct {
		Stream int `json:"stream_index"`
		PTS    int64
		DTS    int64
		Flags  string
	}
}

func (p *probe) read(t *testing.T, text string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), p); err != nil {
		t.Fatal(err)
	}
}

func (p *probe) names() string {
	var names []string
	for _, s := range p.Streams {
		names = append(names, s.CodecName)
	}
	return strings.Join(names, " ")
}

// probeFile compares each packet that ffprobe finds with the unit it came from.
func probeFile(t *testing.T, file string, tracks []ingest.Track, units []ingest.Unit, cues int, want []string) {
	t.Helper()
	var got probe
	got.read(t, tool(t, "", "ffprobe", "-v", "error", "-show_streams", "-show_packets", "-of", "json", file))
	if names := got.names(); names != strings.Join(want, " ") {
		t.Fatalf("streams %s, want %v", names, want)
	}
	if tag := got.Streams[len(got.Streams)-1].CodecTag; tag != "ID3 " {
		t.Errorf("ID3 stream is tagged %q", tag)
	}
	wanted := make([][]ingest.Unit, len(tracks))
	for _, u := range units {
		wanted[u.Track] = append(wanted[u.Track], u)
	}
	seen := make([]int, len(got.Streams))
	for _, p := range got.Packets {
		n := seen[p.Stream]
		seen[p.Stream]++
		if p.Stream >= len(tracks) || n >= len(wanted[p.Stream]) {
			continue
		}
		u := wanted[p.Stream][n]
		// ffprobe counts audio inside a PES packet itself: a tick of rounding.
		if off := p.PTS - u.PTS; off < -1 || off > 1 {
			t.Fatalf("stream %d, packet %d: PTS %d, want %d", p.Stream, n, p.PTS, u.PTS)
		}
		if off := p.DTS - u.DTS; off < -1 || off > 1 {
			t.Fatalf("stream %d, packet %d: DTS %d, want %d", p.Stream, n, p.DTS, u.DTS)
		}
		if key := strings.HasPrefix(p.Flags, "K"); tracks[p.Stream].Codec.Video() && key != u.Key {
			t.Fatalf("stream %d, packet %d: key %t, want %t", p.Stream, n, key, u.Key)
		}
	}
	for i := range tracks {
		if seen[i] != len(wanted[i]) {
			t.Errorf("stream %d: %d packets of %d", i, seen[i], len(wanted[i]))
		}
	}
	if n := seen[len(seen)-1]; n != cues {
		t.Errorf("%d ID3 packets of %d", n, cues)
	}
}
