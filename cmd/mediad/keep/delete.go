package keep

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"mediad/overlay"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/storage"
)

// workers is how many objects are deleted at once.
const workers = 8

// delete removes everything that is stored of a show that is marked for
// deletion: first the playlists, so that none names missing segments, then the
// segments, the journals, and at last the rows. It may be interrupted anywhere
// and started again.
func (s *Sweeper) delete(ctx context.Context, show overlay.Show) error {
	err := s.deleteMedia(ctx, show)
	if err != nil {
		if ctx.Err() == nil { // the end of the process is not an error of the deletion
			s.note(show, func(p *Progress) { p.Waits = err })
		}
		return fmt.Errorf("delete show %s of room %q: %w", show.ID, show.Room, err)
	}
	if err := s.o.Rows.EndDeletion(ctx, show.ID); err != nil {
		return fmt.Errorf("delete the rows of show %s: %w", show.ID, err)
	}
	p, _ := s.Progress(show.ID)
	s.over(show.ID)
	s.o.Log.Info("show deleted", "room", show.Room, "show", show.ID, "objects", p.Deleted)
	return nil
}

func (s *Sweeper) deleteMedia(ctx context.Context, show overlay.Show) error {
	broadcasts, err := s.o.Rows.Broadcasts(ctx, show.ID)
	if err != nil {
		return err
	}
	var total archive.Usage
	var epochs []string
	for _, b := range broadcasts {
		u, err := s.o.Archive.Usage(show.Room, b.Epoch)
		if err = errors.Join(err, s.o.Archive.Idle(show.Room, b.Epoch)); err != nil {
			return err
		}
		epochs, total = append(epochs, b.Epoch), total.Add(u)
	}
	s.note(show, func(p *Progress) { *p = Progress{Of: total.Segments + len(epochs), Waits: p.Waits} })
	if s.o.Objects != nil {
		if err := s.unlist(ctx, show.Room, epochs); err != nil {
			return err
		}
		for _, playlists := range []bool{true, false} {
			for _, epoch := range epochs {
				if err := s.empty(ctx, show, epoch, playlists); err != nil {
					return err
				}
			}
		}
	}
	for _, epoch := range epochs {
		if err := s.o.Archive.Forget(show.Room, epoch); err != nil {
			return err
		}
	}
	return nil
}

// errListed resolves itself with the next segment of the room's present
// broadcast.
var errListed = errors.New("the room's stable playlist still names it")

// unlist deletes the room's stable playlist if it names one of the epochs. While
// the room is on air, the playlist is left to the broadcast, which replaces it
// with its first segment. If that happens between the check and the deletion,
// the next sweep checks again.
func (s *Sweeper) unlist(ctx context.Context, room string, epochs []string) error {
	key := layout.TopOf(room).Key()
	text, etag, err := s.o.Objects.Read(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, epoch := range epochs {
		switch {
		case !strings.Contains("\n"+string(text), "\n"+epoch+"/"):
		case s.o.Archive.Storing(room):
			return errListed
		default:
			return s.o.Objects.DeleteIf(ctx, key, etag)
		}
	}
	return nil
}

// empty deletes the objects of an epoch: its playlists, or all the others. It
// deletes what the store lists, so that objects that the journal does not know go
// too, and also what the journal names, in case the list is incomplete.
func (s *Sweeper) empty(ctx context.Context, show overlay.Show, epoch string, playlists bool) error {
	deletions, ctx := errgroup.WithContext(ctx)
	deletions.SetLimit(workers)
	listed := map[string]bool{}
	remove := func(key string) error {
		if listed[key] || playlists && !layout.IsPlaylist(key) {
			return nil
		}
		listed[key] = true
		deletions.Go(func() error {
			if err := s.o.Objects.Delete(ctx, key); err != nil {
				return err
			}
			s.note(show, func(p *Progress) { p.Deleted, p.Waits = p.Deleted+1, nil })
			return nil
		})
		return ctx.Err()
	}
	lerr := each(ctx, s.o.Objects, layout.Of(show.Room, epoch).Folder(), func(info storage.Info) error { return remove(info.Key) })
	if lerr == nil {
		lerr = s.known(show.Room, epoch, func(key string) error {
			if listed[key] || playlists && !layout.IsPlaylist(key) {
				return nil
			}
			_, there, err := stat(ctx, s.o.Objects, key)
			if err == nil && there {
				err = remove(key)
			}
			return err
		})
	}
	if err := deletions.Wait(); err != nil {
		return err
	}
	return lerr
}

// known calls f for the objects that are stored according to the journal of
// an epoch.
func (s *Sweeper) known(room, epoch string, f func(key string) error) error {
	records, err := s.o.Archive.Segments(room, epoch)
	if err == nil && len(records) > 0 {
		err = f(layout.Of(room, epoch).Recording().Key())
	}
	for _, r := range records {
		if err == nil && !r.Gap {
			err = f(layout.Of(room, epoch).Segment(r.MSN).Key())
		}
	}
	return err
}
