package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/mail"
	"mediad/overlay/store"
)

// withMail is a server whose letters wait: its mail server is away.
func withMail(o *api.Options) {
	o.Mail = mail.New(mail.Options{Queue: o.Store, Server: "127.0.0.1:1", TLS: mail.None, From: netmail.Address{Address: "no-reply@shop.example"},
		PublicURL: "https://live.shop.example", PerHour: 100, Log: slog.New(slog.DiscardHandler)})
}

// TestForgottenIsAnsweredAlike: whoever asks for a new password learns nothing of who has
// an account, however often, and cannot ask without end.
func TestForgottenIsAnsweredAlike(t *testing.T) {
	s := newServer(t, time.Second, withMail)
	ctx := t.Context()
	_, _, err := s.store.SetUpOwner(ctx, overlay.Person{Email: "li@shop.example"}, "hash", "", overlay.Actor{Name: "test"})
	must(t, err)
	for range overlay.MaxLettersTo + 2 {
		var told []string
		for _, email := range []string{"li@shop.example", "nobody@shop.example"} {
			before := len(s.log.String())
			res := s.post(t, "/api/v1/password/reset", `{"email":"`+email+`","language":"zh"}`)
			if res.StatusCode != http.StatusNoContent {
				t.Fatalf("%s: %s", email, res.Status)
			}
			res.Header.Del("Date")
			var header strings.Builder
			must(t, res.Header.Write(&header))
			told = append(told, header.String()+s.log.String()[before:])
		}
		if told[0] != told[1] {
			t.Errorf("one with an account reads %q, another %q", told[0], told[1])
		}
	}
	for range 100 {
		res := s.post(t, "/api/v1/password/reset", `{"email":"li@shop.example"}`)
		if res.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("hundred are asked for within a moment")
}

// TestForgottenByNetwork: a network that asks again and again is slowed down alone.
func TestForgottenByNetwork(t *testing.T) {
	s := newServer(t, time.Second, withMail)
	ask := func(remote string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/password/reset", strings.NewReader(`{"email":"li@shop.example"}`))
		must(t, err)
		r.RemoteAddr = remote
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		return w.Code
	}
	for range 10 {
		if n := ask("[2001:db8::1]:1000"); n != http.StatusNoContent {
			t.Fatal(n)
		}
	}
	for remote, want := range map[string]int{"[2001:db8::2]:1000": http.StatusTooManyRequests, "[2001:db8:0:1::1]:1000": http.StatusNoContent, "192.0.2.1:1000": http.StatusNoContent} {
		if n := ask(remote); n != want {
			t.Errorf("%s: %d, want %d", remote, n, want)
		}
	}
}

// TestMailOfOwners: who runs the server sees how the sending goes, and gets a test; the
// answer of an invitation tells how its letter goes, and the same request adds no second.
func TestMailOfOwners(t *testing.T) {
	w := newTown(t)
	token := w.tokenFor(t, overlay.Owner, overlay.HomeOrg)
	for range 2 {
		status, text := w.post(t, "/api/v1/orgs/home/members", token, "k", `{"email":"wang@shop.example","role":"host","mail":true,"language":"zh"}`)
		if status != http.StatusCreated || !strings.Contains(text, `"posted":{"state":"waiting"`) {
			t.Fatal(status, text)
		}
	}
	get := func(id, path string) string {
		status, text := w.send(t, operationOf{ID: id, method: http.MethodGet, path: path}, token)
		if status != http.StatusOK {
			t.Fatal(status, text)
		}
		return text
	}
	if text := get("get-mail", "/api/v1/mail"); !strings.Contains(text, `"waiting":1,`) || !strings.Contains(text, `"server":"127.0.0.1:1"`) {
		t.Error(text)
	}
	if text := get("list-members", "/api/v1/orgs/{org}/members"); strings.Count(text, `"posted"`) != 1 {
		t.Error(text)
	}
	if status, text := w.post(t, "/api/v1/mail/test", token, "", `{}`); status != http.StatusConflict || !strings.Contains(text, "a token has no address") {
		t.Error(status, text)
	}
	cookie, err := w.store.OpenSession(t.Context(), w.values["member"])
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/api/v1/mail/test", strings.NewReader(`{}`))
	must(t, err)
	r.Header.Set("Cookie", "mediad_session="+cookie)
	r.Header.Set("X-Mediad-CSRF", w.store.CSRF(cookie))
	r.Header.Set("Content-Type", "application/json")
	res, err := w.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusConflict {
		t.Error(res.Status)
	}
	if status, text := w.post(t, "/api/v1/orgs/home/members/"+w.values["member"]+"/reset?mail=true", token, "r", ""); status != http.StatusCreated || !strings.Contains(text, `"posted"`) {
		t.Error(status, text)
	}
}

// TestWithoutMail: a server without a mail server says so, and links go another way.
func TestWithoutMail(t *testing.T) {
	s := newServer(t, time.Second)
	if res := s.post(t, "/api/v1/password/reset", `{"email":"li@shop.example"}`); res.StatusCode != http.StatusNotImplemented {
		t.Error(res.Status)
	}
	_, _, err := s.store.As(overlay.System("x")).Invite(t.Context(), overlay.HomeOrg, "wang@shop.example", overlay.Host, store.Sending{}, store.Once{})
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/orgs/home/members", strings.NewReader(`{"email":"wang@shop.example","role":"host","mail":true}`))
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+s.vars["token"])
	r.Header.Set("Content-Type", "application/json")
	res, err := s.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusNotImplemented {
		t.Error(res.Status)
	}
}
