package packager

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"mediad/packager/layout"
)

// serveStored serves a stored object that is never changed. It flows through a
// small buffer, and a range is read from where it begins.
func (l *Live) serveStored(w http.ResponseWriter, r *http.Request, name layout.Name) {
	if l.store == nil {
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return
	}
	done, ok := l.turns.take(r.Context(), r.RemoteAddr)
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "too much is read from the store at once")
		return
	}
	defer done()
	object, err := l.object(r, name.Key())
	if err != nil {
		refuseStored(w, err)
		return
	}
	defer object.Close()
	h := w.Header()
	switch name.Kind {
	case layout.Poster, layout.Sprite:
		h.Set("Content-Type", "image/jpeg")
	case layout.Track:
		h.Set("Content-Type", "text/vtt; charset=utf-8")
	default:
		h["Content-Type"] = typeMedia
	}
	h["Cache-Control"] = cacheForGood
	tag := `"s` + name.File() + `"` // as while it was in the window: the bytes are the same
	h.Set("ETag", tag)
	switch {
	case matches(r.Header.Get("If-None-Match"), tag):
		w.WriteHeader(http.StatusNotModified)
	case r.Header["Range"] != nil:
		serveContent(w, r, object.size, object)
	default:
		h["Accept-Ranges"] = inBytes
		h.Set("Content-Length", strconv.FormatInt(object.size, 10))
		if r.Method != http.MethodHead {
			copyOut(w, object.body) // an error means that the viewer left
		}
	}
}

// object opens what a request asks for of an object, at the first byte that it
// asks for where that is said.
func (l *Live) object(r *http.Request, key string) (*object, error) {
	ctx := r.Context()
	o := &object{open: func(offset int64) (io.ReadCloser, error) {
		body, _, err := l.store.OpenAt(ctx, key, offset, -1)
		return body, err
	}}
	var err error
	if offset, length, ok := oneRange(r.Header.Get("Range")); ok && offset > 0 && r.Method == http.MethodGet {
		if o.body, o.size, err = l.store.OpenAt(ctx, key, offset, length); err == nil {
			o.at, o.next = offset, offset
			return o, nil
		}
		if !errors.Is(err, ErrBeyond) {
			return nil, err
		}
	}
	o.body, o.size, err = l.store.Open(ctx, key)
	return o, err
}

// object reads a stored object, and opens it anew where the next byte is not the
// one behind the last. It is an io.ReadSeeker.
type object struct {
	size int64
	open func(offset int64) (io.ReadCloser, error)
	body io.ReadCloser // nil: it is closed
	at   int64         // of body's next byte
	next int64         // that is to be read
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	return seek(&o.next, o.size, offset, whence)
}

func (o *object) Read(b []byte) (int, error) {
	if o.next >= o.size {
		return 0, io.EOF
	}
	if o.body == nil || o.at != o.next {
		o.Close()
		body, err := o.open(o.next)
		if err != nil {
			return 0, err
		}
		o.body, o.at = body, o.next
	}
	n, err := o.body.Read(b)
	o.at, o.next = o.at+int64(n), o.next+int64(n)
	return n, err
}

// Close closes what is open. Nobody can do anything about an error.
func (o *object) Close() {
	if o.body != nil {
		o.body.Close()
		o.body = nil
	}
}

// serveStoredPlaylist serves a playlist that may yet be written anew, or deleted.
func (l *Live) serveStoredPlaylist(w http.ResponseWriter, r *http.Request, key string) {
	w.Header()["Vary"] = byEncoding // also of a refusal, as of a live list
	if l.store == nil {
		refuse(w, http.StatusNotFound, never404, "no longer here")
		return
	}
	t, err := l.texts.get(r.Context(), key, time.Now(), func(ctx context.Context) (io.ReadCloser, int64, error) { return l.store.Open(ctx, key) })
	if err != nil {
		refuseStored(w, err)
		return
	}
	defer l.texts.release(t)
	writePlaylist(w, r, t.made, cacheForNow)
}

// refuseStored says why there is nothing of the store.
func refuseStored(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		refuse(w, http.StatusNotFound, never404, "no longer here")
	case errors.Is(err, errCrowd):
		refuse(w, http.StatusServiceUnavailable, noStore, err.Error())
	default:
		refuse(w, http.StatusBadGateway, noStore, "the store did not answer")
	}
}
