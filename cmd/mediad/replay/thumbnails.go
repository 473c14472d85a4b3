package replay

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"mediad/cmd/mediad/replay/cache"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/packager/thumbs"
)

// stretch is the part of a replay that comes from one broadcast.
type stretch struct {
	of layout.Broadcast
	at time.Duration // in playing time
}

// stretchesOf finds the broadcasts of a replay, by the paths of its segments.
func stretchesOf(segments []m3u8.Segment) (out []stretch) {
	var at time.Duration
	for _, s := range segments {
		name, ok := layout.ParsePath(s.URI)
		if n := len(out); ok && (n == 0 || out[n-1].of != name.Broadcast) {
			out = append(out, stretch{name.Broadcast, at})
		}
		at += s.Duration
	}
	return out
}

// showThumbs joins the thumbnails of a recording's broadcasts, in playing time;
// whole: each broadcast has some.
func (s *Replays) showThumbs(ctx context.Context, parts []stretch) (cues []thumbs.Cue, whole bool, err error) {
	whole = true
	for _, part := range parts {
		own, err := s.live.Thumbs(ctx, part.of)
		if errors.Is(err, fs.ErrNotExist) {
			whole = false
			continue
		}
		if err != nil {
			return nil, false, err
		}
		cues = append(cues, thumbs.Shift(own, part.at, part.of.FolderPath())...)
	}
	return cues, whole, nil
}

// thumbnails serves a show's seek thumbnails, which are joined once for all
// requests.
func (s *Replays) thumbnails(w http.ResponseWriter, r *http.Request) {
	k, done := s.answerOr(w, r)
	if k == nil {
		return
	}
	defer done()
	if k.list == nil {
		http.Error(w, "there is no replay of this", http.StatusNotFound)
		return
	}
	track, read, err := s.rendered.Get(r.Context(), "thumbs/"+k.list.tag, func(ctx context.Context) (cache.Value[*rendering], error) {
		cues, whole, err := s.showThumbs(ctx, k.parts)
		if err != nil {
			return cache.Value[*rendering]{}, err
		}
		out, age := &rendering{whole: whole}, replayAge
		if whole {
			age = keptFor
		}
		if len(cues) > 0 {
			if out.text, err = zip(thumbs.Text(cues)); err != nil {
				return cache.Value[*rendering]{}, err
			}
		}
		return keepRendering(out, age), nil
	})
	if err != nil {
		s.failed(w, r, err)
		return
	}
	defer read()
	if track.text == nil {
		http.Error(w, "this show has no thumbnails", http.StatusNotFound)
		return
	}
	if track.whole {
		w.Header().Set("Cache-Control", "max-age=60")
	}
	s.writePacked(w, r, track.text, webVTT)
}
