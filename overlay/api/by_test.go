package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestBy: hosts are told who caused an event, and a page which of them it caused itself.
// Viewers are told nothing of it.
func TestBy(t *testing.T) {
	s := newServer(t, time.Minute)
	s.product(t, "A")
	s.product(t, "B")
	made, token, err := s.store.CreateToken(t.Context(), overlay.Token{Name: "Ann-of-the-shop", Role: overlay.Host, Org: overlay.HomeOrg}, "test")
	must(t, err)
	s.vars["ann"] = token
	_, err = s.store.AddCue(t.Context(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "before all"}, overlay.At{}, store.Once{})
	must(t, err)
	next, leave := s.listen(t, "0")
	defer leave()
	must(t, s.step(t.Context(), "POST /api/v1/rooms/corn/pins\nAuthorization: Bearer {{ann}}\nX-Mediad-Page: page-1_x\n{\"product\":\"A\"}\n> 201\n{\"id\":\"{{pin}}\"}"))
	must(t, s.step(t.Context(), "PATCH /api/v1/products/A\nAuthorization: Bearer {{token}}\n{\"price\":2}\n> 200\n{\"price\":2}"))
	must(t, s.step(t.Context(), "POST /api/v1/rooms/corn/pins\nAuthorization: Bearer {{ann}}\n{\"product\":\"B\",\"at\":{\"delay_ms\":400}}\n> 202\n{\"id\":\"{{later}}\"}"))
	must(t, s.step(t.Context(), "POST /api/v1/rooms/corn/end\nAuthorization: Bearer {{ann}}\n> 200\n{}"))
	admin := overlay.By{Name: "test"}
	ann := overlay.By{Name: "Ann-of-the-shop", ID: made.ID}
	want := map[string]overlay.By{"notice": {}, "product.pin": {Name: ann.Name, ID: ann.ID, Page: "page-1_x"}, "product.update": admin, "cue.scheduled": ann, "cue.cancelled": ann, "show.end": ann}
	for len(want) > 0 {
		m := skip(next)
		var data struct {
			By    *overlay.By
			Event json.RawMessage
			State json.RawMessage
		}
		must(t, json.Unmarshal([]byte(m.data), &data))
		by, asked := want[m.event]
		if !asked {
			continue
		}
		delete(want, m.event)
		switch {
		case by == overlay.By{}:
			if data.By != nil {
				t.Errorf("%s, which nobody caused, is by %+v", m.event, data.By)
			}
		case data.By == nil || by != admin && *data.By != by || by == admin && (data.By.Name == "" || data.By.ID == "" || data.By.ID == ann.ID):
			t.Errorf("%s is by %+v, not %+v", m.event, data.By, by)
		}
		if text := string(data.Event) + string(data.State); strings.Contains(text, "Ann") || strings.Contains(text, made.ID) || strings.Contains(text, "page-1") {
			t.Errorf("%s tells viewers who: %s", m.event, text)
		}
	}
}

func TestPageHeader(t *testing.T) {
	s := newServer(t, time.Minute)
	for page, detail := range map[string]string{"a b": "may have letters", strings.Repeat("x", 65): "has 65 characters, at most 64 are allowed"} {
		must(t, s.step(t.Context(), "GET /api/v1/me\nAuthorization: Bearer {{token}}\nX-Mediad-Page: "+page+"\n> 422\n{\"detail\":\"X-Mediad-Page: "+detail+"*\"}"))
	}
	must(t, s.step(t.Context(), "GET /api/v1/me\nAuthorization: Bearer {{token}}\nX-Mediad-Page: "+strings.Repeat("x", 64)+"\n> 200\n{\"token\":\"*\"}"))
}

// TestProductNews: a product that no show tells of changes in the catalogue, and hosts
// hear of it, and of who did it.
func TestProductNews(t *testing.T) {
	s := newServer(t, time.Minute)
	s.product(t, "A")
	next, leave := s.listen(t, "")
	defer leave()
	must(t, s.step(t.Context(), "PATCH /api/v1/products/A\nAuthorization: Bearer {{token}}\nX-Mediad-Page: mine\n{\"price\":2}\n> 200\n{\"id\":\"{{a}}\"}"))
	m := skip(next)
	if want := `{"products":[{"product":"` + s.vars["a"] + `","by":{"name":"`; m.event != "products" || m.id != "" || !strings.HasPrefix(m.data, want) || !strings.Contains(m.data, `"page":"mine"`) {
		t.Errorf("got %+v, not %s…", m, want)
	}
}
