package packager

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"mediad/packager/thumbs"
)

// ServeHTTP answers everything below /live/:
//
//	/live/ROOM/index.m3u8                multivariant playlist
//	/live/ROOM/EPOCH/main/index.m3u8     low-latency media playlist
//	/live/ROOM/EPOCH/main/N.ts           segment with media sequence number N
//	/live/ROOM/EPOCH/main/pN.ts          part number N
//	/live/ROOM/dvr/index.m3u8            multivariant playlist of the rewind
//	/live/ROOM/EPOCH/dvr.m3u8            plain media playlist over Options.DVR
//	/live/ROOM/EPOCH/vod.m3u8            the whole broadcast, once it has ended
//	/live/ROOM/EPOCH/poster.jpg          its last picture, where one was made
//	/live/ROOM/EPOCH/thumbs.vtt, .jpg    its seek thumbnails, where they were made
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
	if path := r.URL.Path; strings.Contains(path, "//") || strings.Contains(path, "/.") {
		refuse(w, http.StatusNotFound, never404, "no such page") // nor a key of the store
		return
	}
	room, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/live/"), "/")
	if rest == "index.m3u8" {
		l.serveMultivariant(w, r, room, ofLive)
		return
	}
	epoch, rest, _ := strings.Cut(rest, "/")
	name, ok := strings.CutPrefix(rest, rendition+"/")
	switch {
	case rest == thumbs.PosterName || rest == thumbs.SpriteName || rest == thumbs.TrackName:
		l.serveStored(w, r, thumbs.Key(room, epoch, rest))
	case epoch == "dvr" && rest == "index.m3u8":
		l.serveMultivariant(w, r, room, ofRewind)
	case rest == "dvr.m3u8":
		l.serveRewind(w, r, room, epoch)
	case rest == "vod.m3u8":
		l.serveStoredPlaylist(w, r, "live/"+room+"/"+epoch+"/"+rest)
	case ok && name == "index.m3u8":
		l.serveMedia(w, r, room, epoch)
	case ok && !strings.Contains(name, "/"):
		l.serveObject(w, r, room, epoch, name)
	default:
		refuse(w, http.StatusNotFound, never404, "no such page")
	}
}

// serveMedia is the request table of RFC 8216bis 6.2.5.2.
func (l *Live) serveMedia(w http.ResponseWriter, r *http.Request, room, epoch string) {
	w.Header()["Vary"] = byEncoding // also of a refusal, or a cache would give one for all
	s := l.epoch(room, epoch)
	if s == nil {
		refuse(w, http.StatusNotFound, never404, "this broadcast is not live")
		return
	}
	d, err := parseDirectives(r.URL.RawQuery)
	if win := s.window.Load(); win.ended && win.ready() {
		d, err = directives{}, nil // after ENDLIST they are ignored
	} else if err == nil {
		err = d.check(win)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, noStore, err.Error())
		return
	}
	win, ok := s.watch(r.Context(), d)
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "nothing new came in time")
		return
	}
	list := win.update(d.skip)
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
		refuse(w, http.StatusInternalServerError, noStore, "the playlist could not be written")
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
func (l *Live) serveObject(w http.ResponseWriter, r *http.Request, room, epoch, name string) {
	n, isPart, ok := parseName(name)
	if !ok {
		refuse(w, http.StatusNotFound, never404, "no such segment")
		return
	}
	s := l.epoch(room, epoch)
	if s == nil {
		l.serveSegment(w, r, room, epoch, n, isPart)
		return
	}
	if !isPart {
		if seg := s.window.Load().segment(n); seg != nil && !seg.gap {
			serveMedia(w, r, newLabel(`"s`+name+`"`, seg.size()), seg.parts...)
			return
		}
		if win := s.window.Load(); !win.ended && win.ready() && n > win.lastMSN() {
			refuse(w, http.StatusNotFound, noStore, "no such segment yet")
			return
		}
		if seg := s.pending(n); seg != nil {
			serveMedia(w, r, newLabel(`"s`+name+`"`, seg.size()), seg.parts...)
			return
		}
		l.serveSegment(w, r, room, epoch, n, false)
		return
	}
	win := s.window.Load()
	if n > win.nextPart && !win.ended {
		refuse(w, http.StatusNotFound, noStore, "no such part yet")
		return
	}
	if n == win.nextPart {
		// The hinted part: the answer waits for the whole of it (6.2.6).
		if win, ok = s.await(r.Context(), func(w *window) bool { return w.nextPart > n }); !ok && !win.ended {
			refuse(w, http.StatusServiceUnavailable, noStore, "the part did not come in time")
			return
		}
	}
	p := win.part(n)
	if p == nil || p.gap {
		refuse(w, http.StatusNotFound, never404, "no such part")
		return
	}
	serveMedia(w, r, p.label, p)
}

func (l *Live) serveSegment(w http.ResponseWriter, r *http.Request, room, epoch string, n uint64, isPart bool) {
	if isPart { // parts are never stored
		refuse(w, http.StatusNotFound, never404, "no such part")
		return
	}
	l.serveStored(w, r, "live/"+room+"/"+epoch+"/"+rendition+"/"+segmentName(n))
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

// serveStored serves a stored object that is never changed.
func (l *Live) serveStored(w http.ResponseWriter, r *http.Request, key string) {
	body, size := l.open(w, r, key)
	if body == nil {
		return
	}
	defer body.Close()
	h := w.Header()
	switch path.Ext(key) {
	case ".jpg":
		h.Set("Content-Type", "image/jpeg")
	case ".vtt":
		h.Set("Content-Type", "text/vtt; charset=utf-8")
	default:
		h["Content-Type"] = typeMedia
	}
	h["Cache-Control"] = cacheForGood
	tag := `"s` + path.Base(key) + `"` // as while it was in the window: the bytes are the same
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Header.Get("Range") != "" && size <= maxRanged {
		// Rare, and segments are small: read what the range lies in.
		if all, ok := readAll(w, body); ok {
			serveContent(w, r, int64(len(all)), bytes.NewReader(all))
		}
		return
	}
	h["Accept-Ranges"] = inBytes
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if r.Method != http.MethodHead {
		io.Copy(w, body) // an error means that the viewer left
	}
}

// serveStoredPlaylist serves a playlist that may yet be written anew, or deleted.
func (l *Live) serveStoredPlaylist(w http.ResponseWriter, r *http.Request, key string) {
	w.Header()["Vary"] = byEncoding // also of a refusal, as of a live list
	body, _ := l.open(w, r, key)
	if body == nil {
		return
	}
	defer body.Close()
	if text, ok := readAll(w, body); ok {
		writePlaylist(w, r, newRendered(tagOf(text), text, nil), cacheForNow)
	}
}

// open opens a stored object; nil: the request is answered.
func (l *Live) open(w http.ResponseWriter, r *http.Request, key string) (body io.ReadCloser, size int64) {
	if l.store == nil {
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return nil, 0
	}
	body, size, err := l.store.Open(r.Context(), key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return nil, 0
	case err != nil:
		refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
		return nil, 0
	}
	return body, size
}

// readAll reads a stored object; false: the request is answered.
func readAll(w http.ResponseWriter, body io.Reader) ([]byte, bool) {
	all, err := io.ReadAll(body)
	if err != nil {
		w.Header().Del("ETag")
		refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
	}
	return all, err == nil
}

// maxRanged bounds the stored objects of which ranges are served, in bytes.
const maxRanged = 64 << 20
