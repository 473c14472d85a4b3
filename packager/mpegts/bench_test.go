package mpegts

import (
	"bytes"
	"testing"

	"mediad/ingest"
)

// BenchmarkWriter writes 4 Mbit/s at 30 fps with 128 kbit/s of AAC in parts of
// 500 ms. MB/s count transport packets; an operation is one picture with its
// share of audio.
func BenchmarkWriter(b *testing.B) {
	w, err := NewWriter([]ingest.Track{h264Track(), aacTrack(48000)})
	if err != nil {
		b.Fatal(err)
	}
	key, delta := picture(0, 0, 0, true, 60000), picture(0, 0, 0, false, 15700)
	sound := frame(1, 0, 341)
	cue := tag(1)
	var buf bytes.Buffer
	var total, samples int64
	i := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		dts := base + i*3000
		if i%15 == 0 {
			if i > 0 {
				if err := w.End(); err != nil {
					b.Fatal(err)
				}
				total += int64(buf.Len())
				buf.Reset()
			}
			if err := w.Begin(&buf); err != nil {
				b.Fatal(err)
			}
			if err := w.ID3(dts, cue); err != nil {
				b.Fatal(err)
			}
		}
		u := delta
		if i%60 == 0 {
			u = key
		}
		u.DTS, u.PTS = dts, dts
		if err := w.Unit(u); err != nil {
			b.Fatal(err)
		}
		for samples*90000/48000 < dts-base+3000 {
			sound.DTS = base + samples*90000/48000
			sound.PTS = sound.DTS
			if err := w.Unit(sound); err != nil {
				b.Fatal(err)
			}
			samples += 1024
		}
		i++
	}
	b.SetBytes(total / int64(b.N))
}
