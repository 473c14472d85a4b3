package keep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
	"mediad/storage"
)

// RepairOptions say how far a repair may go.
type RepairOptions struct {
	// DeleteOrphans also deletes orphans that are older than a day.
	DeleteOrphans bool
}

// Elsewhere returns an error if the store has none of the segments that it
// should have. It is then most likely the wrong store, and single missing
// segments mean nothing.
func (s *Survey) Elsewhere() error {
	if s.expected > 0 && s.seen == 0 {
		return fmt.Errorf("the store has none of %d segments that the journals know: is it another bucket, prefix or directory?", s.expected)
	}
	return nil
}

// Repair repairs what Look found, and writes into each finding what it did.
// Broadcasts that are on air, still being stored, or being deleted are left to
// the server. left is the number of findings that stay.
func (s *Survey) Repair(ctx context.Context, o RepairOptions) (left int, err error) {
	mended := map[archive.Epoch]error{}
	if err := s.Elsewhere(); err != nil {
		return 0, fmt.Errorf("%w nothing was changed", err)
	}
	now, err := s.now(ctx)
	if err != nil {
		return 0, err
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		e := s.known[archive.Epoch{Room: f.Room, Epoch: f.Epoch}]
		switch {
		case f.orphan():
			err = s.remove(ctx, f, o, now)
		case f.Passing():
		case e == nil || !e.settled() && !(f.Kind == JournalMissing && s.nobodys(e)):
			f.Text += " (not touched: it is on air, or still being stored)"
		default:
			merr, ok := mended[e.Epoch]
			if !ok {
				merr = s.mend(ctx, e)
				mended[e.Epoch] = merr
			}
			switch {
			case errors.Is(merr, errDoomed):
				f.Text += " (not touched: " + merr.Error() + ")"
			case merr == nil:
				f.Done = done(f.Kind)
			default:
				err = merr
			}
		}
		if err != nil {
			return 0, fmt.Errorf("repair %s: %w", f.Text, err)
		}
		if f.Done == "" && !f.Passing() {
			left++
		}
	}
	return left, nil
}

// nobodys tells whether no server writes the lost journal of an epoch. A running
// server does not touch an ended broadcast that has no journal at all.
func (s *Survey) nobodys(e *epoch) bool {
	return e.row != nil && e.show.Deleting.IsZero() && (s.o.Alone || e.journal == nil && !e.row.Ended.IsZero())
}

func done(k Kind) string {
	switch k {
	case JournalMissing:
		return "made anew from what is stored"
	case SegmentUnlisted:
		return "listed again"
	case SegmentMissing, SegmentSize:
		return "marked as a gap"
	case JournalDamaged:
		return "written anew"
	}
	return "rendered from the journal"
}

// errDoomed: an epoch is not repaired, since its show was marked for deletion
// after the survey.
var errDoomed = errors.New("it is being deleted")

// mend repairs one finished epoch: first its journal, then the playlists that
// are made from the journal.
func (s *Survey) mend(ctx context.Context, e *epoch) error {
	if show, err := s.o.Rows.GetShow(ctx, e.show.ID); err != nil {
		return err
	} else if !show.Deleting.IsZero() {
		return errDoomed
	}
	gaps, broken := map[uint64]bool{}, map[Kind]bool{}
	for _, f := range s.Findings {
		if f.Room == e.Room && f.Epoch == e.Epoch.Epoch && !f.orphan() {
			broken[f.Kind] = true
			if f.Kind == SegmentMissing || f.Kind == SegmentSize {
				gaps[f.msn] = true
			}
		}
	}
	if broken[JournalMissing] || broken[SegmentUnlisted] || broken[JournalDamaged] {
		ended, sound, err := s.remake(ctx, e)
		if err != nil || !ended {
			return err
		}
		if sound {
			delete(broken, JournalMissing)
			delete(broken, SegmentUnlisted)
		} else {
			broken[ReplayMissing] = true
		}
	}
	if len(gaps) > 0 {
		if err := s.journals.MarkGaps(e.Epoch, gaps); err != nil {
			return err
		}
	}
	delete(broken, JournalDamaged)
	if len(broken) == 0 {
		return nil // the stored playlists are sound, and may have more than the journal
	}
	vod, err := s.journals.Replay(e.Epoch)
	if err != nil {
		return err
	}
	key := e.Recording().Key()
	if vod == nil {
		err = s.o.Objects.Delete(ctx, key)
	} else {
		err = s.o.Objects.Replace(ctx, key, vod)
	}
	if err != nil {
		return err
	}
	return s.mendPlain(ctx, e)
}

// remake writes an epoch's journal again. ended: its final playlists may be
// rendered; sound: the stored replay already has everything in the journal.
func (s *Survey) remake(ctx context.Context, e *epoch) (ended, sound bool, err error) {
	b, err := s.rebuild(ctx, e)
	if err != nil {
		return false, false, err
	}
	_, replay := e.objects[e.Recording().Key()]
	// A broadcast that has a replay has ended, whatever an older database says.
	ended = replay || !e.row.Ended.IsZero()
	if len(b.records) == 0 {
		return ended, true, nil
	}
	return ended, b.whole, s.journals.Rebuild(e.Epoch, b.records, ended)
}

// mendPlain renders the stable playlist if it belongs to the epoch. Another
// broadcast may have begun since the survey, or may begin at any time. A newer
// playlist stays, even if it comes between the check here and the put. The name is not
// for rehearsals.
func (s *Survey) mendPlain(ctx context.Context, e *epoch) error {
	if e.row != nil && e.row.Rehearsal {
		return nil
	}
	for other, of := range s.known {
		if other.Room == e.Room && other.Epoch > e.Epoch.Epoch && (of.row == nil || !of.row.Rehearsal) {
			return nil
		}
	}
	text, err := s.journals.Plain(e.Epoch)
	if err != nil {
		return err
	}
	key := layout.TopOf(e.Room).Key()
	for range 10 {
		there, etag, err := s.o.Objects.Read(ctx, key)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		switch {
		case archive.Listed(there) > e.Epoch.Epoch, string(there) == string(text):
			return nil
		case text == nil:
			err = s.o.Objects.DeleteIf(ctx, key, etag)
		default:
			_, err = s.o.Objects.PutIf(ctx, key, text, etag)
		}
		if errors.Is(err, storage.ErrNoConditional) {
			err = s.o.Objects.Put(ctx, key, text)
		}
		if !errors.Is(err, storage.ErrChanged) {
			return err
		}
	}
	return fmt.Errorf("somebody else keeps changing %s", key)
}

// now gives the epochs that the database knows at this moment.
func (s *Survey) now(ctx context.Context) (map[string]bool, error) {
	rows, err := s.o.Rows.AllBroadcasts(ctx)
	out := make(map[string]bool, len(rows))
	for _, b := range rows {
		out[b.Epoch] = true
	}
	return out, err
}

// remove deletes an orphan, if that is allowed.
func (s *Survey) remove(ctx context.Context, f *Finding, o RepairOptions, now map[string]bool) error {
	if !o.DeleteOrphans || f.Young {
		return nil
	}
	e := s.known[archive.Epoch{Room: f.Room, Epoch: f.Epoch}]
	if now[f.Epoch] && (e == nil || e.row == nil) {
		return nil // the server knows it by now
	}
	var err error
	switch {
	case f.Key != "":
		err = s.o.Objects.Delete(ctx, f.Key)
	case f.Kind == JournalOrphan:
		err = s.journals.Remove(archive.Epoch{Room: f.Room, Epoch: f.Epoch})
	case f.Kind == SpoolOrphan:
		err = spool.Remove(f.File)
		os.Remove(filepath.Dir(f.File)) // fails if the directory has other files, which stay
	default:
		if err = os.Remove(f.File); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		f.Done = "deleted"
	}
	return err
}
