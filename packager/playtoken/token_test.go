package playtoken

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

const old, young = "an-old-key-of-some-length", "a-new-key-of-some-length"

func TestCheck(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	until := now.Add(time.Hour)
	ring := NewRing(young, old)
	good := ring.Sign("demo", until)
	f := strings.Split(good, ".")
	for name, c := range map[string]struct {
		ring  *Ring
		token string
		room  string
		now   time.Time
		ok    bool
	}{
		"good":               {ring, good, "demo", now, true},
		"its last second":    {ring, good, "demo", until.Add(-time.Second), true},
		"over":               {ring, good, "demo", until, false},
		"another room":       {ring, good, "demo2", now, false},
		"by the former key":  {ring, NewRing(old).Sign("demo", until), "demo", now, true},
		"by a key withdrawn": {NewRing(young), NewRing(old).Sign("demo", until), "demo", now, false},
		"no keys":            {NewRing(), good, "demo", now, false},
		"a longer life":      {ring, "9" + good, "demo", now, false},
		"another spelling":   {ring, "0" + good, "demo", now, false},
		"of the other key":   {ring, f[0] + "." + ring.keys[1].id + "." + f[2], "demo", now, false},
		"cut short":          {ring, good[:len(good)-4], "demo", now, false},
		"stray bits":         {ring, good[:len(good)-1] + "_", "demo", now, false},
		"none":               {ring, "", "demo", now, false},
		"dots":               {ring, "..", "demo", now, false},
	} {
		got, err := c.ring.Check(c.token, c.room, c.now)
		if (err == nil) != c.ok || c.ok && !got.Equal(until) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A valid token is remembered: for its room alone, until its end, and
// not without bound.
func TestCheckRemembers(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	until := now.Add(time.Minute)
	ring := NewRing(young)
	good := ring.Sign("demo", until)
	for range 2 {
		if _, err := ring.Check(good, "demo", now); err != nil {
			t.Fatal(err)
		}
	}
	if ring.known.find(good, "demo") == nil {
		t.Error("is not remembered")
	}
	for name, err := range map[string]error{
		"over":         second(ring.Check(good, "demo", until)),
		"another room": second(ring.Check(good, "tea", now)),
	} {
		if err == nil {
			t.Errorf("%s: is good", name)
		}
	}
	for i := range 2*maxKnown + 1 {
		room := strconv.Itoa(i)
		if _, err := ring.Check(ring.Sign(room, until), room, now); err != nil {
			t.Fatal(err)
		}
	}
	if forged := good[:len(good)-4] + "AAAA"; second(ring.Check(forged, "demo", now)) == nil || ring.known.find(forged, "demo") != nil {
		t.Error("what is forged is good, or remembered")
	}
	if n := len(ring.known.valid); n == 0 || n > maxKnown {
		t.Errorf("%d tokens are remembered", n)
	}
	if _, err := ring.Check(good, "demo", now); err != nil {
		t.Error("a token that was forgotten is not good")
	}
}

func second[T any](_ T, err error) error { return err }

// Who asks in the same hour gets the same token, and it always lives as long as
// was said.
func TestEnd(t *testing.T) {
	from := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct{ lifetime, step time.Duration }{{12 * time.Hour, time.Hour}, {10 * time.Minute, time.Minute}} {
		ends := map[time.Time]int{}
		for s := time.Duration(0); s < 2*c.step; s += c.step / 20 {
			end := End(from.Add(s), c.lifetime)
			if left := end.Sub(from.Add(s)); left <= c.lifetime || left > c.lifetime+c.step {
				t.Errorf("asked at %v it lives for %v", s, left)
			}
			ends[end]++
		}
		if len(ends) != 2 {
			t.Errorf("two steps of %v have %d ends", c.step, len(ends))
		}
	}
}

// Lifetimes shrink as the end comes near, each kind of answer by itself.
func TestGuardShortensLifetimes(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	ring := NewRing(young)
	g := &Guard{Ring: ring, Base: "/live/", Now: func() time.Time { return now }, Next: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", r.URL.Query().Get("cache"))
		io.WriteString(w, Given(r.Context()))
	})}
	token := ring.Sign("demo", now.Add(90*time.Second))
	for _, want := range []string{"90", "90", "89", "12", "5"} {
		left, _ := strconv.Atoi(want)
		now = time.Unix(1_800_000_090-int64(left), 0)
		for asked, cache := range map[string]string{
			"public,max-age=31536000,immutable": "public, max-age=" + want + ", immutable",
			"max-age=1,s-maxage=12":             "max-age=1,s-maxage=12",
			"no-store":                          "no-store",
		} {
			if left < 12 && strings.HasPrefix(asked, "max-age") {
				cache = "max-age=1, s-maxage=" + want
			}
			w := httptest.NewRecorder()
			g.ServeHTTP(w, httptest.NewRequest("GET", "/live/~"+token+"/demo/x.ts?cache="+asked, nil))
			if got := w.Header().Get("Cache-Control"); got != cache || w.Body.String() != token {
				t.Errorf("%d s before the end %q becomes %q; the token is %q", left, asked, got, w.Body)
			}
		}
	}
}

// A guard takes of the heap an address, a request and what goes with it; no
// signature is made, and no header copied.
func TestGuardAllocations(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	ring := NewRing(young)
	cache := []string{"public, max-age=31536000, immutable"}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Cache-Control"] = cache
		w.WriteHeader(http.StatusOK)
	})
	g := &Guard{Ring: ring, Base: "/live/", Now: func() time.Time { return now }, Next: next}
	r := httptest.NewRequest("GET", "/live/~"+ring.Sign("demo", now.Add(time.Hour))+"/demo/x.ts", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	least := testing.AllocsPerRun(100, func() { next.ServeHTTP(httptest.NewRecorder(), r) })
	if got := testing.AllocsPerRun(100, func() { g.ServeHTTP(httptest.NewRecorder(), r) }); got > least+3 {
		t.Errorf("%v allocations, %v of them by what is guarded", got, least)
	}
}

func TestGuard(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	ring := NewRing(young)
	g := &Guard{Ring: ring, Base: "/live/", Now: func() time.Time { return now }, Next: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", r.URL.Query().Get("cache"))
		io.WriteString(w, r.URL.Path)
	})}
	ok := "/live/~" + ring.Sign("demo", now.Add(time.Minute)) + "/demo/x.ts"
	for _, c := range []struct {
		url         string
		status      int
		body, cache string
	}{
		{ok, 200, "/live/demo/x.ts", ""},
		{ok + "?cache=public,max-age=31536000,immutable", 200, "/live/demo/x.ts", "public, max-age=60, immutable"},
		{ok + "?cache=max-age=1,s-maxage=90", 200, "/live/demo/x.ts", "max-age=1, s-maxage=60"},
		{ok + "?cache=no-store", 200, "/live/demo/x.ts", "no-store"},
		{"/live/demo/x.ts", 403, "", "no-store"},
		{strings.Replace(ok, "/demo/", "/tea/", 1), 403, "", "no-store"},
		{strings.Replace(ok, "/demo/", "//demo/", 1), 403, "", "no-store"},
		{"/live/~/demo/x.ts", 403, "", "no-store"},
		{"/live/~", 403, "", "no-store"},
	} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("GET", c.url, nil))
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.body || w.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %q %q", c.url, w.Code, w.Body, w.Header().Get("Cache-Control"))
		}
	}
}
