package guard

import (
	"io"
	"net"
	"testing"
	"time"
)

// BenchmarkLoopback reads over TCP, in chunks of 4096 bytes: through a guard, and
// bare beside it, a MiB of each in turn. The figures are of the wall clock, with
// whoever sends on a core of its own.
func BenchmarkLoopback(b *testing.B) {
	once, again := second(4096)
	bare := fed(b, once, again)
	guarded := New(fed(b, once, again), Limits{ReadTimeout: time.Hour})
	guarded.AllowMedia()
	buf := make([]byte, 64<<10)
	took := func(from io.Reader) (d time.Duration) {
		start := time.Now()
		for range (1 << 20) / len(buf) {
			if _, err := io.ReadFull(from, buf); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	for range 16 {
		took(bare)
		took(guarded)
	}
	b.ReportAllocs()
	var with, without time.Duration
	n := 0
	for b.Loop() {
		without += took(bare)
		with += took(guarded)
		n++
	}
	b.ReportMetric(float64(n<<20)/1e6/with.Seconds(), "guard-MB/s")
	b.ReportMetric(float64(n<<20)/1e6/without.Seconds(), "bare-MB/s")
	b.ReportMetric(with.Seconds()/without.Seconds(), "x-bare")
}

// fed gives the server's end of a connection on which a publisher never stops.
func fed(b *testing.B, once, again []byte) net.Conn {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	near, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = near.Close() })
	go func() {
		defer func() { _ = far.Close() }()
		_, err := far.Write(once)
		for err == nil {
			_, err = far.Write(again)
		}
	}()
	return near
}
