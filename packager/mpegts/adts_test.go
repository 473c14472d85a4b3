package mpegts

import (
	"bytes"
	"testing"

	"mediad/ingest"
)

func TestADTS(t *testing.T) {
	for _, c := range []struct {
		name     string
		config   string // AudioSpecificConfig
		rate     int
		channels int
		want     string // header in front of 249 bytes, empty: refused
	}{
		{"LC 44.1 stereo", "12 10", 44100, 2, "FF F1 50 80 20 1F FC"},
		{"LC 48 stereo", "11 90", 48000, 2, "FF F1 4C 80 20 1F FC"},
		{"LC 48 mono", "11 88", 48000, 1, "FF F1 4C 40 20 1F FC"},
		{"LC 48 5.1", "11 B0", 48000, 6, "FF F1 4D 80 20 1F FC"},
		{"LC 48 7.1", "11 B8", 48000, 8, "FF F1 4D C0 20 1F FC"},
		{"HE 24/48", "2B 11 88 00", 24000, 2, "FF F1 58 80 20 1F FC"},
		{"HEv2 24/48", "EB 09 88 00", 24000, 1, "FF F1 58 40 20 1F FC"},
		{"7.35 kHz", "16 08", 7350, 1, "FF F1 70 40 20 1F FC"},
		{"no config", "", 48000, 2, ""},
		{"LD", "B9 90", 48000, 2, ""},
		{"rate", "11 90", 47999, 2, ""},
		{"no channel", "11 80", 48000, 0, ""},
		{"7 channels", "11 90", 48000, 7, ""},
	} {
		a, err := newADTS(ingest.Track{Config: unhex(t, c.config), SampleRate: c.rate, Channels: c.channels})
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: not refused", c.name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		frame := bytes.Repeat([]byte{7}, 249)
		got, err := a.append([]byte{1}, frame)
		want := append(append([]byte{1}, unhex(t, c.want)...), frame...)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, %v, want % x", c.name, got[:8], err, want[:8])
		}
	}
}
