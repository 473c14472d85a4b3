package uploads_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/uploads"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/storage"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sick is a store that is away while told so.
type sick struct {
	uploads.Objects
	away   error
	locked string // the part of a key; what has it cannot be deleted
}

func (s *sick) Delete(ctx context.Context, key string) error {
	if s.locked != "" && strings.Contains(key, s.locked) {
		return errors.New("it is locked")
	}
	return s.Objects.Delete(ctx, key)
}

func (s *sick) Put(ctx context.Context, key string, body []byte) error {
	if s.away != nil {
		return s.away
	}
	return s.Objects.Put(ctx, key, body)
}

func (s *sick) Get(ctx context.Context, key string) (storage.Object, error) {
	if s.away != nil {
		return storage.Object{}, s.away
	}
	return s.Objects.Get(ctx, key)
}

func open(t *testing.T) (*uploads.Uploads, *store.Store, *sick) {
	t.Helper()
	rows, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	dir, err := storage.OpenDir(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, errors.Join(dir.Close(), rows.Close())) })
	objects := &sick{Objects: dir}
	// Unused pictures are deleted at once: the bound lies in the future.
	return uploads.New(uploads.Options{Rows: rows, Objects: objects, Keep: -time.Minute, Log: slog.New(slog.DiscardHandler)}), rows, objects
}

func photo(t *testing.T) io.Reader {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 600))))
	return &b
}

func get(u *uploads.Uploads, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	u.ServeHTTP(w, r)
	return w
}

func never([]byte) store.Once { return store.Once{} }

func TestServed(t *testing.T) {
	u, rows, _ := open(t)
	made, err := u.Upload(t.Context(), "home", photo(t), "ann", never)
	must(t, err)
	for path, width := range map[string]int{made.Path: 800, made.Small: 320} {
		w := get(u, path)
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Content-Type") != "image/jpeg" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%s: %d %v", path, w.Code, h)
		}
		if c, err := jpeg.DecodeConfig(w.Body); err != nil || c.Width != width {
			t.Errorf("%s: %+v %v", path, c, err)
		}
		if w := get(u, path, "If-None-Match", h.Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s again: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/i/none.jpg", "/i/..%2f..%2fsecret.key", overlay.ImagePath(strings.Repeat("a", 26)), "/i/" + made.ID + ".png"} {
		if w := get(u, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}

	// A product keeps it; without one it goes.
	p, err := rows.CreateProduct(t.Context(), overlay.Product{SKU: "CORN", Title: "Corn", Price: 1, Currency: "CNY", Image: made.Path}, store.Once{})
	must(t, err)
	must(t, u.Sweep(t.Context()))
	if w := get(u, made.Path); w.Code != http.StatusOK {
		t.Fatalf("of a product: %d", w.Code)
	}
	must(t, rows.DeleteProduct(t.Context(), p.ID, "ann"))
	must(t, u.Sweep(t.Context()))
	for _, path := range []string{made.Path, made.Small} {
		if w := get(u, path); w.Code != http.StatusNotFound {
			t.Errorf("%s of no product: %d", path, w.Code)
		}
	}
}

func TestStoreAway(t *testing.T) {
	u, rows, objects := open(t)
	made, err := u.Upload(t.Context(), "home", photo(t), "ann", never)
	must(t, err)
	objects.away = errors.New("secret address does not answer")
	if _, err := u.Upload(t.Context(), "home", photo(t), "ann", never); overlay.CodeOf(err) != overlay.Unavailable || strings.Contains(err.Error(), "secret") {
		t.Errorf("upload: %v", err)
	}
	if w := get(u, made.Path); w.Code != http.StatusServiceUnavailable || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("read: %d %s", w.Code, w.Body)
	}
	objects.away = nil
	must(t, u.Sweep(t.Context())) // the upload that failed leaves nothing
	if ids, err := rows.UnusedImages(t.Context(), -time.Minute, ""); err != nil || len(ids) > 0 {
		t.Errorf("left: %v %v", ids, err)
	}
}

// Pictures that cannot be deleted, as in a bucket with a lock, are not in the way of
// others, however many they are.
func TestLockedPicturesStay(t *testing.T) {
	u, rows, objects := open(t)
	const locked = 450
	for i := range locked {
		id := fmt.Sprintf("aaaaaaaaaaaaaaaaaaaaaaa%03d", i)
		must(t, rows.AddImage(t.Context(), overlay.Image{ID: id, Org: "home", Width: 1, Height: 1, Bytes: 1}, "ann"))
	}
	must(t, rows.AddImage(t.Context(), overlay.Image{ID: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Org: "home", Width: 1, Height: 1, Bytes: 1}, "ann"))
	objects.locked = "aaaa"
	if err := u.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), "450 pictures cannot be deleted") || len(err.Error()) > 200 {
		t.Errorf("%v", err)
	}
	left, err := rows.UnusedImages(t.Context(), -time.Minute, "aaaaaaaaaaaaaaaaaaaaaaa449")
	if err != nil || len(left) > 0 {
		t.Errorf("behind them are left %v, %v", left, err)
	}
	objects.locked = ""
	must(t, u.Sweep(t.Context()))
	if left, err := rows.UnusedImages(t.Context(), -time.Minute, ""); err != nil || len(left) > 0 {
		t.Errorf("left: %d, %v", len(left), err)
	}
}

func TestBroken(t *testing.T) {
	u, _, _ := open(t)
	if _, err := u.Upload(t.Context(), "home", io.MultiReader(photo(t), iotestErr{}), "ann", never); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a connection that ends: %v", err)
	}
}

// iotestErr is the end of a connection in the middle of a file.
type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
