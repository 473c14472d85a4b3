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
	"mediad/cmd/mediad/site/connlimit"
	"mediad/ingest/rtmp"
	"mediad/overlay/clicks"
	"mediad/overlay/store"
	"mediad/overlay/viewers"
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
	Connections       *connlimit.Limiter
	Media             Media
	Clicks            *clicks.Counter
	Viewers           *viewers.Counter
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
		actions:     database("actions_total", "Committed actions that changed the database."),
		commits:     database("commits_total", "Committed transactions. One transaction can hold several actions."),
		uncommitted: database("failed_commits_total", "Transactions that could not begin or commit, for example because the disk was full."),
		retried:     database("retried_attempts_total", "Attempts that PostgreSQL undid because of a conflict with another transaction. Each is repeated."),
		waiting:     database("waiting_actions", "Actions that wait to be written to the database."),
		publishing:  room("publishing", "1 while a publisher is connected, 0 while the room waits for its publisher."),
		warning:     prometheus.NewDesc("mediad_room_warning", "1 while the room has this warning. Warnings are listed in the API, with their text.", []string{"room", "code"}, nil),
		held:        room("held_bytes", "Bytes of the parts in memory that players can still fetch."),
		viewers:     room("viewers", "How many watch: players that send beacons, or players that fetch the low-latency playlist from this server, whichever are more. An estimate where a sample of the players sends beacons."),
		build:       prometheus.NewDesc("mediad_build_info", "Always 1. The labels are the version, the source revision and the Go version of the program.", []string{"version", "revision", "goversion"}, nil),
		gauges:      roomGauges(room),
		counts:      roomCounts(),
		queued:      store("queued_segments", "Segments that wait to be stored in the object store."),
		queuedBytes: store("queued_bytes", "Bytes of the segments that wait to be stored in the object store."),
		away:        store("spooled_bytes", "Bytes of the waiting segments that are only on the local disk, not in memory."),
		troubled:    local("troubled_rooms", "Rooms whose last segment could not be written to the local disk, or for which the disk has not answered for 5 s."),
		unspooled:   local("skipped_segments_total", "Segments that could not be written to the local disk."),
		spoolErrors: local("errors_total", "Errors of the local disk."),
		toDisk:      local("queued_bytes", "Bytes that wait to be written to the local disk."),
		spooled:     local("written_bytes_total", "Bytes of media written to the local disk."),
		lag:         store("lag_seconds", "Age of the oldest segment that waits to be stored in the object store."),
		stored:      store("stored_segments_total", "Segments that were stored in the object store."),
		storedBytes: store("stored_bytes_total", "Bytes of the segments that were stored in the object store."),
		failed:      store("failed_attempts_total", "Failed attempts to store an object. Each is repeated."),
		givenUp:     store("given_up_segments_total", "Segments that were given up and not stored. They are EXT-X-GAP in the playlists."),
		displaced:   store("displaced_broadcasts_total", "Number of times that a broadcast stopped writing its stored playlist because a newer broadcast of another server writes it."),
		connections: publisher("connections", "Open RTMP and RTMPS connections, with and without a publisher."),
		banned:      publisher("banned_networks", "Networks that are banned now because of wrong stream keys."),
		bans:        publisher("bans_total", "Bans of networks because of wrong stream keys."),
		refused:     publisher("refused_total", "Connections and publishers that were refused, by reason. Also counted: connections without a publisher that were closed to free a place.", "reason"),
		happened:    prometheus.NewDesc("mediad_publisher_events_total", "Events of publishers, by kind: on_air, back, lost, taken_over and so on.", []string{"kind"}, nil),
		dropped:     publisher("dropped_messages_total", "RTMP messages that the guard did not pass on, by reason. Some of them are handled by the guard itself.", "reason"),
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
	r.MustRegister(newMetrics(from), newTargetMetrics(from.Rooms), newMediaMetrics(from.Media, from.Log), newClickMetrics(from.Clicks), newViewerMetrics(from.Viewers),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.MustRegister(slices.Concat(from.Traffic.collectors(), connectionMetrics(from.Connections))...)
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
