package playback

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// rows are a database with the show 01s of the room tea, or one that is away.
type rows struct{ away bool }

func (r *rows) GetShow(_ context.Context, id string) (overlay.Show, error) {
	switch {
	case r.away:
		return overlay.Show{}, overlay.Errorf(overlay.Unavailable, "the database cannot be reached")
	case id != "01s":
		return overlay.Show{}, overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	return overlay.Show{ID: id, Room: "tea"}, nil
}

// A token opens the replays of its room alone. While the database is away, no token is
// called wrong.
func TestGuardReplays(t *testing.T) {
	p, r := New(playtoken.NewRing("a-key-of-thirty-two-characters-at-least"), time.Hour), &rows{}
	guard := Rehearsals{Tokens: p, MayRead: func(*http.Request, string) error { return errors.New("a viewer") }}
	h := guard.GuardReplays(r, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	mint := p.Mint()
	tea, _ := mint("tea")
	corn, _ := mint("corn")
	for _, c := range []struct {
		show, token      string
		status, whenAway int
	}{
		{"01s", tea, http.StatusOK, http.StatusServiceUnavailable}, {"01s", corn, http.StatusForbidden, http.StatusServiceUnavailable},
		{"01s", "", http.StatusForbidden, http.StatusServiceUnavailable}, {"01x", tea, http.StatusForbidden, http.StatusServiceUnavailable},
	} {
		for _, r.away = range []bool{false, true} {
			want := c.status
			if r.away {
				want = c.whenAway
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, layout.Site("").Replay(c.show, c.token), nil))
			if w.Code != want || want != http.StatusOK && w.Header().Get("Cache-Control") != "no-store" || r.away && w.Header().Get("Retry-After") == "" {
				t.Errorf("show %s, token %q, away %v: %d %v, want %d", c.show, c.token, r.away, w.Code, w.Header(), want)
			}
		}
	}
}

// dry is a database whose show 01d is a rehearsal.
type dry struct{ rows }

func (d *dry) GetShow(ctx context.Context, id string) (overlay.Show, error) {
	if id == "01d" {
		return overlay.Show{ID: id, Room: "tea", Rehearsal: true}, nil
	}
	return d.rows.GetShow(ctx, id)
}

// TestRehearsals: of rehearsals viewers find nothing, whatever token they have, live and
// afterwards, and they are answered as where there is nothing. Hosts need a role or a
// token for hosts. Former shows of the room stay open while a rehearsal is on air.
func TestRehearsals(t *testing.T) {
	ring := playtoken.NewRing("a-key-of-thirty-two-characters-at-least")
	const epoch, former = "01j00000000000000000000001", "01j00000000000000000000000"
	for _, public := range []bool{true, false} {
		p := &Protection{ring, time.Hour, public}
		guard := Rehearsals{
			Rehearses: func(room string) bool { return room == "tea" }, Rehearsal: func(e string) bool { return e == epoch }, Tokens: p,
			MayRead: func(r *http.Request, room string) error {
				if r.Header.Get("Authorization") == "of "+room {
					return nil
				}
				return errors.New("a viewer")
			},
		}
		media := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "max-age=60")
			w.Header().Set("Path", r.URL.Path)
			_, _ = w.Write([]byte("media"))
		})
		live, replays := guard.Guard(media), guard.GuardReplays(&dry{}, media)
		viewers, until := ring.Sign("tea", time.Now().Add(time.Hour)), time.Now().Add(time.Hour)
		hosts, _ := p.MintForHosts()("tea")
		others := ring.Sign(hostsOf("corn"), until)
		unknown := map[bool]int{true: http.StatusNotFound, false: http.StatusForbidden}[public]
		for _, c := range []struct {
			lead, below string
			viewer      int // without a token, and with a wrong one
			h           http.Handler
		}{
			{layout.LivePath, "tea/index.m3u8", http.StatusNotFound, live},
			{layout.LivePath, "tea/dvr/index.m3u8", http.StatusNotFound, live},
			{layout.LivePath, "tea/poster.jpg", http.StatusNotFound, live},
			{layout.LivePath, "tea/" + epoch + "/main/1.ts", http.StatusNotFound, live},
			{layout.LivePath, "tea/" + epoch + "/thumbs.vtt", http.StatusNotFound, live},
			{layout.LivePath, "tea/" + epoch + "/vod.m3u8", http.StatusNotFound, live},
			{layout.ReplayPath, "01d/index.m3u8", unknown, replays},
			{layout.ReplayPath, "01d/chapters.vtt", unknown, replays},
			{layout.ReplayPath, "01d/thumbs.vtt", unknown, replays},
			{layout.ReplayPath, "01d/clips/CORN%2F5.m3u8", unknown, replays},
		} {
			ask := func(token, role string) *httptest.ResponseRecorder {
				path := c.lead + c.below
				if token != "" {
					path = c.lead + "~" + token + "/" + c.below
				}
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Authorization", role)
				w := httptest.NewRecorder()
				c.h.ServeHTTP(w, r)
				return w
			}
			for _, token := range []string{"", viewers, others, "nonsense"} {
				for _, role := range []string{"", "of corn"} {
					if w := ask(token, role); w.Code != c.viewer || w.Header().Get("Path") != "" {
						t.Errorf("public %v: a viewer with token %q, role %q gets %s: %d", public, token, role, c.below, w.Code)
					}
				}
			}
			for _, host := range [][2]string{{hosts, ""}, {"", "of tea"}, {viewers, "of tea"}} {
				w := ask(host[0], host[1])
				if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "private, no-store" || strings.Contains(w.Header().Get("Path"), "~") {
					t.Errorf("public %v: a host with %v gets %s: %d %v", public, host, c.below, w.Code, w.Header())
				}
			}
		}
		lead := layout.LivePath
		if !public {
			lead += "~" + viewers + "/"
		}
		w := httptest.NewRecorder()
		live.ServeHTTP(w, httptest.NewRequest(http.MethodGet, lead+"tea/"+former+"/main/1.ts", nil))
		if w.Code != http.StatusOK {
			t.Errorf("public %v: a former show during a rehearsal: %d", public, w.Code)
		}
	}
}
