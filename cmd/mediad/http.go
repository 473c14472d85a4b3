package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/web"
	"mediad/packager/pass"
)

// routes puts all that is served over HTTP on one mux.
func (s *server) routes() (http.Handler, error) {
	pages, err := web.New(web.Options{Room: s.pageInfo, PublicURL: s.config.HTTP.PublicURL, Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("load web pages: %w", err)
	}
	mux := http.NewServeMux()
	vod := http.NewServeMux()
	vod.HandleFunc("GET /vod/{show}/index.m3u8", s.replay)
	vod.HandleFunc("GET /vod/{show}/thumbs.vtt", s.thumbnails)
	mux.Handle("/live/", s.gate.guard(s.images.beside(s.live)))
	mux.Handle("/vod/", s.gate.guardReplay(s.store, vod))
	mux.HandleFunc("GET /watch/{room}/playback.json", s.playback)
	api.New(api.Options{
		Store: s.store, Feed: s.feed, Stage: s.stage, Health: s.stage.watch, Publishers: &s.stage.history, Media: s.media, Logger: s.log, Version: Version,
		KeyFixed: s.config.keyFixed, Pass: s.gate.mint(),
	}).Register(mux)
	mux.Handle("GET /metrics", metricsHandler(newMetrics(s.stage, s.archive, s.spool, s.ingest), append(s.traffic.collectors(), newMediaMetrics(s.media))...))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	for _, path := range []string{"/watch/", "/embed/", "/embed.js", "/assets/"} {
		mux.Handle(path, pages)
	}
	mux.HandleFunc("GET /{$}", s.front)
	if s.extra != nil {
		s.extra(mux)
	}
	mux.Handle("/", pages)
	return liveFirst(s.gate.guard(s.images.beside(s.live)), mux), nil
}

// liveFirst keeps what every viewer asks for several times a second out of the
// mux, which would look through all routes. Paths that the mux would clean it
// still gets.
func liveFirst(live, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if strings.HasPrefix(p, "/live/") && !strings.Contains(p, "/.") && !strings.Contains(p, "//") {
			live.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// pageInfo tells the pages about a room.
func (s *server) pageInfo(ctx context.Context, slug string) (web.RoomInfo, error) {
	room, err := s.store.RoomBySlug(ctx, slug)
	if overlay.CodeOf(err) == overlay.NotFound {
		return web.RoomInfo{}, nil
	}
	if err != nil {
		return web.RoomInfo{}, err
	}
	info := web.RoomInfo{Exists: true, Title: room.Title}
	if s.gate == nil { // who previews links has no signed address, and must not pass one on
		info.Image = s.images.poster(ctx, slug)
	}
	return info, nil
}

// front leads to the first room.
func (s *server) front(w http.ResponseWriter, r *http.Request) {
	rooms, err := s.store.ListRooms(r.Context(), "", 1)
	if err != nil || len(rooms) == 0 {
		http.Error(w, "There are no rooms yet.", http.StatusNotFound)
		return
	}
	http.Redirect(w, r, "/watch/"+rooms[0].Slug, http.StatusFound)
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

// replay serves a show's broadcasts as one playlist.
func (s *server) replay(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "max-age=1")
	text, err := s.replayText(r.Context(), r.PathValue("show"))
	switch {
	case errors.Is(err, fs.ErrNotExist) || overlay.CodeOf(err) == overlay.NotFound:
		http.Error(w, "there is no replay of this show", http.StatusNotFound)
	case overlay.CodeOf(err) == overlay.Gone:
		http.Error(w, err.Error(), http.StatusGone)
	case err != nil:
		s.log.Error("replay could not be read", "show", r.PathValue("show"), "err", err)
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	default:
		w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
		w.Write(text)
	}
}

func (s *server) replayText(ctx context.Context, id string) ([]byte, error) {
	show, err := s.store.GetShow(ctx, id)
	if err != nil {
		return nil, err
	}
	if !show.Deleting.IsZero() {
		return nil, overlay.Errorf(overlay.Gone, "the replay of this show was deleted")
	}
	broadcasts, err := s.store.Broadcasts(ctx, id)
	if err != nil {
		return nil, err
	}
	epochs := make([]string, len(broadcasts))
	for i, b := range broadcasts {
		epochs[i] = b.Epoch
	}
	base := "/live/"
	if given := pass.Given(ctx); given != "" {
		base += "~" + given + "/" // the one that was given: another would hold for longer
	}
	return s.live.Replay(ctx, base, show.Room, epochs)
}
