package playback

import (
	"context"
	"net/http"
	"net/http/httptest"
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
	h := p.GuardReplays(r, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
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
