package mpegts

import (
	"bytes"
	"fmt"
	"testing"
)

func TestParamID(t *testing.T) {
	for _, c := range []struct {
		nal  string
		id   uint32
		fail bool
	}{
		{"67 64 00 0B AC", 0, false},
		{"67 42 C0 1F 40", 1, false},
		{"67 42 C0 1F 60", 2, false},
		{"67 42 C0 1F 04 00", 31, false},
		{"67 42 C0 1F 04 20", 0, true},
		{"67 42 C0 1F 00", 0, true},
		{"67 42 C0 1F", 0, true},
		{"67", 0, true},
		{"68 EB E3", 0, false},
		{"68 20 80", 3, false},
		{"68 01 FE", 254, false},
		{"68 00 80 00", 255, false},
		{"68 00 80 80", 0, true},
		{"68 00 40 00 00", 0, true},
		{"68", 0, true},
	} {
		nal := unhex(t, c.nal)
		id, err := paramID(nal[0]&0x1f, nal)
		if id != c.id || (err != nil) != c.fail {
			t.Errorf("%s: id %d, %v; want %d, error %t", c.nal, id, err, c.id, c.fail)
		}
	}
}

func TestParamsOrder(t *testing.T) {
	var p params
	put := func(s string, news bool) {
		t.Helper()
		nal := unhex(t, s)
		got, err := p.put(nal)
		if err != nil || got != news {
			t.Errorf("put %s: %t, %v", s, got, err)
		}
		clear(nal) // the publisher's bytes are only lent
	}
	put("68 EB", true)
	if p.complete() {
		t.Error("complete without SPS")
	}
	put("67 42 C0 1F 80", true)
	put("68 5B", true)
	put("67 42 C0 1F 40", true)
	put("68 EB", false)
	put("68 EC", true)
	if !p.complete() {
		t.Error("not complete")
	}
	var got string
	for _, s := range p.sets {
		got += fmt.Sprintf("%x ", s.nal)
	}
	if want := "6742c01f80 6742c01f40 68ec 685b "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParamsLimit(t *testing.T) {
	var p params
	if _, err := p.put(append([]byte{0x67, 0x42, 0xC0, 0x1F}, bytes.Repeat([]byte{0x80}, maxParams-8)...)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.put([]byte{0x68, 0x80, 1, 2, 3}); err == nil {
		t.Error("no limit")
	}
}
