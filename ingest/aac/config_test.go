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
	{"5.1 spelled out, with its elements in the order of the table", spelled("0010 0000 0001 01", "0 0000 1 0000", "1 0001", "0000"), Config{48000, 6, false, false}, "mp4a.40.2", 6, ""},
	{"its surrounds at the side", spelled("0010 0001 0000 01", "0 0000 1 0000", "1 0001", "0000"), Config{48000, 6, false, false}, "mp4a.40.2", 6, ""},
	{"stereo spelled out", spelled("0001 0000 0000 00", "1 0000"), Config{48000, 2, false, false}, "mp4a.40.2", 2, ""},
	{"stereo whose pair has another tag", spelled("0001 0000 0000 00", "1 0011"), Config{}, "", 0, "layout"},
	{"5.1(side), with ffmpeg's elements: the pair before the centre, the bass as a channel", "118004c844002000c40d4c61766335392e33372e31303056e500", Config{}, "", 0, "choose mono, stereo or 5.1"},
	{"5.0(side), the pair before the centre", "118004c840002008800d4c61766335392e33372e31303056e500", Config{}, "", 0, "layout"},
	{"quad spelled out", "118004c4040021100d4c61766335392e33372e31303056e500", Config{}, "", 0, "choose mono, stereo or 5.1"},
	{"2.1 spelled out", "118004c4010020000d4c61766335392e33372e31303056e500", Config{}, "", 0, "layout"},
	{"hexagonal spelled out", "118004c808002008840d4c61766335392e33372e31303056e500", Config{}, "", 0, "layout"},
	{"6.1 spelled out", "118004c848002000c4400d4c61766335392e33372e31303056e500", Config{}, "", 0, "layout"},
	{"5.1(side), its comment cut off", "118004c844002000c40d4c617663", Config{}, "", 0, "cut off"},
	{"empty", "", Config{}, "", 0, "is empty"},
	{"one byte", "12", Config{}, "", 0, "cut off"},
	{"rate cut off", "1780", Config{}, "", 0, "cut off"},
	{"Main", "0a10", Config{}, "", 0, "object type 1 "},
	{"USAC, an escaped object type", "f9481000", Config{}, "", 0, "object type 42 "},
	{"960 samples", "1214", Config{}, "", 0, "960"},
	{"depends on a core coder", "12120000", Config{}, "", 0, "another coder"},
	{"layout in a program config element that is not there", "1200", Config{}, "", 0, "cut off"},
	{"reserved layout", "1260", Config{}, "", 0, "layout"},
	{"rate outside the table", "178061a810", Config{}, "", 0, "50000 Hz"},
	{"reserved rate", "1690", Config{}, "", 0, "0 Hz"},
}

// spelled gives the configuration of AAC-LC at 48 kHz with a program config element:
// numbers of front, side, back and bass elements, and their kinds.
func spelled(counts string, elements ...string) string {
	text := "00010 0011 0000 000" + "0000 01 0011" + counts + "000 0000 0 0 0" + strings.Join(elements, "")
	text = strings.ReplaceAll(text, " ", "")
	text += strings.Repeat("0", (8-len(text)%8)%8) + "00000000"
	out := make([]byte, len(text)/8)
	for i, bit := range text {
		out[i/8] = out[i/8]<<1 | byte(bit-'0')
	}
	return hex.EncodeToString(out)
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

// FuzzConfig compares with an independent reader, as far as that one reads.
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
		if other.ChannelConfig == 0 { // it does not read layouts that are spelled out
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
