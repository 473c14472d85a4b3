package h264

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// forms are payloads of one picture, as encoders send them.
var forms = []struct {
	name, hex string
	size      int
	form      Form
	want      []string // NAL units in hexadecimal
	err       string   // part of the error
}{
	{"lengths", "00000002" + "0605" + "00000003" + "658880", 4, Lengths, []string{"0605", "658880"}, ""},
	{"lengths of two bytes", "0002" + "0605" + "0003" + "658880", 2, Lengths, []string{"0605", "658880"}, ""},
	{"lengths of one byte", "02" + "0605" + "03" + "658880", 1, Lengths, []string{"0605", "658880"}, ""},
	{"start codes instead", "00000001" + "09f0" + "000001" + "0605" + "00000001" + "658880", 4, Stream, []string{"09f0", "0605", "658880"}, ""},
	{"start codes of three bytes", "000001" + "658880" + "000001" + "65408a", 4, Stream, []string{"658880", "65408a"}, ""},
	{"start codes where lengths have one byte", "00000001" + "658880" + "000001" + "65408a", 1, Stream, []string{"658880", "65408a"}, ""},
	{"start codes where lengths have two bytes", "000001" + "658880", 2, Stream, []string{"658880"}, ""},
	{"zeros before start codes", "00000001" + "0605" + "000000000001" + "658880" + "0000", 4, Stream, []string{"0605", "658880"}, ""},
	{"SEI and picture in one unit", "0000000a" + "060580" + "00000001" + "658880", 4, Mixed, []string{"060580", "658880"}, ""},
	{"two slices in one unit, behind a whole one", "00000002" + "0605" + "00000009" + "658880" + "000001" + "65408a", 4, Mixed, []string{"0605", "658880", "65408a"}, ""},
	{"a unit that begins with a start code", "00000006" + "000001" + "658880", 4, Mixed, []string{"658880"}, ""},
	{"a unit of one byte is no start code", "00000001" + "0b", 4, Lengths, []string{"0b"}, ""},
	{"emulation prevention is none either", "00000006" + "650000030180", 4, Lengths, []string{"650000030180"}, ""},
	{"a unit of 300 bytes", "0000012c" + "41" + strings.Repeat("9a", 299), 4, Lengths, []string{"41" + strings.Repeat("9a", 299)}, ""},
	{"neither", "0000ffff" + "6588", 4, 0, nil, "65535 bytes in 2 remaining"},
	{"cut off", "00000009" + "6588", 4, 0, nil, "9 bytes in 2 remaining"},
	{"empty", "", 4, Lengths, nil, ""},
}

func TestUnpack(t *testing.T) {
	for _, tc := range forms {
		t.Run(tc.name, func(t *testing.T) {
			nals, form, err := Unpack(nil, unhex(t, tc.hex), tc.size, true)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) || len(nals) > 0 {
					t.Fatalf("%x, error %v, want %q", nals, err, tc.err)
				}
				return
			}
			if err != nil || form != tc.form {
				t.Errorf("form %d, error %v; want form %d", form, err, tc.form)
			}
			if d := cmp.Diff(tc.want, texts(nals)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Without deep, slices are not searched for start codes; all other units are.
func TestUnpackLooksBeforeSlices(t *testing.T) {
	for text, want := range map[string]int{
		"0000000a" + "060580" + "00000001" + "658880": 2,
		"00000009" + "658880" + "000001" + "65408a":   1,
	} {
		if nals, _, err := Unpack(nil, unhex(t, text), 4, false); err != nil || len(nals) != want {
			t.Errorf("%s: %x, %v", text, nals, err)
		}
	}
}

// Earlier units in dst stay, and the bound counts only the new ones.
func TestUnpackAppends(t *testing.T) {
	many := strings.Repeat("000001"+"41", MaxUnits)
	kept := [][]byte{{1}, {2}}
	nals, _, err := Unpack(kept, unhex(t, many), 4, false)
	if err != nil || len(nals) != MaxUnits+2 || nals[1][0] != 2 {
		t.Errorf("%d units, error %v", len(nals), err)
	}
	if nals, _, err := Unpack(kept, unhex(t, many+"000001"+"41"), 4, false); err != ErrTooManyUnits || len(nals) != 2 {
		t.Errorf("%d units, error %v", len(nals), err)
	}
}

func texts(nals [][]byte) (out []string) {
	for _, n := range nals {
		out = append(out, hex.EncodeToString(n))
	}
	return out
}

// For any payload: units are slices of it, not empty, and have no start code inside.
// Written with start codes, they are read as the same units again.
func FuzzUnpack(f *testing.F) {
	for _, tc := range forms {
		f.Add(unhex(f, tc.hex), tc.size)
	}
	f.Fuzz(func(t *testing.T, payload []byte, size int) {
		before := bytes.Clone(payload)
		nals, _, err := Unpack(nil, payload, size, true)
		if !bytes.Equal(before, payload) {
			t.Fatal("the payload was written to")
		}
		if err != nil {
			return
		}
		var stream []byte
		var want [][]byte
		for _, n := range nals {
			if len(n) == 0 || bytes.Contains(n, startCode) {
				t.Fatalf("unit % x", n)
			}
			stream = append(append(stream, 0, 0, 0, 1), n...)
			if n = bytes.TrimRight(n, "\x00"); len(n) > 0 {
				want = append(want, n)
			}
		}
		again, err := splitStream(nil, 0, stream)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(texts(want), texts(again)); d != "" {
			t.Fatal(d)
		}
	})
}
