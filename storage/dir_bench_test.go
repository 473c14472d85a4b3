package storage_test

import (
	"bytes"
	"fmt"
	"syscall"
	"testing"
	"time"

	"mediad/storage"
)

// BenchmarkDirPlaylist puts versions of stable playlists, as rooms on air do: those of
// one second, for all rooms in turn.
func BenchmarkDirPlaylist(b *testing.B) {
	d, err := storage.OpenDir(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	const rooms = 50
	tags := make([]string, rooms)
	body := bytes.Repeat([]byte("#EXTINF:2.000,\n01kx/main/1.ts\n"), 60)
	b.ReportAllocs()
	begin := cpu(b)
	for i := 0; b.Loop(); i++ {
		room := i % rooms
		copy(body, fmt.Sprintf("#EXTM3U %d\n", i))
		if tags[room], err = d.PutIf(b.Context(), fmt.Sprintf("live/room%d/index.m3u8", room), body, tags[room]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu(b)-begin).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpu is the process's time so far, user and system. It includes the goroutines and
// threads that write to the disk.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
