package loadtest

import (
	"testing"
)

// What counts as sustained: parts arrive within 1.5 s of their last frame, 99 of
// 100, and none is left out.
const (
	sustainedP99   = 1500 // ms
	sustainedParts = 4.9  // a second and viewer, of 5
)

// BenchmarkSustained finds how many players the real server and the reference
// sustain on one core, to within 5 %. The players have one core as well, and may
// reach their limit first: generator-cores shows that. MEDIAD_LOADTEST_PAIRS (1)
// is the number of runs.
func BenchmarkSustained(b *testing.B) {
	server, others := cpus()
	m := startMediad(b, server, "{part: 200ms}")
	m.publish()
	size := m.measure(b)
	ref := start(b, server, "reference")
	ref.tell(size)
	var host string
	ref.told(&host)
	var ours, theirs []sample
	for range b.N * number(b, "MEDIAD_LOADTEST_PAIRS", 1) {
		ours = append(ours, sustained(b, others, m.process, m.url))
		theirs = append(theirs, sustained(b, others, ref, "http://"+host+"/live/demo/index.m3u8"))
	}
	viewers := func(s sample) float64 { return s.viewers }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ours, viewers), "viewers")
	b.ReportMetric(median(theirs, viewers), "ref-viewers")
	b.ReportMetric(ratio(ours, theirs, viewers), "viewers-ratio")
	b.ReportMetric(median(ours, func(s sample) float64 { return s.self }), "generator-cores")
	b.ReportMetric(median(theirs, func(s sample) float64 { return s.self }), "ref-generator-cores")
}

// sustained halves the range of the result until it is exact enough, and
// returns the good run with the most viewers.
func sustained(b *testing.B, cpu string, server *process, url string) (best sample) {
	b.Helper()
	for low, high := 200, 4000; high-low > low/20; {
		viewers := (low + high) / 2
		s := watch(b, cpu, server, url, viewers)
		if s.p99 <= sustainedP99 && s.parts >= sustainedParts*float64(viewers) && s.errors == 0 {
			low, best = viewers, s
		} else {
			high = viewers
		}
	}
	return best
}
