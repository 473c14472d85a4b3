package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"mediad/overlay/viewers"
)

// viewerMetrics are the counts of players' beacons.
type viewerMetrics struct {
	viewers                         *viewers.Counter
	beacons, outside, lost, sampled *prometheus.Desc
	failed                          *prometheus.Desc
}

func newViewerMetrics(c *viewers.Counter) *viewerMetrics {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_beacons_"+name, help, nil, nil)
	}
	return &viewerMetrics{
		viewers: c,
		beacons: desc("total", "Beacons of players."),
		outside: desc("outside_sample_total", "Beacons that were not counted because their viewers are outside the sample."),
		lost:    desc("lost_total", "Beacons that were not counted because too many shows have an audience."),
		sampled: desc("viewers", "Viewers in the samples of all shows, each of which sends a beacon every ten seconds."),
		failed:  desc("failed_writes_total", "Failed attempts to write likes, watch time and impressions to the database. Each is repeated."),
	}
}

// Describe implements prometheus.Collector.
func (m *viewerMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.beacons, m.outside, m.lost, m.sampled, m.failed} {
		out <- d
	}
}

// Collect reads the counts.
func (m *viewerMetrics) Collect(out chan<- prometheus.Metric) {
	s := m.viewers.Stats()
	for d, n := range map[*prometheus.Desc]uint64{m.beacons: s.Beacons, m.outside: s.Outside, m.lost: s.Lost, m.failed: s.Failed} {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	out <- prometheus.MustNewConstMetric(m.sampled, prometheus.GaugeValue, float64(s.Sampled))
}
