package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mediad/packager/archive"
	"mediad/storage"
	"mediad/storage/versity"
)

// BenchmarkUpload brings the segments of 16 streams into a real S3 server, as
// fast as it takes them: through the archive, with journals and playlists, and
// with the bare SDK, the segments alone. The two take turns; what counts are the
// ratios of time and of this process's CPU.
func BenchmarkUpload(b *testing.B) {
	const streams, each, size = 16, 8, 1 << 20
	g := versity.Here(b)
	bucket, err := storage.NewS3(b.Context(), storage.S3Options{Endpoint: g.Endpoint, Bucket: g.Bucket, PathStyle: true})
	if err != nil {
		b.Fatal(err)
	}
	client := s3.New(s3.Options{
		BaseEndpoint: &g.Endpoint, Region: g.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(g.AccessKey, g.SecretKey, ""),
	})
	body := make([]byte, size)
	dice := rand.NewChaCha8([32]byte{})
	_, _ = dice.Read(body)

	a := archive.New(archive.Options{Store: bucket, Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()

	var sdk, ours spent
	round := 0
	for b.Loop() {
		round++
		sdk.add(func() {
			var all sync.WaitGroup
			for n := range streams {
				all.Go(func() {
					for i := range each {
						_, err := client.PutObject(ctx, &s3.PutObjectInput{
							Bucket: &g.Bucket, Key: aws.String(fmt.Sprintf("bare/%d/%d/%d.ts", round, n, i)), Body: bytes.NewReader(body),
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
		})
		ours.add(func() {
			for n := range streams {
				s, err := a.Open(fmt.Sprintf("room%d", n), fmt.Sprintf("%06d", round), 2)
				if err != nil {
					b.Error(err)
					return
				}
				for i := range each {
					seg := segment(round*each + i)
					seg.Data = [][]byte{body[:size/2], body[size/2:]}
					s.Add(seg)
				}
				s.End()
			}
			if err := a.Flush(ctx); err != nil {
				b.Error(err)
			}
		})
	}
	stop()
	if err := <-done; err != nil {
		b.Error(err)
	}
	total := float64(round) * streams * each * size / 1e6
	b.ReportMetric(total/sdk.time.Seconds(), "sdk-MB/s")
	b.ReportMetric(total/ours.time.Seconds(), "archive-MB/s")
	b.ReportMetric(ours.time.Seconds()/sdk.time.Seconds(), "time-ratio")
	b.ReportMetric(ours.cpu.Seconds()/sdk.cpu.Seconds(), "cpu-ratio")
}

// spent is what work has cost this process.
type spent struct{ time, cpu time.Duration }

func (s *spent) add(work func()) {
	cpu, began := processTime(), time.Now()
	work()
	s.time += time.Since(began)
	s.cpu += processTime() - cpu
}

func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
