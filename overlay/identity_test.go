package overlay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestIdentity(t *testing.T) {
	now := time.Now()
	sign := func(alg, key string, claims map[string]any) string {
		part := func(v any) string {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return base64.RawURLEncoding.EncodeToString(text)
		}
		body := part(map[string]any{"alg": alg, "typ": "JWT"}) + "." + part(claims)
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte(body))
		return body + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	}
	in := func(d time.Duration) int64 { return now.Add(d).Unix() }
	read := func(token string) (Identity, error) {
		return ReadIdentity(token, "home", "corn", []string{"new", "old"}, now)
	}
	good := map[string]any{"sub": "17", "name": "Mei", "exp": in(time.Hour)}
	first, err := read(sign("HS256", "new", good))
	if err != nil || first.Name != "Mei" || CheckViewer(first.Viewer) != nil || !strings.HasPrefix(first.Viewer, "u") {
		t.Errorf("%+v, %v", first, err)
	}
	if second, err := read(sign("HS256", "old", map[string]any{"sub": "17", "name": "Mei Li", "exp": in(time.Minute), "aud": "corn"})); err != nil || second.Viewer != first.Viewer {
		t.Errorf("the same user: %+v, %v", second, err)
	}
	if other, err := ReadIdentity(sign("HS256", "new", good), "other", "corn", []string{"new"}, now); err != nil || other.Viewer == first.Viewer {
		t.Errorf("the user of another organisation: %+v, %v", other, err)
	}
	whole := sign("HS256", "new", good)
	for what, token := range map[string]string{
		"another key": sign("HS256", "x", good), "no algorithm": sign("none", "new", good), "another algorithm": sign("HS512", "new", good), "empty": "", "two parts": "a.b",
		"cut": whole[:len(whole)-2], "over": sign("HS256", "new", map[string]any{"sub": "17", "name": "Mei", "exp": in(-time.Second)}),
		"without an end": sign("HS256", "new", map[string]any{"sub": "17", "name": "Mei"}), "for long": sign("HS256", "new", map[string]any{"sub": "17", "name": "Mei", "exp": in(8 * 24 * time.Hour)}),
		"not yet":      sign("HS256", "new", map[string]any{"sub": "17", "name": "Mei", "exp": in(time.Hour), "nbf": in(30 * time.Minute)}),
		"another room": sign("HS256", "new", map[string]any{"sub": "17", "name": "Mei", "exp": in(time.Hour), "aud": "tea"}),
		"nobody":       sign("HS256", "new", map[string]any{"name": "Mei", "exp": in(time.Hour)}), "no name": sign("HS256", "new", map[string]any{"sub": "17", "exp": in(time.Hour)}),
		"long": sign("HS256", "new", map[string]any{"sub": "17", "name": strings.Repeat("x", 3000), "exp": in(time.Hour)}),
	} {
		if got, err := read(token); CodeOf(err) != Unauthorized {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}
