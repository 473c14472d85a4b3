package packager

import (
	"net/http"

	"mediad/packager/layout"
)

// serveRewind serves the plain playlist over Options.DVR. It does not block: viewers who
// go back do not wait for the newest segment.
func (l *Live) serveRewind(w http.ResponseWriter, r *http.Request, room, epoch string) {
	w.Header()["Vary"] = byEncoding // also of a refusal, as of the live list
	s := l.epoch(room, epoch)
	if s == nil {
		refuse(w, http.StatusNotFound, never404, "this broadcast is not live")
		return
	}
	win := s.snapshot()
	if !s.published.rewind.any() || win.target == 0 {
		var ok bool
		if win, ok = s.await(r.Context(), (*window).ready); !ok {
			refuse(w, http.StatusServiceUnavailable, noStore, "the broadcast is about to begin")
			return
		}
	}
	writePlaylist(w, r, s.published.rewind.render(win), win.forReload())
}

// pending gives a segment that left the window before the store had it; nil: it
// does not wait.
func (s *Stream) pending(name layout.Name) *segment {
	if s.opts.Archive == nil || name.Rendition != layout.Main {
		return nil
	}
	data := s.opts.Archive.Pending(name.Media.Number)
	if data == nil {
		return nil
	}
	seg := &segment{parts: make([]*part, len(data))}
	for i, d := range data {
		seg.parts[i] = &part{data: d}
	}
	return seg
}
