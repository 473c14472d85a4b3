package guard

import (
	"fmt"
	"testing"
)

// loop is a peer without end: a handshake, then the same messages again and again, in
// whole reads.
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

// modes are the ways to read from a guard: plainly, and as the server does, which
// takes payloads with Payload.
var modes = []struct {
	name string
	set  func(*Conn)
}{{"whole", func(*Conn) {}}, {"handed_over", (*Conn).HandOver}}

// readMB reads until about a megabyte more has come in.
func readMB(c *Conn, dst []byte) error {
	for end := c.BytesIn() + 1<<20; c.BytesIn() < end; {
		if _, err := c.Read(dst); err != nil {
			return err
		}
	}
	return nil
}

func BenchmarkGuard(b *testing.B) {
	for _, mode := range modes {
		for _, size := range []int{128, 4096, 65536} {
			b.Run(fmt.Sprintf("%s/%d", mode.name, size), func(b *testing.B) {
				once, again := second(size)
				c := New(&loop{once: once, again: again}, Limits{})
				mode.set(c)
				c.AllowMedia()
				dst := make([]byte, 64<<10)
				for range 4 {
					if err := readMB(c, dst); err != nil {
						b.Fatal(err)
					}
				}
				start := c.Stats()
				b.SetBytes(1 << 20)
				b.ReportAllocs()
				for b.Loop() {
					if err := readMB(c, dst); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(c.Stats().Messages-start.Messages)/b.Elapsed().Seconds(), "msg/s")
			})
		}
	}
}

func TestNoAllocationOnceWarm(t *testing.T) {
	for _, mode := range modes {
		for _, size := range []int{128, 4096, 65536} {
			once, again := second(size)
			c := New(&loop{once: once, again: again}, Limits{})
			mode.set(c)
			c.AllowMedia()
			dst := make([]byte, 64<<10)
			read := func() {
				if err := readMB(c, dst); err != nil {
					t.Fatal(err)
				}
			}
			for range 10 {
				read()
			}
			if n := testing.AllocsPerRun(50, read); n != 0 {
				t.Errorf("%s, chunk size %d: %v allocations per MiB", mode.name, size, n)
			}
		}
	}
}
