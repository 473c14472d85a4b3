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
		total:   prometheus.NewDesc("mediad_clicks_total", "Ways to the shop that viewers took: kept, repeated (the same viewer and product within ten seconds) or lost (more than may wait).", []string{"result"}, nil),
		waiting: prometheus.NewDesc("mediad_clicks_waiting", "Clicks that wait to be kept.", nil, nil),
		failed:  prometheus.NewDesc("mediad_clicks_failed_batches_total", "Batches of clicks that the database did not take at once.", nil, nil),
		sweeps:  prometheus.NewDesc("mediad_clicks_swept_total", "Clicks that were deleted: too old, or too many.", nil, nil),
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
