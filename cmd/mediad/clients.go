package main

import (
	"log/slog"
	"math"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/site/hall"
)

// openFiles is how many files this process may have open; Go has raised that to
// all it may have.
func openFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024
	}
	return int(min(l.Cur, math.MaxInt32))
}

// placesFor shares out the connections that the configuration asks for.
func placesFor(c config.Config) hall.Places {
	return hall.Share(openFiles(), hall.Wish{HTTP: c.HTTP.MaxConnections, RTMP: c.RTMP.MaxConnections, Uploads: c.Storage.Uploads})
}

// tellPlaces warns where the system does not let the process open enough files.
func tellPlaces(p hall.Places, log *slog.Logger) {
	if p.Short {
		log.Warn("fewer connections than configured: the system lets mediad open too few files; raise ulimit -n (LimitNOFILE= of a systemd unit)",
			"files", openFiles(), "would_do", p.Files, "http", p.HTTP, "rtmp", p.RTMP)
	}
}

// hallMetrics tells how full the house is.
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
