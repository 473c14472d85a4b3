package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/broadcast"
)

// targetMetrics are about the servers to which rooms are sent on.
type targetMetrics struct {
	rooms *broadcast.Manager

	live, retrying, bytes, dropped *prometheus.Desc
}

func newTargetMetrics(rooms *broadcast.Manager) *targetMetrics {
	target := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_push_"+name, help, []string{"room", "target"}, nil)
	}
	return &targetMetrics{
		rooms:    rooms,
		live:     target("live", "1 while the room is sent to the target, otherwise 0."),
		retrying: target("retrying", "1 while the target failed and is tried again, otherwise 0."),
		bytes:    target("bytes_total", "Bytes of media that were sent to the target."),
		dropped:  target("dropped_pictures_total", "Pictures that were not sent to the target because it was too slow."),
	}
}

// Describe is empty on purpose: targets come and go.
func (m *targetMetrics) Describe(chan<- *prometheus.Desc) {}

// Collect reads the targets of all rooms.
func (m *targetMetrics) Collect(out chan<- prometheus.Metric) {
	for room, targets := range m.rooms.AllTargets() {
		for _, t := range targets {
			out <- prometheus.MustNewConstMetric(m.live, prometheus.GaugeValue, flag(t.State == "live"), room, t.Name)
			out <- prometheus.MustNewConstMetric(m.retrying, prometheus.GaugeValue, flag(t.State == "retrying"), room, t.Name)
			out <- prometheus.MustNewConstMetric(m.bytes, prometheus.CounterValue, float64(t.Bytes), room, t.Name)
			out <- prometheus.MustNewConstMetric(m.dropped, prometheus.CounterValue, float64(t.Dropped), room, t.Name)
		}
	}
}
