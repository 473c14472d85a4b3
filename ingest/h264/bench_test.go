package h264

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// BenchmarkUnpack reads a key frame of 64 KiB, random as coded video is.
//
//	unpack  as it is done for each picture
//	deep    slices are looked through for start codes, as at the beginning
//	split   lengths only
//	copy    the bytes copied once: the reference
func BenchmarkUnpack(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var payload []byte
	for range 4 {
		nal := make([]byte, 16<<10)
		nal[0] = 0x65
		zeros := 0
		for i := 1; i < len(nal); i++ {
			nal[i] = byte(r.Uint32())
			if zeros >= 2 && nal[i] < 4 { // emulation prevention
				nal[i] = 3
			}
			if nal[i] == 0 {
				zeros++
			} else {
				zeros = 0
			}
		}
		payload = append(binary.BigEndian.AppendUint32(payload, uint32(len(nal))), nal...)
	}
	run := func(f func(dst [][]byte) [][]byte) func(*testing.B) {
		return func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			var dst [][]byte
			for b.Loop() {
				dst = f(dst[:0])
			}
		}
	}
	for name, deep := range map[string]bool{"unpack": false, "deep": true} {
		b.Run(name, run(func(dst [][]byte) [][]byte {
			nals, form, err := Unpack(dst, payload, 4, deep)
			if err != nil || form != Lengths || len(nals) != 4 {
				b.Fatal(form, err)
			}
			return nals
		}))
	}
	b.Run("split", run(func(dst [][]byte) [][]byte {
		nals, err := Split(dst, payload, 4)
		if err != nil {
			b.Fatal(err)
		}
		return nals
	}))
	to := make([]byte, len(payload))
	b.Run("copy", run(func(dst [][]byte) [][]byte { copy(to, payload); return dst }))
}
