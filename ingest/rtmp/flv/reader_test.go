package flv

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const fileHeader = "464c5601050000000900000000"

var files = []struct {
	name, hex string
	want      []Tag
	err       string
}{
	{"no tags", fileHeader, nil, ""},
	{"no PreviousTagSize", fileHeader[:18], nil, ""},
	{"two tags", fileHeader +
		"08000002" + "000102" + "00" + "000000" + "af01" + "0000000d" +
		"09000001" + "fffffe" + "ff" + "000000" + "17" + "0000000c",
		[]Tag{{Audio, 258, []byte{0xaf, 1}}, {Video, 0xfffffffe, []byte{0x17}}}, ""},
	{"longer header", "464c5601050000000b" + "0000" + "00000000" + "12000000" + "000000" + "00" + "000000" + "0000000b",
		[]Tag{{Script, 0, []byte{}}}, ""},
	{"cut in a tag's header", fileHeader + "0800", nil, "unexpected EOF"},
	{"cut in a body", fileHeader + "08000002" + "000102" + "00" + "000000" + "af", nil, "unexpected EOF"},
	{"too large", fileHeader + "09ffffff" + "000102" + "00" + "000000" + "af", nil, "16777215 bytes"},
	{"encrypted", fileHeader + "28000001" + "000102" + "00" + "000000" + "af", nil, "encrypted"},
	{"not FLV", "52494646" + "0000000000", nil, "not an FLV file"},
	{"huge header", "464c560105" + "ffffffff", nil, "header of"},
	{"empty", "", nil, "unexpected EOF"},
	{"cut in the header", "464c56", nil, "unexpected EOF"},
}

func TestReadAll(t *testing.T) {
	for _, tc := range files {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ReadAll(bytes.NewReader(unhex(t, tc.hex)))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	for _, tc := range files {
		f.Add(unhex(f, tc.hex))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, total := NewReader(bytes.NewReader(file)), 0
		for {
			tag, err := r.Next()
			if err != nil {
				return
			}
			if total += len(tag.Body) + 11; total > len(file) {
				t.Fatalf("%d bytes of tags in %d bytes", total, len(file))
			}
		}
	})
}
