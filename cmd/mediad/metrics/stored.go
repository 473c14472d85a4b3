package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mediad/overlay/api"
)

// Media tells what is stored.
type Media interface {
	// Rooms gives the totals of each room. It waits until ctx ends at most.
	Rooms(ctx context.Context) ([]api.StoredRoom, error)
	// Deletions is how many shows are being deleted.
	Deletions() int
}

// mediaMetrics are the totals of stored media, by room.
type mediaMetrics struct {
	media                            Media
	bytes, segments, gaps, deletions *prometheus.Desc
}

func newMediaMetrics(m Media) *mediaMetrics {
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

// Collect reads the new lines of the journals.
func (m *mediaMetrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(m.deletions, float64(m.media.Deletions()))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	rooms, err := m.media.Rooms(ctx)
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
