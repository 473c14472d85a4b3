package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"mediad/overlay"
	"mediad/packager"
	"mediad/packager/pass"
	"mediad/packager/vtt"
)

// compressed answers in gzip whoever takes it: a day's playlist has megabytes,
// and a tenth of that compressed.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"application/vnd.apple.mpegurl", "text/vtt"}))
	if err != nil {
		return nil, fmt.Errorf("compress replays: %w", err)
	}
	return wrap(h), nil
}

// forEverybody lets pages of every origin read the answers, whatever their
// status, and answers what browsers ask before: as packager.Live does by itself.
func forEverybody(media http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		packager.AllowEverybody(w.Header())
		if r.Method == http.MethodOptions {
			packager.Preflight(w)
			return
		}
		media.ServeHTTP(w, r)
	})
}

// registerReplays puts the recordings on a mux:
//
//	/vod/SHOW/index.m3u8           all of a show
//	/vod/SHOW/chapters.vtt         its chapters, as WebVTT
//	/vod/SHOW/thumbs.vtt           its seek thumbnails, as WebVTT
//	/vod/SHOW/clips/PRODUCT.m3u8   where a product is spoken about
func (s *server) registerReplays(mux *http.ServeMux) {
	mux.HandleFunc("GET /vod/{show}/index.m3u8", s.replayed(func(k *replay, r *http.Request) playlist {
		// What is the same for all is compressed once.
		if pass.Given(r.Context()) == "" && packager.AcceptsGzip(r.Header["Accept-Encoding"]) {
			return playlist{k.zipped, "gzip"}
		}
		return playlist{write: k.text}
	}))
	mux.HandleFunc("GET /vod/{show}/thumbs.vtt", s.thumbnails)
	mux.HandleFunc("GET /vod/{show}/clips/{file}", s.replayed(func(k *replay, r *http.Request) playlist {
		product, ok := strings.CutSuffix(r.PathValue("file"), ".m3u8")
		if clip := k.clip(product); ok && clip != nil {
			return playlist{write: clip.Bytes}
		}
		return playlist{}
	}))
	mux.HandleFunc("GET /vod/{show}/chapters.vtt", func(w http.ResponseWriter, r *http.Request) {
		if k := s.loadReplay(w, r); k != nil {
			w.Header().Set("Content-Type", "text/vtt; charset=utf-8")
			fmt.Fprint(w, chapterTrack(k.chapters))
		}
	})
}

// playlist is one of a show's.
type playlist struct {
	write    func() ([]byte, error) // nil: there is none
	encoding string                 // of what it writes; "": none
}

// replayed answers with one of a show's playlists.
func (s *server) replayed(choose func(*replay, *http.Request) playlist) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k := s.loadReplay(w, r)
		if k == nil {
			return
		}
		list := choose(k, r)
		if list.write == nil {
			http.Error(w, "there is no replay of this", http.StatusNotFound)
			return
		}
		text, err := list.write()
		if err != nil {
			s.log.Error("replay could not be written", "show", r.PathValue("show"), "err", err)
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "the playlist could not be written", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
		if list.encoding != "" {
			w.Header().Set("Content-Encoding", list.encoding)
		}
		w.Write(passed(text, pass.Given(r.Context())))
	}
}

// passed writes the pass that a playlist was asked for with into the addresses
// of its segments: that one, for another would hold for longer. Replays are kept
// without it.
func passed(text []byte, given string) []byte {
	if given == "" {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\n/live/"), []byte("\n/live/~"+given+"/")) // tags begin with #
}

// loadReplay reads the show that a request names; nil: the request is answered.
func (s *server) loadReplay(w http.ResponseWriter, r *http.Request) *replay {
	w.Header().Set("Cache-Control", "max-age=1")
	k, err := s.replays.load(r.Context(), r.PathValue("show"))
	switch {
	case overlay.CodeOf(err) == overlay.NotFound || errors.Is(err, fs.ErrNotExist):
		http.Error(w, "there is no replay of this show", http.StatusNotFound)
	case overlay.CodeOf(err) == overlay.Gone:
		http.Error(w, err.Error(), http.StatusGone)
	case err != nil:
		s.log.Error("replay could not be read", "show", r.PathValue("show"), "err", err)
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	default:
		return k
	}
	return nil
}

// chapterTrack writes chapters as a WebVTT chapters track.
func chapterTrack(chapters []chapter) string {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", " ", "\r", " ")
	for i, c := range chapters {
		if !c.recorded {
			continue
		}
		title := escape.Replace(c.Product.Title)
		if title == "" {
			title = escape.Replace(c.Product.SKU)
		}
		fmt.Fprintf(&b, "\n%d\n%s --> %s\n%s\n", i+1, vtt.Time(c.at), vtt.Time(c.at+c.length), title)
	}
	return b.String()
}
