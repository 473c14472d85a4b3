// Package replay joins the recordings of shows with the log of what was sold in
// them: replays, chapters, clips, thumbnails to seek by, and downloads.
//
// In flow the packager's recordings, the store's events, and requests; out flow
// playlists, WebVTT tracks and MP4 files. Nothing here changes a show or what is
// stored of it, and nothing knows how media arrives.
package replay

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"mediad/cmd/mediad/replay/shelf"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// Options of Replays.
type Options struct {
	Store    *store.Store
	Live     *packager.Live // reads recordings, also of what is on air
	Journals archive.Journals
	Base     string // in front of every path that is told to the world
	Log      *slog.Logger
}

// Replays puts a show's recording and its chapters together, and serves them. It
// implements api.Replays, and is safe for concurrent use.
type Replays struct {
	store    *store.Store
	live     *packager.Live
	journals archive.Journals
	base     string
	log      *slog.Logger

	shows    *shelf.Cache[*replay]    // by show
	rendered *shelf.Cache[*rendering] // what is made of them for one kind of reader
}

// For how long replays are kept in memory: what viewers ask for in a row.
const (
	keptFor   = 10 * time.Minute // once nothing changes any more
	replayAge = time.Second      // before: as long as caches keep the answer
)

// How much memory all replays take, with those that somebody still reads, and
// how many are put together at once. A recording of twelve hours is some 120 kB
// here, and 2.5 MB where somebody wants it without gzip; whoever finds no room for
// that gets it unpacked on the way.
const (
	keptBytes     = 32 << 20
	renderedBytes = 64 << 20
	buildAtOnce   = 4
	buildLine     = 64
	buildTime     = time.Minute // ends one whose store does not answer
)

// New starts nothing.
func New(o Options) *Replays {
	bound := shelf.Options{Bytes: keptBytes, Makers: buildAtOnce, Line: buildLine, Within: buildTime}
	s := &Replays{store: o.Store, live: o.Live, journals: o.Journals, base: o.Base, log: o.Log, shows: shelf.New[*replay](bound)}
	bound.Bytes = renderedBytes
	s.rendered = shelf.New[*rendering](bound)
	return s
}

// show gives a show, with overlay.NotFound where there is none and overlay.Gone
// where what was stored of it is being deleted.
func (s *Replays) show(ctx context.Context, id string) (overlay.Show, error) {
	show, err := s.store.GetShow(ctx, id)
	if err == nil && !show.Deleting.IsZero() {
		err = overlay.Errorf(overlay.Gone, "the replay of this show was deleted")
	}
	return show, err
}

// load reads a show. It fails as show does, and with shelf.ErrFull. Whoever asks
// while it is built gets the same. The caller calls done.
func (s *Replays) load(ctx context.Context, id string) (k *replay, done func(), err error) {
	show, err := s.show(ctx, id) // also of one that is kept: a deletion holds at once
	if err != nil {
		return nil, nil, err
	}
	return s.shows.Get(ctx, id, func(ctx context.Context) (shelf.Value[*replay], error) {
		k, err := s.build(ctx, show)
		if err != nil {
			return shelf.Value[*replay]{}, err
		}
		return shelf.Value[*replay]{V: k, Bytes: k.size(), Until: k.until}, nil
	})
}

// build puts together what is known of a show's recording by now.
func (s *Replays) build(ctx context.Context, show overlay.Show) (*replay, error) {
	broadcasts, err := s.store.Broadcasts(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	log, err := s.events(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	epochs := make([]string, len(broadcasts))
	for i, b := range broadcasts {
		epochs[i] = b.Epoch
	}
	media, missing, err := s.live.Replay(ctx, show.Room, epochs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	out, err := newReplay(show, media, log, time.Now())
	if err != nil {
		return nil, err
	}
	if stream := s.live.Room(show.Room); stream != nil && slices.Contains(epochs, stream.Epoch()) {
		out.place(media, stream.Recorded)
	}
	final := media != nil && show.State == overlay.ShowEnded
	for _, epoch := range missing {
		if !final {
			break
		}
		if final, err = s.empty(ctx, show.Room, epoch); err != nil {
			return nil, err
		}
	}
	out.until = time.Now().Add(replayAge)
	if final {
		out.until = time.Now().Add(keptFor)
	}
	return out, nil
}

// empty tells that a broadcast of an ended show has no recording and never will:
// nothing of it was there to store.
func (s *Replays) empty(ctx context.Context, room, epoch string) (bool, error) {
	j, err := s.journals.Read(archive.Epoch{Room: room, Epoch: epoch})
	if err != nil || j != nil && !j.Done {
		return false, err
	}
	// It may have come since it was looked for.
	if _, _, err = s.live.Replay(ctx, room, []string{epoch}); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

// media gives a show's recording, or with a product its clip; nil where there is none.
func (s *Replays) media(ctx context.Context, show, product string) (*m3u8.Media, error) {
	k, done, err := s.load(ctx, show)
	if err != nil {
		return nil, busy(err)
	}
	defer done()
	if product == "" {
		return k.recording()
	}
	return k.clip(product)
}

// busy says shelf.ErrFull in a host's words.
func busy(err error) error {
	if errors.Is(err, shelf.ErrFull) {
		return overlay.Errorf(overlay.Unavailable, "too many replays are asked for at once; try again in a moment")
	}
	return err
}

// events reads all events of a show for the picture.
func (s *Replays) events(ctx context.Context, id string) (log []overlay.Event, err error) {
	const page = 500
	for seq := uint64(0); ; seq = log[len(log)-1].Seq {
		more, err := s.store.PictureAfter(ctx, id, seq, page)
		if err != nil {
			return nil, err
		}
		if log = append(log, more...); len(more) < page {
			return log, nil
		}
	}
}

// Chapters implements api.Replays.
func (s *Replays) Chapters(ctx context.Context, show string) ([]api.Chapter, error) {
	k, done, err := s.load(ctx, show)
	if err != nil {
		return nil, busy(err)
	}
	defer done()
	out := []api.Chapter{}
	for _, c := range k.chapters {
		ch := api.Chapter{
			Product: api.ChapterProduct{ID: c.Product.ID, Rev: c.Product.Rev, SKU: c.Product.SKU, Title: c.Product.Title},
			Date:    c.From, Start: c.start.Seconds(), Duration: c.To.Sub(c.From).Seconds(),
		}
		if c.recorded {
			at := c.at.Seconds()
			ch.At, ch.Duration, ch.Clip = &at, c.length.Seconds(), s.base+layout.Show(show).Clip(c.Product.ID)
		}
		out = append(out, ch)
	}
	return out, nil
}

// Shown implements api.Replays.
func (s *Replays) Shown(ctx context.Context, show string) ([]overlay.Shown, error) {
	k, done, err := s.load(ctx, show)
	if err != nil {
		return nil, busy(err)
	}
	defer done()
	return k.shown, nil // it does not change
}
