package packager

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// encoded lets ffmpeg encode seconds of pictures at 30 fps, a key frame every two seconds.
func encoded(t *testing.T, size string, kbps, seconds int) (track ingest.Track, pictures [][][]byte) {
	t.Helper()
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size="+size+":rate=30", "-t", strconv.Itoa(seconds),
		"-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p", "-bf", "0", "-b:v", fmt.Sprint(kbps, "k"),
		"-x264-params", "keyint=60:scenecut=0:aud=1", "-f", "h264", "-")
	cmd.Stderr = os.Stderr
	stream, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	width, height, _ := strings.Cut(size, "x")
	track = ingest.Track{Codec: ingest.H264}
	track.Width, _ = strconv.Atoi(width)
	track.Height, _ = strconv.Atoi(height)
	for nal := range bytes.SplitSeq(stream, []byte{0, 0, 1}) {
		nal = bytes.TrimRight(nal, "\x00")
		if len(nal) == 0 {
			continue
		}
		switch kind := nal[0] & 0x1f; {
		case kind == 9:
			pictures = append(pictures, nil)
			continue
		case kind == 7 && track.SPS == nil:
			track.SPS, track.RFC6381 = [][]byte{nal}, fmt.Sprintf("avc1.%02x%02x%02x", nal[1], nal[2], nal[3])
		case kind == 8 && track.PPS == nil:
			track.PPS = [][]byte{nal}
		}
		pictures[len(pictures)-1] = append(pictures[len(pictures)-1], nal)
	}
	if len(pictures) != 30*seconds {
		t.Fatalf("%d pictures", len(pictures))
	}
	return track, pictures
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, res.StatusCode, err)
	}
	return body
}

// B-2: three tracks of real pictures over HTTP. Decoders take each rendition whole, also
// where the pictures pause and where the publisher is gone.
func TestLadderRealPictures(t *testing.T) {
	const seconds, pause, paused = 12, 200, 15
	var tracks []ingest.Track
	var pictures [][][][]byte
	sizes := []string{"640x360", "426x240", "256x144"}
	for i, size := range sizes {
		track, p := encoded(t, size, 3600>>(2*i), seconds)
		tracks, pictures = append(tracks, track), append(pictures, p)
	}
	tracks = append(tracks[:1], append([]ingest.Track{audioTrack()}, tracks[1:]...)...)
	now := testAnchor
	s := NewStream(Options{Room: "demo", Epoch: "01test", Anchor: testAnchor, Now: func() time.Time { return now }})
	l := NewLive(nil)
	l.Add(s)
	server := httptest.NewServer(l)
	defer server.Close()
	room := server.URL + "/live/demo/"

	sink := s.Attach()
	if err := sink.SetTracks(tracks); err != nil {
		t.Fatal(err)
	}
	write := func(u ingest.Unit) {
		if err := sink.WriteUnit(u); err != nil {
			t.Fatal(err)
		}
	}
	heard, cues := int64(0), 0
	for i := range int64(30 * seconds) {
		now = testAnchor.Add(time.Duration(i) * time.Second / 30)
		for ; heard*1920 <= i*3000; heard++ {
			write(ingest.Unit{Track: 1, DTS: heard * 1920, PTS: heard * 1920, NALs: [][]byte{silence(audioTrack())}})
		}
		if i%40 == 7 {
			cues++
			s.Cue(Cue{ID: fmt.Sprint("c", cues), Class: "x", Event: fmt.Appendf(nil, `{"kind":"e","seq":%d}`, cues), State: []byte(`{"kind":"state"}`)})
		}
		if i >= pause && i < pause+paused {
			continue
		}
		for k, p := range pictures {
			write(ingest.Unit{Track: k + min(k, 1), DTS: i * 3000, PTS: i * 3000, Key: i%60 == 0, NALs: p[i]})
		}
	}
	top, err := m3u8.ParseMultivariant(get(t, room+"index.m3u8"))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, v := range top.Variants {
		order = append(order, fmt.Sprintf("%dx%d %s %v", v.Width, v.Height, v.Codecs, v.FrameRate))
		if v.AverageBandwidth == 0 || v.Bandwidth < v.AverageBandwidth {
			t.Errorf("%+v", v)
		}
	}
	sink.Close(ingest.Lost)
	for range 40 {
		now = now.Add(tick)
		s.Tick(now)
	}
	s.End()

	dir := t.TempDir()
	var lists [3]*m3u8.Media
	var said [3]string
	for k, size := range sizes {
		r := layout.Rendition(k)
		folder := room + "01test/" + r.String() + "/"
		if lists[k], err = m3u8.Parse(get(t, folder+"index.m3u8")); err != nil {
			t.Fatal(err)
		}
		var all []byte
		var ts check.TS
		for _, seg := range lists[k].Segments {
			if seg.Gap {
				t.Fatalf("a gap in rendition %v", r)
			}
			part := get(t, folder+seg.URI)
			all = append(all, part...)
		}
		for _, part := range check.Parts(all) {
			for _, bad := range ts.Part(part) {
				t.Errorf("rendition %v: %v", r, bad)
			}
			for _, cue := range ts.Cues() {
				said[k] += fmt.Sprintln(cue.PTS, string(cue.JSON))
			}
		}
		if c := check.Code(all); c.Video != tracks[k+min(k, 1)].RFC6381 || fmt.Sprintf("%dx%d", c.Width, c.Height) != size {
			t.Errorf("rendition %v is %+v", r, c)
		}
		file := filepath.Join(dir, r.String()+".ts")
		if err := os.WriteFile(file, all, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-threads", "1", "-i", file, "-map", "0:v", "-map", "0:a", "-f", "null", "-").CombinedOutput()
		cancel()
		if err != nil || len(out) > 0 {
			t.Errorf("rendition %v: %v\n%s", r, err, out)
		}
		if fmt.Sprintf("%+v", *lists[k]) != fmt.Sprintf("%+v", *lists[0]) || said[k] != said[0] || strings.Count(said[k], `"seq"`) != cues {
			t.Errorf("rendition %v is not like the first:\n%+v\n%+v\n%s\n%s", r, *lists[k], *lists[0], said[k], said[0])
		}
	}
	if len(order) != 3 || !strings.HasPrefix(order[0], "426x240 avc1.") || !strings.HasPrefix(order[1], "640x360 avc1.") || !strings.HasSuffix(order[2], ",mp4a.40.2 30") {
		t.Errorf("the multivariant playlist has %q", order)
	}
}
