package packager

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"mediad/ingest"
	"mediad/packager/m3u8"
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
		l.serveMultivariant(w, r, room, "", "/"+rendition+"/index.m3u8")
		return
	}
	epoch, rest, _ := strings.Cut(rest, "/")
	name, ok := strings.CutPrefix(rest, rendition+"/")
	switch {
	case rest == thumbs.PosterName || rest == thumbs.SpriteName || rest == thumbs.TrackName:
		l.serveStored(w, r, thumbs.Key(room, epoch, rest), immutable)
	case epoch == "dvr" && rest == "index.m3u8":
		l.serveMultivariant(w, r, room, "../", "/dvr.m3u8")
	case rest == "dvr.m3u8":
		l.serveRewind(w, r, room, epoch)
	case rest == "vod.m3u8":
		l.serveStored(w, r, "live/"+room+"/"+epoch+"/"+rest, forNow)
	case ok && name == "index.m3u8":
		l.serveMedia(w, r, room, epoch)
	case ok && !strings.Contains(name, "/"):
		l.serveObject(w, r, room, epoch, name)
	default:
		refuse(w, http.StatusNotFound, never404, "no such page")
	}
}

// serveMultivariant waits for the first whole segment, whose bit rate it names.
// The media playlist's URI is the epoch between before and after.
func (l *Live) serveMultivariant(w http.ResponseWriter, r *http.Request, room, before, after string) {
	s := l.Room(room)
	if s == nil {
		refuse(w, http.StatusNotFound, never404, "this room is not live")
		return
	}
	// After a restart a list of gaps alone says nothing of coding and bit rate.
	win, ok := s.await(r.Context(), func(w *window) bool { return w.ready() && len(w.tracks) > 0 })
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "the broadcast is about to begin")
		return
	}
	text, err := s.multivariant(win, before+s.opts.Epoch+after)
	if err != nil {
		refuse(w, http.StatusInternalServerError, noStore, "the playlist could not be written")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.apple.mpegurl")
	h.Set("Cache-Control", "max-age="+strconv.FormatInt(max(win.target/ingest.Clock/2, 1), 10))
	tag := fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE(text))
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.Write(text)
}

func (s *Stream) multivariant(w *window, media string) ([]byte, error) {
	peak, mean := w.peak()
	v := m3u8.Variant{
		URI: media,
		// A live variant's peak must stay below 125 % of what is declared.
		Bandwidth: peak + peak/10, AverageBandwidth: mean,
	}
	var codecs []string
	for _, t := range w.tracks {
		codecs = append(codecs, t.RFC6381)
		if t.Codec.Video() {
			v.Width, v.Height, v.FrameRate = t.Width, t.Height, t.FrameRate
		}
	}
	v.Codecs = strings.Join(codecs, ",")
	if fps := s.health.FPS(); v.FrameRate == 0 {
		v.FrameRate = fps
	}
	return (&m3u8.Multivariant{Variants: []m3u8.Variant{v}}).Bytes()
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
	list := win.update(d.skip, &s.zippers)
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
	if acceptsGzip(r.Header["Accept-Encoding"]) {
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

// acceptsGzip reads Accept-Encoding (RFC 9110 12.5.3).
func acceptsGzip(accept []string) bool {
	if len(accept) == 0 {
		return false
	}
	for v := range strings.SplitSeq(accept[0], ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(v), ";")
		if name == "gzip" {
			return strings.ReplaceAll(params, " ", "") != "q=0"
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
	l.serveStored(w, r, "live/"+room+"/"+epoch+"/"+rendition+"/"+segmentName(n), immutable)
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

func (l *Live) serveStored(w http.ResponseWriter, r *http.Request, key, cache string) {
	if l.store == nil {
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return
	}
	body, size, err := l.store.Open(r.Context(), key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return
	case err != nil:
		refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
		return
	}
	defer body.Close()
	h := w.Header()
	switch path.Ext(key) {
	case ".m3u8":
		h.Set("Content-Type", "application/vnd.apple.mpegurl")
	case ".jpg":
		h.Set("Content-Type", "image/jpeg")
	case ".vtt":
		h.Set("Content-Type", "text/vtt; charset=utf-8")
	default:
		h.Set("Content-Type", "video/mp2t")
	}
	h.Set("Cache-Control", cache)
	if cache == immutable {
		tag := `"s` + path.Base(key) + `"` // as while it was in the window: the bytes are the same
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if r.Header.Get("Range") != "" && size <= maxRanged {
		// Rare, and segments are small: read what the range lies in.
		all, err := io.ReadAll(io.LimitReader(body, maxRanged))
		if err != nil {
			refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
			return
		}
		serveContent(w, r, int64(len(all)), bytes.NewReader(all))
		return
	}
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if r.Method != http.MethodHead {
		io.Copy(w, body) // an error means that the viewer left
	}
}

// maxRanged bounds the stored objects of which ranges are served, in bytes.
const maxRanged = 64 << 20
