package api_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
)

// TestRevokedTokenStops: within a second of its end a token is refused, and the events
// that it follows end. So it is with a role that is taken back.
func TestRevokedTokenStops(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	made, token, err := w.store.CreateToken(ctx, overlay.Token{Name: "dock", Role: overlay.Assistant, Org: overlay.HomeOrg, Rooms: []string{"corn"}}, "test")
	must(t, err)
	_, link, err := w.store.Invite(ctx, overlay.HomeOrg, "wang@shop.example", overlay.Host, overlay.System("test"))
	must(t, err)
	wang, cookie, err := w.store.Accept(ctx, link, "Wang", "hash", false)
	must(t, err)
	follow := func(header, value string) *bufio.Reader {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL+"/api/v1/rooms/corn/events", nil)
		must(t, err)
		r.Header.Set(header, value)
		res, err := w.transport().RoundTrip(r)
		must(t, err)
		t.Cleanup(func() { res.Body.Close() })
		if res.StatusCode != http.StatusOK {
			t.Fatalf("follows with %s: %s", header, res.Status)
		}
		body := bufio.NewReader(res.Body)
		_, err = body.ReadString('\n')
		must(t, err)
		return body
	}
	for name, end := range map[string]struct {
		body *bufio.Reader
		end  func() error
	}{
		"token": {follow("Authorization", "Bearer "+token), func() error { return w.store.RevokeToken(ctx, made.ID, "test") }},
		"role":  {follow("Cookie", "mediad_session="+cookie), func() error { return w.store.RemoveMember(ctx, overlay.HomeOrg, wang.ID, overlay.System("test")) }},
	} {
		must(t, end.end())
		begun := time.Now()
		for {
			_, err := end.body.ReadString('\n')
			if time.Since(begun) > time.Second {
				t.Fatalf("%s: the events go on after a second", name)
			}
			if err != nil {
				break
			}
		}
	}
	if status, text := w.send(t, operationOf{ID: "list-pins", method: http.MethodGet, path: "/api/v1/rooms/{room}/pins"}, token); status != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d %s", status, text)
	}
}

// post sends a body as a browser does, and gives the answer.
func (s *server) post(t *testing.T, path, body string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	res, err := s.transport().RoundTrip(r)
	must(t, err)
	t.Cleanup(func() { res.Body.Close() })
	return res
}

// TestWrongPasswordsAreSlowedDown: after ten wrong passwords an account takes none for a
// while, also not the right one; an address that has no account is answered alike. Other
// accounts are not touched.
func TestWrongPasswordsAreSlowedDown(t *testing.T) {
	s := newServer(t, time.Second)
	if res := s.post(t, "/api/v1/session", `{"email":"li@shop.example","password":"long enough 1","token":"`+s.vars["token"]+`"}`); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	for _, email := range []string{"li@shop.example", "nobody@shop.example"} {
		for i := range 10 {
			if res := s.post(t, "/api/v1/session", `{"email":"`+email+`","password":"guess number `+strconv.Itoa(i)+`"}`); res.StatusCode != http.StatusUnauthorized {
				t.Fatalf("guess %d for %s: %s", i, email, res.Status)
			}
		}
		res := s.post(t, "/api/v1/session", `{"email":"`+email+`","password":"long enough 1"}`)
		after, err := strconv.Atoi(res.Header.Get("Retry-After"))
		if res.StatusCode != http.StatusTooManyRequests || err != nil || after < 1 || after > 61 {
			t.Errorf("after ten guesses for %s: %s, Retry-After %q", email, res.Status, res.Header.Get("Retry-After"))
		}
	}
	if res := s.post(t, "/api/v1/session", `{"email":"other@shop.example","password":"long enough 1"}`); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("another account: %s", res.Status)
	}
	if strings.Contains(s.log.String(), "guess number") || strings.Contains(s.log.String(), "long enough") {
		t.Error("a password is in the log")
	}
}

// guessed notes wrong guesses.
type guessed struct{ left time.Duration }

func (g *guessed) Left(string) time.Duration { return g.left }
func (g *guessed) Wrong(_, _ string)         { g.left += time.Minute }

// TestSignInCountsForTheAddress: wrong passwords and links count like wrong
// tokens for the network that they come from.
func TestSignInCountsForTheAddress(t *testing.T) {
	for path, body := range map[string]string{
		"/api/v1/session":            `{"email":"li@shop.example","password":"a guess of mine"}`,
		"/api/v1/invitations/accept": `{"token":"a guess","password":"a guess of mine"}`,
		"/api/v1/invitations/read":   `{"token":"a guess"}`,
	} {
		g := &guessed{}
		s := newServer(t, time.Second, func(o *api.Options) { o.Guesses = g })
		first := s.post(t, path, body)
		second := s.post(t, path, body)
		if first.StatusCode == http.StatusTooManyRequests || second.StatusCode != http.StatusTooManyRequests || second.Header.Get("Retry-After") != "61" {
			t.Errorf("%s: %s, then %s with Retry-After %q", path, first.Status, second.Status, second.Header.Get("Retry-After"))
		}
	}
}

// TestGuessedCookiesCountForTheAddress: so do cookies. Whoever has guessed too often is
// kept out with the right cookie as well, and an old cookie signs nobody in.
func TestGuessedCookiesCountForTheAddress(t *testing.T) {
	g := &guessed{}
	s := newServer(t, time.Second, func(o *api.Options) { o.Guesses = g })
	in := s.post(t, "/api/v1/session", `{"email":"li@shop.example","password":"long enough 1","token":"`+s.vars["token"]+`"}`)
	if in.StatusCode != http.StatusOK {
		t.Fatal(in.Status)
	}
	me := func(cookie string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/v1/me", nil)
		must(t, err)
		r.AddCookie(&http.Cookie{Name: "mediad_session", Value: cookie})
		res, err := s.transport().RoundTrip(r)
		must(t, err)
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	right := in.Cookies()[0].Value
	if res := me(right); res.StatusCode != http.StatusOK || g.left != 0 {
		t.Fatalf("the right cookie: %s, and %v", res.Status, g.left)
	}
	if res := me("a guess"); res.StatusCode != http.StatusUnauthorized || g.left != time.Minute {
		t.Errorf("a guess: %s, and %v", res.Status, g.left)
	}
	for _, cookie := range []string{"another guess", right} {
		if res := me(cookie); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "61" {
			t.Errorf("after a guess: %s, Retry-After %q", res.Status, res.Header.Get("Retry-After"))
		}
	}
}

// TestBadSignIns: odd input is refused in words, and never with the password in them.
func TestBadSignIns(t *testing.T) {
	s := newServer(t, time.Second)
	for name, c := range map[string]struct {
		email, password string
		status          int
	}{
		"no address":        {"", "long enough 1", 422},
		"a name":            {"Li <li@shop.example>", "long enough 1", 422},
		"two addresses":     {"a@b.example,c@d.example", "long enough 1", 422},
		"a line break":      {"a@b.example\r\nBcc: c@d.example", "long enough 1", 422},
		"a long address":    {strings.Repeat("a", 300) + "@b.example", "long enough 1", 422},
		"short":             {"li@shop.example", "secretive", 422},
		"long":              {"li@shop.example", strings.Repeat("secret", 50), 422},
		"ten of any script": {"li@shop.example", "密码密码密码密码密码", 200},
	} {
		body, err := json.Marshal(map[string]string{"email": c.email, "password": c.password, "token": s.vars["token"]})
		must(t, err)
		res := s.post(t, "/api/v1/session", string(body))
		if res.StatusCode != c.status {
			t.Errorf("%s: %s, want %d", name, res.Status, c.status)
		}
		var p struct{ Detail string }
		_ = json.NewDecoder(res.Body).Decode(&p) // the other answer has none
		if strings.Contains(p.Detail, "secret") {
			t.Errorf("%s: tells %q", name, p.Detail)
		}
	}
}
