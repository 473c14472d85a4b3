package replay

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"mediad/packager/layout"
)

// TestMomentsOfAShow: each second has the picture of its segment, a show that of its poster or of its middle, and a
// show without a recording none.
func TestMomentsOfAShow(t *testing.T) {
	r := newTaping(t)
	begun := r.broadcast(time.Minute)
	r.end(begun)
	b, posters := layout.Of("demo", begun.Epoch), false
	mux := http.NewServeMux()
	r.s.Register(mux, func(_ context.Context, name layout.Name) ([]byte, func(), error) {
		if name.Kind == layout.Poster && !posters {
			return nil, nil, fs.ErrNotExist
		}
		return []byte(name.Key()), func() {}, nil
	})
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	show := layout.Show(r.show)
	for path, want := range map[string]layout.Name{
		show.Moment(0): b.Segment(1), show.Moment(1): b.Segment(1), show.Moment(2): b.Segment(2), show.Moment(59): b.Segment(30), show.Moment(90000): b.Segment(30),
		show.Card(): b.Segment(16),
	} {
		w := ask(path)
		if w.Code != http.StatusOK || w.Body.String() != want.Key() || w.Header().Get("Content-Type") != "image/jpeg" || w.Header().Get("Cache-Control") != cardAge || w.Header().Get("ETag") == "" {
			t.Errorf("%s: %d %s %v, want %s", path, w.Code, w.Body, w.Header(), want.Key())
		}
	}
	posters = true
	if w := ask(show.Card()); w.Body.String() != b.Poster().Key() {
		t.Errorf("a card of %s, want the poster", w.Body)
	}
	for _, file := range []string{"x.jpg", "-1.jpg", "01.jpg", "5.png", "5", "99999999.jpg"} {
		if w := ask(show.Moments(file)); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", file, w.Code)
		}
	}
	for date, want := range map[time.Duration]time.Duration{-time.Hour: 0, 30 * time.Second: 30 * time.Second, time.Hour: time.Minute} {
		if at, err := r.s.Place(t.Context(), r.show, begun.Anchor.Add(date)); err != nil || at != want {
			t.Errorf("%v after the begin lies at %v, %v", date, at, err)
		}
	}
	r.end(r.broadcast(0))
	for _, path := range []string{layout.Show(r.show).Card(), layout.Show(r.show).Moment(5), layout.Show("01none").Card()} {
		if w := ask(path); w.Code != http.StatusNotFound {
			t.Errorf("%s of a show without a recording: %d %s", path, w.Code, w.Body)
		}
	}
}
