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

// A journal that is gone, or knows less than the store, is made anew from what is
// stored: playlists say of each segment what the journal said, and what no playlist
// lists is read itself. So a database and the objects are enough for a new machine.

// missesJournal tells whether an epoch has segments, and a journal that is gone or
// empty. One that is damaged is another finding.
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

// rebuilt is what a journal can be made of.
type rebuilt struct {
	records []archive.Record
	fresh   int  // segments that no playlist lists
	whole   bool // the stored replay has all of them
}

// rebuild gathers the records of an epoch: from what its journal says still, from
// the stored playlists, and from the segments.
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
			continue // it stays what it is: an orphan
		}
		if err != nil {
			return rebuilt{}, err
		}
		// A replay leaves out what stood in for a publisher, and that alone.
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

// listed gives what a stored playlist says of an epoch's segments; nil where it is
// not sound, or another broadcast's.
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
		if seg.Gap && there { // it was not known, and is read
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

// errNoMedia: an object with a segment's name that is none of ours.
var errNoMedia = errors.New("it holds no media")

// clock is the ticks of a second, and anchored the PTS that stands for a
// broadcast's anchor.
const (
	clock    = 90_000
	anchored = 900_000
)

// wrap is after how long a PTS comes again.
const wrap = (1 << 33) * time.Second / clock

// measure reads a segment that nobody lists.
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
	// Of the moments that the PTS may stand for, the one before the object was put.
	for date.Before(info.Modified.Add(-length - wrap/2)) {
		date = date.Add(wrap)
	}
	return archive.Record{MSN: msn, Duration: length, Date: date.UTC(), Bytes: int64(len(data))}, nil
}

// seam is how far apart two segments may lie that follow each other: what was
// measured is a frame more or less.
const seam = 200 * time.Millisecond

// join brings records that were measured in line with what follows them.
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
