// Package replay joins the recordings of shows with the log of what was sold in
// them: replays, chapters, clips, thumbnails to seek by, and downloads.
//
// Input: the packager's recordings, the store's events, and requests. Output:
// playlists, WebVTT tracks and MP4 files. The package changes neither a show nor
// its stored media, and does not know how media arrives.
package replay

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"mediad/cmd/mediad/replay/cache"
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
	Live     *packager.Live // reads recordings, also of a broadcast on air
	Journals archive.Journals
	Base     string // prefix of every public path
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

	shows    *cache.Cache[*replay]    // by show
	rendered *cache.Cache[*rendering] // renderings for one kind of reader
}

// How long replays are kept in memory, for several requests of the same one.
const (
	keptFor   = 10 * time.Minute // if the replay does not change any more
	replayAge = time.Second      // otherwise: as long as caches keep the answer
)

// How much memory all replays take, including those that are still being read, and
// how many are put together at once. A recording of twelve hours takes about 120
// kB here, and 2.5 MB for a client without gzip. If there is no room for that, the
// text is unpacked while it is sent.
const (
	keptBytes     = 32 << 20
	renderedBytes = 64 << 20
	buildAtOnce   = 4
	buildQueue    = 64
	buildTime     = time.Minute // ends a build whose store does not answer
)

// New starts nothing.
func New(o Options) *Replays {
	bound := cache.Options{Bytes: keptBytes, Builders: buildAtOnce, Queue: buildQueue, Timeout: buildTime}
	s := &Replays{store: o.Store, live: o.Live, journals: o.Journals, base: o.Base, log: o.Log, shows: cache.New[*replay](bound)}
	bound.Bytes = renderedBytes
	s.rendered = cache.New[*rendering](bound)
	return s
}

// show gives a show. The error is overlay.NotFound where there is none, and
// overlay.Gone where its stored media is being deleted.
func (s *Replays) show(ctx context.Context, id string) (overlay.Show, error) {
	show, err := s.store.GetShow(ctx, id)
	if err == nil && !show.Deleting.IsZero() {
		err = overlay.Errorf(overlay.Gone, "the replay of this show was deleted")
	}
	return show, err
}

// load gives the replay of a show. Its errors are those of show, and
// cache.ErrFull. Requests that come while it is built share the result. The
// caller calls done.
func (s *Replays) load(ctx context.Context, id string) (k *replay, done func(), err error) {
	show, err := s.show(ctx, id) // also for a replay in memory: a deletion takes effect at once
	if err != nil {
		return nil, nil, err
	}
	return s.shows.Get(ctx, id, func(ctx context.Context) (cache.Value[*replay], error) {
		k, err := s.build(ctx, show)
		if err != nil {
			return cache.Value[*replay]{}, err
		}
		return cache.Value[*replay]{V: k, Bytes: k.size(), Until: k.until}, nil
	})
}

// build puts together what is known about a show's recording now.
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

// empty tells whether a broadcast of an ended show has no recording and never
// will have one, since there was no media to store.
func (s *Replays) empty(ctx context.Context, room, epoch string) (bool, error) {
	j, err := s.journals.Read(archive.Epoch{Room: room, Epoch: epoch})
	if err != nil || j != nil && !j.Done {
		return false, err
	}
	// The recording may have appeared since the caller looked for it.
	if _, _, err = s.live.Replay(ctx, room, []string{epoch}); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

// media gives the recording of a show, or its clip about a product; nil: there is
// none.
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

// busy gives cache.ErrFull words for the host.
func busy(err error) error {
	if errors.Is(err, cache.ErrFull) {
		return overlay.Errorf(overlay.Unavailable, "too many replays are requested at the same time; try again in a moment")
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
