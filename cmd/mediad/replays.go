package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"

	"mediad/cmd/mediad/shelf"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/m3u8"
)

// replays puts a show's recording and its chapters together: the packager knows
// the one, the event log the other. It implements api.Replays.
type replays struct {
	store    *store.Store
	live     *packager.Live
	journals archive.Journals
	base     string // in front of every path that is told to the world

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

func newReplays(s *store.Store, live *packager.Live, journals archive.Journals, base string) *replays {
	o := shelf.Options{Bytes: keptBytes, Makers: buildAtOnce, Line: buildLine, Within: buildTime}
	r := &replays{store: s, live: live, journals: journals, base: base, shows: shelf.New[*replay](o)}
	o.Bytes = renderedBytes
	r.rendered = shelf.New[*rendering](o)
	return r
}

// replay is what is known of one show's recording. It does not change.
type replay struct {
	room     string
	list     *packed // with the chapters; nil: there is no recording (yet)
	track    *packed // the chapters as WebVTT
	parts    []stretch
	chapters []chapter
	shown    []overlay.Shown
	until    time.Time // it may be kept
}

// size is about what it takes in memory.
func (k *replay) size() int64 {
	n := 512 + 512*int64(len(k.chapters)) + 128*int64(len(k.parts)) + 512*int64(len(k.shown))
	for _, text := range []*packed{k.list, k.track} {
		if text != nil {
			n += int64(len(text.zipped))
		}
	}
	return n
}

// chapter is a chapter with its place in the recording.
type chapter struct {
	overlay.Chapter
	start      time.Duration // from the show's begin, in playing time
	recorded   bool          // at and length are known
	at, length time.Duration // in playing time
}

// show gives a show, with overlay.NotFound where there is none and overlay.Gone
// where what was stored of it is being deleted.
func (r *replays) show(ctx context.Context, id string) (overlay.Show, error) {
	show, err := r.store.GetShow(ctx, id)
	if err == nil && !show.Deleting.IsZero() {
		err = overlay.Errorf(overlay.Gone, "the replay of this show was deleted")
	}
	return show, err
}

// load reads a show. It fails as show does, and with shelf.ErrFull. Whoever asks
// while it is built gets the same. The caller calls done.
func (r *replays) load(ctx context.Context, id string) (k *replay, done func(), err error) {
	show, err := r.show(ctx, id) // also of one that is kept: a deletion holds at once
	if err != nil {
		return nil, nil, err
	}
	return r.shows.Get(ctx, id, func(ctx context.Context) (shelf.Value[*replay], error) {
		k, err := r.build(ctx, show)
		if err != nil {
			return shelf.Value[*replay]{}, err
		}
		return shelf.Value[*replay]{V: k, Bytes: k.size(), Until: k.until}, nil
	})
}

// build puts together what is known of a show's recording by now.
func (r *replays) build(ctx context.Context, show overlay.Show) (*replay, error) {
	broadcasts, err := r.store.Broadcasts(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	log, err := r.log(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	epochs := make([]string, len(broadcasts))
	for i, b := range broadcasts {
		epochs[i] = b.Epoch
	}
	media, missing, err := r.live.Replay(ctx, show.Room, epochs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	out, err := newReplay(show, media, log, time.Now())
	if err != nil {
		return nil, err
	}
	if stream := r.live.Room(show.Room); stream != nil && slices.Contains(epochs, stream.Epoch()) {
		out.place(media, stream.Recorded)
	}
	final := media != nil && show.State == overlay.ShowEnded
	for _, epoch := range missing {
		if !final {
			break
		}
		if final, err = r.empty(ctx, show.Room, epoch); err != nil {
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
func (r *replays) empty(ctx context.Context, room, epoch string) (bool, error) {
	j, err := r.journals.Read(archive.Epoch{Room: room, Epoch: epoch})
	if err != nil || j != nil && !j.Done {
		return false, err
	}
	// It may have come since it was looked for.
	if _, _, err = r.live.Replay(ctx, room, []string{epoch}); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

// media gives a show's recording, or with a product its clip; nil where there is none.
func (r *replays) media(ctx context.Context, show, product string) (*m3u8.Media, error) {
	k, done, err := r.load(ctx, show)
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

// log reads the whole event log of a show.
func (r *replays) log(ctx context.Context, id string) (log []overlay.Event, err error) {
	const page = 500
	for seq := uint64(0); ; seq = log[len(log)-1].Seq {
		more, err := r.store.After(ctx, id, seq, page)
		if err != nil {
			return nil, err
		}
		if log = append(log, more...); len(more) < page {
			return log, nil
		}
	}
}

// newReplay finds the chapters of a show and their places in its recording, and
// writes them into that.
func newReplay(show overlay.Show, media *m3u8.Media, log []overlay.Event, now time.Time) (*replay, error) {
	out := &replay{room: show.Room}
	var end time.Time // of the recording
	if media != nil {
		last := media.Segments[len(media.Segments)-1]
		end = last.Date.Add(last.Duration)
	}
	until := end
	if show.State != overlay.ShowEnded || media == nil {
		until = now
	}
	for _, c := range overlay.Chapters(log, until) {
		ch := chapter{Chapter: c, start: max(c.From.Sub(show.Started), 0)}
		if media != nil && c.From.Before(end) {
			ch.recorded, ch.at = true, media.Offset(c.From)
			ch.start, ch.length = ch.at, media.Offset(c.To)-ch.at
			if ch.length == 0 {
				continue // all of it lies in a hole
			}
			media.DateRanges = append(media.DateRanges, m3u8.DateRange{
				ID: fmt.Sprintf("chapter-%d", len(out.chapters)+1), Class: "mediad.chapter", Start: media.At(ch.at),
				// In playing time: readers add it to the place of Start.
				Duration: ch.length.Round(time.Millisecond),
				Attrs:    []m3u8.Attr{{Name: "X-MEDIAD-PRODUCT", Value: c.Product.ID}, {Name: "X-MEDIAD-TITLE", Value: quotable(c.Product.Title)}},
			})
		}
		out.chapters = append(out.chapters, ch)
	}
	out.shown = overlay.ShownIn(log)
	var err error
	if out.track, err = zip([]byte(chapterTrack(out.chapters))); media == nil || err != nil {
		return out, err
	}
	out.parts = stretchesOf(media.Segments)
	out.list, err = pack(media)
	return out, err
}

// place gives the chapters that are not recorded yet their place in the recording
// to come; on is that in the broadcast on air, which follows what is recorded.
func (k *replay) place(media *m3u8.Media, on func(time.Time) time.Duration) {
	var before time.Duration
	if media != nil {
		for _, s := range media.Segments {
			before += s.Duration
		}
	}
	for i := range k.chapters {
		if c := &k.chapters[i]; !c.recorded {
			c.start = before + on(c.From)
		}
	}
}

// quotable makes a text fit between the quotes of an attribute.
func quotable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// recording gives the whole of it; nil where there is none.
func (k *replay) recording() (*m3u8.Media, error) {
	if k.list == nil {
		return nil, nil
	}
	text, err := k.list.text()
	if err != nil {
		return nil, err
	}
	return m3u8.Parse(text)
}

// speaksOf tells whether the recording has a stretch about a product.
func (k *replay) speaksOf(product string) bool {
	return slices.ContainsFunc(k.chapters, func(c chapter) bool { return c.Product.ID == product && c.recorded })
}

// clip is the excerpt of a recording in which a product is spoken about; nil
// where there is none.
func (k *replay) clip(product string) (*m3u8.Media, error) {
	var spans []m3u8.Span
	for _, c := range k.chapters {
		if c.Product.ID == product && c.recorded {
			spans = append(spans, m3u8.Span{From: c.From, To: c.To})
		}
	}
	media, err := k.recording()
	if media == nil || err != nil {
		return nil, err
	}
	return media.Excerpt(spans), nil
}

// Chapters implements api.Replays.
func (r *replays) Chapters(ctx context.Context, show string) ([]api.Chapter, error) {
	k, done, err := r.load(ctx, show)
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
			ch.At, ch.Duration, ch.Clip = &at, c.length.Seconds(), r.base+"/vod/"+show+"/clips/"+c.Product.ID+".m3u8"
		}
		out = append(out, ch)
	}
	return out, nil
}

// Shown implements api.Replays.
func (r *replays) Shown(ctx context.Context, show string) ([]overlay.Shown, error) {
	k, done, err := r.load(ctx, show)
	if err != nil {
		return nil, busy(err)
	}
	defer done()
	return k.shown, nil // it does not change
}
