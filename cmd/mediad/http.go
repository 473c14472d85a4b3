package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/web"
)

// routes puts all that is served over HTTP on one mux.
func (s *server) routes() (http.Handler, error) {
	pages, err := web.New(web.Options{Room: s.pageInfo, PublicURL: s.config.HTTP.PublicURL, Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("load web pages: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/live/", s.live)
	s.registerReplays(mux)
	api.New(api.Options{
		Store: s.store, Feed: s.feed, Stage: s.stage, Health: s.stage.watch, Publishers: &s.stage.history, Logger: s.log, Version: Version,
		KeyFixed: s.config.keyFixed, Rewind: s.rewind(), Replays: s.replays, Downloads: s.files,
	}).Register(mux)
	mux.Handle("GET /metrics", metricsHandler(newMetrics(s.stage, s.archive, s.ingest)))
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
	return boundBodies(mux), nil
}

// rewind is how far viewers can go back: without a store no further than the
// live window.
func (s *server) rewind() time.Duration {
	if s.config.Storage.Kind == "none" {
		return s.config.HLS.Window
	}
	return s.config.HLS.DVR
}

// boundBodies gives a request's body a deadline, also where nobody reads it.
// Requests without one are left alone: they may be meant to wait.
func boundBodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// It fails only where there is no connection to bound.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
		}
		h.ServeHTTP(w, r)
	})
}

// bodyTimeout is how long a request's body may take: 64 KB over a poor line.
const bodyTimeout = 15 * time.Second

// newHTTP bounds what a client may take before its request is whole. Answers
// have no deadline of their own: a blocking request is meant to wait.
func newHTTP(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// formerShows is how many replays a room's page leads to.
const formerShows = 24

// pageInfo tells the pages about a room.
func (s *server) pageInfo(ctx context.Context, slug string) (web.RoomInfo, error) {
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
