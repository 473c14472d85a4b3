package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// built is a small stand-in for what npm makes, so that these tests need no Node.js.
func built() fstest.MapFS {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"dist/manifest.json": text(`{"apps":{"player":{"modules":["player-1.js","chunk-2.js"],"styles":["page-6.css"]},` +
			`"watch":{"modules":["watch-3.js","chunk-2.js"],"styles":["watch-8.css"]},"operator":{"modules":["operator-9.js"],"styles":[]},"dock":{"modules":["dock-10.js"],"styles":["dock-11.css"]},"studio":{"modules":["studio-12.js"],"styles":["studio-13.css"]},"times":{"modules":["times-14.js"],"styles":[]}},` +
			`"files":{"hls":"hls-4.js","worker":"worker-5.js","icon":"icon-7.svg"}}`),
		"dist/embed.js":             text(`export*from"./assets/player-1.js";`),
		"dist/reminder-worker.js":   text(`addEventListener("push",()=>{});`),
		"dist/assets/player-1.js":   text("player"),
		"dist/assets/chunk-2.js":    text("chunk"),
		"dist/assets/watch-3.js":    text("watch"),
		"dist/assets/hls-4.js":      text("hls"),
		"dist/assets/worker-5.js":   text("worker"),
		"dist/assets/page-6.css":    text("page"),
		"dist/assets/icon-7.svg":    text("<svg/>"),
		"dist/assets/watch-8.css":   text("watch"),
		"dist/assets/operator-9.js": text("operator"),
		"dist/assets/dock-10.js":    text("dock"),
		"dist/assets/studio-12.js":  text("studio"),
		"dist/assets/studio-13.css": text("studio"),
		"dist/assets/dock-11.css":   text("dock"),
		"dist/assets/times-14.js":   text("times"),
	}
}

var errLookup = errors.New("the database is away")

func lookUp(_ context.Context, slug, show string) (RoomInfo, error) {
	switch slug {
	case "demo":
		return RoomInfo{Exists: true, Title: "玉米 & tea", Name: "Harvest", Description: "Corn, tea.", Image: "https://img.example/a.jpg", Accent: "#0a7d4f"}, nil
	case "old":
		info := RoomInfo{Exists: true, Image: "/live/old/poster.jpg", Former: []FormerShow{{ID: "01J", Title: "Corn & tea", Date: time.Date(2026, 11, 20, 18, 30, 0, 0, time.UTC)}}}
		if show == "01J" {
			info.Show = &FormerShow{ID: "01J", Title: "Corn & tea", Date: info.Former[0].Date, Image: "/live/old/01a/poster.jpg"}
		}
		return info, nil
	case "soon":
		return RoomInfo{Exists: true, Title: "Corn", Ahead: show == "01K"}, nil
	case "plain":
		return RoomInfo{Exists: true, Image: "/img/a.png", Accent: "red;}body{display:none"}, nil
	case "evil":
		return RoomInfo{Exists: true, Title: `"><script>alert(1)</script>`, Description: `" onload="x`, Image: "javascript:alert(1)"}, nil
	case "broken":
		return RoomInfo{}, errLookup
	}
	return RoomInfo{}, nil
}

func newHandler(t *testing.T, files fs.FS) http.Handler {
	t.Helper()
	h, err := build(Options{Room: lookUp, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, files)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	h := newHandler(t, built())
	for _, test := range []struct {
		name, target string
		header       []string
		status       int
		has, hasNot  []string
	}{
		{"watch", "http://live.example/watch/demo", nil, 200, []string{
			`<html lang="en">`, `<title>玉米 &amp; tea · Harvest</title>`, `<mediad-player room="demo" lang="en"`, `src="/assets/watch-3.js"`,
			`rel="modulepreload" href="/assets/chunk-2.js"`, `href="/assets/watch-8.css"`, `property="og:title" content="玉米 &amp; tea"`,
			`property="og:description" content="Corn, tea."`, `property="og:image" content="https://img.example/a.jpg"`,
			`rel="canonical" href="http://live.example/watch/demo"`, `--mediad-accent:#0a7d4f`,
			`src=&#34;http://live.example/embed.js&#34;&gt;`, "Products in this show", `<p id="of">Harvest</p>`,
		}, nil},
		{"embed", "http://live.example/embed/demo", nil, 200,
			[]string{`<mediad-player room="demo"`, ` titled`, `src="/assets/player-1.js"`, `href="/assets/page-6.css"`, `content="noindex"`}, []string{"Products in this show", `id="share"`, "watch-8.css"}},
		{"a host's preview", "http://live.example/embed/demo?preview=1", nil, 200, []string{`<mediad-player room="demo" preview lang="en"`}, nil},
		{"dock", "http://live.example/dock/demo", nil, 200,
			[]string{`<mediad-dock room="demo" heading="Harvest" locale="en">`, `src="/assets/dock-10.js"`, `href="/assets/dock-11.css"`, `content="noindex"`, `<title>Dock · Harvest</title>`}, []string{"mediad-player", "hls-4.js"}},
		{"dock in Chinese", "http://live.example/dock/evil?lang=zh", nil, 200, []string{`locale="zh"`, "直播中控台"}, []string{"<script>alert"}},
		{"studio", "http://live.example/studio?lang=zh", nil, 200,
			[]string{`<mediad-studio locale="zh">`, `src="/assets/studio-12.js"`, `href="/assets/studio-13.css"`, `content="noindex"`, `<title>工作台 · mediad</title>`}, []string{"mediad-player", "hls-4.js"}},
		{"dock of an unknown room", "http://live.example/dock/nobody", nil, 404, []string{"There is no such room"}, []string{"mediad-dock"}},
		{"a room with a slug and no more", "http://live.example/watch/plain", nil, 200,
			[]string{`<title>plain</title>`, `<h1>plain</h1>`, `<p id="of" hidden>plain</p>`, `>P</span>`, `property="og:image" content="http://live.example/img/a.png"`}, []string{"<style>", `name="description"`}},
		{"Chinese", "http://live.example/watch/demo", []string{"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8"}, 200, []string{`<html lang="zh">`, "本场商品"}, nil},
		{"Chinese by wish", "http://live.example/watch/demo?lang=zh-Hans", nil, 200, []string{`<html lang="zh">`}, nil},
		{"behind a proxy", "http://live.example/watch/demo", []string{"X-Forwarded-Proto", "https"}, 200, []string{`src=&#34;https://live.example/embed.js&#34;`}, nil},
		{"a hostile title", "http://live.example/watch/evil", nil, 200, []string{`&lt;script&gt;alert(1)`}, []string{"<script>alert", `" onload="x`, "javascript:", "og:image"}},
		{"former shows", "http://live.example/watch/old", nil, 200,
			[]string{`href="/watch/old?show=01J"`, "Corn &amp; tea", "20 Nov 2026, 18:30 UTC", "Past shows"}, []string{` show="`, "Back to the room"}},
		{"a former show", "http://live.example/watch/old?show=01J&lang=en", nil, 200, []string{
			`<mediad-player room="old" show="01J"`, `<a href="/watch/old">Back to the room</a>`, `<a slot="missing" class="pill" href="/watch/old">`, `<time datetime="2026-11-20T18:30:00Z">20 Nov 2026</time>`, `<title>Corn &amp; tea · 2026-11-20 · old</title>`,
			`property="og:title" content="Corn &amp; tea · 2026-11-20"`, `content="Recording of the show on 2026-11-20."`,
			`property="og:url" content="http://live.example/watch/old?show=01J"`, `rel="canonical" href="http://live.example/watch/old?show=01J"`,
			`property="og:image" content="http://live.example/live/old/01a/poster.jpg"`, ` show=&#34;01J&#34;&gt;&lt;/mediad-player&gt;`,
		}, []string{"Past shows", `href="/watch/old?show=01J"`}},
		{"a former show, in Chinese", "http://live.example/watch/old?show=01J&lang=zh", nil, 200, []string{`<time datetime="2026-11-20T18:30:00Z">2026年11月20日</time>`}, nil},
		{"a former show, embedded", "http://live.example/embed/old?show=01J", nil, 200, []string{`<mediad-player room="old" show="01J"`, `rel="canonical" href="http://live.example/watch/old?show=01J"`}, nil},
		{"a show that the room does not have", "http://live.example/watch/old?show=01X", nil, 200,
			[]string{`show="01X"`, `rel="canonical" href="http://live.example/watch/old?show=01X"`, `property="og:title" content="old"`}, []string{`id="of"><time`}},
		{"a show that has not begun", "http://live.example/watch/soon?show=01K", nil, 200, []string{`<mediad-player room="soon" lang`, `rel="canonical" href="http://live.example/watch/soon"`}, []string{`show="01K"`}},
		{"a show that is none", `http://live.example/watch/old?show=%22%3E%3Cscript%3E`, nil, 200, nil, []string{` show="`, "<script>"}},
		{"an unknown room", "http://live.example/watch/nobody", nil, 404, []string{"There is no such room"}, []string{"<mediad-player"}},
		{"an unknown room, embedded", "http://live.example/embed/nobody", nil, 404, []string{"There is no such room"}, nil},
		{"an unknown page", "http://live.example/watch/a/b", nil, 404, []string{"There is no such page"}, nil},
		{"a room that cannot be looked up", "http://live.example/watch/broken", nil, 503, []string{"cannot be shown right now"}, []string{errLookup.Error()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := get(h, test.target, test.header...)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if got := w.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("Content-Type %q", got)
			}
			body := w.Body.String()
			for _, s := range test.has {
				if !strings.Contains(body, s) {
					t.Errorf("the page lacks %q:\n%s", s, body)
				}
			}
			for _, s := range test.hasNot {
				if strings.Contains(body, s) {
					t.Errorf("the page has %q:\n%s", s, body)
				}
			}
		})
	}
}

// While rooms cannot be looked up, the pages say so for the moment, in the language of
// the reader, and no cache keeps that.
func TestLookUpFails(t *testing.T) {
	first, err := "old", error(nil)
	h, failed := build(Options{Room: lookUp, First: func(context.Context) (string, error) { return first, err }, PublicURL: "https://example.com/shop",
		Log: slog.New(slog.DiscardHandler)}, built())
	if failed != nil {
		t.Fatal(failed)
	}
	if w := get(h, "http://inner/"); w.Code != http.StatusFound || w.Header().Get("Location") != "/shop/watch/old" {
		t.Errorf("/ is %d to %q", w.Code, w.Header().Get("Location"))
	}
	first, err = "", errLookup
	for _, target := range []string{"/", "/watch/broken", "/embed/broken"} {
		for lang, words := range map[string]string{"en": "cannot be shown right now", "zh": "页面暂时无法打开"} {
			w := get(h, "http://inner"+target, "Accept-Language", lang)
			if head := w.Header(); w.Code != http.StatusServiceUnavailable || head.Get("Retry-After") == "" || head.Get("Cache-Control") != "no-store" ||
				!strings.Contains(w.Body.String(), words) {
				t.Errorf("%s in %s: %d %v %s", target, lang, w.Code, head, w.Body)
			}
		}
	}
	err = nil
	if w := get(h, "http://inner/"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "no rooms yet") {
		t.Errorf("with no rooms / is %d: %s", w.Code, w.Body)
	}
}

func TestOnlyEmbedMayBeFramed(t *testing.T) {
	h := newHandler(t, built())
	for target, want := range map[string]string{
		"/watch/demo": "frame-ancestors 'self'", "/embed/demo": "frame-ancestors *", "/dock/demo": "frame-ancestors 'self'", "/studio": "frame-ancestors 'self'", "/watch/nobody": "frame-ancestors 'self'",
	} {
		policy := get(h, target).Header().Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, want) || !strings.Contains(policy, "script-src 'self';") {
			t.Errorf("%s: policy %q, want it to end in %q", target, policy, want)
		}
	}
}

// TestOnlyTheDockSpeaksToOBS: no page for viewers may open a line to their computer.
func TestOnlyTheDockSpeaksToOBS(t *testing.T) {
	h := newHandler(t, built())
	for target, want := range map[string]bool{"/watch/demo": false, "/embed/demo": false, "/watch/nobody": false, "/dock/demo": true} {
		policy := get(h, target).Header().Get("Content-Security-Policy")
		if strings.Contains(policy, "connect-src 'self' https: data: ws://127.0.0.1:4455;") != want || strings.Contains(policy, "ws:") != want {
			t.Errorf("%s: policy %q", target, policy)
		}
	}
}

func TestPublicURL(t *testing.T) {
	h, err := build(Options{Room: lookUp, PublicURL: "https://shop.example/"}, built())
	if err != nil {
		t.Fatal(err)
	}
	if body := get(h, "http://inner:8080/watch/demo").Body.String(); !strings.Contains(body, `src=&#34;https://shop.example/embed.js&#34;`) || strings.Contains(body, "inner:8080") {
		t.Errorf("the page does not use the public address:\n%s", body)
	}
}

func TestPublicURLWithAPath(t *testing.T) {
	h, err := build(Options{Room: lookUp, PublicURL: "https://example.com/shop"}, built())
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/watch/old?show=01J", "/watch/old", "/embed/old", "/dock/old", "/studio", "/watch/nobody"} {
		body := get(h, "http://inner:8080"+page).Body.String()
		for _, m := range regexp.MustCompile(`(?:href|src|content|poster)="(/[^"]*|https?://[^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(m[1], "/shop/") && !strings.HasPrefix(m[1], "https://example.com/shop/") {
				t.Errorf("%s: %s is not below the path", page, m[1])
			}
		}
		if !strings.Contains(body, `href="/shop/assets/watch-8.css"`) && !strings.Contains(body, `href="/shop/assets/page-6.css"`) && !strings.Contains(body, `href="/shop/assets/dock-11.css"`) && !strings.Contains(body, `href="/shop/assets/studio-13.css"`) {
			t.Errorf("%s has no style", page)
		}
	}
	if body := get(h, "http://inner:8080/watch/old").Body.String(); !strings.Contains(body, `content="https://example.com/shop/live/old/poster.jpg"`) {
		t.Errorf("the picture of the room lies elsewhere:\n%s", body)
	}
}

func TestFiles(t *testing.T) {
	h := newHandler(t, built())
	for _, test := range []struct {
		target      string
		status      int
		kind, cache string
		body        string
	}{
		{"/embed.js", 200, "text/javascript; charset=utf-8", "public, max-age=300", `export*from"./assets/player-1.js";`},
		{"/reminder-worker.js", 200, "text/javascript; charset=utf-8", "no-cache", `addEventListener("push",()=>{});`},
		{"/assets/player-1.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "player"},
		{"/assets/page-6.css", 200, "text/css; charset=utf-8", "public, max-age=31536000, immutable", "page"},
		{"/assets/icon-7.svg", 200, "image/svg+xml", "public, max-age=31536000, immutable", "<svg/>"},
		{"/assets/player-0.js", 404, "text/plain; charset=utf-8", "no-store", "There is no such file.\n"},
		{"/assets/..%2fmanifest.json", 404, "text/plain; charset=utf-8", "no-store", "There is no such file.\n"},
	} {
		w := get(h, test.target)
		if w.Code != test.status || w.Body.String() != test.body {
			t.Errorf("%s: %d %q, want %d %q", test.target, w.Code, w.Body, test.status, test.body)
		}
		for name, want := range map[string]string{"Content-Type": test.kind, "Cache-Control": test.cache, "Access-Control-Allow-Origin": "*"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", test.target, name, got, want)
			}
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newHandler(t, built())
	for _, target := range []string{"/watch/demo", "/embed/demo", "/dock/demo", "/studio", "/embed.js", "/assets/player-1.js"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, target, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", target, w.Code)
		}
	}
}

func TestNotBuilt(t *testing.T) {
	h := newHandler(t, fstest.MapFS{"dist/.keep": &fstest.MapFile{}})
	w := get(h, "/watch/demo")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "run make build") || strings.Count(w.Body.String(), "\n") != 1 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestBrokenBuildIsAnError(t *testing.T) {
	for name, spoil := range map[string]func(fstest.MapFS){
		"no module":    func(m fstest.MapFS) { delete(m, "dist/embed.js") },
		"no reminders": func(m fstest.MapFS) { delete(m, "dist/reminder-worker.js") },
		"no worker":    func(m fstest.MapFS) { delete(m, "dist/assets/worker-5.js") },
		"no operator":  func(m fstest.MapFS) { delete(m, "dist/assets/operator-9.js") },
		"no app": func(m fstest.MapFS) {
			m["dist/manifest.json"].Data = bytes.Replace(m["dist/manifest.json"].Data, []byte(`"watch":{`), []byte(`"watchers":{`), 1)
		},
		"no manifest":    func(m fstest.MapFS) { m["dist/manifest.json"].Data = []byte("{") },
		"empty manifest": func(m fstest.MapFS) { m["dist/manifest.json"].Data = []byte("{}") },
	} {
		files := built()
		spoil(files)
		if _, err := build(Options{}, files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The embedded files are either all there or all missing.
func TestEmbedded(t *testing.T) {
	if _, err := New(Options{}); err != nil {
		t.Error(err)
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "zh-CN": "zh", "zh-TW,zh;q=0.9": "zh", "en-US,en;q=0.9,zh;q=0.8": "en", "fr,zh;q=0.5,en;q=0.4": "zh",
		"fr": "en", "en;q=0.1, zh;q=0.2": "zh", "zh;q=nonsense": "en", "zh;q=0": "en", ";;,,": "en",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := language(r); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, c := range []struct{ header, query, want string }{
		{"", "", "en"}, {"de-DE,de;q=0.9,en;q=0.8", "", "de-DE"}, {"fr,zh;q=0.5,en;q=0.4", "", "zh"}, {"zh-TW,zh;q=0.9", "", "zh-TW"},
		{"de, zh;q=0.5", "?lang=ar", "ar"}, {"de", "?lang=zh", "zh"}, {"de", "?lang=" + strings.Repeat("a-", 3000), "en"}, {";;,,", "", "en"},
		{"de", "?lang=%22%3E%3Cscript%3E", "en"}, {"en-GB", "?lang=en", "en"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/"+c.query, nil)
		r.Header.Set("Accept-Language", c.header)
		if got := locale(r); got != c.want {
			t.Errorf("%q %.40q: %s, want %s", c.header, c.query, got, c.want)
		}
	}
}

// TestWays: a page without anything to watch leads to what is on, and to what comes.
func TestWays(t *testing.T) {
	on := []Way{{Room: "corn", Title: "Corn & tea", Live: true}, {Room: "tea", Title: "Spring", Starts: time.Date(2026, 11, 20, 18, 30, 0, 0, time.UTC)}}
	var asked string
	ways := func(_ context.Context, room string) ([]Way, error) {
		asked = room
		if room == "old" {
			return nil, errLookup
		}
		return on, nil
	}
	first := func(context.Context) (string, error) { return "demo", nil }
	h, err := build(Options{Room: lookUp, Ways: ways, First: first, Log: slog.New(slog.DiscardHandler)}, built())
	if err != nil {
		t.Fatal(err)
	}
	for target, has := range map[string][]string{
		"/watch/nobody":        {`class="first" href="/watch/corn" target="_top"><span>Live now · <bdi>Corn &amp; tea</bdi>`, `href="/watch/tea"`, `20 Nov 2026, 18:30 UTC</time> · `, `src="/assets/times-14.js"`, `<p class="hosts"><a href="/studio" target="_top">`},
		"/nothing":             {`class="first" href="/watch/corn"`},
		"/watch/demo?show=01X": {`<a slot="missing" class="pill" href="/watch/demo">Back to the room</a>`, `<a slot="missing" class="pill" href="/watch/corn"><span>Live now · `},
		"/watch/demo":          {`<a slot="missing" class="pill" href="/watch/corn"><span>Live now · `, `<a slot="missing" class="hosts" href="/studio">`},
	} {
		body := get(h, target).Body.String()
		for _, s := range has {
			if !strings.Contains(body, s) {
				t.Errorf("%s lacks %q:\n%s", target, s, body)
			}
		}
		if strings.Contains(body, "See what is on here") {
			t.Errorf("%s has another way beside them", target)
		}
	}
	if get(h, "/watch/demo"); asked != "demo" {
		t.Errorf("the room with nothing is not named: %q", asked)
	}
	if body := get(h, "/watch/old").Body.String(); strings.Contains(body, `slot="missing"`) {
		t.Errorf("a room with former shows leads elsewhere:\n%s", body)
	}
	if got := get(h, "/").Header().Get("Location"); got != "/watch/corn" {
		t.Errorf("/ leads to %s", got)
	}
	on = nil
	if body := get(h, "/watch/nobody").Body.String(); !strings.Contains(body, `class="first" href="/" target="_top">See what is on here`) {
		t.Errorf("with nothing on the page is\n%s", body)
	}
	if got := get(h, "/").Header().Get("Location"); got != "/watch/demo" {
		t.Errorf("with nothing on / leads to %s", got)
	}
}

// TestWhoHasGoneIsNoError: requests that are cancelled must not fill the log.
func TestWhoHasGoneIsNoError(t *testing.T) {
	var said bytes.Buffer
	look := func(ctx context.Context, _, _ string) (RoomInfo, error) {
		if err := ctx.Err(); err != nil {
			return RoomInfo{}, fmt.Errorf("find room: %w", err)
		}
		return RoomInfo{}, errLookup
	}
	h, err := build(Options{Room: look, Log: slog.New(slog.NewTextHandler(&said, nil))}, built())
	if err != nil {
		t.Fatal(err)
	}
	ctx, gone := context.WithCancel(t.Context())
	gone()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/watch/demo", nil))
	if said.Len() > 0 {
		t.Errorf("the log says: %s", said.String())
	}
	if w := get(h, "/watch/demo"); w.Code != http.StatusServiceUnavailable || !strings.Contains(said.String(), "the database is away") {
		t.Errorf("status %d; the log says: %s", w.Code, said.String())
	}
}

func TestPhrases(t *testing.T) {
	said, err := loadPhrases(table)
	if err != nil {
		t.Fatal(err)
	}
	if len(said["en"]) < 50 || said["en"]["formerShows"] != "Past shows" || said["zh"]["formerShows"] != "往期直播" {
		t.Errorf("%d phrases in English, former shows are %q and %q", len(said["en"]), said["en"]["formerShows"], said["zh"]["formerShows"])
	}
	for key, text := range said["en"] {
		if text == "" || said["zh"][key] == "" {
			t.Errorf("%s is said in one language alone", key)
		}
	}
	if _, err := loadPhrases(fstest.MapFS{"strings/product.json": {Data: []byte("{")}}); err == nil {
		t.Error("a broken table is read")
	}
}
