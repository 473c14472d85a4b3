package mpegts

import (
	"bytes"
	"slices"
	"testing"

	"mediad/ingest"
)

// A second Writer that continues the first one's media gives one unbroken stream with
// it, whatever the counters are, also over the wrap of 33 bits.
func TestContinue(t *testing.T) {
	for name, tracks := range map[string][]ingest.Track{
		"both": {h264Track(), aacTrack(48000)}, "video": {h264Track()}, "audio": {aacTrack(48000)},
	} {
		for parts := range 18 {
			for _, from := range []int64{base, timeMask - 10000} {
				c := newCutter(t, tracks...)
				at, sound := from, from
				for n := range parts + 3 {
					if n == parts+1 { // another process
						w, err := NewWriter(tracks)
						if err != nil {
							t.Fatal(err)
						}
						// Continue tells the PTS at which the first Writer's sound ended.
						got, err := w.Continue(bytes.Join(c.parts[max(len(c.parts)-8, 0):], nil), at)
						if want := sound; err != nil || name != "video" && (got < want-2 || got > want+2) || name == "video" && got != at {
							t.Fatalf("%s, %d parts: sound ends at %d, want %d: %v", name, n, got, want, err)
						}
						c.w = w
					}
					c.begin()
					if n%3 == 0 {
						first := at
						if name == "audio" {
							first = sound
						}
						c.cue(first)
					}
					for i := range int64(15) {
						dts := at + i*3000
						for k, track := range tracks {
							switch {
							case track.Codec.Video():
								c.unit(picture(k, dts, dts, i == 0, 900))
							default:
								for ; sound < dts+3000; sound += 1920 {
									c.unit(frame(k, sound, 300))
								}
							}
						}
					}
					c.end()
					at += 15 * 3000
				}
			}
		}
	}
}

func TestKeyPicture(t *testing.T) {
	c := newCutter(t, h264Track(), aacTrack(48000))
	c.begin()
	c.cue(base)
	c.unit(picture(0, base, base, false, 4000))
	c.unit(frame(1, base, 300))
	key := picture(0, base+3000, base+3000, true, 70000)
	key.NALs = append([][]byte{{6, 1, 2, 0x80}}, key.NALs...)
	c.unit(key)
	c.unit(picture(0, base+6000, base+6000, true, 500))
	part := c.end()
	want := slices.Concat([][]byte{{nalAUD, 0xF0}, testSPS, testPPS}, key.NALs)
	if got := KeyPicture(part); !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("%d NAL units, want %d", len(got), len(want))
	}
	for _, bad := range [][]byte{nil, part[:packetSize], part[:3*packetSize+50], bytes.Repeat([]byte{0x47}, 5*packetSize), part[5:]} {
		if got := KeyPicture(bad); got != nil {
			t.Errorf("%d NAL units out of %d bytes", len(got), len(bad))
		}
		w, err := NewWriter([]ingest.Track{h264Track()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Continue(bad, base); err != nil {
			t.Error(err)
		}
	}
}
