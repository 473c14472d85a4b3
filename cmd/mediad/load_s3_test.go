package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mediad/storage/versity"
)

// loadStore is the S3 server of a run; nil: the run needs none.
type loadStore struct {
	*versity.Gateway
}

func loadGateway(b *testing.B, kind string) *loadStore {
	b.Helper()
	if kind != "s3" {
		return nil
	}
	return &loadStore{versity.Here(b)} // roles inherit the variables
}

// yaml gives the store's part of the server's configuration.
func (s *loadStore) yaml() string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf(", s3: {endpoint: %q, region: %s, bucket: %s, path_style: true}", s.Endpoint, s.Region, s.Bucket)
}

func (s *loadStore) close(b *testing.B) {
	if s == nil {
		return
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.RemoveAll(s.Objects()); err != nil { // gigabytes
		b.Fatal(err)
	}
}

// loadSDK gives the CPU seconds, for an hour of one stream, that the bare SDK
// needs to put the objects of n streams.
func loadSDK(b *testing.B, n int, s *loadStore, warm, length time.Duration) float64 {
	p := startRole(b, "sdk", s.Endpoint, s.Region, s.Bucket, strconv.Itoa(n))
	defer p.end(b)
	time.Sleep(segmentOfClip + warm)
	before, _ := usage(b, p.Process.Pid)
	start := time.Now()
	time.Sleep(length)
	after, _ := usage(b, p.Process.Pid)
	return (after - before).Seconds() / time.Since(start).Seconds() * 3600 / float64(n)
}

// segmentOfClip is how long segments of the clip last: two of its GOPs.
const segmentOfClip = 2 * time.Second

// putSDK is that client: it puts a segment and a playlist for each stream
// every two seconds. Its arguments are endpoint, region, bucket and the
// number of streams.
func putSDK(args []string) error {
	n, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() { untilStdinEnds(); stop() }()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(args[1]),
		config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired))
	if err != nil {
		return err
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &args[0], true })
	segment := make([]byte, int(segmentOfClip.Seconds())*clipRate*103/100) // MPEG-TS takes some 3 % more
	for i := range segment {
		segment[i] = byte(i * i >> 3)
	}
	playlist := []byte(strings.Repeat("#EXTINF:2.00000,\nlive/segment.ts\n", 40))
	var all sync.WaitGroup
	failed := make(chan error, n)
	for i := range n {
		all.Go(func() {
			at := time.NewTimer(segmentOfClip * time.Duration(i) / time.Duration(n))
			defer at.Stop()
			for k := 0; ; k++ {
				select {
				case <-at.C:
				case <-ctx.Done():
					return
				}
				at.Reset(segmentOfClip)
				for key, body := range map[string][]byte{fmt.Sprintf("sdk/%d/%d.ts", i, k): segment, fmt.Sprintf("sdk/%d/index.m3u8", i): playlist} {
					_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &args[2], Key: &key, Body: bytes.NewReader(body)})
					if err != nil && ctx.Err() == nil {
						failed <- err
						return
					}
				}
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}
