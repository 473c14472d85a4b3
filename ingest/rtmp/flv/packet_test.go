package flv

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

type bodyCase struct {
	name, hex string
	want      Packet // Data is compared with data
	data      string
	err       string // part of the error; "unsupported:" marks an *UnsupportedError
}

const obsVideo = " video is not supported: choose x264 / H.264 in OBS → Settings → Output"

var videoCases = []bodyCase{
	{"empty", "", Packet{}, "", ""},
	{"AVC configuration", "1700000000" + "0164", Packet{Kind: Config, Key: true}, "0164", ""},
	{"key frame", "1701000042" + "00000001", Packet{Kind: Frame, Key: true, Offset: 66}, "00000001", ""},
	{"negative composition time", "2701ffffdf" + "aa", Packet{Kind: Frame, Offset: -33}, "aa", ""},
	{"most negative composition time", "27018000" + "00aa", Packet{Kind: Frame, Offset: -1 << 23}, "aa", ""},
	{"frame without bytes", "2701000000", Packet{Kind: Frame}, "", ""},
	{"end of sequence", "1702000000", Packet{}, "", ""},
	{"short end of sequence", "1702", Packet{}, "", ""},
	{"command frame", "5700", Packet{}, "", ""},
	{"cut off", "170100", Packet{}, "", "cut off"},
	{"one byte", "17", Packet{}, "", "cut off"},
	{"unknown packet type", "1703000000", Packet{}, "", "packet type 3"},
	{"H.263", "1200", Packet{}, "", "unsupported:Sorenson H.263" + obsVideo},
	{"HEVC in the old form", "1c00000000", Packet{}, "", "unsupported:HEVC" + obsVideo},
	{"codec 9", "1900", Packet{}, "", "unsupported:FLV codec 9"},

	{"HEVC", "9068766331" + "01", Packet{}, "", "unsupported:HEVC (hvc1)" + obsVideo},
	{"AV1", "9061763031" + "01", Packet{}, "", "unsupported:AV1 (av01)" + obsVideo},
	{"VP9", "9076703039" + "01", Packet{}, "", "unsupported:VP9 (vp09)" + obsVideo},
	{"an unheard-of codec", "90" + "00ff7f41", Packet{}, "", `unsupported:Codec "\x00\xff\x7fA"` + obsVideo},
	{"ex AVC configuration", "9061766331" + "0164", Packet{Kind: Config, Key: true}, "0164", ""},
	{"ex AVC frame", "a161766331" + "ffffdf" + "aa", Packet{Kind: Frame, Offset: -33}, "aa", ""},
	{"ex AVC frame without time", "a361766331" + "aa", Packet{Kind: Frame}, "aa", ""},
	{"ex AVC frame cut in its time", "a161766331" + "ffff", Packet{}, "", "cut off"},
	{"ex AVC end", "9261766331", Packet{}, "", ""},
	{"ex command frame", "d161766331", Packet{}, "", ""},
	{"ex metadata with any frame type", "d4" + "61766331" + "02", Packet{}, "", ""},
	{"ex FourCC cut off", "90617663", Packet{}, "", "cut off"},
	{"ex unknown packet type", "9561766331", Packet{}, "", "packet type 5"},
	{"multitrack, first track", "a6" + "01" + "61766331" + "00" + "000021" + "aa", Packet{Kind: Frame, Offset: 33}, "aa", ""},
	{"multitrack, second track", "a6" + "01" + "61766331" + "01" + "000021" + "aa", Packet{Kind: Frame, Track: 1, Offset: 33}, "aa", ""},
	{"multitrack, second track without time", "a6" + "03" + "61766331" + "02" + "aa", Packet{Kind: Frame, Track: 2}, "aa", ""},
	{"multitrack, second track's configuration", "96" + "00" + "61766331" + "01" + "0164", Packet{Kind: Config, Track: 1, Key: true}, "0164", ""},
	{"multitrack, second track's end", "96" + "02" + "61766331" + "01", Packet{}, "", ""},
	{"multitrack, second track's colours", "96" + "04" + "61766331" + "01" + "02", Packet{}, "", ""},
	{"multitrack, second track cut in its time", "a6" + "01" + "61766331" + "01" + "0000", Packet{}, "", "cut off"},
	{"multitrack, second track of HEVC", "a6" + "00" + "68766331" + "01", Packet{Kind: Extra}, "", ""},
	{"multitrack, many at once", "a6" + "11" + "61766331" + "00", Packet{Kind: Extra}, "", ""},
	{"multitrack cut off", "a6" + "01" + "61766331", Packet{}, "", "cut off"},
	{"modifier before a frame", "a7" + "02000001" + "03" + "61766331" + "aa", Packet{Kind: Frame}, "aa", ""},
	{"two modifiers", "a7" + "00ff07" + "00ff03" + "61766331" + "aa", Packet{Kind: Frame}, "aa", ""},
	{"long modifier", "a7" + "ff0100" + strings.Repeat("00", 257) + "03" + "61766331" + "aa", Packet{Kind: Frame}, "aa", ""},
	{"modifier cut off", "a7" + "ff0100" + "0000", Packet{}, "", "cut off"},
	{"modifier without end", "a7", Packet{}, "", "cut off"},
}

const obsAudio = " audio is not supported: choose AAC in OBS → Settings → Output"

var audioCases = []bodyCase{
	{"empty", "", Packet{}, "", ""},
	{"AAC configuration", "af001210", Packet{Kind: Config}, "1210", ""},
	{"AAC frame", "af01aabb", Packet{Kind: Frame}, "aabb", ""},
	{"silence", "af01", Packet{}, "", ""},
	{"one byte", "af", Packet{}, "", ""},
	{"unknown packet type", "af02aa", Packet{}, "", "packet type 2"},
	{"MP3", "2faa", Packet{}, "", "unsupported:MP3" + obsAudio},
	{"G.711", "7200", Packet{}, "", "unsupported:G.711" + obsAudio},
	{"Speex", "b2aa", Packet{}, "", "unsupported:Speex" + obsAudio},
	{"format 15", "ff", Packet{}, "", "unsupported:FLV format 15"},
	{"Opus", "904f707573" + "01", Packet{}, "", "unsupported:Opus" + obsAudio},
	{"FLAC", "91664c6143" + "01", Packet{}, "", "unsupported:FLAC (fLaC)" + obsAudio},
	{"ex AAC configuration", "906d703461" + "1210", Packet{Kind: Config}, "1210", ""},
	{"ex AAC frame", "916d703461" + "aa", Packet{Kind: Frame}, "aa", ""},
	{"ex AAC silence", "916d703461", Packet{}, "", ""},
	{"ex AAC end", "926d703461", Packet{}, "", ""},
	{"ex multichannel config", "94", Packet{}, "", ""},
	{"ex unknown packet type", "966d703461aa", Packet{}, "", "packet type 6"},
	{"second audio track of OBS", "95" + "01" + "6d703461" + "01" + "aa", Packet{Kind: Extra}, "", ""},
	{"first audio track, numbered", "95" + "01" + "6d703461" + "00" + "aa", Packet{Kind: Frame}, "aa", ""},
}

func TestParseVideo(t *testing.T) { testBodies(t, videoCases, ParseVideo) }
func TestParseAudio(t *testing.T) { testBodies(t, audioCases, ParseAudio) }

func testBodies(t *testing.T, cases []bodyCase, parse func([]byte) (Packet, error)) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			body := unhex(t, tc.hex)
			got, err := parse(body)
			if tc.err != "" {
				want, unsupported := strings.CutPrefix(tc.err, "unsupported:")
				var u *UnsupportedError
				if err == nil || !strings.Contains(err.Error(), want) || errors.As(err, &u) != unsupported {
					t.Fatalf("error %v (%T), want one with %q", err, err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Data, unhex(t, tc.data)) {
				t.Errorf("data %x, want %s", got.Data, tc.data)
			}
			if got.Data = nil; got.Kind != tc.want.Kind || got.Key != tc.want.Key || got.Offset != tc.want.Offset {
				t.Errorf("%+v, want %+v", got, tc.want)
			}
			if !bytes.Equal(body, unhex(t, tc.hex)) {
				t.Error("the body was changed")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, tc := range append(append([]bodyCase{}, videoCases...), audioCases...) {
		f.Add(unhex(f, tc.hex))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, parse := range []func([]byte) (Packet, error){ParseVideo, ParseAudio} {
			p, err := parse(body)
			if err != nil && p.Kind != Nothing {
				t.Fatalf("%+v with error %v", p, err)
			}
			if len(p.Data) > 0 && &p.Data[len(p.Data)-1] != &body[len(body)-1] {
				t.Fatal("the data is not the body's tail")
			}
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
