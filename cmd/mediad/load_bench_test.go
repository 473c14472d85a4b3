package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/site/sitetest"
)

// BenchmarkStreams measures what streams cost in CPU time and memory: mediad in
// a process of its own, real-time pushes out of another, with each kind of storage
// in turns. Two references take turns with it: a server that only reads RTMP and
// copies it, and, beside s3, a client that puts the same objects with the bare SDK.
// The S3 server is another process and not counted. Medians count.
//
//	KIND-s/stream-h  CPU time, user and system, of an hour of one stream
//	sink-s/stream-h  the same of the server that reads and copies
//	sdk-s/stream-h   the same of the client that puts
//	none/sink        the median of their quotients, run by run
//	dir/none         likewise
//	(s3-sdk)/none    likewise: what s3 costs beyond the SDK
//	MiB/stream       resident memory of none at its most, idle process taken off
//	held-MiB/stream  bytes that players may still fetch
//	x-held           (resident memory - 30 MiB) / those bytes
//	late-s           how far publishers were behind at most: above some tenths
//	                 the machine was too busy for the figures to mean much
//
// MEDIAD_BENCH_STREAMS lists how many streams (10), MEDIAD_BENCH_SECONDS is how
// long a run is measured (5), MEDIAD_BENCH_WARM how long it runs before that
// (3; memory is settled after 100), MEDIAD_BENCH_PAIRS how many runs of each (1),
// MEDIAD_BENCH_STORAGE what is stored (none dir s3).
func BenchmarkStreams(b *testing.B) {
	for _, n := range strings.Fields(setting("MEDIAD_BENCH_STREAMS", "10")) {
		b.Run(n, func(b *testing.B) {
			benchStreams(b, whole(b, n), strings.Fields(setting("MEDIAD_BENCH_STORAGE", "none dir s3")))
		})
	}
}

func benchStreams(b *testing.B, n int, kinds []string) {
	warm := time.Duration(whole(b, setting("MEDIAD_BENCH_WARM", "3"))) * time.Second
	length := time.Duration(whole(b, setting("MEDIAD_BENCH_SECONDS", "5"))) * time.Second
	found := map[string][]float64{}
	note := func(unit string, v float64) { found[unit] = append(found[unit], v) }
	for b.Loop() {
		clear(found)
		for range whole(b, setting("MEDIAD_BENCH_PAIRS", "1")) {
			sink := loadReference(b, n, min(warm, 5*time.Second), length)
			note("sink-s/stream-h", sink.cpu)
			late, none := sink.late, 0.
			for _, kind := range kinds {
				s3 := loadGateway(b, kind)
				l := loadMediad(b, n, kind, s3, warm, length)
				note(kind+"-s/stream-h", l.cpu)
				late = max(late, l.late)
				switch {
				case kind == "none":
					none = l.cpu
					note("none/sink", l.cpu/sink.cpu)
					note("MiB/stream", (l.rss-l.idle)/float64(n))
					note("held-MiB/stream", l.held/float64(n))
					note("x-held", (l.rss-30)/l.held)
				case kind == "s3":
					sdk := loadSDK(b, n, s3, min(warm, 5*time.Second), length)
					note("sdk-s/stream-h", sdk)
					l.cpu -= sdk
					if none > 0 {
						note("(s3-sdk)/none", l.cpu/none)
					}
				case none > 0:
					note(kind+"/none", l.cpu/none)
				}
				s3.close(b)
			}
			note("late-s", late)
			b.Logf("so far: %v", found)
		}
	}
	b.ReportMetric(0, "ns/op")
	for unit, values := range found {
		slices.Sort(values)
		b.ReportMetric(values[len(values)/2], unit)
	}
}

// load is the cost of one run.
type load struct {
	cpu             float64 // seconds, of one stream's hour
	rss, idle, held float64 // MiB, of the process; idle: before the first stream
	late            float64 // seconds, that a publisher was behind at most
}

func loadReference(b *testing.B, n int, warm, length time.Duration) load {
	address := sitetest.FreeAddress(b)
	server := startRole(b, "sink", address)
	defer server.end(b)
	return measure(b, server, n, address, "", warm, length)
}

func loadMediad(b *testing.B, n int, kind string, s3 *loadStore, warm, length time.Duration) load {
	rtmp, web, metrics := sitetest.FreeAddress(b), sitetest.FreeAddress(b), sitetest.FreeAddress(b)
	dir, err := os.MkdirTemp(b.TempDir(), "data")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir) // gigabytes
	var config strings.Builder
	fmt.Fprintf(&config, "data_dir: %s\nlog: {level: error}\nrtmp: {listen: %q}\n", dir, rtmp)
	fmt.Fprintf(&config, "http: {listen: %q}\nmetrics: {listen: %q}\nstorage: {kind: %s%s}\nthumbnails: off\nrooms:\n", web, metrics, kind, s3.yaml())
	for i := range n {
		fmt.Fprintf(&config, "  - {slug: r%d, stream_key: k%d-0123456789abcdef}\n", i, i)
	}
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	server := startRole(b, "server", "serve", "--config", file)
	defer server.end(b)
	return measure(b, server, n, rtmp, "http://"+metrics+"/metrics", warm, length)
}

// measure pushes n streams to a server and measures the cost. held is the
// address at which the server tells how many bytes it holds, if it holds any.
func measure(b *testing.B, server *loadProcess, n int, address, held string, warm, length time.Duration) load {
	for c, err := net.Dial("tcp", address); ; c, err = net.Dial("tcp", address) {
		if err == nil {
			_ = c.Close()
			break
		}
		if server.ProcessState != nil {
			b.Fatal(server.log)
		}
		time.Sleep(50 * time.Millisecond)
	}
	_, idle := usage(b, server.Process.Pid)
	push := startRole(b, "push", address, strconv.Itoa(n))
	time.Sleep(time.Second + warm) // they begin within a second
	before, _ := usage(b, server.Process.Pid)
	start := time.Now()
	var after time.Duration
	var rss float64 // the most, which is just before a collection of garbage
	for time.Since(start) < length {
		time.Sleep(min(length-time.Since(start), length/20))
		var now float64
		after, now = usage(b, server.Process.Pid)
		rss = max(rss, now)
	}
	cpu := (after - before).Seconds() / time.Since(start).Seconds() * 3600 / float64(n)
	l := load{cpu: cpu, rss: rss, idle: idle}
	if held != "" {
		l.held = heldBytes(b, held) / (1 << 20)
	}
	push.end(b)
	if _, err := fmt.Sscan(push.log.String(), &l.late); err != nil {
		b.Fatalf("the publishers say %q", push.log)
	}
	return l
}

// usage gives a process's CPU time so far and its resident memory in MiB.
func usage(b *testing.B, pid int) (cpu time.Duration, rss float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal("this benchmark needs Linux: ", err)
	}
	// proc(5): the second field is a name in parentheses; utime, stime and rss
	// are the fields 14, 15 and 24.
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	ticks := whole(b, f[11]) + whole(b, f[12])
	return time.Duration(ticks) * time.Second / 100, float64(whole(b, f[21])*os.Getpagesize()) / (1 << 20)
}

// heldBytes sums the bytes that a server holds for players, over all rooms.
func heldBytes(b *testing.B, url string) (sum float64) {
	answer, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "} "); ok && strings.HasPrefix(name, "mediad_room_held_bytes") {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				b.Fatal(err)
			}
			sum += v
		}
	}
	if sum == 0 {
		b.Fatal("no stream is on air")
	}
	return sum
}

func setting(name, usual string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return usual
}

func whole(b *testing.B, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
