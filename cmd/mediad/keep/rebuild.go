package keep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"time"

	"mediad/packager/archive"
	"mediad/packager/check"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/storage"
)

// A journal that is gone, or has fewer segments than the store, is made again from
// the stored objects: playlists have the same data about each segment as the
// journal had, and a segment that no playlist lists is read. So the database and
// the objects are enough for a new machine.

// missesJournal tells whether an epoch has segments, and a journal that is gone or
// empty. A damaged journal is another finding.
func (e *epoch) missesJournal() bool {
	return (e.journal == nil || len(e.journal.Records) == 0 && e.journal.Bad == 0) && len(e.segments()) > 0
}

// segments gives the segments that the store has of an epoch.
func (e *epoch) segments() map[uint64]storage.Info {
	out := map[uint64]storage.Info{}
	for key, info := range e.objects {
		if msn, ok := segmentOf(key); ok {
			out[msn] = info
		}
	}
	return out
}

// unjournaled gives the segments that the store has and the journal does not name,
// in order.
func (e *epoch) unjournaled() []storage.Info {
	all := e.segments()
	for _, r := range e.journal.Records {
		delete(all, r.MSN)
	}
	var out []storage.Info
	for _, msn := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[msn])
	}
	return out
}

// rebuilt is the content of a new journal.
type rebuilt struct {
	records []archive.Record
	fresh   int  // segments that no playlist lists
	whole   bool // the stored replay has all records
}

// rebuild gathers the records of an epoch from the rest of its journal, from the
// stored playlists, and from the segments.
func (s *Survey) rebuild(ctx context.Context, e *epoch) (rebuilt, error) {
	known := map[uint64]archive.Record{}
	segments := e.segments()
	vod := e.Recording().Key()
	replay, err := s.listed(ctx, e, vod, segments)
	if err != nil {
		return rebuilt{}, err
	}
	plain, err := s.listed(ctx, e, layout.TopOf(e.Room).Key(), segments)
	if err != nil {
		return rebuilt{}, err
	}
	out := rebuilt{whole: len(replay) > 0}
	maps.Copy(known, plain)
	maps.Copy(known, replay)
	if e.journal != nil {
		for _, r := range e.journal.Records {
			known[r.MSN] = r
		}
	}
	ended := len(replay) > 0
	first, last := bounds(replay)
	for msn, info := range segments {
		if _, ok := known[msn]; ok {
			continue
		}
		r, err := s.measure(ctx, e, msn, info)
		if errors.Is(err, errNoMedia) {
			continue // it stays an orphan
		}
		if err != nil {
			return rebuilt{}, err
		}
		// A replay leaves out the slate that stood in for a publisher, and nothing
		// else.
		if r.StandIn = ended && msn > first && msn < last; !r.StandIn {
			out.fresh, out.whole = out.fresh+1, false
		}
		known[msn] = r
	}
	out.records = slices.SortedFunc(maps.Values(known), func(a, b archive.Record) int { return cmp.Compare(a.MSN, b.MSN) })
	join(out.records)
	return out, nil
}

func bounds(m map[uint64]archive.Record) (first, last uint64) {
	for msn := range m {
		if first == 0 || msn < first {
			first = msn
		}
		last = max(last, msn)
	}
	return first, last
}

// listed gives the records that a stored playlist has of an epoch's segments; nil:
// the playlist is not sound, or is another broadcast's.
func (s *Survey) listed(ctx context.Context, e *epoch, key string, segments map[uint64]storage.Info) (map[uint64]archive.Record, error) {
	text, err := s.text(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m, err := m3u8.Parse(text)
	if err != nil || key == layout.TopOf(e.Room).Key() && archive.Listed(text) != e.Epoch.Epoch {
		return nil, nil
	}
	out := map[uint64]archive.Record{}
	var at time.Time
	for i, seg := range m.Segments {
		if !seg.Date.IsZero() {
			at = seg.Date
		}
		msn, ok := segmentOf(path.Join(path.Dir(key), seg.URI))
		if !ok || at.IsZero() {
			return nil, nil
		}
		info, there := segments[msn]
		if seg.Gap && there { // the object exists all the same, and will be read
			at = at.Add(seg.Duration)
			continue
		}
		r := archive.Record{MSN: msn, Duration: seg.Duration, Date: at, Discontinuity: seg.Discontinuity && i > 0, Gap: seg.Gap || !there, Bytes: info.Size}
		if r.Gap {
			r.Bytes = 0
		}
		at = at.Add(seg.Duration)
		for _, d := range m.DateRanges {
			if !d.Start.Before(r.Date) && d.Start.Before(at) {
				r.DateRanges = append(r.DateRanges, d)
			}
		}
		out[msn] = r
	}
	return out, nil
}

// errNoMedia: an object has the name of a segment and is none.
var errNoMedia = errors.New("it holds no media")

// clock is the number of ticks in a second; anchored is the PTS of a
// broadcast's anchor.
const (
	clock    = 90_000
	anchored = 900_000
)

// wrap is the time after which a PTS repeats.
const wrap = (1 << 33) * time.Second / clock

// measure reads a segment that no playlist lists.
func (s *Survey) measure(ctx context.Context, e *epoch, msn uint64, info storage.Info) (archive.Record, error) {
	o, err := s.o.Objects.Get(ctx, info.Key)
	if err != nil {
		return archive.Record{}, err
	}
	data, err := io.ReadAll(io.LimitReader(o.Body, maxText))
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return archive.Record{}, fmt.Errorf("read %s: %w", info.Key, err)
	}
	x, ok := check.Extents(data)
	if !ok {
		return archive.Record{}, errNoMedia
	}
	length := time.Duration(x.Length) * time.Second / clock
	date := e.row.Anchor.Add(time.Duration(check.Since(x.Begin, anchored)) * time.Second / clock)
	// The PTS may stand for several moments. The right one is the last before the
	// object was put.
	for date.Before(info.Modified.Add(-length - wrap/2)) {
		date = date.Add(wrap)
	}
	return archive.Record{MSN: msn, Duration: length, Date: date.UTC(), Bytes: int64(len(data))}, nil
}

// seam is the largest distance between two adjacent segments: a measured
// length may be a frame too long or too short.
const seam = 200 * time.Millisecond

// join fits measured records to the records after them.
func join(records []archive.Record) {
	for i := 1; i < len(records); i++ {
		prev, r := &records[i-1], &records[i]
		apart := r.Date.Sub(prev.Date.Add(prev.Duration))
		switch {
		case apart.Abs() > seam || prev.MSN+1 != r.MSN:
			r.Discontinuity = r.Discontinuity || apart.Abs() > seam
		case apart != 0 && prev.Duration+apart > 0:
			prev.Duration += apart
		}
	}
}
