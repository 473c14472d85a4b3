package h264

import (
	"encoding/hex"
	"testing"
)

// records are configuration records that x264 wrote, with what they mean.
var records = []struct {
	name, hex, codec string
	picture          Picture
}{
	{"high 720p30", "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800",
		"avc1.64001f", Picture{1280, 720, 30}},
	{"baseline 360p29.97", "0142c01effe100186742c01ed900a02ff9701100000303e90000ea600f162e4801000568cb83cb20",
		"avc1.42c01e", Picture{640, 360, 30000. / 1001}},
	{"main 1080p25, cropped", "014d4028ffe1001a674d4028eca03c0113f2e022000003000200000300641e30632c01000568ebe3cb20",
		"avc1.4d4028", Picture{1920, 1080, 25}},
	{"high upright 60", "0164002affe1001b6764002aacd9404403c797c044000003000400000301e03c60c65801000668ebe3cb22c0fdf8f800",
		"avc1.64002a", Picture{1080, 1920, 60}},
	{"two of each", "0164001fffe2001a6764001facd9405005bb0110000003001000000303c0f183196000186742c01ed900a02ff9701100000303e90000ea600f162e4802000668ebe3cb22c0000568cb83cb20",
		"avc1.64001f", Picture{1280, 720, 30}},
}

func TestConfig(t *testing.T) {
	for _, tc := range records {
		t.Run(tc.name, func(t *testing.T) {
			c, err := ParseConfig(unhex(t, tc.hex))
			if err != nil {
				t.Fatal(err)
			}
			if c.LengthSize != 4 || c.RFC6381() != tc.codec {
				t.Errorf("length size %d, codec %s; want 4, %s", c.LengthSize, c.RFC6381(), tc.codec)
			}
			if TypeOf(c.SPS[0]) != SPS || TypeOf(c.PPS[0]) != PPS || len(c.SPS) != len(c.PPS) {
				t.Errorf("parameter sets %x, %x", c.SPS, c.PPS)
			}
			p, err := ParseSPS(c.SPS[0])
			if err != nil {
				t.Fatal(err)
			}
			if p != tc.picture {
				t.Errorf("picture %+v, want %+v", p, tc.picture)
			}
		})
	}
}

func TestConfigRefusals(t *testing.T) {
	for _, tc := range []struct{ name, hex string }{
		{"empty", ""},
		{"only a head", "0164001fff"},
		{"version 0", "0064001fffe1000467640000010002680a"},
		{"three-byte lengths", "0164001ffee1000467640000010002680a"},
		{"no SPS", "0164001fffe0010002680a"},
		{"no PPS", "0164001fffe1000467640000" + "00"},
		{"PPS count missing", "0164001fffe1000467640000"},
		{"SPS longer than the record", "0164001fffe1ffff676400"},
		{"SPS too short for its profile", "0164001fffe10003676400010002680a"},
		{"PPS where the SPS belongs", "0164001fffe10004686400000100026801"},
		{"forty PPS", "0164001fffe100046764000028"},
		{"Annex B instead of a record", "0000000167640000"},
	} {
		if c, err := ParseConfig(unhex(t, tc.hex)); err == nil {
			t.Errorf("%s: accepted as %+v", tc.name, c)
		}
	}
}

func TestSPSRefusals(t *testing.T) {
	for _, tc := range []struct{ name, hex string }{
		{"empty", ""},
		{"a PPS", "68ebe3cb20"},
		{"cut off", "6764001f"},
		{"crop larger than the picture", "6742c01ed900a02ffffffffffffff970"},
	} {
		if p, err := ParseSPS(unhex(t, tc.hex)); err == nil {
			t.Errorf("%s: accepted as %+v", tc.name, p)
		}
	}
}

func TestIDR(t *testing.T) {
	for _, tc := range []struct {
		name       string
		nals       [][]byte
		idr, slice bool
	}{
		{"none", nil, false, false},
		{"empty unit", [][]byte{{}}, false, false},
		{"parameter sets only", [][]byte{{0x67}, {0x68}}, false, false},
		{"IDR behind SEI", [][]byte{{0x06}, {0x65}}, true, true},
		{"P slice", [][]byte{{0x41}}, false, true},
	} {
		if HasIDR(tc.nals) != tc.idr || HasSlice(tc.nals) != tc.slice {
			t.Errorf("%s: IDR %v, slice %v", tc.name, HasIDR(tc.nals), HasSlice(tc.nals))
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, tc := range records {
		f.Add(unhex(f, tc.hex))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		c, err := ParseConfig(record)
		if err != nil {
			return
		}
		if len(c.SPS) == 0 || len(c.PPS) == 0 || c.LengthSize == 3 {
			t.Fatalf("accepted %+v", c)
		}
		for _, sps := range c.SPS {
			if p, err := ParseSPS(sps); err == nil && (p.Width < 1 || p.Height < 1 || p.FrameRate < 0) {
				t.Fatalf("picture %+v", p)
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
