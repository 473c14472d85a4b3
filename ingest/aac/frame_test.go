package aac

import (
	"bytes"
	"strings"
	"testing"
)

// frames are what encoders send in a frame's place.
var frames = []struct {
	name, hex string
	config    bool   // it is a configuration
	wrapped   bool   // it begins like ADTS
	bad       string // why it is no raw access unit; empty: it may be
}{
	{"stereo, ffmpeg's silence", "211004608c1c", false, false, ""},
	{"mono, silence", "0118200700", false, false, ""},
	{"fill element first, as with SBR", "d0800721", false, false, ""},
	{"empty", "", false, false, "empty"},
	{"the end alone", "e0", false, false, "ends before"},
	{"too long", strings.Repeat("21", MaxFrame+1), false, false, "longer"},
	{"as long as can be", strings.Repeat("21", MaxFrame), false, false, ""},
	{"LC 44.1 kHz stereo, a configuration", "1210", true, false, ""},
	{"LC, SBR denied behind", "119056e500", true, false, ""},
	{"HE-AAC v2, a configuration", "eb098800", true, false, "ends before"},
	{"a configuration that cannot be carried", "0a10", false, false, ""},
	{"ADTS", "fff14c80013ffcbbcc", false, true, "ends before"},
	{"LATM", "56e00321aabb", false, false, "LATM"},
	{"begins like LATM, but its length does not add up", "56e00421aabb", false, false, ""},
}

func TestFrames(t *testing.T) {
	for _, tc := range frames {
		b := unhex(t, tc.hex)
		err := CheckFrame(b)
		if (tc.bad == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tc.bad) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.bad)
		}
		if IsConfig(b) != tc.config || Wrapped(b) != tc.wrapped {
			t.Errorf("%s: configuration %v, wrapped %v", tc.name, IsConfig(b), Wrapped(b))
		}
	}
}

func TestUnwrap(t *testing.T) {
	for _, tc := range []struct {
		name, hex string
		config    string // AudioSpecificConfig of the header
		want      []string
		err       string
	}{
		{"one frame", "fff14c80013ffc" + "21cc", "1190", []string{"21cc"}, ""},
		{"two frames", "fff14c80013ffc" + "21cc" + "fff14c80011ffc" + "21", "1190", []string{"21cc", "21"}, ""},
		{"with CRC", "fff04c80017ffc" + "1234" + "21cc", "1190", []string{"21cc"}, ""},
		{"44.1 kHz mono, MPEG-2", "fff95040013ffc" + "01cc", "1208", []string{"01cc"}, ""},
		{"shorter than its header", "fff14c80005ffc" + "21cc", "", nil, "shorter than its own header"},
		{"the length leaves the header out, alone", "fff14c80011ffc" + "21aabbccddeeff0a", "1190", []string{"21aabbccddeeff0a"}, ""},
		{"cut off", "fff14c80015ffc" + "21cc", "", nil, "cut off"},
		{"something behind", "fff14c80013ffc" + "21cc" + "21cc", "", nil, "cut off"},
		{"nothing inside", "fff14c8000fffc", "", nil, "empty"},
		{"ADTS inside of ADTS", "fff14c80021ffc" + "fff14c80013ffc" + "21cc", "", nil, "ends before"},
		{"two blocks", "fff14c80013ffd" + "21cc", "", nil, "several raw data blocks"},
		{"two kinds", "fff14c80011ffc" + "21" + "fff15080011ffc" + "21", "", nil, "differ"},
		{"no ADTS", "211004608c1c99", "", nil, "syncword"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kept := [][]byte{{1}}
			h, got, err := Unwrap(kept, unhex(t, tc.hex))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%x, error %v, want %q", got, err, tc.err)
				}
				return
			}
			if err != nil || len(got) != 1+len(tc.want) || !bytes.Equal(h.Config(), unhex(t, tc.config)) {
				t.Fatalf("%x, %x, %v", h.Config(), got, err)
			}
			for i, w := range tc.want {
				if !bytes.Equal(got[i+1], unhex(t, w)) {
					t.Errorf("frame %d: %x", i, got[i+1])
				}
			}
		})
	}
}

// FuzzUnwrap: each frame that comes out can be put into ADTS and read again, and its
// header makes a configuration with the same values.
func FuzzUnwrap(f *testing.F) {
	f.Add(unhex(f, "fff14c80013ffc21ccfff14c80011ffc21"))
	f.Add(unhex(f, "fff04c80017ffc123421cc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, got, err := Unwrap(nil, b)
		if err != nil {
			return
		}
		if len(got) == 0 {
			t.Fatal("no frame, and no error")
		}
		c, err := ParseConfig(h.Config())
		if err != nil {
			return // a layout or a profile that cannot be carried
		}
		if c.SampleRate != h.SampleRate || c.ChannelConfig != h.ChannelConfig {
			t.Fatalf("%+v of %+v", c, h)
		}
		var stream []byte
		for _, frame := range got {
			if stream, err = AppendHeader(stream, c, len(frame)); err != nil {
				t.Fatal(err)
			}
			stream = append(stream, frame...)
		}
		if len(got) == 1 && len(got[0]) > 0 && Wrapped(got[0]) {
			t.Fatalf("ADTS inside: % x", got[0])
		}
		_, again, err := Unwrap(nil, stream)
		if err != nil || len(again) != len(got) {
			t.Fatalf("%d of %d frames, %v", len(again), len(got), err)
		}
		for i := range got {
			if !bytes.Equal(got[i], again[i]) {
				t.Fatalf("frame %d", i)
			}
		}
	})
}
