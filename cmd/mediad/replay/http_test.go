package replay

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// A page of another site can read every status of a replay, and its browser may
// send preflight requests, as below /live/.
func TestReplaysAreForEverybody(t *testing.T) {
	mux := http.NewServeMux()
	New(Options{}).Register(mux, noCards)
	h := packager.ForEverybody(mux)
	for _, c := range []struct {
		method, path string
		status       int
	}{{"OPTIONS", "/vod/s/index.m3u8", 204}, {"OPTIONS", "/vod/s/clips/p.m3u8", 204}, {"GET", "/vod/s/none", 404}, {"POST", "/vod/s/index.m3u8", 405}} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, w.Header())
		}
		if c.status == 204 && w.Header().Get("Access-Control-Allow-Headers") != "Range" {
			t.Errorf("%s %s allows %q", c.method, c.path, w.Header().Get("Access-Control-Allow-Headers"))
		}
	}
}

// A clip has the product's id or its SKU in its address, also a SKU that needs
// escapes, and also behind a playback token. An id wins over a SKU that is the same.
func TestClipBySKU(t *testing.T) {
	r := newTaping(t)
	ctx := t.Context()
	add := func(sku string) overlay.Product {
		p, err := r.s.store.CreateProduct(ctx, overlay.Product{SKU: sku, Title: "T", Price: 1, Currency: "CNY"}, store.Once{})
		r.must(err)
		return p
	}
	corn, other := add("CORN"), add("5kg/b")
	thief, never := add(corn.ID), add("NEVER")
	b := r.broadcast(time.Minute)
	for i, p := range []overlay.Product{corn, other, thief} {
		c, err := r.s.store.Pin(ctx, "demo", p.ID, overlay.At{}, store.Once{})
		r.must(err)
		r.must(r.s.store.Landed(ctx, []overlay.Landed{{ID: c.ID, Landing: overlay.Landing{Date: b.Anchor.Add(time.Duration(10*i) * time.Second), Epoch: b.Epoch}}}))
	}
	r.end(b)
	ring := playtoken.NewRing("a-key-of-sixteen-characters")
	signed := "~" + ring.Sign("demo", time.Now().Add(time.Hour)) + "/"
	guarded := &playtoken.Guard{Ring: ring, Base: "/vod/", Next: r.handler(), Room: func(*http.Request, string) string { return "demo" }}
	clip := func(h http.Handler, token, file string) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/vod/"+token+r.show+"/clips/"+file+".m3u8", nil))
		return w.Code, w.Body.String()
	}
	for token, h := range map[string]http.Handler{"": r.handler(), signed: guarded} {
		texts := map[string]string{}
		for _, p := range []overlay.Product{corn, other, thief} {
			code, text := clip(h, token, p.ID)
			if code != 200 || !strings.Contains(text, "/main/") {
				t.Fatalf("%s: %d %s", p.SKU, code, text)
			}
			texts[p.ID] = text
		}
		if texts[corn.ID] == texts[other.ID] || texts[corn.ID] == texts[thief.ID] {
			t.Fatal("clips of two products are the same")
		}
		for file, p := range map[string]overlay.Product{"CORN": corn, "5kg%2Fb": other, "5kg%2fb": other, corn.ID: corn} {
			if code, text := clip(h, token, file); code != 200 || text != texts[p.ID] {
				t.Errorf("%s: %d %s", file, code, text)
			}
		}
		for _, file := range []string{never.SKU, never.ID, "nothing", "5kg/b"} {
			if code, _ := clip(h, token, file); code != 404 {
				t.Errorf("%s: %d", file, code)
			}
		}
	}
}

// noCards is a server without ffmpeg.
func noCards(context.Context, layout.Name) ([]byte, func(), error) {
	return nil, nil, fs.ErrNotExist
}
