package metrics

import (
	"context"
	"log/slog"
	"sync/atomic"
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
	log                              *slog.Logger
	bytes, segments, gaps, deletions *prometheus.Desc
	missing                          *prometheus.Desc
	failed                           atomic.Bool // at the latest scrape
}

func newMediaMetrics(m Media, log *slog.Logger) *mediaMetrics {
	room := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_storage_room_"+name, help, []string{"room"}, nil)
	}
	return &mediaMetrics{
		media:     m,
		log:       log,
		bytes:     room("bytes", "Bytes of the segments of the room in the object store."),
		segments:  room("segments", "Segments of the room in the object store."),
		gaps:      room("gaps", "Segments of the room that were lost."),
		deletions: prometheus.NewDesc("mediad_storage_deletions", "Shows that are being deleted.", nil, nil),
		missing: prometheus.NewDesc("mediad_storage_report_failed",
			"1 while the totals of the rooms (mediad_storage_room_*) are missing because the database or the local disk could not be read.", nil, nil),
	}
}

// Describe is empty on purpose: rooms come and go.
func (m *mediaMetrics) Describe(chan<- *prometheus.Desc) {}

// Collect reads the new lines of the journals. Where that fails, the totals of the
// rooms are left out: one invalid metric would take all others with it. The log has
// the first failure of a row.
func (m *mediaMetrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(m.deletions, float64(m.media.Deletions()))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	rooms, err := m.media.Rooms(ctx)
	gauge(m.missing, flag(err != nil))
	if was := m.failed.Swap(err != nil); err != nil {
		if !was {
			m.log.Error("the totals of stored media cannot be read; their metrics are left out until then", "err", err)
		}
		return
	}
	for _, r := range rooms {
		gauge(m.bytes, float64(r.Bytes), r.Room)
		gauge(m.segments, float64(r.Segments), r.Room)
		gauge(m.gaps, float64(r.Gaps), r.Room)
	}
}
