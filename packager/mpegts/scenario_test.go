package mpegts

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"mediad/ingest"
	"mediad/packager/check"
)

// pictures makes video: a key frame each gop, frames of the given order of
// presentation (delays in frames over the DTS) repeated.
func pictures(n, gop int, start int64, interval float64, delays ...int) (units []ingest.Unit) {
	for i := range n {
		dts := start + int64(float64(i)*interval)
		key := i%gop == 0
		delay := 0
		if len(delays) > 0 {
			delay = delays[i%len(delays)]
		}
		size := 900 + 37*(i%11)
		if key {
			size = 9000
		}
		units = append(units, picture(0, dts, dts+int64(float64(delay)*interval), key, size))
	}
	return units
}

// sound makes audio on the sample clock.
func sound(track, n int, start int64, rate int) (units []ingest.Unit) {
	for i := range n {
		units = append(units, frame(track, start+int64(i)*1024*90000/int64(rate), 300+i%90))
	}
	return units
}

// interleave orders units by DTS, with audio later by a given time.
func interleave(video, audio []ingest.Unit, late int64) []ingest.Unit {
	all := slices.Concat(video, audio)
	at := func(u ingest.Unit) int64 {
		if u.Track == 1 {
			return u.DTS + late
		}
		return u.DTS
	}
	slices.SortStableFunc(all, func(a, b ingest.Unit) int { return int(at(a) - at(b)) })
	return all
}

// TestStreams writes streams of many shapes. The cutter judges every part of them by
// all rules of the checker.
func TestStreams(t *testing.T) {
	both := []ingest.Track{h264Track(), aacTrack(44100)}
	const half = 45000
	for _, c := range []struct {
		name   string
		tracks []ingest.Track
		units  []ingest.Unit
		track  int
	}{
		{"25 fps, B-frames", both, interleave(pictures(250, 50, base, 3600, 2, 4, 1, 1), sound(1, 430, base, 44100), 0), 0},
		{"29.97 fps", both, interleave(pictures(300, 60, base, 3003), sound(1, 430, base, 44100), 0), 0},
		{"60 fps", both, interleave(pictures(600, 120, base, 1500), sound(1, 430, base, 44100), 0), 0},
		{"audio 300 ms late", both, interleave(pictures(250, 50, base, 3600), sound(1, 430, base, 44100), 27000), 0},
		{"audio 120 ms early", both, interleave(pictures(250, 50, base, 3600), sound(1, 430, base, 44100), -10800), 0},
		{"audio 400 ms early", both, interleave(pictures(250, 50, base, 3600), sound(1, 430, base, 44100), -36000), 0},
		{"1 fps with audio", both, interleave(pictures(10, 5, base, 90000), sound(1, 430, base, 44100), 0), 0},
		{"1 fps with audio, cut by audio", both, interleave(pictures(10, 5, base, 90000), sound(1, 430, base, 44100), 0), 1},
		{"5 fps without audio", both[:1], pictures(50, 10, base, 18000), 0},
		{"one picture in 3 s", both[:1], pictures(5, 1, base, 270000), 0},
		{"over the wrap", both, interleave(pictures(250, 50, 1<<33-400000, 3600, 2, 4, 1, 1), sound(1, 430, 1<<33-400000, 44100), 0), 0},
		{"PCR over the wrap", both, interleave(pictures(250, 50, 1<<33-10000, 3600), sound(1, 430, 1<<33-10000, 44100), 0), 0},
		{"audio alone 48 kHz", []ingest.Track{aacTrack(48000)}, sound(0, 470, base, 48000), 0},
		{"audio alone 8 kHz", []ingest.Track{aacTrack(8000)}, sound(0, 80, base, 8000), 0},
		{"audio alone 96 kHz", []ingest.Track{aacTrack(96000)}, sound(0, 900, base, 96000), 0},
		{"audio alone over the wrap", []ingest.Track{aacTrack(44100)}, sound(0, 430, 1<<33-400000, 44100), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newCutter(t, c.tracks...)
			w.run(c.units, every(half, c.track))
			if len(w.parts) < 5 {
				t.Errorf("%d parts", len(w.parts))
			}
		})
	}
}

// TestUnits shows that the units that are read are those that were written.
func TestUnits(t *testing.T) {
	units := interleave(pictures(50, 25, base, 3600), sound(1, 86, base, 44100), 0)
	w := newCutter(t, h264Track(), aacTrack(44100))
	var got check.Span
	var frames, cues int
	for i, u := range units {
		if i%20 == 0 {
			if i > 0 {
				w.end()
				got.Units += w.check.Video().Units
				frames += w.check.Audio().Frames
				cues += len(w.check.Cues())
			}
			w.begin()
		}
		if u.Track == 0 && i%4 == 0 {
			w.cue(u.PTS)
		}
		w.unit(u)
	}
	w.end()
	got.Units += w.check.Video().Units
	frames += w.check.Audio().Frames
	cues += len(w.check.Cues())
	if got.Units != 50 || frames != 86 || cues != w.cues {
		t.Errorf("%d pictures, %d frames, %d cues of 50, 86, %d", got.Units, frames, cues, w.cues)
	}
	if v, last := w.check.Video(), units[len(units)-1]; v.LastDTS < last.DTS-3600 || v.LastDTS > last.DTS {
		t.Errorf("last DTS %d, the last unit's is %d", v.LastDTS, last.DTS)
	}
}

// TestLead shows that the PCR is always 700 ms below the DTS.
func TestLead(t *testing.T) {
	w := newCutter(t, h264Track(), aacTrack(44100))
	data := w.run(interleave(pictures(50, 25, base, 3600), sound(1, 86, base, 44100), 0), every(45000, 0))
	n := 0
	for p := range slices.Chunk(data, packetSize) {
		if p[1]&0x1f != 1 || p[2] != 0 || p[3]&0x20 == 0 || p[4] == 0 || p[5]&0x10 == 0 {
			continue
		}
		pcr := int64(p[6])<<25 | int64(p[7])<<17 | int64(p[8])<<9 | int64(p[9])<<1 | int64(p[10])>>7
		if want := base + int64(n)*3600 - 63000; pcr != want {
			t.Fatalf("PCR %d of picture %d, want %d", pcr, n, want)
		}
		n++
	}
	if n != 50 {
		t.Errorf("%d PCRs of 50", n)
	}
}

// nalTypes gives the types of the NAL units of each picture of a part.
func nalTypes(t *testing.T, part []byte) []string {
	t.Helper()
	var dump bytes.Buffer
	if err := check.Dump(&dump, part); err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range bytes.Lines(dump.Bytes()) {
		if bytes.Contains(line, []byte("AUD ")) {
			out = append(out, string(bytes.TrimSpace(line)))
		}
	}
	return out
}

// TestNALs shows how the Writer treats an encoder's own delimiters, filler and
// parameter sets.
func TestNALs(t *testing.T) {
	newPPS := []byte{0x68, 0xEE, 0x3C, 0xB0, 0x11}
	aud, filler, sei := []byte{0x09, 0x10}, []byte{0x0C, 0xFF, 0xFF, 0x80}, []byte{0x06, 5, 1, 9, 0x80}
	slice, idr := []byte{0x41, 1, 2, 3}, []byte{0x65, 1, 2, 3}
	w := newCutter(t, h264Track())
	at := int64(base)
	unit := func(nals ...[]byte) {
		at += 3600
		w.unit(ingest.Unit{DTS: at, PTS: at, NALs: nals})
	}

	w.begin()
	unit(aud, testSPS, testPPS, sei, idr, filler)
	unit(aud, nil, slice, filler)
	unit(testSPS, testPPS, slice)
	unit(filler)
	unit(slice)
	unit(idr)
	first := nalTypes(t, w.end())

	w.begin()
	unit(slice)
	unit(newPPS, slice, slice)
	unit(slice)
	unit(testSPS)
	unit(newPPS) // known by now
	unit(slice)
	second := nalTypes(t, w.end())

	w.begin()
	unit(testPPS) // back to the old one, with no picture of its own
	unit(slice)
	unit(slice)
	third := nalTypes(t, w.end())

	sets := fmt.Sprintf("SPS %d, PPS ", len(testSPS))
	for i, c := range []struct{ got, want []string }{
		{first, []string{
			"AUD 2, " + sets + "6, SEI 5, IDR 4", "AUD 2, slice 4", "AUD 2, slice 4", "AUD 2, slice 4", "AUD 2, " + sets + "6, IDR 4",
		}},
		{second, []string{"AUD 2, " + sets + "6, slice 4", "AUD 2, " + sets + "5, slice 4, slice 4", "AUD 2, slice 4", "AUD 2, slice 4"}},
		{third, []string{"AUD 2, " + sets + "6, slice 4", "AUD 2, slice 4"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("part %d: got %q, want %q", i, c.got, c.want)
		}
	}
}

// TestGroups shows how audio frames share PES packets: at most 100 ms of them, and a
// frame that is off the sample clock begins another packet.
func TestGroups(t *testing.T) {
	for _, c := range []struct {
		rate, n int
		shift   int64 // of the third frame and those behind it
		want    int   // PES packets
	}{
		{48000, 8, 0, 2}, {48000, 8, 2, 2}, {48000, 8, 3, 3}, {48000, 8, 900, 3},
		{44100, 9, 0, 3}, {32000, 9, 0, 3}, {96000, 9, 0, 1}, {8000, 3, 0, 3},
	} {
		w := newCutter(t, aacTrack(c.rate))
		w.begin()
		for i, u := range sound(0, c.n, base, c.rate) {
			if i >= 2 {
				u.PTS += c.shift
				u.DTS += c.shift
			}
			w.unit(u)
		}
		w.end()
		if got := w.check.Audio(); got.Units != c.want || got.Frames != c.n {
			t.Errorf("%d Hz, shift %d: %d frames in %d PES packets, want %d in %d", c.rate, c.shift, got.Frames, got.Units, c.n, c.want)
		}
	}
}

// TestAudioOverhead bounds the overhead of transport packets for 128 kbit/s of AAC, in
// parts of 500 ms. With a PES packet for each frame, it would be 52 % at 44.1 kHz.
func TestAudioOverhead(t *testing.T) {
	for _, rate := range []int{44100, 48000} {
		size := 128000 / 8 * 1024 / rate
		w := newCutter(t, h264Track(), aacTrack(rate))
		raw := 0
		for i := range 1000 {
			if i%(rate/2048) == 0 {
				if i > 0 {
					w.end()
				}
				w.begin()
			}
			u := frame(1, base+int64(i)*1024*90000/int64(rate), size)
			w.unit(u)
			raw += size
		}
		w.end()
		total := 0
		for p := range slices.Chunk(bytes.Join(w.parts, nil), packetSize) {
			if p[1]&0x1f == 1 && p[2] == 1 {
				total += packetSize
			}
		}
		over := float64(total)/float64(raw) - 1
		t.Logf("%d Hz: %.1f %%", rate, 100*over)
		if over > 0.17 {
			t.Errorf("%d Hz: %.1f %% on top", rate, 100*over)
		}
	}
}
