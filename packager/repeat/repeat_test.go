package repeat

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// encode lets x264 make pictures, one access unit each.
func encode(t *testing.T, size, args string) (units [][][]byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "in.h264")
	run(t, append(append([]string{"-f", "lavfi", "-i", "testsrc2=rate=30:size=" + size, "-frames:v", "60", "-c:v", "libx264", "-threads", "1"}, strings.Fields(args)...), file)...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var unit [][]byte
	for piece := range bytes.SplitSeq(data, []byte{0, 0, 1}) {
		if piece = bytes.TrimRight(piece, "\x00"); len(piece) == 0 {
			continue
		}
		unit = append(unit, piece)
		if kind := piece[0] & 0x1f; kind == 1 || kind == 5 {
			units, unit = append(units, unit), nil
		}
	}
	return units
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin", "-y"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return out.String()
}

// decode gives the hash of each picture in the order of display. The first error
// ends it, and nothing is concealed.
func decode(t *testing.T, units [][][]byte) (hashes []string) {
	t.Helper()
	var stream []byte
	for _, u := range units {
		stream = append(stream, 0, 0, 0, 1, 9, 0xf0)
		for _, nal := range u {
			stream = append(append(stream, 0, 0, 0, 1), nal...)
		}
	}
	file := filepath.Join(t.TempDir(), "out.h264")
	if err := os.WriteFile(file, stream, 0o644); err != nil {
		t.Fatal(err)
	}
	text := run(t, "-xerror", "-err_detect", "explode", "-i", file, "-fps_mode", "passthrough", "-f", "framemd5", "-")
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); !strings.HasPrefix(line, "#") {
			hashes = append(hashes, f[len(f)-1])
		}
	}
	return hashes
}

// Wherever pictures are repeated, all others come out as they would without, and
// each repetition looks like the picture before it.
func TestRealDecoder(t *testing.T) {
	for _, c := range []struct {
		name, size, args string
		exact            bool // no picture but references: each repetition is of the very last one
	}{
		{"as OBS sends it", "640x360", "-preset veryfast -profile:v high -bf 0 -g 60 -pix_fmt yuv420p", true},
		{"without arithmetic coding", "320x180", "-preset veryfast -profile:v baseline -g 20 -pix_fmt yuv420p", true},
		{"B-frames, pyramid", "320x180", "-preset medium -profile:v high -bf 3 -b_strategy 0 -g 50 -pix_fmt yuv420p -x264-params b-pyramid=normal:weightp=2", false},
		{"B-frames, strict pyramid", "320x180", "-preset slower -profile:v high -bf 5 -b_strategy 0 -g 50 -pix_fmt yuv420p -x264-params b-pyramid=strict", false},
		{"B-frames, no pyramid, CAVLC", "322x182", "-preset medium -coder 0 -bf 2 -g 50 -pix_fmt yuv420p", false},
		{"many references, weights", "320x180", "-preset slow -bf 0 -refs 6 -g 250 -pix_fmt yuv420p -x264-params weightp=2", true},
		{"intra refresh", "320x180", "-preset veryfast -bf 0 -g 30 -pix_fmt yuv420p -x264-params intra-refresh=1", true},
		{"open GOP", "320x180", "-preset veryfast -bf 2 -g 20 -pix_fmt yuv420p -x264-params open-gop=1", false},
		{"zero latency", "1280x720", "-preset ultrafast -tune zerolatency -g 60 -pix_fmt yuv420p", true},
		{"a large picture", "1920x1080", "-preset ultrafast -coder 1 -bf 0 -g 60 -pix_fmt yuv420p", true},
		{"ten bits", "320x180", "-preset veryfast -bf 0 -g 60 -pix_fmt yuv420p10le", true},
		{"4:4:4", "320x180", "-preset veryfast -bf 0 -g 60 -pix_fmt yuv444p", true},
		{"grey", "320x180", "-preset veryfast -bf 0 -g 60 -pix_fmt gray", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			units := encode(t, c.size, c.args)
			want := decode(t, units)
			r := rand.New(rand.NewPCG(1, uint64(len(c.name))))
			m := New(nil, nil)
			var with [][][]byte
			made, most := 0, 0
			dts, pts, shown := stamps(units)
			for i, u := range units {
				m.Note(u, dts[i], pts[i])
				with = append(with, u)
				if r.IntN(4) > 0 {
					continue
				}
				for j := range 1 + r.IntN(4) {
					nal, at := m.Make(dts[i] + 10*int64(j+1))
					nal = bytes.Clone(nal)
					shown = append(shown, at)
					if at < dts[i]+10*int64(j+1) {
						t.Fatalf("shown at %d, decoded at %d", at, dts[i]+10*int64(j+1))
					}
					if nal == nil {
						t.Fatal("it cannot be repeated")
					}
					with = append(with, [][]byte{nal})
					made, most = made+1, max(most, len(nal))
				}
			}
			got := decode(t, with)
			if len(want) != 60 || len(got) != 60+made || made < 10 {
				t.Fatalf("%d pictures and %d repeated became %d", len(want), made, len(got))
			}
			at := 0
			for i, h := range got {
				switch {
				case at < len(want) && h == want[at]:
					at++
				case i > 0 && h == got[i-1]:
				case !c.exact && contains(want[:at], h):
				default:
					t.Fatalf("picture %d is neither the next nor the last: %d came", i, at)
				}
			}
			for i, a := range shown {
				if slices.Contains(shown[:i], a) {
					t.Errorf("two pictures at %d", a)
				}
			}
			if at != len(want) {
				t.Errorf("%d pictures came out as they are, of %d", at, len(want))
			}
			if most > 120 {
				t.Errorf("%d bytes for a picture", most)
			}
			t.Logf("%d repeated, %d bytes at most", made, most)
		})
	}
}

// stamps gives pictures times, 100 ticks apart, as early as their order lets them,
// and 250 ticks of pause after each tenth.
func stamps(units [][][]byte) (dts, pts, all []int64) {
	m := New(nil, nil)
	var poc []int64
	base, top := int64(0), int64(0)
	for _, u := range units {
		idr := slices.ContainsFunc(u, func(nal []byte) bool { return nal[0]&0x1f == 5 })
		if idr {
			base = top + 10
		}
		m.Note(u, 0, 0)
		x := base + m.past.list[(m.past.n-1)%len(m.past.list)].poc
		poc, top = append(poc, x), max(top, x)
	}
	sorted := slices.Sorted(slices.Values(poc))
	when := func(i int) int64 { return 1000 + 100*int64(i) + 250*int64(i/10) }
	delay := 0
	for i, x := range poc {
		delay = max(delay, i-slices.Index(sorted, x))
	}
	for i, x := range poc {
		pts = append(pts, when(slices.Index(sorted, x)))
		if i < delay {
			dts = append(dts, when(0)-100*int64(delay-i))
		} else {
			dts = append(dts, when(i-delay))
		}
	}
	return dts, pts, slices.Clone(pts)
}

func contains(list []string, s string) bool { return strings.Contains(strings.Join(list, " "), s) }

// What cannot be continued is refused, not guessed.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, args string }{
		{"interlaced", "-preset veryfast -g 60 -pix_fmt yuv420p -flags +ilme+ildct"},
		{"key frames alone", "-preset veryfast -pix_fmt yuv420p10le -x264-params avcintra-class=50 -r 25"},
	} {
		t.Run(c.name, func(t *testing.T) {
			size := "640x360"
			if strings.Contains(c.args, "avcintra") {
				size = "1440x1080"
			}
			m := New(nil, nil)
			for _, u := range encode(t, size, c.args) {
				m.Note(u, 0, 0)
				if nal, _ := m.Make(0); nal != nil {
					t.Fatalf("made % x", nal)
				}
			}
		})
	}
	m := New(nil, nil)
	for i := range 256 {
		m.Note([][]byte{{}, {5}, {1, byte(i)}, {0x67, 1, 2, 3, byte(i)}, {0x68, byte(i)}, {0x65, byte(i), 0xff}, bytes.Repeat([]byte{0x41, byte(i)}, 99)}, 0, 0)
		if nal, _ := m.Make(0); nal != nil {
			t.Fatal(fmt.Sprintf("%d: % x", i, nal))
		}
	}
}

// FuzzNote: whatever comes, nothing fails.
func FuzzNote(f *testing.F) {
	f.Add([]byte{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x0f, 0x16, 0x2e, 0x48}, []byte{0x68, 0xcb, 0x83, 0xcb, 0x20}, []byte{0x65, 0x88, 0x84})
	f.Fuzz(func(_ *testing.T, sps, pps, slice []byte) {
		m := New([][]byte{sps}, [][]byte{pps})
		m.Note([][]byte{slice}, 0, 0)
		m.Make(0)
		m.Note([][]byte{sps, pps, slice, slice}, 0, 0)
		m.Make(0)
	})
}

// Following pictures costs no memory.
func TestNoteDoesNotAllocate(t *testing.T) {
	units := encode(t, "320x180", "-preset veryfast -bf 0 -g 60 -pix_fmt yuv420p")
	m := New(nil, nil)
	m.Note(units[0], 0, 0)
	m.Make(0)
	if n := testing.AllocsPerRun(100, func() { m.Note(units[1], 0, 0); m.Make(0) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
