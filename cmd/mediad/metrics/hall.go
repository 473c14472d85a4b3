package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/site/hall"
)

// hallMetrics counts the HTTP connections.
func hallMetrics(h *hall.Hall) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mediad_http_connections", Help: "Connections that are open over HTTP.",
		}, func() float64 { return float64(h.Open()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mediad_http_max_connections", Help: "How many may be: http.max_connections, or what the limit of open files allows.",
		}, func() float64 { return float64(h.Most()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "mediad_http_refused_connections_total", Help: "Connections that were closed for a newcomer, as there were as many as may be.",
		}, func() float64 { return float64(h.Closed()) }),
	}
}
