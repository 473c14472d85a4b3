package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
)

type bell struct{}

func (bell) Wake() {}

// TestBookingIsAnsweredAlike: whoever books learns nothing of who is known, and a network that
// books again and again is slowed down alone; no answer and no log names a contact.
func TestBookingIsAnsweredAlike(t *testing.T) {
	s := newServer(t, time.Second, withMail, func(o *api.Options) { o.Reminding, o.PushKey = bell{}, "KEY" })
	ctx := t.Context()
	at := time.Now().Add(time.Hour)
	show, err := s.store.PlanShow(ctx, "corn", overlay.Plan{Title: "Harvest", Starts: &at}, "test", store.Once{})
	must(t, err)
	must(t, s.store.BookReminder(ctx, show.ID, overlay.Contact{Mail: "li@shop.example"}, ""))
	must(t, s.step(ctx, "GET /c/room/corn.json\n> 200\n{\"next\":{\"show\":\""+show.ID+"\",\"remind\":{\"mail\":true,\"push\":\"KEY\"}}}"))
	book := func(remote, mail string) (int, string) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/c/"+show.ID+"/reminders", strings.NewReader(`{"mail":"`+mail+`","lang":"zh"}`))
		must(t, err)
		r.RemoteAddr = remote
		r.Header.Set("Content-Type", "text/plain")
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for range overlay.MaxAskedTo + 2 {
		for _, mail := range []string{"li@shop.example", "nobody@shop.example"} {
			if n, body := book("127.0.0.1:1000", mail); n != http.StatusAccepted || strings.TrimSpace(body) != `{"state":"asked"}` {
				t.Errorf("%s: %d %s", mail, n, body)
			}
		}
	}
	refused := 0
	for range 30 {
		if n, _ := book("[2001:db8::1]:1000", "li@shop.example"); n == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 8 || refused > 10 {
		t.Errorf("%d of 30 bookings of a network are refused", refused)
	}
	if n, _ := book("192.0.2.1:1000", "li@shop.example"); n != http.StatusAccepted {
		t.Errorf("another network: %d", n)
	}
	if strings.Contains(s.log.String(), "@shop.example") {
		t.Errorf("the log: %s", s.log)
	}
	closed := false
	_, err = s.store.SetReminders(ctx, show.ID, &closed, nil, "test")
	must(t, err)
	must(t, s.step(ctx, "GET /c/room/corn.json\n> 200\n{\"next\":{\"show\":\""+show.ID+"\",\"remind\":\"-\"}}"))
}
