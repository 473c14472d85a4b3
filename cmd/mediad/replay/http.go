package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mediad/cmd/mediad/replay/cache"
	"mediad/overlay"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
	"mediad/packager/vtt"
)

// Register adds the recordings to a mux, at the paths of layout.Show. cards makes their pictures for link previews.
func (s *Replays) Register(mux *http.ServeMux, cards Cards) {
	const of = layout.Show("{show}")
	mux.HandleFunc("GET "+of.Playlist(), s.replayed(mediaPlaylist, func(k *replay) *packed { return k.list }))
	mux.HandleFunc("GET "+of.Chapters(), s.replayed(webVTT, func(k *replay) *packed { return k.track }))
	mux.HandleFunc("GET "+of.Thumbs(), s.thumbnails)
	mux.HandleFunc("GET "+of.Clips("{file}"), s.clip)
	mux.HandleFunc("GET "+of.Card(), s.card(cards))
	mux.HandleFunc("GET "+of.Moments("{file}"), s.moment(cards))
}

const (
	mediaPlaylist = "application/vnd.apple.mpegurl"
	webVTT        = "text/vtt; charset=utf-8"
)

// replayed answers with one of a show's texts; nil: there is none.
func (s *Replays) replayed(kind string, choose func(*replay) *packed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k, done := s.answerOr(w, r)
		if k == nil {
			return
		}
		defer done()
		if text := choose(k); text != nil {
			s.writePacked(w, r, text, kind)
			return
		}
		http.Error(w, "there is no replay of this", http.StatusNotFound)
	}
}

// clip answers with the stretches of a recording about a product, which the request
// names by its id or SKU. They are put together once for all requests.
func (s *Replays) clip(w http.ResponseWriter, r *http.Request) {
	k, done := s.answerOr(w, r)
	if k == nil {
		return
	}
	defer done()
	product, ok := layout.ClipProduct(r.PathValue("file"))
	if ok && !k.speaksOf(product) { // an id wins over a SKU that is the same
		p, err := s.store.Offered(r.Context(), r.PathValue("show"), product)
		if err != nil && overlay.CodeOf(err) != overlay.NotFound {
			s.failed(w, r, err)
			return
		}
		product = p.ID
	}
	if !ok || k.list == nil || !k.speaksOf(product) {
		http.Error(w, "there is no replay of this", http.StatusNotFound)
		return
	}
	clip, read, err := s.rendered.Get(r.Context(), "clip/"+k.list.tag+"/"+product, func(context.Context) (cache.Value[*rendering], error) {
		media, err := k.clip(product)
		if err != nil || media == nil {
			return cache.Value[*rendering]{}, errors.Join(err, fs.ErrNotExist)
		}
		text, err := pack(media)
		return keepRendering(&rendering{text: text}, keptFor), err
	})
	switch {
	case err != nil:
		s.failed(w, r, err)
	default:
		defer read()
		s.writePacked(w, r, clip.text, mediaPlaylist)
	}
}

// rendering is made from replays for one kind of reader: a text, or the body of
// an answer. It does not change.
type rendering struct {
	text  *packed
	body  []byte
	whole bool // nothing more will come
}

func keepRendering(r *rendering, age time.Duration) cache.Value[*rendering] {
	n := int64(256 + len(r.body))
	if r.text != nil {
		n += int64(len(r.text.zipped))
	}
	return cache.Value[*rendering]{V: r, Bytes: n, Until: time.Now().Add(age)}
}

// writePacked answers with a text, in gzip to clients that accept it. However many
// read it at once, it is in memory once for each form: packed, or the forms for a
// playback token, a path prefix or a client without gzip. Where such a form does not
// fit into the memory bound, it is made while it is sent.
func (s *Replays) writePacked(w http.ResponseWriter, r *http.Request, text *packed, kind string) {
	h, lead := w.Header(), s.lead(playtoken.Given(r.Context()))
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	zips := packager.AcceptsGzip(r.Header["Accept-Encoding"])
	body := text.zipped
	if lead != storedLead || !zips {
		form, read, err := s.rendered.Get(r.Context(), fmt.Sprint(text.tag, "/", zips, lead), func(context.Context) (cache.Value[*rendering], error) {
			body, err := text.form(lead, zips)
			return keepRendering(&rendering{body: body}, keptFor), err
		})
		if err != nil {
			if err := text.copyTo(w, lead); err != nil {
				s.log.Debug("replay was not read to its end", "err", err)
			}
			return
		}
		defer read()
		body = form.body
	}
	if zips {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// answerOr reads the show that a request names; nil: the request is answered.
// Otherwise the caller calls done.
func (s *Replays) answerOr(w http.ResponseWriter, r *http.Request) (k *replay, done func()) {
	w.Header().Set("Cache-Control", "max-age=1")
	k, done, err := s.load(r.Context(), r.PathValue("show"))
	if err != nil {
		s.failed(w, r, err)
		return nil, nil
	}
	return k, done
}

// failed answers with the reason why there is no replay.
func (s *Replays) failed(w http.ResponseWriter, r *http.Request, err error) {
	h := w.Header()
	switch {
	case overlay.CodeOf(err) == overlay.NotFound || errors.Is(err, fs.ErrNotExist):
		http.Error(w, "there is no replay of this show", http.StatusNotFound)
	case overlay.CodeOf(err) == overlay.Gone:
		http.Error(w, err.Error(), http.StatusGone)
	case errors.Is(err, cache.ErrFull):
		h.Set("Cache-Control", "no-store")
		h.Set("Retry-After", "1")
		http.Error(w, "too many replays are requested at the same time; try again in a moment", http.StatusServiceUnavailable)
	case r.Context().Err() != nil: // the client has left
	case overlay.CodeOf(err) == overlay.Unavailable: // the database
		s.log.Error("replay could not be looked up", "show", r.PathValue("show"), "err", err)
		h.Set("Cache-Control", "no-store")
		h.Set("Retry-After", "5")
		var why *overlay.Error
		errors.As(err, &why)
		http.Error(w, why.Message, http.StatusServiceUnavailable)
	default:
		s.log.Error("replay could not be read", "show", r.PathValue("show"), "err", err)
		h.Set("Cache-Control", "no-store")
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	}
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
