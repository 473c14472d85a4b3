package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mediad/overlay"
)

// TestPrivacy: the page names each kind of what is kept about viewers and buyers, in both languages, for how long, and
// whom to ask.
func TestPrivacy(t *testing.T) {
	var all []Kept
	for _, kind := range overlay.PersonalKinds() {
		if kind.Whose != "members" {
			all = append(all, Kept{Kind: string(kind.Kind)})
		}
	}
	info, fails := PrivacyInfo{Exists: true, Kept: all}, error(nil)
	h, err := build(Options{PublicURL: "https://example.com/shop", Privacy: func(_ context.Context, room string) (PrivacyInfo, error) {
		if room == "nowhere" {
			return PrivacyInfo{}, nil
		}
		return info, fails
	}}, built())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	says := func(w *httptest.ResponseRecorder, words ...string) {
		t.Helper()
		for _, text := range words {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%q is missing in %s", text, w.Body)
			}
		}
	}
	for lang, text := range map[string]phrases{"en": loaded(t)["en"], "zh": loaded(t)["zh"]} {
		rows := keptRows(text)
		if len(rows) != len(all) {
			t.Errorf("%s: words for %d kinds, of %d", lang, len(rows), len(all))
		}
		for _, k := range all {
			row, long := k.row(rows), Kept{k.Kind, 31}.row(rows)
			if row.What == "" || row.Why == "" || row.Until == "" {
				t.Errorf("%s: %s has no words: %+v", lang, k.Kind, row)
			}
			if row.days != "" && !strings.Contains(long.Until, "31") {
				t.Errorf("%s: %s is kept %q", lang, k.Kind, long.Until)
			}
		}
	}

	says(ask("/privacy"), "Comments: the name", "as long as the recording", "No address was given")
	says(ask("/privacy?lang=zh"), "评论", "未提供联系地址")
	info = PrivacyInfo{Exists: true, Name: "<b>Corn", Contact: "ask@corn.example", Kept: []Kept{{"comments", 31}, {"contacts", 0}}}
	says(ask("/privacy/corn"), "&lt;b&gt;Corn", "mailto:ask@corn.example", "31 days after the show", "until the show ends", "/shop/watch/corn")
	info.Contact = "https://corn.example/privacy"
	says(ask("/privacy/corn"), `href="https://corn.example/privacy"`)
	if w := ask("/privacy/nowhere"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown room: %d", w.Code)
	}
	fails = errors.New("away")
	if w := ask("/privacy/corn"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("without a database: %d %v", w.Code, w.Header())
	}
}

func loaded(t *testing.T) map[string]phrases {
	t.Helper()
	say, err := loadPhrases(table)
	if err != nil {
		t.Fatal(err)
	}
	return say
}
