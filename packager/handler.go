package packager

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mediad/ingest"
	"mediad/packager/m3u8"
)

// Lifetimes of answers. A cache must neither keep an error for long (one early
// request would poison a part for everybody) nor ask twice for what never
// changes. The answer to a blocking request could live as long as its parts,
// since everybody asks for it once and within a moment; but VHS asks again for
// the last part of a segment until it sees one of the next, and a cache that
// kept the answer would hold it there.
const (
	forNow    = "max-age=1"
	never404  = "max-age=1"
	noStore   = "no-store"
	immutable = "public, max-age=31536000, immutable"
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
func (l *Live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowEverybody(w.Header())
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		refuse(w, http.StatusMethodNotAllowed, noStore, "only GET, HEAD and OPTIONS")
		return
	}
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/live/"), "/")
	switch {
	case len(path) == 2 && path[1] == "index.m3u8":
		l.serveMultivariant(w, r, path[0], "", "/"+rendition+"/index.m3u8")
	case len(path) == 3 && path[1] == "dvr" && path[2] == "index.m3u8":
		l.serveMultivariant(w, r, path[0], "../", "/dvr.m3u8")
	case len(path) == 3 && path[2] == "dvr.m3u8":
		l.serveRewind(w, r, path[0], path[1])
	case len(path) == 3 && path[2] == "vod.m3u8":
		l.serveStored(w, r, "live/"+strings.Join(path, "/"), forNow)
	case len(path) == 4 && path[2] == rendition && path[3] == "index.m3u8":
		l.serveMedia(w, r, path[0], path[1])
	case len(path) == 4 && path[2] == rendition:
		l.serveObject(w, r, path[0], path[1], path[3])
	default:
		refuse(w, http.StatusNotFound, never404, "no such page")
	}
}

// allowEverybody lets pages of every origin read the answer, whatever its
// status: without it a player sees neither a 404 nor the Age of a playlist.
func allowEverybody(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Range")
	h.Set("Access-Control-Expose-Headers", "Age, Date, ETag, Content-Length, Content-Range")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Timing-Allow-Origin", "*")
}

func refuse(w http.ResponseWriter, status int, cache, why string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	fmt.Fprintln(w, why)
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
	win, ok := s.watch(r.Context(), d.satisfied)
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "nothing new came in time")
		return
	}
	writePlaylist(w, r, win.playlist(&s.zippers), forNow)
}

func writePlaylist(w http.ResponseWriter, r *http.Request, list *rendered, cache string) {
	if list.err != nil {
		refuse(w, http.StatusInternalServerError, noStore, "the playlist could not be written")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.apple.mpegurl")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", cache)
	body := list.plain
	tag := list.etag
	if acceptsGzip(r) {
		if zipped, err := list.gzip(); err == nil {
			h.Set("Content-Encoding", "gzip")
			body, tag = zipped, strings.TrimSuffix(tag, `"`)+`.gz"`
		}
	}
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func acceptsGzip(r *http.Request) bool {
	for _, v := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
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
			serveMedia(w, r, `"s`+name+`"`, seg.parts)
			return
		}
		if parts := s.waiting(n); parts != nil {
			serveMedia(w, r, `"s`+name+`"`, parts)
			return
		}
		l.serveSegment(w, r, room, epoch, n, false)
		return
	}
	win := s.window.Load()
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
	serveMedia(w, r, `"`+name+`"`, []*part{p})
}

func (l *Live) serveSegment(w http.ResponseWriter, r *http.Request, room, epoch string, n uint64, isPart bool) {
	if isPart { // parts are never stored
		refuse(w, http.StatusNotFound, never404, "no such part")
		return
	}
	l.serveStored(w, r, "live/"+room+"/"+epoch+"/"+rendition+"/"+segmentName(n), immutable)
}

// serveMedia writes parts as one body, without copying them.
func serveMedia(w http.ResponseWriter, r *http.Request, tag string, parts []*part) {
	h := w.Header()
	h.Set("Content-Type", "video/mp2t")
	h.Set("Cache-Control", immutable)
	h.Set("ETag", tag)
	if r.Header.Get("Range") != "" || r.Header.Get("If-None-Match") != "" {
		http.ServeContent(w, r, "", time.Time{}, newBody(parts))
		return
	}
	size := 0
	for _, p := range parts {
		size += len(p.data)
	}
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.Itoa(size))
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
	h.Set("Content-Type", "video/mp2t")
	if strings.HasSuffix(key, ".m3u8") {
		h.Set("Content-Type", "application/vnd.apple.mpegurl")
	}
	h.Set("Cache-Control", cache)
	if r.Header.Get("Range") != "" && size <= maxRanged {
		// Rare, and segments are small: read what the range lies in.
		all, err := io.ReadAll(io.LimitReader(body, maxRanged))
		if err != nil {
			refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(all))
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
