package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/ffmpeg"
	"mediad/overlay"
	"mediad/packager"
	"mediad/packager/thumbs"
)

// pictures are the posters of rooms and the thumbnails of replays. A nil one
// makes none.
type pictures struct {
	posters *thumbs.Posters
	maker   *thumbs.Maker // nil: nothing is stored
}

// recentShows is how many of the last broadcasts are looked through at the start
// for thumbnails that are missing.
const recentShows = 50

func (s *server) openPictures(objects objectStore) (*pictures, error) {
	program, err := ffmpeg.Find(s.config.FFmpeg)
	switch mode := s.config.Thumbnails; {
	case err != nil:
		return nil, err
	case mode == "off":
		return nil, nil
	case program == "" && mode == "on":
		return nil, errors.New("thumbnails is on, but there is no ffmpeg on PATH: install it, or set ffmpeg to its path")
	case program == "":
		s.log.Info("there is no ffmpeg on PATH: rooms and replays get no posters and thumbnails")
		return nil, nil
	}
	runner := thumbs.NewRunner(program.Command)
	var store thumbs.Store
	if objects != nil {
		store = stored{objects}
	}
	p := &pictures{posters: thumbs.NewPosters(thumbs.PosterOptions{
		Runner: runner, Sources: s.onAir, OnAir: s.epochOnAir, Last: s.lastBroadcast, Store: store, Log: s.log,
	})}
	if store != nil {
		p.maker = thumbs.NewMaker(thumbs.MakerOptions{Runner: runner, Store: store, Posters: p.posters, Recent: s.recentBroadcasts, Log: s.log})
	}
	return p, nil
}

func (s *server) onAir() []thumbs.Source {
	var out []thumbs.Source
	for _, stream := range s.live.Streams() {
		out = append(out, stream)
	}
	return out
}

func (s *server) epochOnAir(room string) string {
	if stream := s.live.Room(room); stream != nil {
		return stream.Epoch()
	}
	return ""
}

func (s *server) lastBroadcast(ctx context.Context, room string) (string, error) {
	last, err := s.store.EndedBroadcasts(ctx, room, 1)
	if err != nil || len(last) == 0 {
		return "", err
	}
	return last[0].Epoch, nil
}

func (s *server) recentBroadcasts(ctx context.Context) ([]thumbs.Broadcast, error) {
	list, err := s.store.EndedBroadcasts(ctx, "", recentShows)
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
func (p *pictures) Run(ctx context.Context) error {
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

// over hears that a broadcast has ended.
func (p *pictures) over(room, epoch string) {
	if p != nil && p.maker != nil {
		p.maker.Add(thumbs.Broadcast{Room: room, Epoch: epoch})
	}
}

// beside serves /live/ROOM/poster.jpg, and leaves the rest to live.
func (p *pictures) beside(live http.Handler) http.Handler {
	if p == nil {
		return live
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		room, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/live/"), "/"+thumbs.PosterName)
		if !ok || strings.Contains(room, "/") || r.Method != http.MethodGet && r.Method != http.MethodHead {
			live.ServeHTTP(w, r)
			return
		}
		p.serve(w, r, room)
	})
}

func (p *pictures) serve(w http.ResponseWriter, r *http.Request, room string) {
	h := w.Header()
	packager.AllowEverybody(h)
	poster, err := p.posters.Of(r.Context(), room)
	switch {
	case err != nil:
		h.Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	case poster == nil:
		h.Set("Cache-Control", "max-age=1")
		http.Error(w, "this room has no poster", http.StatusNotFound)
	default:
		h.Set("Content-Type", "image/jpeg")
		h.Set("Cache-Control", "max-age=10")
		h.Set("ETag", poster.ETag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(poster.JPEG))
	}
}

// posterOf is the path of the poster of a broadcast that is over; "" where none
// is made.
func (p *pictures) posterOf(room string, b overlay.Broadcast) string {
	if p == nil || p.maker == nil || b.Ended.IsZero() {
		return ""
	}
	return fmt.Sprintf("/live/%s/%s/%s", room, b.Epoch, thumbs.PosterName)
}

// poster is the path of a room's poster; "" where there is none. It is for all
// to read only where media is.
func (p *pictures) poster(ctx context.Context, room string) string {
	if p == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	// A store that does not answer costs the picture and not the page.
	if poster, err := p.posters.Of(ctx, room); err != nil || poster == nil {
		return ""
	}
	return fmt.Sprintf("/live/%s/%s", room, thumbs.PosterName)
}
