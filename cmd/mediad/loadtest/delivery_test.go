package loadtest

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// BenchmarkDelivery puts 10, 300 and 1,000 players before the real server and before
// the reference, in turns, at 200 ms parts of 2.6 Mbit/s, and reports the cost of
// the server relative to the reference. MEDIAD_LOADTEST_PAIRS (5) is the number of
// runs.
func BenchmarkDelivery(b *testing.B) {
	server, others := cpus()
	m := startMediad(b, server, "{part: 200ms}")
	m.publish()
	size := m.measure(b)
	from, at := m.cpu(), time.Now()
	time.Sleep(5 * time.Second)
	idle := (m.cpu() - from) / time.Since(at).Seconds()
	b.Logf("one stream without viewers costs %.4f cores", idle)
	ref := start(b, server, "reference")
	ref.tell(size)
	var host string
	ref.told(&host)
	pairs := number(b, "MEDIAD_LOADTEST_PAIRS", 5)
	for _, viewers := range []int{10, 300, 1000} {
		b.Run(fmt.Sprint(viewers), func(b *testing.B) {
			var ours, theirs []sample
			for range b.N * pairs {
				ours = append(ours, watch(b, others, m.process, m.url, viewers))
				theirs = append(theirs, watch(b, others, ref, "http://"+host+"/live/demo/index.m3u8", viewers))
			}
			b.ReportMetric(0, "ns/op")
			cpu := func(s sample) float64 { return s.cpu }
			b.ReportMetric(ratio(ours, theirs, cpu), "cpu-ratio")
			for i := range ours {
				ours[i].cpu -= idle / ours[i].parts * 1e6
			}
			b.ReportMetric(ratio(ours, theirs, cpu), "cpu-ratio-without-ingest")
			b.ReportMetric(ratio(ours, theirs, func(s sample) float64 { return s.p99 }), "p99-ratio")
			b.ReportMetric(median(theirs, cpu), "ref-cpu-us/part")
			b.ReportMetric(median(ours, func(s sample) float64 { return s.p50 }), "p50-ms")
			b.ReportMetric(median(ours, func(s sample) float64 { return s.p99 }), "p99-ms")
			b.ReportMetric(median(theirs, func(s sample) float64 { return s.p50 }), "ref-p50-ms")
			b.ReportMetric(median(theirs, func(s sample) float64 { return s.p99 }), "ref-p99-ms")
			b.ReportMetric(max(median(ours, func(s sample) float64 { return s.self }), median(theirs, func(s sample) float64 { return s.self })), "generator-cores")
			b.ReportMetric(sum(ours, func(s sample) float64 { return s.errors }), "errors")
		})
	}
}

// cpus are the CPUs of the server and of everything else, so that a server has
// a core of its own; empty: there are not two.
func cpus() (server, others string) {
	if runtime.NumCPU() < 2 {
		return "", ""
	}
	return "0", "1"
}

// measure finds the sizes of the reference's bytes.
func (m *mediad) measure(b *testing.B) referenceSize {
	b.Helper()
	time.Sleep(20 * time.Second) // for the list to be as long as it gets
	w, err := Audience{URL: m.url, Viewers: 1, Warm: time.Second, For: period}.Run(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return referenceSize{
		Part:  200 * time.Millisecond,
		Bytes: w.Sizes, List: int(w.ListBytes / w.Playlists),
	}
}

// sample is one run of an audience: how many viewers; CPU of the server in µs for each part that
// a viewer got, the playlist that named it included; parts a second; latencies
// in ms; cores of the generator.
type sample struct{ viewers, cpu, parts, p50, p99, self, errors float64 }

func watch(b *testing.B, cpu string, server *process, url string, viewers int) sample {
	b.Helper()
	// The whole clip: its largest parts, which do not fit into a receive window,
	// determine the p99.
	const warm, measured = 4 * time.Second, period
	a := start(b, cpu, "audience")
	a.tell(Audience{URL: url, Viewers: viewers, Warm: warm, For: measured})
	time.Sleep(warm)
	from, at := server.cpu(), time.Now()
	time.Sleep(measured - 200*time.Millisecond)
	used, took := server.cpu()-from, time.Since(at).Seconds()
	var w struct {
		Watched
		CPU float64
	}
	a.told(&w)
	if w.Error != "" {
		b.Logf("%d errors, the first: %s", w.Errors, w.Error)
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	parts := float64(w.Parts) / measured.Seconds()
	s := sample{
		viewers: float64(viewers),
		cpu:     used / took / parts * 1e6, parts: parts, p50: ms(w.P50), p99: ms(w.P99),
		self: w.CPU / (warm + measured).Seconds(), errors: float64(w.Errors),
	}
	b.Logf("%d: %d viewers: %.1f us/part, p50 %.1f ms, p99 %.1f ms, max %.1f ms, %.2f parts/viewer/s, generator %.2f cores",
		server.cmd.Process.Pid, viewers, s.cpu, s.p50, s.p99, ms(w.Max), parts/float64(viewers), s.self)
	return s
}

// ratio is the median of the pairs' ratios.
func ratio(a, b []sample, of func(sample) float64) float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = of(a[i]) / of(b[i])
	}
	slices.Sort(out)
	return out[len(out)/2]
}

func median(s []sample, of func(sample) float64) float64 {
	out := make([]float64, len(s))
	for i := range s {
		out[i] = of(s[i])
	}
	slices.Sort(out)
	return out[len(out)/2]
}

func sum(s []sample, of func(sample) float64) (n float64) {
	for _, v := range s {
		n += of(v)
	}
	return n
}
