package packager

import (
	"net/http"
	"strings"

	"mediad/packager/layout"
)

// ServeHTTP answers everything below /live/ that package layout has a name for, but
// for the posters of rooms.
func (l *Live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	AllowEverybody(w.Header())
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		Preflight(w)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		refuse(w, http.StatusMethodNotAllowed, noStore, "only GET, HEAD and OPTIONS")
		return
	}
	n, ok := layout.ParsePath(r.URL.Path)
	if !ok || n.Media.Gen != 0 {
		refuse(w, http.StatusNotFound, never404, "no such page") // nor a key of the store
		return
	}
	switch n.Kind {
	case layout.Top:
		kind := ofLive
		if isPreview(r.URL.RawQuery) {
			kind = ofPreview
		}
		l.serveMultivariant(w, r, n.Room, kind)
	case layout.RewindTop:
		l.serveMultivariant(w, r, n.Room, ofRewind)
	case layout.RewindPlaylist:
		l.serveRewind(w, r, n.Room, n.Epoch)
	case layout.Recording:
		l.serveStoredPlaylist(w, r, n.Key())
	case layout.Poster, layout.Sprite, layout.Track:
		l.serveStored(w, r, n)
	case layout.MediaPlaylist:
		l.serveMedia(w, r, n)
	case layout.Segment, layout.Part:
		l.serveObject(w, r, n)
	default:
		refuse(w, http.StatusNotFound, never404, "no such page")
	}
}

// serveMedia is the request table of RFC 8216bis 6.2.5.2.
func (l *Live) serveMedia(w http.ResponseWriter, r *http.Request, name layout.Name) {
	w.Header()["Vary"] = byEncoding // also of a refusal, or a cache would give one for all
	s := l.epoch(name.Room, name.Epoch)
	if s == nil {
		refuse(w, http.StatusNotFound, never404, "this broadcast is not live")
		return
	}
	if !s.snapshot().knows(name.Rendition) {
		refuse(w, http.StatusNotFound, never404, "there is no such rendition")
		return
	}
	d, err := parseDirectives(r.URL.RawQuery)
	if win := s.snapshot(); win.ended && win.ready() {
		d, err = directives{}, nil // after ENDLIST they are ignored
	} else if err == nil {
		err = d.check(win)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, noStore, err.Error())
		return
	}
	follow := s.watch
	if isPreview(r.URL.RawQuery) {
		follow = s.look
	}
	win, ok := follow(r.Context(), d)
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "nothing new came in time")
		return
	}
	list := win.updateOf(name.Rendition, d.skip)
	cache := cacheForNow
	if d.blocking {
		cache = list.lasting
	}
	writePlaylist(w, r, list, cache)
}

// writePlaylist answers with a playlist; the answer varies by encoding, which
// the caller has said. cache is shared by many answers.
func writePlaylist(w http.ResponseWriter, r *http.Request, list *rendered, cache []string) {
	if list.err != nil {
		// A window that cannot be written is followed by another within a second.
		refuse(w, http.StatusServiceUnavailable, noStore, "the playlist cannot be written now")
		return
	}
	h := w.Header()
	h["Content-Type"] = typePlaylist
	h["Cache-Control"] = cache
	body, about := list.plain, list.label
	if AcceptsGzip(r.Header["Accept-Encoding"]) {
		if zipped, err := list.gzip(); err == nil {
			h["Content-Encoding"] = gzipped
			body, about = zipped, list.zippedLabel
		}
	}
	h["Etag"] = about.etag
	if matches(r.Header.Get("If-None-Match"), about.etag[0]) { // asked only now: a 304 waits as long as a 200
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = about.length
	w.Write(body) // an error means that the viewer left
}

// AcceptsGzip reads Accept-Encoding (RFC 9110 12.5.3).
func AcceptsGzip(accept []string) bool {
	for _, line := range accept {
		for v := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(v, ";")
			if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
				continue
			}
			weight = strings.TrimSpace(weight)
			return weight == "" || strings.Trim(weight, "qQ= \t0.") != "" // noughts alone refuse
		}
	}
	return false
}

// serveObject serves a part or a segment: from the window, or where it is older
// than that, from the store.
func (l *Live) serveObject(w http.ResponseWriter, r *http.Request, name layout.Name) {
	s, n := l.epoch(name.Room, name.Epoch), name.Media.Number
	if s == nil {
		l.serveSegment(w, r, name)
		return
	}
	if !s.snapshot().knows(name.Rendition) {
		refuse(w, http.StatusNotFound, never404, "there is no such rendition")
		return
	}
	if name.Kind == layout.Segment {
		if seg := s.snapshot().segment(n); seg != nil {
			if parts := seg.in(name.Rendition); parts != nil {
				serveMedia(w, r, newLabel(`"s`+name.File()+`"`, sizeOf(parts)), parts...)
				return
			}
		}
		if win := s.snapshot(); !win.ended && win.ready() && n > win.lastMSN() {
			refuse(w, http.StatusNotFound, noStore, "no such segment yet")
			return
		}
		if seg := s.pending(name); seg != nil {
			serveMedia(w, r, newLabel(`"s`+name.File()+`"`, seg.size()), seg.parts...)
			return
		}
		l.serveSegment(w, r, name)
		return
	}
	win := s.snapshot()
	if n > win.nextPart && !win.ended {
		refuse(w, http.StatusNotFound, noStore, "no such part yet")
		return
	}
	if n == win.nextPart {
		// The hinted part: the answer waits for the whole of it (6.2.6).
		var ok bool
		if win, ok = s.await(r.Context(), func(w *window) bool { return w.nextPart > n }); !ok && !win.ended {
			refuse(w, http.StatusServiceUnavailable, noStore, "the part did not come in time")
			return
		}
	}
	p := win.part(n)
	if p != nil {
		p = p.in(name.Rendition)
	}
	if p == nil {
		refuse(w, http.StatusNotFound, never404, "no such part")
		return
	}
	serveMedia(w, r, p.label, p)
}

func (l *Live) serveSegment(w http.ResponseWriter, r *http.Request, name layout.Name) {
	switch {
	case name.Kind == layout.Part: // parts are never stored
		refuse(w, http.StatusNotFound, never404, "no such part")
		return
	case name.Rendition != layout.Main: // nor are other renditions
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return
	}
	l.serveStored(w, r, name)
}

// serveMedia writes parts as one body, without copying them.
func serveMedia(w http.ResponseWriter, r *http.Request, about label, parts ...*part) {
	h := w.Header()
	h["Content-Type"] = typeMedia
	h["Cache-Control"] = cacheForGood
	h["Etag"] = about.etag
	if r.Header["Range"] != nil || r.Header["If-None-Match"] != nil {
		body := newBody(parts)
		serveContent(w, r, body.size, body)
		return
	}
	h["Accept-Ranges"] = inBytes
	h["Content-Length"] = about.length
	if r.Method == http.MethodHead {
		return
	}
	for _, p := range parts {
		if _, err := w.Write(p.data); err != nil {
			return // the viewer left
		}
	}
}
