package aac

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/mpeg4audio"
)

var configs = []struct {
	name, hex string
	want      Config
	codec     string
	channels  int
	err       string
}{
	{"LC 44.1 kHz stereo", "1210", Config{44100, 2, false, false}, "mp4a.40.2", 2, ""},
	{"LC 48 kHz stereo", "1190", Config{48000, 2, false, false}, "mp4a.40.2", 2, ""},
	{"LC 48 kHz mono", "1188", Config{48000, 1, false, false}, "mp4a.40.2", 1, ""},
	{"LC 48 kHz 5.1", "11b0", Config{48000, 6, false, false}, "mp4a.40.2", 6, ""},
	{"LC 48 kHz 7.1", "11b8", Config{48000, 7, false, false}, "mp4a.40.2", 8, ""},
	{"LC, SBR denied behind, as ffmpeg writes it", "119056e500", Config{48000, 2, false, false}, "mp4a.40.2", 2, ""},
	{"LC 24 kHz, SBR 48 kHz appended", "131056e598", Config{24000, 2, true, false}, "mp4a.40.5", 2, ""},
	{"LC 24 kHz mono, SBR and PS appended", "130856e59d4880", Config{24000, 1, true, true}, "mp4a.40.29", 1, ""},
	{"SBR named first, 24 to 48 kHz", "2b118800", Config{24000, 2, true, false}, "mp4a.40.5", 2, ""},
	{"PS named first, 24 to 48 kHz", "eb098800", Config{24000, 1, true, true}, "mp4a.40.29", 1, ""},
	{"rate written out, 44100", "17805622" + "10", Config{44100, 2, false, false}, "mp4a.40.2", 2, ""},
	{"empty", "", Config{}, "", 0, "cut off"},
	{"one byte", "12", Config{}, "", 0, "cut off"},
	{"rate cut off", "1780", Config{}, "", 0, "cut off"},
	{"Main", "0a10", Config{}, "", 0, "object type 1 "},
	{"USAC, an escaped object type", "f9481000", Config{}, "", 0, "object type 42 "},
	{"960 samples", "1214", Config{}, "", 0, "960"},
	{"depends on a core coder", "12120000", Config{}, "", 0, "another coder"},
	{"layout in a program config element", "1200", Config{}, "", 0, "layout"},
	{"reserved layout", "1260", Config{}, "", 0, "layout"},
	{"rate outside the table", "178061a810", Config{}, "", 0, "50000 Hz"},
	{"reserved rate", "1690", Config{}, "", 0, "0 Hz"},
}

func TestConfig(t *testing.T) {
	for _, tc := range configs {
		t.Run(tc.name, func(t *testing.T) {
			c, err := ParseConfig(unhex(t, tc.hex))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("%+v, error %v, want one with %q", c, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c != tc.want || c.RFC6381() != tc.codec || c.Channels() != tc.channels {
				t.Errorf("%+v, %s, %d channels; want %+v, %s, %d", c, c.RFC6381(), c.Channels(), tc.want, tc.codec, tc.channels)
			}
		})
	}
}

// FuzzConfig compares with an independent reader, as far as that one goes.
func FuzzConfig(f *testing.F) {
	for _, tc := range configs {
		f.Add(unhex(f, tc.hex))
	}
	f.Fuzz(func(t *testing.T, asc []byte) {
		c, err := ParseConfig(asc)
		if err != nil {
			return
		}
		if _, err := AppendHeader(nil, c, 100); err != nil {
			t.Fatalf("accepted %+v, but: %v", c, err)
		}
		var other mpeg4audio.AudioSpecificConfig
		if other.Unmarshal(asc) != nil {
			return
		}
		if other.SampleRate != c.SampleRate || int(other.ChannelConfig) != c.ChannelConfig {
			t.Fatalf("%+v here, %+v there", c, other)
		}
	})
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
