package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// booked is a reminder that remembers what became of it.
type booked struct {
	r         Reminder
	confirmed int
	left      int
	err       error
}

const token = "abcdefghijklmnopqrstuvwxyz"

func (b *booked) Reminder(_ context.Context, text string) (Reminder, bool, error) {
	if text != token || b.left > 0 {
		return Reminder{}, false, b.err
	}
	return b.r, true, b.err
}

func (b *booked) Confirm(_ context.Context, text string) (Reminder, bool, error) {
	b.confirmed++
	b.r.Confirmed = true
	return b.Reminder(nil, text)
}

func (b *booked) Leave(context.Context, string) error {
	b.left++
	return b.err
}

// TestReminderPages: a link does nothing until its button is pressed, since programs that look
// into mail follow links; leaving takes one request, twice is once; and no page sends its
// address on, or is kept.
func TestReminderPages(t *testing.T) {
	b := &booked{r: Reminder{Room: "corn", Title: "<b>Harvest", When: "Tuesday", Language: "zh"}}
	h, err := build(Options{PublicURL: "https://example.com/shop", Reminders: b}, built())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, path, strings.NewReader("List-Unsubscribe=One-Click"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h.ServeHTTP(w, r)
		return w
	}
	says := func(w *httptest.ResponseRecorder, status int, words ...string) {
		t.Helper()
		for _, text := range words {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%q is missing in %s", text, w.Body)
			}
		}
		head := w.Header()
		if w.Code != status || head.Get("Referrer-Policy") != "no-referrer" || head.Get("Cache-Control") != "no-store" || !strings.Contains(head.Get("Content-Security-Policy"), "form-action 'self'; frame-ancestors 'none'") {
			t.Errorf("%d %v", w.Code, head)
		}
	}
	says(ask(http.MethodGet, "/r/"+token), 200, `action="/shop/r/`+token+`"`, "确认提醒我", "&lt;b&gt;Harvest", "Tuesday", `href="/shop/watch/corn"`)
	says(ask(http.MethodGet, "/r/"+token+"?lang=en"), 200, "Yes, remind me")
	says(ask(http.MethodGet, "/r/"+token+"/leave"), 200, `action="/shop/r/`+token+`/leave"`)
	if b.confirmed+b.left != 0 {
		t.Fatal("a link that was only looked at did something")
	}
	says(ask(http.MethodPost, "/r/"+token), 200, "开播时我们会提醒您")
	says(ask(http.MethodGet, "/r/"+token), 200, "开播时我们会提醒您")
	for range 2 {
		says(ask(http.MethodPost, "/r/"+token+"/leave"), 200)
	}
	if b.confirmed != 1 || b.left != 1 {
		t.Errorf("confirmed %d times, left %d times", b.confirmed, b.left)
	}
	b.r = Reminder{}
	says(ask(http.MethodGet, "/r/"+token), 404, "This link leads to no reminder any more")
	says(ask(http.MethodPost, "/r/"+token), 404)
	b.left, b.err = 0, errLookup
	if w := ask(http.MethodPost, "/r/"+token); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := ask(http.MethodPost, "/watch/corn"); w.Code != 405 {
		t.Errorf("another page takes a POST: %d", w.Code)
	}
}
