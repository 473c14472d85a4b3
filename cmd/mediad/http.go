package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/cors"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/web"
	"mediad/packager"
	"mediad/packager/layout"
)

// routes puts all that is served over HTTP on one mux.
func (s *server) routes() (http.Handler, error) {
	pages, err := web.New(web.Options{Room: s.pageInfo, PublicURL: s.config.HTTP.PublicURL, Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("load web pages: %w", err)
	}
	mux := http.NewServeMux()
	vod := http.NewServeMux()
	s.replays.Register(vod)
	mux.Handle(layout.ReplayPath, packager.ForEverybody(s.gate.guardReplay(s.store, vod)))
	mux.HandleFunc("GET /watch/{room}/playback.json", s.playback)
	api.New(api.Options{
		Store: s.store, Feed: s.feed, Clicks: s.clicks, Broadcasts: s.broadcasts, Health: s.broadcasts, Publishers: s.broadcasts, Media: s.media, Logger: s.log, Version: Version,
		Base: s.config.HTTP.Base(), Addresses: layout.Site(s.config.HTTP.Base()), KeyFixed: s.config.KeyFixed, RoomFixed: s.config.RoomFixed, Pass: s.gate.mint(), Rewind: s.rewind(), Replays: s.replays, Downloads: s.files,
		Guesses: s.guesses,
	}).Register(mux)
	s.health(mux)
	for _, path := range []string{"/watch/", "/embed/", "/embed.js", "/assets/"} {
		mux.Handle(path, pages)
	}
	mux.HandleFunc("GET /{$}", s.front)
	if s.extra != nil {
		s.extra(mux)
	}
	mux.Handle("/", pages)
	return site.BelowBase(s.config.HTTP.Base(), liveFirst(s.gate.guard(s.images.Beside(s.live)), mux)), nil
}

// rewind is how far viewers can go back: without a store no further than the
// live window.
func (s *server) rewind() time.Duration {
	if s.config.Storage.Kind == "none" {
		return s.config.HLS.Window
	}
	return s.config.HLS.DVR
}

// liveFirst keeps what every viewer asks for several times a second out of the
// mux, which would look through all routes, and redirect paths that are not clean:
// players are to get no redirects (Apple authoring 8.18).
func liveFirst(live, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if layout.IsLive(r.URL.Path) {
			live.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// crossOrigin says whose pages may read what: media and what viewers' pages
// fetch everybody's, the API those of the configuration.
func crossOrigin(api []string) cors.Options {
	return cors.Options{
		Public: func(path string) bool {
			return layout.IsLive(path) || layout.IsReplay(path) || strings.HasPrefix(path, "/c/")
		},
		API:     func(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") },
		Origins: api,
	}
}

// formerShows is how many replays a room's page leads to.
const formerShows = 24

// pageInfo tells the pages about a room.
func (s *server) pageInfo(ctx context.Context, slug, show string) (web.RoomInfo, error) {
	room, err := s.store.RoomBySlug(ctx, slug)
	if overlay.CodeOf(err) == overlay.NotFound {
		return web.RoomInfo{}, nil
	}
	if err != nil {
		return web.RoomInfo{}, err
	}
	former, err := s.store.FormerShows(ctx, slug, formerShows)
	if err != nil {
		return web.RoomInfo{}, err
	}
	info := web.RoomInfo{Exists: true, Title: room.Title}
	for _, f := range former {
		info.Former = append(info.Former, web.FormerShow{ID: f.ID, Title: f.Title, Date: f.Started})
	}
	if s.gate == nil { // who previews links has no signed address, and must not pass one on
		info.Image = s.images.Poster(ctx, slug)
	}
	if show != "" {
		info.Show, err = s.formerShow(ctx, slug, show)
	}
	return info, err
}

// formerShow tells the pages about a room's show; nil: it has none of that id.
func (s *server) formerShow(ctx context.Context, slug, id string) (*web.FormerShow, error) {
	show, err := s.store.GetShow(ctx, id)
	if overlay.CodeOf(err) == overlay.NotFound || err == nil && (show.Room != slug || show.Started.IsZero()) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &web.FormerShow{ID: show.ID, Title: show.Title, Date: show.Started}
	broadcasts, err := s.store.Broadcasts(ctx, id)
	if err != nil {
		return nil, err
	}
	if n := len(broadcasts); n > 0 && s.gate == nil && show.Deleting.IsZero() {
		out.Image = s.images.PosterOf(slug, broadcasts[n-1])
	}
	return out, nil
}

// front leads to the first room.
func (s *server) front(w http.ResponseWriter, r *http.Request) {
	rooms, err := s.store.ListRooms(r.Context(), "", 1)
	if err != nil || len(rooms) == 0 {
		http.Error(w, "There are no rooms yet.", http.StatusNotFound)
		return
	}
	http.Redirect(w, r, s.config.HTTP.Base()+"/watch/"+rooms[0].Slug, http.StatusFound)
}

// ready says whether this process can take publishers and viewers.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	if _, err := s.store.ListRooms(ctx, "", 1); err != nil {
		s.log.Error("not ready", "err", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
