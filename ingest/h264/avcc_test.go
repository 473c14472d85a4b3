package h264

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var pictures = []struct {
	name, hex string
	size      int
	want      []string // NAL units in hexadecimal
	err       string   // part of the error
}{
	{"empty", "", 4, nil, ""},
	{"one unit", "0000000265aa", 4, []string{"65aa"}, ""},
	{"three units", "000000010900000002060000000003650102", 4, []string{"09", "0600", "650102"}, ""},
	{"two-byte lengths", "0002650100014f", 2, []string{"6501", "4f"}, ""},
	{"one-byte lengths", "0141", 1, []string{"41"}, ""},
	{"empty units between", "000000000000000141" + "00000000", 4, []string{"41"}, ""},
	{"length cut off", "0000000141" + "0000", 4, nil, "cut off"},
	{"length beyond the payload", "0000000341ff", 4, nil, "3 bytes in 2 remaining"},
	{"length near 2^32", "ffffffff41ff", 4, nil, "4294967295 bytes"},
	{"three-byte lengths", "00000141", 3, nil, "1, 2 or 4"},
}

func TestSplit(t *testing.T) {
	for _, tc := range pictures {
		t.Run(tc.name, func(t *testing.T) {
			nals, err := Split(nil, unhex(t, tc.hex), tc.size)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var want [][]byte
			for _, s := range tc.want {
				want = append(want, unhex(t, s))
			}
			if d := cmp.Diff(want, nals); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSplitKeepsWhatWasThere(t *testing.T) {
	before := [][]byte{{0x09, 0xf0}}
	got, err := Split(before, unhex(t, "00000001410000"), 4)
	if err == nil || len(got) != 1 {
		t.Errorf("after an error: %x, %v", got, err)
	}
	if _, err := Split(before, bytes.Repeat([]byte{1, 0x41}, MaxUnits+1), 1); !errors.Is(err, ErrTooManyUnits) {
		t.Errorf("%d units: %v", MaxUnits+1, err)
	}
	if got, err := Split(before, bytes.Repeat([]byte{1, 0x41}, MaxUnits), 1); err != nil || len(got) != MaxUnits+1 {
		t.Errorf("%d units: %d, %v", MaxUnits, len(got), err)
	}
}

func TestSplitDoesNotAllocate(t *testing.T) {
	payload := unhex(t, "000000010900000002060000000003650102")
	dst := make([][]byte, 0, 8)
	if n := testing.AllocsPerRun(100, func() { dst, _ = Split(dst[:0], payload, 4) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzSplit(f *testing.F) {
	for _, tc := range pictures {
		f.Add(unhex(f, tc.hex), tc.size)
	}
	f.Fuzz(func(t *testing.T, payload []byte, size int) {
		nals, err := Split(nil, payload, size)
		if err != nil {
			return
		}
		// Every unit lies in the payload, in order, behind its own length.
		rest := payload
		for _, nal := range nals {
			for len(rest) >= size && bytes.Equal(rest[:size], make([]byte, size)) {
				rest = rest[size:]
			}
			if len(rest) < size+len(nal) || &rest[size] != &nal[0] {
				t.Fatalf("unit %x is not where it belongs", nal)
			}
			rest = rest[size+len(nal):]
		}
	})
}
