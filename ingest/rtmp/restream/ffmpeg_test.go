package restream

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/site/sitetest"
	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
)

// clip has the units of the demo's clip, with its tracks.
type clip struct {
	tracks []ingest.Track
	units  []ingest.Unit
}

func readClip(t testing.TB) (c clip) {
	t.Helper()
	file, err := os.ReadFile("../../../cmd/mediad/demo/clip.flv")
	if err != nil {
		t.Fatal(err)
	}
	tags, err := flv.ReadAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	c.tracks = make([]ingest.Track, 2)
	for _, tag := range tags {
		var p flv.Packet
		at := int64(tag.Timestamp) * ingest.Millisecond
		u := ingest.Unit{DTS: at, PTS: at}
		switch tag.Type {
		case flv.Video:
			p, err = flv.ParseVideo(tag.Body)
			u.PTS, u.Key = at+int64(p.Offset)*ingest.Millisecond, p.Key
		case flv.Audio:
			p, err = flv.ParseAudio(tag.Body)
			u.Track = 1
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case p.Kind == flv.Config && tag.Type == flv.Video:
			config, err := h264.ParseConfig(p.Data)
			if err != nil {
				t.Fatal(err)
			}
			c.tracks[0] = ingest.Track{Codec: ingest.H264, RFC6381: config.RFC6381(), Width: 1280, Height: 720, SPS: config.SPS, PPS: config.PPS}
		case p.Kind == flv.Config:
			c.tracks[1] = ingest.Track{Codec: ingest.AAC, RFC6381: "mp4a.40.2", SampleRate: 48000, Channels: 2, Config: p.Data}
		case p.Kind == flv.Frame && tag.Type == flv.Video:
			if u.NALs, _, err = h264.Unpack(nil, p.Data, 4, false); err != nil {
				t.Fatal(err)
			}
			c.units = append(c.units, u)
		case p.Kind == flv.Frame:
			u.NALs = [][]byte{p.Data}
			c.units = append(c.units, u)
		}
	}
	return c
}

// TestFFmpegListens: another program takes a broadcast, decodes all of it without a complaint,
// and hears its end.
func TestFFmpegListens(t *testing.T) {
	address := sitetest.FreeAddress(t)
	out := filepath.Join(t.TempDir(), "out.flv")
	listener := exec.Command("ffmpeg", "-v", "error", "-listen", "1", "-i", "rtmp://"+address+"/live/key", "-c", "copy", out)
	var said bytes.Buffer
	listener.Stderr = &said
	if err := listener.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- listener.Wait() }()
	t.Cleanup(func() { _ = listener.Process.Signal(syscall.SIGKILL) })
	h := run(t, Options{}, Target{Name: "ffmpeg", URL: "rtmp://" + address + "/live", Key: "key", Enabled: true})
	c := readClip(t)
	f := h.Open("corn")
	f.SetTracks(c.tracks)
	until(t, h, "ffmpeg", "live", is(Live)) // it is tried again until ffmpeg listens
	began, sent := time.Now(), 0
	for _, u := range c.units {
		if u.DTS > 3*ingest.Clock {
			break
		}
		time.Sleep(time.Until(began.Add(ingest.Duration(u.DTS))))
		f.WriteUnit(u)
		if u.Track == 0 {
			sent++
		}
	}
	f.Close(false)
	select {
	case err := <-done:
		// It calls the end of a connection an error, and nothing else may be one.
		if words := strings.TrimSpace(said.String()); err != nil || words != "" && words != "rtmp://"+address+"/live/key: Input/output error" {
			t.Errorf("ffmpeg ended with %v: %s", err, words)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("ffmpeg does not hear the end")
	}
	counted, err := exec.Command("ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", out).CombinedOutput()
	if err != nil {
		t.Fatal(err, string(counted))
	}
	if got := strings.TrimSpace(string(counted)); got != strconv.Itoa(sent) {
		t.Errorf("%s pictures are decoded, of %d", got, sent)
	}
}
