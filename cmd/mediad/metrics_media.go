package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// mediaMetrics are what is stored, by room.
type mediaMetrics struct {
	media                            *media
	bytes, segments, gaps, deletions *prometheus.Desc
}

func newMediaMetrics(m *media) *mediaMetrics {
	room := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_storage_room_"+name, help, []string{"room"}, nil)
	}
	return &mediaMetrics{
		media:     m,
		bytes:     room("bytes", "Bytes of the room's segments in the object store."),
		segments:  room("segments", "The room's segments in the object store."),
		gaps:      room("gaps", "Segments of the room that were lost."),
		deletions: prometheus.NewDesc("mediad_storage_deletions", "Shows that are being deleted.", nil, nil),
	}
}

// Describe is empty on purpose: rooms come and go.
func (m *mediaMetrics) Describe(chan<- *prometheus.Desc) {}

// Collect reads what the journals have grown by.
func (m *mediaMetrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(m.deletions, float64(len(m.media.sweeper.Deletions())))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	rooms, err := m.media.rooms(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.bytes, err)
		return
	}
	for _, r := range rooms {
		gauge(m.bytes, float64(r.Bytes), r.Room)
		gauge(m.segments, float64(r.Segments), r.Room)
		gauge(m.gaps, float64(r.Gaps), r.Room)
	}
}
