// Package pictures makes and serves the posters of rooms and the thumbnails of
// replays, with an external ffmpeg.
//
// Input: live media, the names of broadcasts that have ended, and requests for
// posters. Output: JPEGs, for viewers and for the store. Without ffmpeg there are
// no pictures, and everything else works.
package pictures

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/ffmpeg"
	"mediad/cmd/mediad/replay/cache"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/thumbs"
)

// Options of Pictures.
type Options struct {
	Mode   string // auto, on or off: thumbnails in the configuration
	FFmpeg string // as in the configuration; "": the one in PATH
	Live   *packager.Live
	Rows   *store.Store
	Store  thumbs.Store // nil: nothing is stored
	Log    *slog.Logger
}

// Pictures makes the posters of rooms and the thumbnails of replays. A nil
// Pictures makes none.
type Pictures struct {
	posters *thumbs.Posters
	maker   *thumbs.Maker // nil: nothing is stored
	runner  *thumbs.Runner
	store   thumbs.Store
	cards   *cache.Cache[[]byte] // of link previews
	rested  time.Time            // when the next of them may be made. Of whoever makes one alone.
}

// recentShows is how many of the last broadcasts a start searches for missing
// thumbnails.
const recentShows = 50

// Open looks for ffmpeg, and returns nil where no pictures will be made. It starts
// nothing.
func Open(o Options) (*Pictures, error) {
	program, err := ffmpeg.Find(o.FFmpeg)
	switch {
	case err != nil:
		return nil, err
	case o.Mode == "off":
		return nil, nil
	case program == "" && o.Mode == "on":
		return nil, errors.New("thumbnails is on, but there is no ffmpeg on PATH: install it, or set ffmpeg to its path")
	case program == "":
		o.Log.Info("there is no ffmpeg on PATH: rooms and replays get no posters and thumbnails")
		return nil, nil
	}
	runner := thumbs.NewRunner(program.Command)
	p := &Pictures{runner: runner, store: o.Store, cards: newCards(), posters: thumbs.NewPosters(thumbs.PosterOptions{
		Runner: runner, Sources: o.onAir, OnAir: o.epochOnAir, Last: o.lastBroadcast, Store: o.Store, Log: o.Log,
	})}
	if o.Store != nil {
		p.maker = thumbs.NewMaker(thumbs.MakerOptions{Runner: runner, Store: o.Store, Posters: p.posters, Recent: o.recentBroadcasts, Log: o.Log})
	}
	return p, nil
}

func (o Options) onAir() []thumbs.Source {
	var out []thumbs.Source
	for _, stream := range o.Live.Streams() {
		out = append(out, stream)
	}
	return out
}

func (o Options) epochOnAir(room string) string {
	if stream := o.Live.Room(room); stream != nil {
		return stream.Epoch()
	}
	return ""
}

func (o Options) lastBroadcast(ctx context.Context, room string) (string, error) {
	last, err := o.Rows.EndedBroadcasts(ctx, room, 1)
	if err != nil || len(last) == 0 {
		return "", err
	}
	return last[0].Epoch, nil
}

func (o Options) recentBroadcasts(ctx context.Context) ([]thumbs.Broadcast, error) {
	list, err := o.Rows.EndedBroadcasts(ctx, "", recentShows)
	if err != nil {
		return nil, err
	}
	out := make([]thumbs.Broadcast, len(list))
	for i, b := range list {
		out[i] = thumbs.Broadcast{Room: b.Room, Epoch: b.Epoch}
	}
	return out, nil
}

// Run makes pictures until ctx ends.
func (p *Pictures) Run(ctx context.Context) error {
	if p == nil {
		return nil
	}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return p.posters.Run(ctx) })
	if p.maker != nil {
		both.Go(func() error { return p.maker.Run(ctx) })
	}
	return both.Wait()
}

// Over is called when a broadcast has ended.
func (p *Pictures) Over(room, epoch string) {
	if p != nil && p.maker != nil {
		p.maker.Add(thumbs.Broadcast{Room: room, Epoch: epoch})
	}
}

// Before serves /live/ROOM/poster.jpg and /live/ROOM/card.jpg, and leaves the rest to live.
func (p *Pictures) Before(live http.Handler) http.Handler {
	if p == nil {
		return live
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _ := layout.ParsePath(r.URL.Path)
		if name.Kind != layout.RoomPoster && name.Kind != layout.RoomCard || r.Method != http.MethodGet && r.Method != http.MethodHead {
			live.ServeHTTP(w, r)
			return
		}
		packager.AllowEverybody(w.Header())
		if name.Kind == layout.RoomCard {
			p.serveCard(w, r, name.Room)
			return
		}
		p.serve(w, r, name.Room)
	})
}

func (p *Pictures) serve(w http.ResponseWriter, r *http.Request, room string) {
	poster, err := p.posters.Of(r.Context(), room)
	if err != nil || poster == nil {
		p.without(w, err, "this room has no poster")
		return
	}
	write(w, r, poster.JPEG, poster.ETag)
}

func write(w http.ResponseWriter, r *http.Request, jpeg []byte, tag string) {
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "max-age=10")
	h.Set("ETag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(jpeg))
}

// PosterOf gives the path of the poster of an ended broadcast; "": none is
// made.
func (p *Pictures) PosterOf(room string, b overlay.Broadcast) string {
	if p == nil || p.maker == nil || b.Ended.IsZero() {
		return ""
	}
	return layout.Of(room, b.Epoch).Poster().Path()
}

// Poster gives the path of a room's poster; "": there is none. The poster is
// public only where the media is.
func (p *Pictures) Poster(ctx context.Context, room string) string {
	if p == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	// If the store does not answer, the page has no picture, and works.
	if poster, err := p.posters.Of(ctx, room); err != nil || poster == nil {
		return ""
	}
	return layout.PosterOf(room).Path()
}
