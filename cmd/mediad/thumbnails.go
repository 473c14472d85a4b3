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
	"mediad/packager/m3u8"
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

// thumbnails serves a show's thumbnails: those of its broadcasts, in the playing
// time of its replay.
func (s *server) thumbnails(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "max-age=1")
	cues, whole, err := s.showThumbs(r.Context(), r.PathValue("show"))
	switch {
	case errors.Is(err, fs.ErrNotExist) || overlay.CodeOf(err) == overlay.NotFound || err == nil && len(cues) == 0:
		http.Error(w, "this show has no thumbnails", http.StatusNotFound)
	case err != nil:
		s.log.Error("thumbnails could not be read", "show", r.PathValue("show"), "err", err)
		h.Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	default:
		if whole {
			h.Set("Cache-Control", "max-age=60")
		}
		h.Set("Content-Type", "text/vtt; charset=utf-8")
		w.Write(thumbs.Text(cues))
	}
}

// showThumbs joins what the broadcasts have; whole: all of them have something.
func (s *server) showThumbs(ctx context.Context, show string) (cues []thumbs.Cue, whole bool, err error) {
	text, err := s.replayText(ctx, show)
	if err != nil {
		return nil, false, err
	}
	list, err := m3u8.Parse(text)
	if err != nil {
		return nil, false, fmt.Errorf("read replay: %w", err)
	}
	whole = true
	for _, part := range stretchesOf(list.Segments) {
		path := part.folder
		if rest, ok := strings.CutPrefix(path, "/live/~"); ok { // below a pass
			_, path, _ = strings.Cut(rest, "/")
			path = "/live/" + path
		}
		own, err := s.live.Thumbs(ctx, strings.TrimPrefix(path, "/"))
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
