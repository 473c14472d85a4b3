package guard

import (
	"fmt"
	"io"
	"testing"
)

// loop is a peer that goes on for ever: a handshake, then the same messages
// again and again, handed out in whole reads.
type loop struct {
	memConn
	once, again []byte
	at          int
}

func (l *loop) Read(b []byte) (int, error) {
	if len(l.once) > 0 {
		n := copy(b, l.once)
		l.once = l.once[n:]
		return n, nil
	}
	n := copy(b, l.again[l.at:])
	if l.at += n; l.at == len(l.again) {
		l.at = 0
	}
	return n, nil
}

// second is about one second of 4 Mb/s at 30 fps with AAC, as OBS cuts it.
func second(size int) (once, again []byte) {
	var a, w wire
	a.handshake().control(1, uint32(size))
	for i := range 30 {
		n := 12000
		if i == 0 {
			n = 120000
		}
		w.msg(4, uint32(i*33), 9, 1, body(n), size)
		w.msg(6, uint32(i*33), 8, 1, body(370), size)
		w.msg(6, uint32(i*33+21), 8, 1, body(370), size)
	}
	return a.Bytes(), w.Bytes()
}

func BenchmarkGuard(b *testing.B) {
	for _, size := range []int{128, 4096, 65536} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			once, again := second(size)
			c := New(&loop{once: once, again: again}, Limits{})
			c.AllowMedia()
			dst := make([]byte, 64<<10)
			warm := c.Stats().BytesIn + uint64(4*len(again))
			for c.Stats().BytesIn < warm {
				if _, err := c.Read(dst); err != nil {
					b.Fatal(err)
				}
			}
			start := c.Stats()
			b.SetBytes(int64(len(dst)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := io.ReadFull(c, dst); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.Stats().Messages-start.Messages)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func TestNoAllocationOnceWarm(t *testing.T) {
	for _, size := range []int{128, 4096, 65536} {
		once, again := second(size)
		c := New(&loop{once: once, again: again}, Limits{})
		c.AllowMedia()
		dst := make([]byte, 64<<10)
		read := func() {
			if _, err := io.ReadFull(c, dst); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 {
			read()
		}
		if n := testing.AllocsPerRun(500, read); n != 0 {
			t.Errorf("chunk size %d: %v allocations per 64 KiB", size, n)
		}
	}
}
