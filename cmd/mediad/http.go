package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"mediad/cmd/mediad/pages"
	"mediad/cmd/mediad/playback"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/cors"
	"mediad/overlay/api"
	"mediad/overlay/web"
	"mediad/packager"
	"mediad/packager/layout"
)

// routes makes one mux of everything that is served over HTTP.
func (s *server) routes() (http.Handler, error) {
	told := pages.New(pages.Options{Store: s.store, Protection: s.protection, Images: s.images, Replays: s.replays, Base: s.config.HTTP.Base(), Keeping: s.config.Keeping()})
	own, err := web.New(web.Options{Room: told.Room, Ways: told.Ways, First: told.First, Festival: told.Festival, Place: s.replays.Place, Privacy: told.Privacy, Reminders: s.reminders, PublicURL: s.config.HTTP.PublicURL, Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("load web pages: %w", err)
	}
	mux := http.NewServeMux()
	vod := http.NewServeMux()
	s.replays.Register(vod, s.images.Card)
	mux.HandleFunc("GET /watch/{room}/playback.json", told.Playback)
	o := api.Options{
		Store: s.store, Feed: s.feed, Clicks: s.clicks, Holds: s.holds, Viewers: s.viewers, Sales: s.sales, Chat: s.chat, Broadcasts: s.broadcasts, Health: s.broadcasts, Publishers: s.broadcasts, Restreaming: s.broadcasts, Media: s.media, Logger: s.log, Version: Version,
		Base: s.config.HTTP.Base(), Addresses: layout.Site(s.config.HTTP.Base()), KeyFixed: s.config.KeyFixed, RoomFixed: s.config.RoomFixed, PlaybackToken: s.protection.Mint(), RehearsalToken: s.protection.MintForHosts(), Rewind: s.rewind(), CueDelay: s.config.HLS.CueDelay, Replays: s.replays, Downloads: s.files, Imports: s.imports,
		Guesses: s.guesses, PublicURL: s.config.HTTP.PublicURL, Publishing: api.Publishing{URL: s.config.RTMP.PublicURL, Port: portOf(s.rtmp), SecurePort: portOf(s.rtmps)},
		Encoding: api.Encoding{KeyInterval: s.config.HLS.Segment, Kbps: s.config.RTMP.MaxBitrateKbps}, Keys: s.ingest,
	}
	o.Reminding, o.PushKey, o.People = s.reminders, s.reminders.PushKey, s.config.Keeping()
	o.Images, o.PlainWebhooks = s.uploads, s.config.Webhooks.PrivateNetworks
	if s.mail != nil {
		o.Mail = s.mail
	}
	if s.images != nil {
		o.Posters = s.images
	}
	hosts := api.New(o).Register(mux)
	guard := playback.Rehearsals{Rehearses: s.broadcasts.Rehearses, Rehearsal: s.broadcasts.Rehearsal, MayRead: hosts.MayRead, Tokens: s.protection}
	mux.Handle(layout.ReplayPath, packager.ForEverybody(guard.GuardReplays(s.store, vod)))
	s.health(mux)
	for _, path := range []string{"/watch/", "/embed/", "/embed.js", "/assets/"} {
		mux.Handle(path, own)
	}
	mux.Handle("GET /i/{name}", s.uploads)
	if s.extra != nil {
		s.extra(mux)
	}
	mux.Handle("/", own)
	return site.BelowBase(s.config.HTTP.Base(), packager.OnePath(liveFirst(guard.Guard(s.images.Before(s.live)), hosts.Before(mux)))), nil
}

// portOf gives the port of a listener; "": there is none.
func portOf(l net.Listener) (port string) {
	if l != nil {
		_, port, _ = net.SplitHostPort(l.Addr().String())
	}
	return port
}

// rewind tells how far viewers can rewind. Without a store that is only the
// live window.
func (s *server) rewind() time.Duration {
	if s.config.Storage.Kind == "none" {
		return s.config.HLS.Window
	}
	return s.config.HLS.DVR
}

// liveFirst keeps live media, which every viewer requests several times a second,
// out of the mux. The mux would search all routes, and redirect paths that are not
// clean, but players should get no redirects (Apple authoring 8.18).
func liveFirst(live, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if layout.IsLive(r.URL.Path) {
			live.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// often tells whether players request a path again and again.
func often(path string) bool {
	_, live := api.LiveOf(path)
	return live || layout.IsLive(path)
}

// crossOrigin says which pages may read what: pages of any origin may read
// media and the data of viewers' pages; pages of configured origins may use
// the API.
func crossOrigin(api []string) cors.Options {
	return cors.Options{
		Public: func(path string) bool {
			return layout.IsLive(path) || layout.IsReplay(path) || strings.HasPrefix(path, "/c/") || strings.HasPrefix(path, "/i/")
		},
		API:     func(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") },
		Origins: api,
	}
}

// ready says whether this process can take publishers and viewers.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	if err := s.store.Ready(ctx); err != nil {
		s.log.Error("not ready", "err", err)
		http.Error(w, "the database does not answer, or is another server's", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
