// Package metrics gives the counts of all rooms to Prometheus.
//
// Input: the numbers of the rooms, read at each scrape, so that nothing is counted
// twice. Only HTTP answers, which no other package counts, are counted here
// (Traffic). Output: text in the format of Prometheus.
package metrics

import (
	"log/slog"
	"net/http"
	"runtime"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mediad/cmd/mediad/broadcast"
	"mediad/cmd/mediad/site/hall"
	"mediad/ingest/rtmp"
	"mediad/overlay/clicks"
	"mediad/overlay/store"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// Sources are read at each scrape. All are needed.
type Sources struct {
	Version, Revision string
	Rooms             *broadcast.Manager
	Store             *store.Store
	Archive           *archive.Archive
	Spool             *spool.Spool
	Ingest            *rtmp.Server
	Traffic           *Traffic
	Hall              *hall.Hall
	Media             Media
	Clicks            *clicks.Counter
	Log               *slog.Logger
}

// metrics are the counts of rooms, database, store, spool and encoders.
type metrics struct {
	Sources

	actions, commits, uncommitted, retried, waiting *prometheus.Desc

	publishing, warning, held, viewers   *prometheus.Desc
	build                                *prometheus.Desc
	gauges, counts                       []roomMetric
	queued, queuedBytes, lag, away       *prometheus.Desc
	troubled, unspooled, spoolErrors     *prometheus.Desc
	toDisk, spooled                      *prometheus.Desc
	stored, storedBytes, failed, givenUp *prometheus.Desc
	displaced                            *prometheus.Desc
	connections, banned, bans            *prometheus.Desc
	refused, dropped, happened           *prometheus.Desc
}

func newMetrics(from Sources) *metrics {
	publisher := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_rtmp_"+name, help, labels, nil)
	}
	room := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_room_"+name, help, []string{"room"}, nil)
	}
	store := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_storage_"+name, help, nil, nil)
	}
	local := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_spool_"+name, help, nil, nil)
	}
	database := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("mediad_database_"+name, help, nil, nil)
	}
	return &metrics{
		Sources:     from,
		actions:     database("actions_total", "Writing actions that are on the disk."),
		commits:     database("commits_total", "Transactions that those actions shared."),
		uncommitted: database("failed_commits_total", "Transactions that could not begin or commit, as on a full disk."),
		retried:     database("retried_attempts_total", "Attempts that were undone for another transaction's, and made again: with PostgreSQL."),
		waiting:     database("waiting_actions", "Actions that wait for the writer."),
		publishing:  room("publishing", "1 while a publisher is connected, 0 while the room waits for one."),
		warning:     prometheus.NewDesc("mediad_room_warning", "1 while a warning about the room's stream holds.", []string{"room", "code"}, nil),
		held:        room("held_bytes", "Bytes of parts in memory that players may still fetch."),
		viewers:     room("viewers", "Players that follow the low-latency playlist on this server; those behind a CDN are not seen."),
		build:       prometheus.NewDesc("mediad_build_info", "1, with what this program was made of.", []string{"version", "revision", "goversion"}, nil),
		gauges:      roomGauges(room),
		counts:      roomCounts(room),
		queued:      store("queued_segments", "Segments that wait for the object store."),
		queuedBytes: store("queued_bytes", "Bytes that wait for the object store."),
		away:        store("spooled_bytes", "Bytes that wait for the object store on the local disk and not in memory."),
		troubled:    local("troubled_rooms", "Rooms whose last segment the local disk did not take."),
		unspooled:   local("skipped_segments_total", "Segments that the local disk did not take."),
		spoolErrors: local("errors_total", "Errors of the local disk."),
		toDisk:      local("queued_bytes", "Bytes that wait for the local disk."),
		spooled:     local("written_bytes_total", "Bytes of media written to the local disk."),
		lag:         store("lag_seconds", "How long the oldest of the waiting segments has waited."),
		stored:      store("stored_segments_total", "Segments that the object store acknowledged."),
		storedBytes: store("stored_bytes_total", "Bytes that the object store acknowledged."),
		failed:      store("failed_attempts_total", "Attempts to store that failed and were tried again."),
		givenUp:     store("given_up_segments_total", "Segments that were given up and became EXT-X-GAP."),
		displaced:   store("displaced_broadcasts_total", "Times that a broadcast left its stored playlist to a newer one of another server."),
		connections: publisher("connections", "Open RTMP and RTMPS connections, publishing or not."),
		banned:      publisher("banned_networks", "Networks that are banned for their wrong keys."),
		bans:        publisher("bans_total", "Networks that have been banned for their wrong keys."),
		refused:     publisher("refused_total", "Connections and publishers that were refused or, as strangers in a full house, closed, by reason.", "reason"),
		happened:    prometheus.NewDesc("mediad_publisher_events_total", "What happened to publishers: on_air, back, lost, taken_over and so on.", []string{"kind"}, nil),
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
	gauge(m.build, 1, m.Version, m.Revision, runtime.Version())
	for _, r := range m.Rooms.Reports() {
		gauge(m.publishing, flag(r.Publishing), r.Room)
		gauge(m.held, float64(r.Held), r.Room)
		gauge(m.viewers, float64(r.Viewers), r.Room)
		for _, g := range m.gauges {
			gauge(g.desc, g.value(r.Health), r.Room)
		}
		for _, c := range m.counts {
			out <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, c.value(r.Health), r.Room)
		}
		for _, w := range r.Warnings {
			gauge(m.warning, 1, r.Room, string(w.Code))
		}
	}
	d := m.Store.Stats()
	count(m.actions, d.Actions)
	count(m.commits, d.Commits)
	count(m.uncommitted, d.Failed)
	count(m.retried, d.Retried)
	gauge(m.waiting, float64(d.Waiting))
	a := m.Archive.Stats()
	gauge(m.queued, float64(a.QueuedSegments))
	gauge(m.queuedBytes, float64(a.QueuedBytes))
	gauge(m.away, float64(a.SpooledBytes))
	gauge(m.lag, a.Lag.Seconds())
	p := m.Spool.Stats()
	gauge(m.troubled, float64(p.Troubled))
	gauge(m.toDisk, float64(p.QueuedBytes))
	count(m.unspooled, p.Skipped)
	count(m.spoolErrors, p.Errors)
	count(m.spooled, p.Written)
	count(m.stored, a.Stored)
	count(m.storedBytes, a.StoredBytes)
	count(m.failed, a.FailedAttempts)
	count(m.givenUp, a.GivenUp)
	count(m.displaced, a.Displaced)
	for kind, n := range m.Rooms.Counts() {
		count(m.happened, n, string(kind))
	}
	r := m.Ingest.Stats()
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

// Handler serves the metrics; each has a registry of its own.
func Handler(from Sources) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(newMetrics(from), newMediaMetrics(from.Media, from.Log), newClickMetrics(from.Clicks),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.MustRegister(slices.Concat(from.Traffic.collectors(), hallMetrics(from.Hall))...)
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
