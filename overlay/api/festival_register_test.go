package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestRegisterMerchant: who is new here takes part in a festival by the link alone, with an organisation and a room of
// their own, once; the organiser gets no right in it, and bad input makes nothing.
func TestRegisterMerchant(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	festival, err := s.store.CreateFestival(ctx, overlay.Festival{Org: overlay.HomeOrg, Slug: "june", Title: "June", Starts: time.Now().Add(-time.Hour), Ends: time.Now().Add(time.Hour)}, "test", store.Once{})
	must(t, err)
	_, link, err := s.store.InviteToFestival(ctx, festival.Slug, "Wang", "Guangdong/Foshan", "test", store.Once{})
	must(t, err)
	post := func(path, body string) *http.Response {
		t.Helper()
		res := s.post(t, path, body)
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	body := func(token, shop, email, password string) string {
		return fmt.Sprintf(`{"token":%q,"shop":%q,"currency":"CNY","name":"Wang","email":%q,"password":%q}`, token, shop, email, password)
	}
	const path = "/api/v1/festival-invitations/register"
	if res := post("/api/v1/festival-invitations/read", fmt.Sprintf(`{"token":%q}`, link)); res.StatusCode != http.StatusOK {
		t.Errorf("reading the link: %d", res.StatusCode)
	}
	for name, bad := range map[string]string{
		"no mail":           body(link, "Wang's tea", "wang", "corn and tea 1"),
		"a short password":  body(link, "Wang's tea", "wang@tea.example", "short"),
		"no shop":           body(link, " ", "wang@tea.example", "corn and tea 1"),
		"a turned shop":     body(link, "a\u202eb", "wang@tea.example", "corn and tea 1"),
		"no such currency":  strings.Replace(body(link, "Wang's tea", "wang@tea.example", "corn and tea 1"), "CNY", "XXZ", 1),
		"a name too long":   strings.Replace(body(link, "Wang's tea", "wang@tea.example", "corn and tea 1"), `"Wang"`, `"`+strings.Repeat("w", 300)+`"`, 1),
		"a key that is odd": strings.Replace(body(link, "Wang's tea", "wang@tea.example", "corn and tea 1"), `"name"`, `"role":"owner","name"`, 1),
	} {
		if res := post(path, bad); res.StatusCode != http.StatusUnprocessableEntity || len(res.Cookies()) != 0 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res := post(path, body("no-such-link", "Wang's tea", "wang@tea.example", "corn and tea 1")); res.StatusCode != http.StatusNotFound {
		t.Errorf("a wrong link: %d", res.StatusCode)
	}
	_, err = s.store.CreateOrg(ctx, overlay.Org{Name: "Before"}, overlay.System("test"), store.Once{})
	must(t, err)
	_, err = s.store.EnsureRoom(ctx, "wang-s-tea", "Another", "another-key")
	must(t, err)

	res := post(path, body(link, "Wang's tea", "wang@tea.example", "corn and tea 1"))
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated || len(res.Cookies()) != 1 || !res.Cookies()[0].HttpOnly {
		t.Fatalf("%d %v", res.StatusCode, res.Cookies())
	}
	who, err := s.store.CheckSession(ctx, res.Cookies()[0].Value)
	must(t, err)
	if len(who.Grants) != 1 || who.Grants[0].Role != overlay.Owner || who.Everywhere(overlay.Read) {
		t.Fatalf("%+v", who.Grants)
	}
	room, err := s.store.RoomBySlug(ctx, "wang-s-tea-2")
	must(t, err)
	org, err := s.store.Org(ctx, room.Org)
	must(t, err)
	if room.Org != who.Grants[0].Org || room.Title != "Wang's tea" || org.Name != "Wang's tea" || org.Region != "Guangdong/Foshan" || org.Currency != "CNY" || org.Parent != "" {
		t.Errorf("%+v %+v", room, org)
	}
	parts, err := s.store.Participants(ctx, festival.Slug, "", 10)
	must(t, err)
	if len(parts) != 1 || parts[0].Status != overlay.FestivalAccepted || len(parts[0].Rooms) != 1 || parts[0].Rooms[0].Slug != room.Slug {
		t.Errorf("%+v", parts)
	}
	if res := post(path, body(link, "Once more", "other@tea.example", "corn and tea 1")); res.StatusCode != http.StatusNotFound {
		t.Errorf("the link once more: %d", res.StatusCode)
	}
	_, link, err = s.store.InviteToFestival(ctx, festival.Slug, "Wang again", "", "test", store.Once{})
	must(t, err)
	if res := post(path, body(link, "Once more", "wang@tea.example", "corn and tea 1")); res.StatusCode != http.StatusConflict || len(res.Cookies()) != 0 {
		t.Errorf("an address that has an account: %d", res.StatusCode)
	}
	other, err := s.store.CreateOrg(ctx, overlay.Org{Name: "A tenant"}, overlay.System("test"), store.Once{})
	must(t, err)
	_, err = s.store.CreateFestival(ctx, overlay.Festival{Org: other.ID, Slug: "theirs", Title: "Theirs", Starts: time.Now().Add(-time.Hour), Ends: time.Now().Add(time.Hour)}, "test", store.Once{})
	must(t, err)
	_, theirs, err := s.store.InviteToFestival(ctx, "theirs", "Chen", "", "test", store.Once{})
	must(t, err)
	if res := post(path, body(theirs, "Chen", "chen@tea.example", "corn and tea 1")); res.StatusCode != http.StatusForbidden {
		t.Errorf("an organisation that the operator does not hold brings somebody in: %d", res.StatusCode)
	}
	if res := post("/api/v1/festival-invitations/read", fmt.Sprintf(`{"token":%q}`, link)); res.StatusCode != http.StatusOK {
		t.Errorf("a refused registration used the link up: %d", res.StatusCode)
	}
}

func TestSlugOf(t *testing.T) {
	for name, want := range map[string]string{"Wang's Tea": "wang-s-tea", "王记茶叶": "shop", "  Ça va?  ": "a-va", "A": "a", strings.Repeat("corn ", 40): "", "9 to 5!": "9-to-5"} {
		got := overlay.SlugOf(name)
		if err := overlay.CheckSlug(got + "-999"); err != nil || want != "" && got != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}
