package mpegts

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/id3"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTables compares with the golden vectors of the protocol reference, B2.
func TestTables(t *testing.T) {
	const pointer = `25 0F FF FF 49 44 33 20 FF 49 44 33 20 00 1F 00 01`
	const metadata = `15 E1 02 F0 0F 26 0D FF FF 49 44 33 20 FF 49 44 33 20 00 0F`
	for _, c := range []struct {
		name   string
		tracks []ingest.Track
		pmt    string
	}{
		{"both", []ingest.Track{h264Track(), aacTrack(44100)},
			`02 B0 3C 00 01 C1 00 00 E1 00 F0 11` + pointer + `1B E1 00 F0 00   0F E1 01 F0 00` + metadata + `22 BB 5B 1A`},
		{"audio first", []ingest.Track{aacTrack(44100), h264Track()},
			`02 B0 3C 00 01 C1 00 00 E1 00 F0 11` + pointer + `1B E1 00 F0 00   0F E1 01 F0 00` + metadata + `22 BB 5B 1A`},
		{"video", []ingest.Track{h264Track()},
			`02 B0 37 00 01 C1 00 00 E1 00 F0 11` + pointer + `1B E1 00 F0 00` + metadata + `51 4C 7D B2`},
		{"audio", []ingest.Track{aacTrack(44100)},
			`02 B0 37 00 01 C1 00 00 E1 01 F0 11` + pointer + `0F E1 01 F0 00` + metadata + `0D 83 D8 F3`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := NewWriter(c.tracks)
			if err != nil {
				t.Fatal(err)
			}
			var buf bytes.Buffer
			for i := range byte(20) {
				if err := w.Begin(&buf); err != nil {
					t.Fatal(err)
				}
				if err := w.End(); err != nil {
					t.Fatal(err)
				}
				pat := append([]byte{0x47, 0x40, 0x00, 0x10 | i&0xf, 0}, unhex(t, `00 B0 0D 00 01 C1 00 00 00 01 F0 00 2A B1 04 B2`)...)
				pmt := append([]byte{0x47, 0x50, 0x00, 0x10 | i&0xf, 0}, unhex(t, c.pmt)...)
				want := append(stuffed(pat), stuffed(pmt)...)
				if !bytes.Equal(buf.Bytes(), want) {
					t.Fatalf("part %d: got\n% x\nwant\n% x", i, buf.Bytes()[:packetSize+80], want[:packetSize+80])
				}
				buf.Reset()
			}
		})
	}
}

func stuffed(b []byte) []byte {
	return append(b, bytes.Repeat([]byte{0xFF}, packetSize-len(b))...)
}

// TestID3Packet compares with the example of the protocol reference, B3, and shows that
// its last packet is filled with an adaptation field.
func TestID3Packet(t *testing.T) {
	w, err := NewWriter([]ingest.Track{h264Track()})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := w.Begin(&buf); err != nil {
		t.Fatal(err)
	}
	if err := w.ID3(900000, id3.AppendTXXX(nil, "mediad.cue", []byte(`{"v":1,"id":"c-17","sku":"A1"}`))); err != nil {
		t.Fatal(err)
	}
	pes := unhex(t, `00 00 01 BD 00 46 84 80 05 21 00 37 77 41
		49 44 33 04 00 00 00 00 00 34 54 58 58 58 00 00 00 2A 00 00 03
		6D 65 64 69 61 64 2E 63 75 65 00
		7B 22 76 22 3A 31 2C 22 69 64 22 3A 22 63 2D 31 37 22 2C 22 73 6B 75 22 3A 22 41 31 22 7D`)
	stuffing := packetSize - 4 - len(pes)
	want := append([]byte{0x47, 0x41, 0x02, 0x30, byte(stuffing - 1), 0}, bytes.Repeat([]byte{0xFF}, stuffing-2)...)
	want = append(want, pes...)
	if got := buf.Bytes()[2*packetSize:]; !bytes.Equal(got, want) {
		t.Errorf("got\n% x\nwant\n% x", got, want)
	}
}

// TestID3Zero shows that no tag has a PTS of zero, also where 33 bits wrap, and that
// the PTS of tags still rise.
func TestID3Zero(t *testing.T) {
	c := newCutter(t, h264Track())
	c.begin()
	const wrap = 1 << 33
	for i := range int64(4) {
		c.cue(wrap - 1 + i)
	}
	c.unit(picture(0, wrap-1, wrap-1, true, 100))
	c.end()
	var got []int64
	for _, cue := range c.check.Cues() {
		got = append(got, cue.PTS)
	}
	if want := []int64{wrap - 1, 1, 2, 3}; len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("PTS %v, want %v", got, want)
	}
}

// TestStuffing writes pictures and tags of every size around that of a packet, so that
// each kind of stuffing happens.
func TestStuffing(t *testing.T) {
	c := newCutter(t, h264Track(), aacTrack(48000))
	at := int64(base)
	for size := 1; size < 600; size++ {
		c.begin()
		if err := c.w.ID3(at, id3.AppendTXXX(nil, "mediad.cue", []byte(`{"a":"`+strings.Repeat("x", size)+`"}`))); err != nil {
			t.Fatal(err)
		}
		c.unit(picture(0, at, at, size%50 == 1, size))
		c.unit(frame(1, at, size))
		at += 3600
		c.unit(picture(0, at, at, false, size+600))
		at += 3600
		part := c.end()
		if cues, err := check.Cues(part); err != nil || len(cues) != 1 || len(cues[0].JSON) != size+8 {
			t.Fatalf("size %d: cues %v, %v", size, cues, err)
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	open := func(tracks ...ingest.Track) *Writer {
		w, err := NewWriter(tracks)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Begin(&bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := func(w *Writer) *Writer {
		if err := w.Unit(picture(0, base, base, true, 10)); err != nil {
			t.Fatal(err)
		}
		return w
	}
	mono := aacTrack(44100)
	for _, c := range []struct {
		name, err string
		do        func() error
	}{
		{"no tracks", "no track", func() error { _, err := NewWriter(nil); return err }},
		{"two videos", "second", func() error { _, err := NewWriter([]ingest.Track{h264Track(), h264Track()}); return err }},
		{"two audios", "second", func() error { _, err := NewWriter([]ingest.Track{mono, mono}); return err }},
		{"codec", "unknown", func() error { _, err := NewWriter([]ingest.Track{{Codec: 99}}); return err }},
		{"sets mixed up", "another kind", func() error {
			_, err := NewWriter([]ingest.Track{{Codec: ingest.H264, SPS: [][]byte{testPPS}}})
			return err
		}},
		{"unit before a part", "no part is open", func() error {
			w, _ := NewWriter([]ingest.Track{h264Track()})
			return w.Unit(picture(0, base, base, true, 10))
		}},
		{"tag before a part", "no part is open", func() error {
			w, _ := NewWriter([]ingest.Track{h264Track()})
			return w.ID3(base, tag(1))
		}},
		{"end before a part", "none is open", func() error {
			w, _ := NewWriter([]ingest.Track{h264Track()})
			return w.End()
		}},
		{"begin twice", "not ended", func() error { return open(h264Track()).Begin(&bytes.Buffer{}) }},
		{"track", "no track 1", func() error { return open(h264Track()).Unit(picture(1, base, base, true, 10)) }},
		{"negative track", "no track -1", func() error { return open(h264Track()).Unit(picture(-1, base, base, true, 10)) }},
		{"PTS below DTS", "below DTS", func() error { return open(h264Track()).Unit(picture(0, base, base-1, true, 10)) }},
		{"DTS stands", "does not rise", func() error { return first(open(h264Track())).Unit(picture(0, base, base, false, 10)) }},
		{"no sets", "no SPS", func() error { return open(ingest.Track{Codec: ingest.H264}).Unit(picture(0, base, base, true, 10)) }},
		{"audio stands", "does not rise", func() error {
			w := open(mono)
			_ = w.Unit(frame(0, base, 10))
			return w.Unit(frame(0, base, 10))
		}},
		{"two frames", "2 frames", func() error {
			return open(mono).Unit(ingest.Unit{DTS: base, PTS: base, NALs: [][]byte{{1}, {2}}})
		}},
		{"long frame", "does not fit ADTS", func() error { return open(mono).Unit(frame(0, base, 8185)) }},
		{"empty frame", "does not fit ADTS", func() error { return open(mono).Unit(frame(0, base, 0)) }},
		{"tag too long", "does not fit", func() error { return open(mono).ID3(base, make([]byte, 65528)) }},
		{"no tag", "does not fit", func() error { return open(mono).ID3(base, nil) }},
		{"tag stands", "does not rise", func() error {
			w := open(mono)
			_ = w.ID3(base, tag(1))
			return w.ID3(base, tag(2))
		}},
	} {
		if err := c.do(); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.err)
		}
	}
}
