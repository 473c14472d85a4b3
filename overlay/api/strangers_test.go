package api_test

import (
	"net/http"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
)

// TestDockStaysInItsRoom goes through all operations of the document that are about a room
// or a show: a token for another room of the same organisation reads and changes nothing.
func TestDockStaysInItsRoom(t *testing.T) {
	w := newTown(t)
	_, err := w.store.As(overlay.System("test")).CreateRoom(t.Context(), store.NewRoom{Slug: "tea", Org: overlay.HomeOrg}, store.Once{})
	must(t, err)
	for _, role := range []overlay.Role{overlay.Owner, overlay.Assistant} {
		_, token, err := w.store.CreateToken(t.Context(), overlay.Token{Name: "dock " + string(role), Role: role, Org: overlay.HomeOrg, Rooms: []string{"tea"}}, "test")
		must(t, err)
		before := w.dump(t)
		tried := 0
		for _, o := range operations(t) {
			if _, has := api.Rights()[o.ID]; !has || !strings.Contains(o.path, "{room}") && !strings.Contains(o.path, "{show}") && o.ID != "plan-show" {
				continue
			}
			tried++
			if status, text := w.send(t, o, token); status != http.StatusForbidden && status != http.StatusNotFound {
				t.Errorf("%s with a token of another room, as %s: %d %s", o.ID, role, status, text)
			}
		}
		if after := w.dump(t); after != before || tried < 25 {
			t.Errorf("%d operations changed the database:\n%s\nbecame\n%s", tried, before, after)
		}
	}
}

// TestSessionsNeedTheirMark goes through all operations of the document that change
// something: with the cookie of an owner, and without the header that no other site can
// send, each is refused.
func TestSessionsNeedTheirMark(t *testing.T) {
	w := newTown(t)
	cookie, err := w.store.OpenSession(t.Context(), w.values["member"])
	must(t, err)
	before, tried := w.dump(t), 0
	for _, o := range operations(t) {
		if _, has := api.Rights()[o.ID]; !has || o.method == http.MethodGet {
			continue
		}
		for _, mark := range []string{"", "a guess", w.store.CSRF("another cookie")} {
			tried++
			r, err := http.NewRequestWithContext(t.Context(), o.method, w.URL+w.fill(o.path), strings.NewReader(bodyFor(described{ID: o.ID})))
			must(t, err)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Cookie", "mediad_session="+cookie)
			r.Header.Set("X-Mediad-CSRF", mark)
			res, err := w.transport().RoundTrip(r)
			must(t, err)
			must(t, res.Body.Close())
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with the header %q: %s", o.ID, mark, res.Status)
			}
		}
	}
	if after := w.dump(t); after != before || tried < 100 {
		t.Errorf("%d requests changed the database:\n%s\nbecame\n%s", tried, before, after)
	}
}
