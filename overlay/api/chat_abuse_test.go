package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// says sends a comment from a network, and gives what was answered. Connections of the test come from this machine, as those
// of a proxy do, so the handler gets the request itself.
func (s *server) says(ctx context.Context, show, network string, body any) (status int, answer string, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, "", err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/c/"+show+"/chat", strings.NewReader(string(text)))
	r.RemoteAddr = network + ":5000"
	w := httptest.NewRecorder()
	s.Config.Handler.ServeHTTP(w, r)
	return w.Code, w.Body.String(), nil
}

// signed makes a token as an embedding site does.
func signed(alg, key string, claims map[string]any) string {
	part := func(v any) string {
		text, _ := json.Marshal(v) // of strings and numbers
		return base64.RawURLEncoding.EncodeToString(text)
	}
	body := part(map[string]string{"alg": alg, "typ": "JWT"}) + "." + part(claims)
	if alg == "none" {
		return body + "."
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// TestChatAbuse: what people do to a chat is bounded, refused in words, and disturbs nobody else.
func TestChatAbuse(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	found, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	show := found.ID
	viewer := 0
	comment := func(text string) map[string]any {
		viewer++
		return map[string]any{"text": text, "name": "Mei", "viewer": fmt.Sprintf("%016x", viewer)}
	}
	res, key, err := s.ask(ctx, []string{"POST /api/v1/orgs/home/chat-key", "Authorization: Bearer {{token}}"})
	must(t, err)
	var made struct{ Key string }
	must(t, json.Unmarshal(key, &made))
	if res.StatusCode != http.StatusCreated || made.Key == "" {
		t.Fatalf("%d %s", res.StatusCode, key)
	}
	secret := made.Key
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	as := func(token string) map[string]any {
		c := comment("As a user of the site")
		c["identity"] = token
		return c
	}
	for name, c := range map[string]struct {
		body   map[string]any
		status int
		words  string
	}{
		"HTML":                   {comment(`<img src=x onerror=alert(1)>`), 201, `"text":"<img src=x onerror=alert(1)>"`},
		"turned letters":         {comment("a\u202eb"), 422, "turns the direction"},
		"marks without end":      {comment("a" + strings.Repeat("\u0301\u0310\u0334", 90)), 422, "more than 8 marks"},
		"a megabyte":             {comment(strings.Repeat("corn ", 200_000)), 413, "larger than 8192 bytes"},
		"too many letters":       {comment(strings.Repeat("a", 301)), 422, "at most 300"},
		"nothing":                {comment(" \t "), 422, "text: is missing"},
		"a user":                 {as(signed("HS256", secret, map[string]any{"sub": "u1", "name": "Otto", "exp": in(time.Hour)})), 201, `"verified":true`},
		"of this room":           {as(signed("HS256", secret, map[string]any{"sub": "u2", "name": "Otto", "exp": in(time.Hour), "aud": "corn"})), 201, `"verified":true`},
		"no signature":           {as(signed("none", "", map[string]any{"sub": "u1", "name": "Otto", "exp": in(time.Hour)})), 401, "not signed with"},
		"a signature of another": {as(signed("HS256", "another key", map[string]any{"sub": "u1", "name": "Otto", "exp": in(time.Hour)})), 401, "not signed with"},
		"over":                   {as(signed("HS256", secret, map[string]any{"sub": "u1", "name": "Otto", "exp": in(-time.Minute)})), 401, "is over"},
		"for ever":               {as(signed("HS256", secret, map[string]any{"sub": "u1", "name": "Otto", "exp": in(30 * 24 * time.Hour)})), 401, "at most 7 days"},
		"without an end":         {as(signed("HS256", secret, map[string]any{"sub": "u1", "name": "Otto"})), 401, "not signed with"},
		"of another room":        {as(signed("HS256", secret, map[string]any{"sub": "u1", "name": "Otto", "exp": in(time.Hour), "aud": "tea"})), 401, "for another room"},
	} {
		status, answer, err := s.says(ctx, show, "12.7.6.1", c.body)
		must(t, err)
		if status != c.status || !strings.Contains(answer, c.words) {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}

	// A token that somebody else copied is the same user: bounds and mutes hold for both together.
	token, taken := signed("HS256", secret, map[string]any{"sub": "copied", "name": "Otto", "exp": in(time.Hour)}), 0
	for i := range 20 {
		status, answer, err := s.says(ctx, show, fmt.Sprintf("12.7.7.%d", 10+i), map[string]any{"text": fmt.Sprint("copy ", i), "name": "Otto", "viewer": fmt.Sprintf("%016x", 1<<32+i), "identity": token})
		if must(t, err); status == http.StatusCreated {
			taken++
		} else if status != http.StatusTooManyRequests || !strings.Contains(answer, `"detail":"`) {
			t.Fatalf("a copied token: %d %s", status, answer)
		}
	}
	if taken == 0 || taken > 7 { // five at once, then one in two seconds
		t.Errorf("a copied token wrote %d comments", taken)
	}

	// 10,000 nicknames of one network, and beside them a network of people.
	begun := time.Now()
	var all sync.WaitGroup
	var flooded, refused, people atomic.Int64
	for range 16 {
		all.Go(func() {
			for range 625 {
				n := flooded.Add(1)
				status, answer, err := s.says(ctx, show, "8.8.8.8", map[string]any{"text": fmt.Sprint("buy ", n), "name": fmt.Sprint("nick ", n), "viewer": fmt.Sprintf("%016x", 1<<40+n)})
				switch {
				case err != nil:
					t.Error(err)
				case status == http.StatusTooManyRequests && strings.Contains(answer, `"detail":"`):
					refused.Add(1)
				case status != http.StatusCreated:
					t.Errorf("a flood: %d %s", status, answer)
				}
			}
		})
	}
	for i := range 20 {
		status, answer, err := s.says(ctx, show, "9.9.9.9", map[string]any{"text": fmt.Sprint("Is it sweet, and is number ", i, " too?"), "name": "Mei", "viewer": fmt.Sprintf("%016x", 1<<48+i)})
		if must(t, err); status != http.StatusCreated {
			t.Errorf("somebody else, while it goes on: %d %s", status, answer)
		}
		people.Add(1)
	}
	all.Wait()
	if wrote, most := flooded.Load()-refused.Load(), 60+20*(time.Since(begun).Seconds()+1); flooded.Load() != 10_000 || float64(wrote) > most {
		t.Errorf("one network wrote %d comments of %d, at most %.0f are its share", wrote, flooded.Load(), most)
	}

	// From many networks, each with one comment: the chat takes them, or says that it is full, and the page goes on.
	for i := range 8 {
		all.Go(func() {
			for k := range 100 {
				n := i*100 + k
				status, answer, err := s.says(ctx, show, fmt.Sprintf("11.7.%d.%d", i, k), map[string]any{"text": fmt.Sprint("from everywhere ", n), "name": "Mei", "viewer": fmt.Sprintf("%016x", 1<<50+n)})
				if err != nil || status != http.StatusCreated && (status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable || !strings.Contains(answer, `"detail":"`)) {
					t.Errorf("from many networks: %d %s, %v", status, answer, err)
				}
			}
		})
	}
	all.Wait()
	page, body, err := s.ask(ctx, []string{"GET /c/" + show + "/chat"})
	if err != nil || page.StatusCode != http.StatusOK || len(body) > 64<<10 || !strings.Contains(string(body), "from everywhere") {
		t.Errorf("the page behind all that: %d, %d bytes, %v", page.StatusCode, len(body), err)
	}
}
