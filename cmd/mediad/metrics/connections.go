package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/site/connlimit"
)

// connectionMetrics counts the HTTP connections.
func connectionMetrics(h *connlimit.Limiter) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mediad_http_connections", Help: "Open HTTP connections.",
		}, func() float64 { return float64(h.Open()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mediad_http_max_connections", Help: "Largest number of open HTTP connections: http.max_connections, or less if the limit of open files does not allow it.",
		}, func() float64 { return float64(h.Max()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "mediad_http_refused_connections_total", Help: "HTTP connections that were closed to free a slot for a new connection.",
		}, func() float64 { return float64(h.Closed()) }),
	}
}
