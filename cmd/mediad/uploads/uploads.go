// Package uploads keeps the pictures of products that people upload, and serves them.
//
// In go files of people; out go pictures that this server has drawn anew, under
// addresses that never change. The bytes are in the object store, or in the data
// directory where there is none. A picture that no product uses is deleted after a day.
package uploads

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/picture"
	"mediad/overlay/store"
	"mediad/storage"
)

// Objects is the store of the bytes.
type Objects interface {
	Put(ctx context.Context, key string, body []byte) error
	Get(ctx context.Context, key string) (storage.Object, error)
	Delete(ctx context.Context, key string) error
}

// Options of Uploads.
type Options struct {
	Rows    *store.Store
	Objects Objects
	Keep    time.Duration // how long a picture stays that no product uses; 0: a day
	Every   time.Duration // between two searches for such pictures; 0: an hour
	Log     *slog.Logger
}

// Uploads is safe for concurrent use.
type Uploads struct {
	o       Options
	taking  chan struct{} // a place for each file that arrives
	drawing chan struct{} // one picture is drawn at a time: it takes memory and a core
}

// Bounds of uploads.
const (
	maxTaking = 4
	storeTime = 20 * time.Second
)

// New makes Uploads. Run deletes what nobody uses.
func New(o Options) *Uploads {
	if o.Keep == 0 {
		o.Keep = 24 * time.Hour
	}
	if o.Every == 0 {
		o.Every = time.Hour
	}
	return &Uploads{o: o, taking: make(chan struct{}, maxTaking), drawing: make(chan struct{}, 1)}
}

func large(id string) string { return "images/" + id + ".jpg" }
func small(id string) string { return "images/" + id + "-s.jpg" }

// Upload keeps the picture of a file in an organisation. once makes a keyed request out
// of the file's bytes.
func (u *Uploads) Upload(ctx context.Context, org string, file io.Reader, actor string, once func(file []byte) store.Once) (overlay.Image, error) {
	select {
	case u.taking <- struct{}{}:
		defer func() { <-u.taking }()
	default:
		return overlay.Image{}, overlay.Errorf(overlay.TooMany, "%d pictures arrive at this moment already; try again in a moment", maxTaking)
	}
	bytes, err := io.ReadAll(io.LimitReader(file, picture.MaxBytes+1))
	if err != nil {
		return overlay.Image{}, err
	}
	drawn, err := u.draw(ctx, bytes)
	if err != nil {
		return overlay.Image{}, err
	}
	made := overlay.Image{ID: strings.ToLower(rand.Text()), Org: org, Width: drawn.Width, Height: drawn.Height, Bytes: int64(len(drawn.Large) + len(drawn.Small))}
	if err := u.o.Rows.AddImage(ctx, made, actor); err != nil {
		return overlay.Image{}, err
	}
	put, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if err := errors.Join(u.o.Objects.Put(put, small(made.ID), drawn.Small), u.o.Objects.Put(put, large(made.ID), drawn.Large)); err != nil {
		u.o.Log.ErrorContext(ctx, "a picture cannot be stored", "err", err)
		return overlay.Image{}, overlay.Errorf(overlay.Unavailable, "the server cannot store the picture now; try again in a moment")
	}
	return u.o.Rows.KeepImage(ctx, made.ID, once(bytes))
}

func (u *Uploads) draw(ctx context.Context, file []byte) (picture.Picture, error) {
	select {
	case u.drawing <- struct{}{}:
		defer func() { <-u.drawing }()
	case <-ctx.Done():
		return picture.Picture{}, ctx.Err()
	}
	return picture.Make(file)
}

// ServeHTTP serves a picture, of which every cache may keep a copy for ever.
func (u *Uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	id, isSmall, ok := overlay.ImageOf(r.URL.Path)
	if !ok {
		none(w)
		return
	}
	key := large(id)
	if isSmall {
		key = small(id)
	}
	ctx, cancel := context.WithTimeout(r.Context(), storeTime)
	defer cancel()
	object, err := u.o.Objects.Get(ctx, key)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		none(w)
		return
	case err != nil:
		if r.Context().Err() == nil {
			u.o.Log.WarnContext(ctx, "a picture cannot be read", "err", err)
		}
		h.Set("Cache-Control", "no-store")
		h.Set("Retry-After", "5")
		http.Error(w, "the store did not answer", http.StatusServiceUnavailable)
		return
	}
	defer object.Body.Close()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.FormatInt(object.Size, 10))
	h.Set("Cache-Control", storage.CacheControl(key))
	h.Set("ETag", `"`+id+`"`) // its bytes never change
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Header.Get("If-None-Match") == `"`+id+`"` {
		h.Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, object.Body) // the viewer may have gone
	}
}

func none(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "max-age=10")
	http.Error(w, "there is no such picture", http.StatusNotFound)
}

// Run deletes pictures that no product uses, until ctx ends. After one that it cannot
// delete it pauses longer and longer.
func (u *Uploads) Run(ctx context.Context) error {
	for pause := u.o.Every; ; {
		if err := u.Sweep(ctx); err == nil {
			pause = u.o.Every
		} else if ctx.Err() == nil {
			pause = min(2*pause, max(u.o.Every, longestPause))
			u.o.Log.WarnContext(ctx, "unused pictures stay; it is tried again", "in", pause, "err", err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
	}
}

// longestPause is how long Run pauses at most after pictures that cannot be deleted.
const longestPause = 24 * time.Hour

// Sweep looks at all pictures once, and deletes those that no product has used for long.
// One that cannot be deleted, as in a bucket with a lock, is not in the way of others.
func (u *Uploads) Sweep(ctx context.Context) error {
	for behind, first := "", true; behind != "" || first; first = false {
		last, err := u.o.Rows.JudgeImages(ctx, behind)
		if err != nil {
			return err
		}
		behind = last
	}
	stay, why := 0, error(nil)
	for behind := ""; ctx.Err() == nil; {
		ids, err := u.o.Rows.UnusedImages(ctx, u.o.Keep, behind)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			err := errors.Join(u.o.Objects.Delete(ctx, large(id)), u.o.Objects.Delete(ctx, small(id)))
			if err == nil {
				err = u.o.Rows.ForgetImage(ctx, id)
			}
			if err != nil {
				stay, why = stay+1, err
			}
		}
		behind = ids[len(ids)-1]
	}
	if stay > 0 {
		return fmt.Errorf("%d pictures cannot be deleted, the last: %w", stay, why)
	}
	return ctx.Err()
}
