package h264

import "testing"

func TestForServer(t *testing.T) {
	figures := "\x05\x14" + bpm[1] + "\x00\x00\x03\x01\x07" // with a byte that prevents a start code
	times := "\x05\x11" + bpm[0] + "\x01"
	captions := "\x04\x03\xb5\x00\x31"
	for name, c := range map[string]struct {
		nal  string
		want bool
	}{
		"figures":           {"\x06" + figures + "\x80", true},
		"two messages":      {"\x06" + times + figures + "\x80", true},
		"captions":          {"\x06" + captions + "\x80", false},
		"figures, captions": {"\x06" + figures + captions + "\x80", false},
		"captions, figures": {"\x06" + captions + figures + "\x80", false},
		"other user data":   {"\x06\x05\x10" + "0123456789abcdef" + "\x80", false},
		"cut off":           {"\x06\x05\xff\x20" + bpm[0] + "\x80", false},
		"nothing":           {"\x06\x80", false},
		"a slice":           {"\x41" + figures + "\x80", false},
	} {
		if got := ForServer([]byte(c.nal)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
