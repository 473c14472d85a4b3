package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mediad/packager/layout"
)

// Traffic counts HTTP answers. Behind a CDN, these are the requests of the
// CDN.
type Traffic struct {
	requests, bytes *prometheus.CounterVec
	took            *prometheus.HistogramVec
	parts           prometheus.Histogram
	good            map[string]answered // with status 200, by kind; nearly all answers are here
}

// answered counts answers of one kind and status. It is kept, since a look-up by
// labels costs more than the counting.
type answered struct {
	requests, bytes prometheus.Counter
	took            prometheus.Observer
}

func (a answered) count(bytes int64, took time.Duration) {
	a.took.Observe(took.Seconds())
	a.requests.Inc()
	a.bytes.Add(float64(bytes))
}

// NewTraffic makes a Traffic that has counted nothing.
func NewTraffic() *Traffic {
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "mediad_http_" + name, Help: help}, labels)
	}
	t := &Traffic{
		requests: vec("requests_total", "HTTP requests, by kind of the requested object and status code.", "kind", "code"),
		bytes:    vec("sent_bytes_total", "Bytes of sent HTTP bodies, by kind of the requested object.", "kind"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mediad_http_request_seconds", Help: "Time from the request to the end of the response, by kind of the requested object. Blocking playlist requests and event streams wait on purpose.",
			Buckets: []float64{.001, .005, .025, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"kind"}),
		parts: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "mediad_part_latency_seconds", Help: "Time from the arrival of the first media of a part until players can fetch the part. It includes the duration of the part.",
			Buckets: []float64{.1, .25, .4, .5, .55, .6, .75, 1, 1.1, 1.25, 1.5, 2, 3, 5},
		}),
		good: map[string]answered{},
	}
	for _, kind := range kinds {
		t.good[kind] = t.answered(kind, http.StatusOK)
	}
	return t
}

func (t *Traffic) answered(kind string, status int) answered {
	return answered{t.requests.WithLabelValues(kind, strconv.Itoa(status)), t.bytes.WithLabelValues(kind), t.took.WithLabelValues(kind)}
}

// Count counts an answer.
func (t *Traffic) Count(path string, status int, bytes int64, took time.Duration) {
	kind := kindOf(path)
	if status == http.StatusOK {
		t.good[kind].count(bytes, took)
		return
	}
	t.answered(kind, status).count(bytes, took)
}

// Listed counts a part that players can fetch now. after is the time since its
// media began to arrive.
func (t *Traffic) Listed(after time.Duration) { t.parts.Observe(after.Seconds()) }

// collectors gives the collectors for a registry.
func (t *Traffic) collectors() []prometheus.Collector {
	return []prometheus.Collector{t.requests, t.bytes, t.took, t.parts}
}

// kinds are all results of kindOf.
var kinds = []string{"multivariant", "playlist", "part", "segment", "vod", "other"}

// kindOf sorts paths into a few kinds. Their number stays small, whatever
// strangers request.
func kindOf(path string) string {
	if layout.IsReplay(path) {
		return "vod"
	}
	switch n, _ := layout.ParseRequest(path); n.Kind {
	case layout.Part:
		return "part"
	case layout.Segment:
		return "segment"
	case layout.Recording:
		return "vod"
	case layout.MediaPlaylist:
		return "playlist"
	case layout.Top, layout.RewindTop:
		return "multivariant"
	}
	return "other"
}
