package pass

import (
	"io"
	"net/http"
	"net/http/httptest"
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
		ring *Ring
		pass string
		room string
		now  time.Time
		ok   bool
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
		got, err := c.ring.Check(c.pass, c.room, c.now)
		if (err == nil) != c.ok || c.ok && !got.Equal(until) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// Who asks in the same hour gets the same pass, and it always lives as long as
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
