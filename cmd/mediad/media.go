package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mediad/cmd/mediad/broadcast"
	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/packager/archive"
)

// media tells the API what is stored. It is the api.Media.
type media struct {
	kind    string
	sweeper *keep.Sweeper
	archive *archive.Archive
	store   *store.Store
	wider   overlay.Retention
}

// Size sums what the journals say.
func (m *media) Size(room string, epochs []string) (api.MediaSize, error) {
	var sum archive.Usage
	for _, epoch := range epochs {
		u, err := m.archive.Usage(room, epoch)
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

// Retention is the configuration's.
func (m *media) Retention() overlay.Retention { return m.wider }

// Deletion asks the sweeper.
func (m *media) Deletion(show string) *api.Deletion {
	p, ok := m.sweeper.Progress(show)
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
func (m *media) Delete() { m.sweeper.Wake() }

// Report sums up the journals of all rooms.
func (m *media) Report(ctx context.Context) (api.StorageReport, error) {
	q := m.archive.Stats()
	r := api.StorageReport{
		Kind: m.kind, Retention: m.wider.String(), Rooms: []api.StoredRoom{}, Alarms: []api.StorageWarn{},
		Queue: api.StorageQueue{Segments: q.QueuedSegments, Bytes: q.QueuedBytes, Lag: q.Lag.Seconds(), Failed: q.FailedAttempts, GivenUp: q.GivenUp},
	}
	rooms, err := m.rooms(ctx)
	if err != nil {
		return r, err
	}
	for _, room := range rooms {
		r.Bytes, r.Segments = r.Bytes+room.Bytes, r.Segments+room.Segments
	}
	r.Rooms = append(r.Rooms, rooms...)
	deletions := m.sweeper.Deletions()
	r.Deletions = len(deletions)
	r.Alarms = append(r.Alarms, alarms(q, deletions)...)
	return r, nil
}

// rooms sums up the journals by room.
func (m *media) rooms(ctx context.Context) ([]api.StoredRoom, error) {
	all, err := m.store.AllBroadcasts(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]*api.StoredRoom{}
	var out []*api.StoredRoom
	for _, b := range all { // oldest first
		u, err := m.archive.Usage(b.Room, b.Epoch)
		if err != nil {
			return nil, err
		}
		if u.Segments == 0 {
			continue
		}
		r := by[b.Room]
		if r == nil {
			r = &api.StoredRoom{Room: b.Room, Oldest: b.Begun}
			by[b.Room], out = r, append(out, r)
		}
		s := size(u)
		r.Bytes, r.Segments, r.Gaps, r.Duration = r.Bytes+s.Bytes, r.Segments+s.Segments, r.Gaps+s.Gaps, r.Duration+s.Duration
		r.Broadcasts++
	}
	slices.SortFunc(out, func(a, b *api.StoredRoom) int { return strings.Compare(a.Room, b.Room) })
	list := make([]api.StoredRoom, len(out))
	for i, r := range out {
		list[i] = *r
	}
	return list, nil
}

// alarms says what is wrong.
func alarms(q archive.Stats, deletions []keep.Progress) (out []api.StorageWarn) {
	if q.Lag > broadcast.BehindStore {
		out = append(out, api.StorageWarn{Code: "storage_behind", Text: fmt.Sprintf(
			"The object store is behind: %d segments wait for it, the oldest for %s. The log says why.", q.QueuedSegments, q.Lag.Round(time.Second))})
	}
	if q.GivenUp > 0 {
		out = append(out, api.StorageWarn{Code: "segments_lost", Text: fmt.Sprintf(
			"%d segments could not be stored since the server started and are missing from replays.", q.GivenUp)})
	}
	for _, d := range deletions {
		if d.Waits != nil {
			out = append(out, api.StorageWarn{Code: "deletion_waits", Text: "A show cannot be deleted now and is tried again: " + d.Waits.Error()})
		}
	}
	return out
}
