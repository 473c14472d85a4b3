package main

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// traffic counts what was answered over HTTP: behind a CDN, what the CDN cost.
type traffic struct {
	requests, bytes *prometheus.CounterVec
	good            map[string]answered // with status 200, as nearly all are, by kind
}

// answered counts answers of one kind and status. To find it by its labels costs
// more than to count.
type answered struct{ requests, bytes prometheus.Counter }

func (a answered) count(bytes int64) {
	a.requests.Inc()
	a.bytes.Add(float64(bytes))
}

func newTraffic() *traffic {
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "mediad_http_" + name, Help: help}, labels)
	}
	t := &traffic{
		requests: vec("requests_total", "Requests that were answered, by what they asked for and status.", "kind", "code"),
		bytes:    vec("sent_bytes_total", "Bytes of bodies that were sent, by what was asked for.", "kind"),
		good:     map[string]answered{},
	}
	for _, kind := range kinds {
		t.good[kind] = t.answered(kind, http.StatusOK)
	}
	return t
}

func (t *traffic) answered(kind string, status int) answered {
	return answered{t.requests.WithLabelValues(kind, strconv.Itoa(status)), t.bytes.WithLabelValues(kind)}
}

func (t *traffic) count(path string, status int, bytes int64) {
	kind := kindOf(path)
	if status == http.StatusOK {
		t.good[kind].count(bytes)
		return
	}
	t.answered(kind, status).count(bytes)
}

// collectors is what a registry takes.
func (t *traffic) collectors() []prometheus.Collector {
	return []prometheus.Collector{t.requests, t.bytes}
}

// kinds are all that kindOf gives.
var kinds = []string{"multivariant", "playlist", "part", "segment", "vod", "other"}

// kindOf sorts paths into a handful of kinds, whatever a stranger asks for.
func kindOf(path string) string {
	live, ok := strings.CutPrefix(path, "/live/")
	if !ok {
		if strings.HasPrefix(path, "/vod/") {
			return "vod"
		}
		return "other"
	}
	name := live[strings.LastIndexByte(live, '/')+1:]
	switch {
	case strings.HasSuffix(name, ".ts") && strings.HasPrefix(name, "p"):
		return "part"
	case strings.HasSuffix(name, ".ts"):
		return "segment"
	case name == "vod.m3u8":
		return "vod"
	case name == "index.m3u8" && strings.HasSuffix(live, "/main/index.m3u8"):
		return "playlist"
	case name == "index.m3u8":
		return "multivariant"
	}
	return "other"
}

// statusOf is what net/http sends for a handler that named no status.
func statusOf(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}
