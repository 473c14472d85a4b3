package keep

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/packager/archive"
)

// MediaOptions of a Media. All but Dir are needed.
type MediaOptions struct {
	Kind    string // of the store, as the configuration calls it
	Data    string // data_dir
	Dir     string // of a store of files; "": it has none
	Sweeper *Sweeper
	Archive *archive.Archive
	Rows    *store.Store
	// Retention holds where neither show nor room has one.
	Retention overlay.Retention
	// Behind is how long a segment may wait for the store before there is a
	// warning.
	Behind time.Duration
}

// Media tells the API and the metrics what is stored. It is the api.Media, and safe
// for concurrent use.
type Media struct {
	o    MediaOptions
	said journals
}

// NewMedia starts nothing.
func NewMedia(o MediaOptions) *Media {
	return &Media{o: o, said: journals{usage: o.Archive.Usage, rooms: map[string]*said{}}}
}

// Size sums the sizes in the journals.
func (m *Media) Size(room string, epochs []string) (api.MediaSize, error) {
	var sum archive.Usage
	for _, epoch := range epochs {
		u, err := m.o.Archive.Usage(room, epoch)
		if err != nil {
			return api.MediaSize{}, err
		}
		sum = sum.Add(u)
	}
	return size(sum), nil
}

func size(u archive.Usage) api.MediaSize {
	return api.MediaSize{Bytes: u.Bytes, Segments: u.Segments, Gaps: u.Gaps, Duration: u.Duration.Seconds()}
}

// Retention gives the retention of the configuration.
func (m *Media) Retention() overlay.Retention { return m.o.Retention }

// Deletion asks the sweeper.
func (m *Media) Deletion(show string) *api.Deletion {
	p, ok := m.o.Sweeper.Progress(show)
	if !ok {
		return nil
	}
	d := &api.Deletion{Deleted: p.Deleted, Of: max(p.Of, p.Deleted)}
	if p.Waits != nil {
		d.Waits = p.Waits.Error()
	}
	return d
}

// Delete wakes the sweeper.
func (m *Media) Delete() { m.o.Sweeper.Wake() }

// Report sums up the journals of all rooms.
func (m *Media) Report(ctx context.Context) (api.StorageReport, error) {
	q := m.o.Archive.Stats()
	r := api.StorageReport{
		Kind: m.o.Kind, Retention: m.o.Retention.String(), Rooms: []api.StoredRoom{}, Alarms: []api.StorageWarn{},
		Queue: api.StorageQueue{Segments: q.QueuedSegments, Bytes: q.QueuedBytes, Lag: q.Lag.Seconds(), Failed: q.FailedAttempts, GivenUp: q.GivenUp},
	}
	rooms, late, err := m.rooms(ctx)
	if err != nil {
		return r, err
	}
	for _, room := range rooms {
		r.Bytes, r.Segments = r.Bytes+room.Bytes, r.Segments+room.Segments
	}
	r.Rooms = append(r.Rooms, rooms...)
	deletions := m.o.Sweeper.Deletions()
	r.Deletions = len(deletions)
	dir := ""
	if m.o.Kind == "dir" {
		dir = m.o.Dir
	}
	r.Disks = disks(m.o.Data, dir)
	r.Alarms = append(r.Alarms, alarms(q, m.o.Behind, deletions, late)...)
	return r, nil
}

// Deletions is how many shows are being deleted.
func (m *Media) Deletions() int { return len(m.o.Sweeper.Deletions()) }

// Rooms sums up the journals of each room. For a room whose disk hangs it gives the
// latest known sum, if there is one.
func (m *Media) Rooms(ctx context.Context) ([]api.StoredRoom, error) {
	rooms, _, err := m.rooms(ctx)
	return rooms, err
}

func (m *Media) rooms(ctx context.Context) (rooms []api.StoredRoom, late []string, err error) {
	all, err := m.o.Rows.AllBroadcasts(ctx)
	if err != nil {
		return nil, nil, err
	}
	return m.said.all(ctx, all)
}

// alarms lists what is wrong.
func alarms(q archive.Stats, behind time.Duration, deletions []Progress, late []string) (out []api.StorageWarn) {
	if q.Lag > behind {
		out = append(out, api.StorageWarn{Code: "storage_behind", Text: fmt.Sprintf(
			"The object store is behind: %d segments wait for it, the oldest for %s. The log says why.", q.QueuedSegments, q.Lag.Round(time.Second))})
	}
	if q.GivenUp > 0 {
		out = append(out, api.StorageWarn{Code: "segments_lost", Text: fmt.Sprintf(
			"%d segments could not be stored since the server started and are missing from replays.", q.GivenUp)})
	}
	if len(late) > 0 {
		out = append(out, api.StorageWarn{Code: "journals_unread", Text: "The local disk does not give the journals of these rooms, and what is told of them is old: " + strings.Join(late, ", ") + "."})
	}
	for _, d := range deletions {
		if d.Waits != nil {
			out = append(out, api.StorageWarn{Code: "deletion_waits", Text: "A show cannot be deleted now and is tried again: " + d.Waits.Error()})
		}
	}
	return out
}
