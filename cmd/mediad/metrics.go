package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mediad/ingest/rtmp"
	"mediad/packager"
	"mediad/packager/archive"
)

// metrics are read from the rooms when somebody scrapes; nothing is counted
// twice.
type metrics struct {
	live    *packager.Live
	archive *archive.Archive
	ingest  *rtmp.Server

	publishing, bitrate, fps, keyframes  *prometheus.Desc
	queued, queuedBytes, lag             *prometheus.Desc
	stored, storedBytes, failed, givenUp *prometheus.Desc
	connections, banned, bans            *prometheus.Desc
	refused, dropped                     *prometheus.Desc
}

func newMetrics(live *packager.Live, a *archive.Archive, ingest *rtmp.Server) *metrics {
	publisher := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_rtmp_"+name, help, labels, nil)
	}
	room := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_room_"+name, help, []string{"room"}, nil)
	}
	store := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_storage_"+name, help, nil, nil)
	}
	return &metrics{
		live: live, archive: a, ingest: ingest,
		publishing:  room("publishing", "1 while a publisher is connected, 0 while the room waits for one."),
		bitrate:     room("bitrate_bits_per_second", "Bit rate of the last segment, as packaged."),
		fps:         room("frames_per_second", "Frame rate of the last seconds."),
		keyframes:   room("keyframe_interval_seconds", "Length of the last group of pictures."),
		queued:      store("queued_segments", "Segments that wait for the object store."),
		queuedBytes: store("queued_bytes", "Bytes that wait for the object store."),
		lag:         store("lag_seconds", "How long the oldest of the waiting segments has waited."),
		stored:      store("stored_segments_total", "Segments that the object store acknowledged."),
		storedBytes: store("stored_bytes_total", "Bytes that the object store acknowledged."),
		failed:      store("failed_attempts_total", "Attempts to store that failed and were tried again."),
		givenUp:     store("given_up_segments_total", "Segments that were given up and became EXT-X-GAP."),
		connections: publisher("connections", "Open RTMP and RTMPS connections, publishing or not."),
		banned:      publisher("banned_networks", "Networks that are banned for their wrong keys."),
		bans:        publisher("bans_total", "Networks that have been banned for their wrong keys."),
		refused:     publisher("refused_total", "Connections and publishers that were refused, by reason.", "reason"),
		dropped:     publisher("dropped_messages_total", "Messages that the guard did not pass on, by reason.", "reason"),
	}
}

// Describe is empty on purpose: rooms come and go.
func (m *metrics) Describe(chan<- *prometheus.Desc) {}

// Collect reads the rooms and the archive.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	for _, s := range m.live.Streams() {
		h := s.Health()
		on := 0.
		if h.Publishing {
			on = 1
		}
		gauge(m.publishing, on, s.Room())
		gauge(m.bitrate, float64(h.Bitrate), s.Room())
		gauge(m.fps, h.FPS, s.Room())
		gauge(m.keyframes, h.KeyframeInterval.Seconds(), s.Room())
	}
	a := m.archive.Stats()
	gauge(m.queued, float64(a.QueuedSegments))
	gauge(m.queuedBytes, float64(a.QueuedBytes))
	gauge(m.lag, a.Lag.Seconds())
	count(m.stored, a.Stored)
	count(m.storedBytes, a.StoredBytes)
	count(m.failed, a.FailedAttempts)
	count(m.givenUp, a.GivenUp)
	r := m.ingest.Stats()
	gauge(m.connections, float64(r.Connections))
	gauge(m.banned, float64(r.Banned))
	count(m.bans, r.Bans)
	for reason, n := range r.Refused {
		count(m.refused, n, string(reason))
	}
	for reason, n := range r.Dropped {
		count(m.dropped, n, reason.String())
	}
}

// metricsHandler serves /metrics; each program has a registry of its own.
func metricsHandler(m *metrics) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(m, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
