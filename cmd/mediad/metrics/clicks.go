package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"mediad/overlay/clicks"
)

// clickMetrics are the counts of viewers' clicks that go to the shop.
type clickMetrics struct {
	clicks                         *clicks.Counter
	total, waiting, failed, sweeps *prometheus.Desc
}

func newClickMetrics(c *clicks.Counter) *clickMetrics {
	return &clickMetrics{
		clicks:  c,
		total:   prometheus.NewDesc("mediad_clicks_total", "Clicks of viewers on links to the shop, by result: kept, repeated (the same viewer and product within ten seconds) or lost (the queue was full).", []string{"result"}, nil),
		waiting: prometheus.NewDesc("mediad_clicks_waiting", "Clicks that wait to be written to the database.", nil, nil),
		failed:  prometheus.NewDesc("mediad_clicks_failed_batches_total", "Failed attempts to write a batch of clicks to the database. Each is repeated.", nil, nil),
		sweeps:  prometheus.NewDesc("mediad_clicks_swept_total", "Clicks that were deleted because they were too old or too many.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *clickMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.total, m.waiting, m.failed, m.sweeps} {
		out <- d
	}
}

// Collect reads the counts.
func (m *clickMetrics) Collect(out chan<- prometheus.Metric) {
	s := m.clicks.Stats()
	for result, n := range map[string]uint64{"kept": s.Kept, "repeated": s.Repeated, "lost": s.Lost} {
		out <- prometheus.MustNewConstMetric(m.total, prometheus.CounterValue, float64(n), result)
	}
	out <- prometheus.MustNewConstMetric(m.waiting, prometheus.GaugeValue, float64(s.Waiting))
	out <- prometheus.MustNewConstMetric(m.failed, prometheus.CounterValue, float64(s.Failed))
	out <- prometheus.MustNewConstMetric(m.sweeps, prometheus.CounterValue, float64(s.Swept))
}
