// Package ingesttest sends units to a Sink as a publisher does, for tests.
package ingesttest

import (
	"testing"

	"mediad/ingest"
)

// Publish sends a Sink seconds of pictures at 30 fps with key frames 8.3 s apart.
func Publish(t testing.TB, sink ingest.Sink, seconds int) {
	t.Helper()
	sps := []byte{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x0f, 0x16, 0x2e, 0x48}
	if err := sink.SetTracks([]ingest.Track{{Codec: ingest.H264, RFC6381: "avc1.42c01e", Width: 640, Height: 360,
		SPS: [][]byte{sps}, PPS: [][]byte{{0x68, 0xcb, 0x83, 0xcb, 0x20}}}}); err != nil {
		t.Fatal(err)
	}
	for i := range int64(seconds) * 30 {
		nal := append([]byte{0x41}, make([]byte, 200)...)
		for k := range nal[1:] {
			nal[1+k] = 0x5a
		}
		if i%250 == 0 {
			nal[0] = 0x65
		}
		if err := sink.WriteUnit(ingest.Unit{DTS: i * 3000, PTS: i * 3000, Key: i%250 == 0, NALs: [][]byte{nal}}); err != nil {
			t.Fatal(err)
		}
	}
}
