package h264

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Parameter sets of x264, and variants of them.
const (
	sps720 = "6764001facd9405005bb0110000003001000000303c0f1831960"
	pps720 = "68ebe3cb22c0"
	sps360 = "6742c01ed900a02ff9701100000303e90000ea600f162e48"
	pps360 = "68cb83cb20"
)

func TestSets(t *testing.T) {
	put := func(s *Sets, text string) bool {
		t.Helper()
		news, err := s.Put(unhex(t, text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return news
	}
	var s Sets
	for _, tc := range []struct {
		name, hex string
		news      bool
	}{
		{"an SPS", sps720, true},
		{"its PPS", pps720, true},
		{"again", sps720, false},
		{"with zeros behind", sps720 + "0000", false},
		{"with padding that is kept from ending in zeros", pps720 + "000003", false},
		{"held less dear", "27" + sps720[2:], false},
		{"another of the same id", sps360, true},
		{"and back", sps720, true},
	} {
		if got := put(&s, tc.hex); got != tc.news {
			t.Errorf("%s: news %v", tc.name, got)
		}
	}
	for _, bad := range []string{"67", "6764001f", "68", "6580", "6764001f00"} {
		if news, err := s.Put(unhex(t, bad)); err == nil || news {
			t.Errorf("%s: taken", bad)
		}
	}
	sps, pps := s.NALs(nil)
	if d := cmp.Diff([]string{sps720, pps720}, texts(slices.Concat(sps, pps))); d != "" {
		t.Error(d)
	}
}

func TestActiveSet(t *testing.T) {
	var s Sets
	second := unhex(t, "6742c01e5b2014") // id 1
	for _, nal := range [][]byte{unhex(t, sps720), unhex(t, pps720), second, unhex(t, "6848e0")} {
		if _, err := s.Put(nal); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct{ name, slice, want string }{
		{"PPS 0", "65888421", sps720},               // 1 0001000 1
		{"PPS 1", "658840", "6742c01e5b2014"},       // 1 0001000 010
		{"PPS 2, which is not there", "658860", ""}, // 1 0001000 011
		{"cut off", "6588", ""},
		{"not the first slice", "654884", ""},
		{"no slice", sps720, ""},
	} {
		if got := texts([][]byte{s.Active(unhex(t, tc.slice))}); got[0] != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got[0], tc.want)
		}
	}
	sps, _ := s.NALs(second)
	if d := cmp.Diff([]string{"6742c01e5b2014", sps720}, texts(sps)); d != "" {
		t.Error(d)
	}
}

func TestSetsAreBounded(t *testing.T) {
	var s Sets
	for i := range 256 {
		// pic_parameter_set_id i in 17 bits, SPS 0.
		zeros := 0
		for v := i + 1; v > 1; v >>= 1 {
			zeros++
		}
		code := uint64(i+1)<<(63-2*zeros) | 1<<(62-2*zeros)
		nal := []byte{0x68}
		for shift := 56; shift >= 0; shift -= 8 {
			nal = append(nal, byte(code>>shift))
		}
		nal = append(nal, slices.Repeat([]byte{0xaa}, 500)...)
		if _, err := s.Put(nal); err != nil {
			if s.bytes > maxSets || i < 30 {
				t.Errorf("%d sets of %d bytes: %v", i, s.bytes, err)
			}
			return
		}
	}
	t.Errorf("%d bytes are kept", s.bytes)
}

func TestHas(t *testing.T) {
	sets := func(texts ...string) (s Sets) {
		for _, text := range texts {
			if _, err := s.Put(unhex(t, text)); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	all := sets(sps720, pps720, "6742c01e5b2014", "6848e0")
	for _, tc := range []struct {
		name string
		sets Sets
		want bool
	}{
		{"the same in another order", sets("6848e0", "6742c01e5b2014", pps720, sps720), true},
		{"fewer", sets(sps720, pps720+"00"), true},
		{"another SPS", sets(sps360, pps720), false},
		{"another PPS", sets(sps720, pps360), false},
	} {
		if got := all.Has(tc.sets); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

func TestHeaderForms(t *testing.T) {
	const record = "0164001fffe1001a" + sps720 + "010006" + pps720
	for _, tc := range []struct {
		name, hex, want string // codec, or the error's words
	}{
		{"a record", record, "avc1.64001f"},
		{"a record in its box", "00000032" + "61766343" + record, "avc1.64001f"},
		{"start codes", "00000001" + sps720 + "00000001" + pps720, "avc1.64001f"},
		{"start codes, a delimiter and the sets in another order", "00000001" + "09f0" + "000001" + pps720 + "000001" + sps720, "avc1.64001f"},
		{"nothing", "", ErrEmptyHeader.Error()},
		{"zeros", "0000000000", ErrEmptyHeader.Error()},
		{"start codes without a PPS", "00000001" + sps720, errNoPPS.Error()},
		{"a version of 0", "0064001fffe1001a" + sps720 + "010006" + pps720, errVersion.Error()},
	} {
		c, err := ParseHeader(unhex(t, tc.hex))
		got := c.RFC6381()
		if err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// FuzzSets: for any input, the sets stay bounded, keep the bytes that were put, and a
// slice finds one of them or none.
func FuzzSets(f *testing.F) {
	f.Add([]byte{2, 0x67, 0x42}, []byte{0x65, 0x88, 0x84})
	f.Add(unhex(f, "1a"+sps720+"06"+pps720), unhex(f, "65888421"))
	f.Fuzz(func(t *testing.T, script, slice []byte) {
		var s Sets
		for len(script) > 0 {
			n := min(int(script[0]), len(script)-1)
			nal := script[1 : 1+n]
			script = script[1+n:]
			if _, err := s.Put(nal); err != nil {
				continue
			}
			if news, err := s.Put(nal); err != nil || news {
				t.Fatalf("% x is news again: %v", nal, err)
			}
		}
		sps, pps := s.NALs(nil)
		total := 0
		for _, nal := range slices.Concat(sps, pps) {
			total += len(nal)
		}
		if total != s.bytes || total > maxSets || !s.Has(s) {
			t.Fatalf("%d bytes, counted as %d", total, s.bytes)
		}
		if a := s.Active(slice); a != nil && !slices.ContainsFunc(sps, func(o []byte) bool { return same(o, a) }) {
			t.Fatalf("% x is none of them", a)
		}
	})
}
