package check

import (
	"strings"
	"testing"
)

func TestRawBlock(t *testing.T) {
	for _, tc := range []struct {
		name     string
		frame    []byte
		channels byte
		want     string
	}{
		{"stereo", []byte{0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c}, 2, ""},
		{"mono", []byte{0x01, 0x18, 0x20, 0x07}, 1, ""},
		{"fill first", []byte{0xd0, 0x80, 0x07, 0x21, 0x10, 0x04}, 1, ""},
		{"parametric stereo that its header calls stereo", []byte{0x01, 0x18, 0x20, 0x07, 0, 0}, 2, ""},
		{"ADTS again, of another rate", []byte{0xff, 0xf1, 0x50, 0x80, 0x01, 0x9f, 0xfc, 0x21, 0, 0, 0, 0}, 2, "a second ADTS header stands behind the first, of 12 bytes in 12, 44100 Hz, channel configuration 2"},
		{"ADTS again, of a wrong length", []byte{0xff, 0xf1, 0x4c, 0x80, 0x02, 0x1f, 0xfc, 0x21}, 2, "of 16 bytes in 8, 48000 Hz"},
		{"a configuration", []byte{0x12, 0x10}, 2, "an AudioSpecificConfig (12 10)"},
		{"a configuration with its extension", []byte{0x11, 0x90, 0x56, 0xe5, 0x00}, 2, "an AudioSpecificConfig"},
		{"the end", []byte{0xe0}, 2, "ends before any sound"},
		{"no layout", []byte{0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c}, 0, "channel configuration 0"},
	} {
		if got := rawBlock(tc.frame, tc.channels); (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
