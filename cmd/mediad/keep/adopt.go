package keep

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Adopt writes rows for stored recordings that the database does not know, as
// after an old copy of the database was put back. It returns what it did, in
// words. Call Look again before a repair.
func (s *Survey) Adopt(ctx context.Context) (done []string, err error) {
	if err := s.Elsewhere(); err != nil {
		return nil, fmt.Errorf("%w nothing was changed", err)
	}
	for _, e := range s.unknown() {
		a, ok := e.adoptable()
		if !ok {
			continue
		}
		show, err := s.o.Rows.AdoptBroadcast(ctx, a, "storage repair")
		switch overlay.CodeOf(err) {
		case overlay.NotFound, overlay.Conflict: // the room is another shop's, or the broadcast is known by now
			continue
		}
		if err != nil {
			return done, err
		}
		done = append(done, fmt.Sprintf("broadcast %s of room %s, of %s, is the show %s now", a.Epoch, a.Room, a.Begun.Format(time.DateTime), show.ID))
	}
	return done, nil
}

// unknown gives the epochs that have no row, in order.
func (s *Survey) unknown() []*epoch {
	var out []*epoch
	for _, e := range s.known {
		if e.row == nil {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *epoch) int { return strings.Compare(a.Epoch.Epoch, b.Epoch.Epoch) })
	return out
}

// adoptable tells when a recording was made; false: no segment of it is
// stored.
func (e *epoch) adoptable() (store.Adopted, bool) {
	id, err := ulid.ParseStrict(strings.ToUpper(e.Epoch.Epoch))
	segments := e.segments()
	if err != nil || len(segments) == 0 {
		return store.Adopted{}, false
	}
	a := store.Adopted{Room: e.Room, Epoch: e.Epoch.Epoch, Begun: ulid.Time(id.Time()).UTC()}
	last := slices.Max(slices.Collect(maps.Keys(segments)))
	a.Next, a.Ended = last+1, segments[last].Modified.UTC()
	if e.journal != nil && len(e.journal.Records) > 0 {
		r := e.journal.Records[len(e.journal.Records)-1]
		a.Next, a.Ended = max(a.Next, r.MSN+1), r.Date.Add(r.Duration)
	}
	if a.Ended.Before(a.Begun) {
		a.Ended = a.Begun
	}
	return a, true
}
