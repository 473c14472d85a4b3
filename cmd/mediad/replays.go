package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sync/singleflight"

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
	building singleflight.Group // by show

	mu sync.Mutex
	// Guarded by mu.
	kept  map[string]*replay // by show
	order []string           // of kept, oldest first
}

// How many replays are kept in memory, and for how long: what viewers ask for in
// a row, and no more.
const (
	keptReplays = 16
	keptFor     = time.Minute // once nothing changes any more
	replayAge   = time.Second // before: as long as caches keep the answer
)

// buildTime ends the building of a replay whose store does not answer.
const buildTime = time.Minute

// replay is what is known of one show's recording. It does not change.
type replay struct {
	room     string
	media    *m3u8.Media            // with the chapters; nil: there is no recording (yet)
	text     func() ([]byte, error) // of media, written once
	zipped   func() ([]byte, error) // text in gzip
	chapters []chapter
	until    time.Time // it may be kept
}

// chapter is a chapter with its place in the recording.
type chapter struct {
	overlay.Chapter
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

// load reads a show. It fails as show does. Whoever asks while it is built gets
// the same.
func (r *replays) load(ctx context.Context, id string) (*replay, error) {
	show, err := r.show(ctx, id) // also of one that is kept: a deletion holds at once
	if err != nil {
		return nil, err
	}
	if k := r.keptOf(id); k != nil {
		return k, nil
	}
	built := r.building.DoChan(id, func() (_ any, err error) {
		// On a goroutine of its own: nobody else would catch it.
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("put a replay together: %v\n%s", p, debug.Stack())
			}
		}()
		if k := r.keptOf(id); k != nil {
			return k, nil // by who was here just before
		}
		// Who asked first may leave, and the others stay.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), buildTime)
		defer cancel()
		k, err := r.build(ctx, show)
		if err == nil {
			r.keep(id, k)
		}
		return k, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case b := <-built:
		k, _ := b.Val.(*replay)
		return k, b.Err
	}
}

func (r *replays) keptOf(id string) *replay {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.kept[id]; k != nil && time.Now().Before(k.until) {
		return k
	}
	return nil
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
	out := newReplay(show, media, log, time.Now())
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

func (r *replays) keep(id string, k *replay) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]*replay{}
	}
	if r.kept[id] == nil {
		r.order = append(r.order, id)
	}
	r.kept[id] = k
	if len(r.order) > keptReplays {
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
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
func newReplay(show overlay.Show, media *m3u8.Media, log []overlay.Event, now time.Time) *replay {
	out := &replay{room: show.Room, media: media}
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
		ch := chapter{Chapter: c}
		if media != nil && c.From.Before(end) {
			ch.recorded, ch.at = true, media.Offset(c.From)
			ch.length = media.Offset(c.To) - ch.at
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
	if media != nil {
		out.text = sync.OnceValues(media.Bytes)
		out.zipped = sync.OnceValues(func() ([]byte, error) { return zip(out.text) })
	}
	return out
}

func zip(text func() ([]byte, error)) ([]byte, error) {
	plain, err := text()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err = z.Write(plain)
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
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

// clip is the excerpt of a recording in which a product is spoken about; nil
// where there is none.
func (k *replay) clip(product string) *m3u8.Media {
	if k.media == nil {
		return nil
	}
	var spans []m3u8.Span
	for _, c := range k.chapters {
		if c.Product.ID == product && c.recorded {
			spans = append(spans, m3u8.Span{From: c.From, To: c.To})
		}
	}
	return k.media.Excerpt(spans)
}

// Chapters implements api.Replays.
func (r *replays) Chapters(ctx context.Context, show string) ([]api.Chapter, error) {
	k, err := r.load(ctx, show)
	if err != nil {
		return nil, err
	}
	out := []api.Chapter{}
	for _, c := range k.chapters {
		ch := api.Chapter{
			Product: api.ChapterProduct{ID: c.Product.ID, Rev: c.Product.Rev, SKU: c.Product.SKU, Title: c.Product.Title},
			Date:    c.From, Duration: c.To.Sub(c.From).Seconds(),
		}
		if c.recorded {
			at := c.at.Seconds()
			ch.At, ch.Duration, ch.Clip = &at, c.length.Seconds(), "/vod/"+show+"/clips/"+c.Product.ID+".m3u8"
		}
		out = append(out, ch)
	}
	return out, nil
}
