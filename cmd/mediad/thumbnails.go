package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"mediad/packager/m3u8"
	"mediad/packager/pass"
	"mediad/packager/thumbs"
)

// stretch is what a replay shows of one broadcast.
type stretch struct {
	folder string        // of its objects' addresses, with a slash
	at     time.Duration // in playing time
}

// stretchesOf finds the broadcasts of a replay, whose segments are addressed as
// FOLDER/main/N.ts.
func stretchesOf(segments []m3u8.Segment) (out []stretch) {
	var at time.Duration
	for _, s := range segments {
		folder, _, _ := strings.Cut(s.URI, "main/")
		if n := len(out); n == 0 || out[n-1].folder != folder {
			out = append(out, stretch{folder, at})
		}
		at += s.Duration
	}
	return out
}

// showThumbs joins what the broadcasts of a recording have, in its playing time;
// whole: all of them have something.
func (s *server) showThumbs(ctx context.Context, recording *m3u8.Media) (cues []thumbs.Cue, whole bool, err error) {
	whole = true
	for _, part := range stretchesOf(recording.Segments) {
		own, err := s.live.Thumbs(ctx, strings.TrimPrefix(part.folder, "/"))
		if errors.Is(err, fs.ErrNotExist) {
			whole = false
			continue
		}
		if err != nil {
			return nil, false, err
		}
		cues = append(cues, thumbs.Shift(own, part.at, part.folder)...)
	}
	return cues, whole, nil
}

// thumbnails serves a show's seek thumbnails.
func (s *server) thumbnails(w http.ResponseWriter, r *http.Request) {
	k := s.loadReplay(w, r)
	if k == nil {
		return
	}
	if k.media == nil {
		http.Error(w, "there is no replay of this", http.StatusNotFound)
		return
	}
	h := w.Header()
	cues, whole, err := s.showThumbs(r.Context(), k.media)
	switch {
	case err != nil:
		s.log.Error("thumbnails could not be read", "show", r.PathValue("show"), "err", err)
		h.Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	case len(cues) == 0:
		http.Error(w, "this show has no thumbnails", http.StatusNotFound)
	default:
		if whole {
			h.Set("Cache-Control", "max-age=60")
		}
		h.Set("Content-Type", "text/vtt; charset=utf-8")
		w.Write(passed(thumbs.Text(cues), pass.Given(r.Context())))
	}
}
