package packager

import (
	"bytes"
	"context"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/spool"
)

// BenchmarkSpool packages a minute of 6 Mbit/s: without a spool, with one that
// need not sync because nothing is stored, and with one that does. It tells CPU
// time of the process per megabyte, that of writing and syncing included, and
// the time that a publisher's goroutine takes.
func BenchmarkSpool(b *testing.B) {
	for _, with := range []string{"without", "none stored", "stored"} {
		b.Run(with, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(60 * 6_000_000 / 8)
			var user time.Duration
			var stall time.Duration
			for b.Loop() {
				o := Options{Room: "demo", Epoch: "01test", Anchor: testAnchor}
				stop := func() {}
				if with != "without" {
					s := spool.New(spool.Options{Dir: b.TempDir(), MaxQueued: 1 << 30, Log: slog.New(slog.DiscardHandler)})
					ctx, cancel := context.WithCancel(b.Context())
					done := make(chan error, 1)
					go func() { done <- s.Run(ctx) }()
					as := spool.Opening{Room: "demo", Epoch: "01test"}
					if with == "stored" {
						as.Kept = func(uint64) {}
					}
					o.Spool = s.Open(as)
					stop = func() {
						cancel()
						if err := <-done; err != nil {
							b.Error(err)
						}
					}
				}
				before := cpu(b)
				began := time.Now()
				minute(b, o)
				stall += time.Since(began)
				stop()
				user += cpu(b) - before
			}
			mb := float64(b.N) * 45
			b.ReportMetric(float64(user.Microseconds())/mb, "cpu-µs/MB")
			b.ReportMetric(float64(stall.Microseconds())/mb, "publisher-µs/MB")
		})
	}
}

// minute publishes a minute of video at 30 fps and 6 Mbit/s.
func minute(b *testing.B, o Options) {
	now := testAnchor
	o.Now = func() time.Time { return now }
	s := NewStream(o)
	sink := s.Attach()
	if err := sink.SetTracks([]ingest.Track{videoTrack()}); err != nil {
		b.Fatal(err)
	}
	nal := append([]byte{0x41}, bytes.Repeat([]byte{0x55}, 6_000_000/8/30)...)
	for i := range int64(60 * 30) {
		now = testAnchor.Add(time.Duration(i) * time.Second / 30)
		nal[0] = 0x41
		if i%60 == 0 {
			nal[0] = 0x65
		}
		if err := sink.WriteUnit(ingest.Unit{DTS: i * 3000, PTS: i * 3000, Key: i%60 == 0, NALs: [][]byte{nal}}); err != nil {
			b.Fatal(err)
		}
	}
	s.End()
}

func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
