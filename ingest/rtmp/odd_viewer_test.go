package rtmp

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"mediad/ingest"
	"mediad/packager"
	"mediad/packager/check"
)

// fetch gives the server's answer to a viewer.
func fetch(t *testing.T, stream *packager.Stream, path string) string {
	t.Helper()
	live := packager.NewLive(nil)
	live.Add(stream)
	w := httptest.NewRecorder()
	live.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/live/demo/"+path, nil))
	if w.Code != http.StatusOK {
		return ""
	}
	return w.Body.String()
}

// viewed judges a broadcast's parts, puts them into a file, and counts the
// discontinuities.
func viewed(t *testing.T, stream *packager.Stream) (path string, breaks int) {
	t.Helper()
	text := fetch(t, stream, "e/main/index.m3u8")
	breaks = strings.Count(text, "#EXT-X-DISCONTINUITY\n")
	if !strings.Contains(text, "EXT-X-ENDLIST") {
		t.Fatalf("playlist:\n%s", text)
	}
	var ts check.TS
	var all bytes.Buffer
	n := 1
	for ; ; n++ {
		part := fetch(t, stream, fmt.Sprintf("e/main/p%d.ts", n))
		if part == "" {
			break
		}
		if breaks == 0 {
			for _, v := range ts.Part([]byte(part)) {
				t.Errorf("part %d: %v", n, v)
			}
		}
		all.WriteString(part)
	}
	if n < 5 {
		t.Fatalf("%d parts:\n%s", n-1, text)
	}
	path = filepath.Join(t.TempDir(), "viewed.ts")
	if err := os.WriteFile(path, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, breaks
}

// decoded gives a digest of each picture that ffmpeg decodes; it must find no fault
// in them, nor in the sound.
func decoded(t *testing.T, path string) (digests []string) {
	t.Helper()
	run(t, "ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", path, "-map", "0:a", "-f", "null", "-")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-").CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); len(fields) == 6 && line[0] != '#' {
			digests = append(digests, strings.TrimSpace(fields[5]))
		}
	}
	return digests
}

var meanVolume = regexp.MustCompile(`mean_volume: (-?[0-9.]+|-inf) dB`)

// loudness is the mean of the sound in dB.
func loudness(t *testing.T, path string) float64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-i", path, "-map", "0:a", "-af", "volumedetect", "-f", "null", "-").CombinedOutput()
	m := meanVolume.FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	v, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// captioned tells whether each of n pictures has its own caption, in order, and
// before its slices.
func captioned(t *testing.T, media []byte, n int) {
	t.Helper()
	var dump bytes.Buffer
	if err := check.Dump(&dump, media); err != nil {
		t.Fatal(err)
	}
	last := -1
	for i := range n {
		at := bytes.Index(media, fmt.Appendf(nil, "GA94 caption %04d", i))
		if at <= last {
			t.Fatalf("caption %d is at byte %d, the one before at %d", i, at, last)
		}
		last = at
	}
	for line := range strings.Lines(dump.String()) {
		if sei, slice := strings.Index(line, "SEI "), strings.Index(line, "slice "); sei > slice && slice > 0 {
			t.Fatalf("SEI behind slices: %s", line)
		}
	}
}

// ones replaces every count above 0 by 1.
func ones(d ingest.Drops) ingest.Drops {
	one := func(n uint64) uint64 { return min(n, 1) }
	return ingest.Drops{NoKey: one(d.NoKey), NoVideoHeader: one(d.NoVideoHeader), NoAudioHeader: one(d.NoAudioHeader),
		BadPictures: one(d.BadPictures), BadSound: one(d.BadSound), OddSound: one(d.OddSound), BadMessages: one(d.BadMessages)}
}

func onesRepaired(r ingest.Repairs) ingest.Repairs {
	one := func(n uint64) uint64 { return min(n, 1) }
	return ingest.Repairs{BadHeaders: one(r.BadHeaders), ADTS: one(r.ADTS), Configs: one(r.Configs), StartCodes: one(r.StartCodes), Joined: one(r.Joined)}
}
