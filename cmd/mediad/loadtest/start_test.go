package loadtest

import (
	"bytes"
	"context"
	"path"
	"slices"
	"testing"
	"time"

	"mediad/ingest/rtmp/push"
)

// BenchmarkStart takes the time from an encoder's connection to a media playlist
// that lists a segment, which is what players begin with, at GOPs of one second
// and the default parts. MEDIAD_LOADTEST_PAIRS (7) is the number of runs.
func BenchmarkStart(b *testing.B) {
	m := startMediad(b, "", "{}")
	var connected, sent []float64
	for range b.N * number(b, "MEDIAD_LOADTEST_PAIRS", 7) {
		ctx, cancel := context.WithCancel(b.Context())
		src := &stamping{clip: clip(b)}
		done := make(chan error, 1)
		begun := time.Now()
		go func() {
			done <- push.New(push.Options{URL: "rtmp://" + m.rtmp + "/live", Key: streamKey}).Run(ctx, src)
		}()
		listed := m.listed()
		cancel()
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		connected = append(connected, float64(listed.Sub(begun).Microseconds())/1000)
		sent = append(sent, float64(listed.Sub(src.start).Microseconds())/1000)
		for err := error(nil); err == nil; _, err = m.get("/live/demo/index.m3u8") { // until it is over
			time.Sleep(20 * time.Millisecond)
		}
	}
	slices.Sort(connected)
	slices.Sort(sent)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(connected[len(connected)/2], "ms-from-connection")
	b.ReportMetric(sent[len(sent)/2], "ms-from-first-frame")
	b.ReportMetric(sent[len(sent)-1], "worst-ms-from-first-frame")
}

// listed waits for a playlist with a segment, and returns when it came.
func (m *mediad) listed() time.Time {
	m.t.Helper()
	const master = "/live/demo/index.m3u8"
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		text, err := m.get(master)
		if err != nil || !bytes.HasPrefix(text, []byte("#EXTM3U")) {
			continue
		}
		list, err := m.get(path.Join(path.Dir(master), variant(text)))
		if err == nil && bytes.Contains(list, []byte("#EXTINF:")) {
			return time.Now()
		}
	}
	m.t.Fatal("nothing is listed")
	return time.Time{}
}
