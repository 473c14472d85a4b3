package api_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

// TestPrivateEventsStayInside appends more private events than a page of the log has,
// the last ones behind all others and behind the end of the show. No GET in the
// document answers with anything of them, and a host who reads the whole log gets what
// stands around them.
func TestPrivateEventsStayInside(t *testing.T) {
	const secret, many = "for-nobody-outside", 110
	s := newServer(t, time.Minute)
	ctx := t.Context()
	s.product(t, "A")
	must(t, s.streams.begin(ctx, "corn"))
	show, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	s.pin(t, "A")
	for range many {
		s.paid(t, show.ID, secret)
	}
	s.pin(t, "A")
	s.paid(t, show.ID, secret)

	req := "/api/v1/rooms/corn/events"
	for _, after := range []string{"0", "1", "2", fmt.Sprint(many), fmt.Sprint(many + 2)} {
		next, leave := s.listen(t, after)
		var ids []string
		for m := next(); m.event != "beat"; m = next() {
			if strings.Contains(m.data, secret) || strings.Contains(m.data, "order.paid") {
				t.Errorf("%s after %s gave %+v", req, after, m)
			}
			if m.id != "" {
				ids = append(ids, m.id)
			}
		}
		leave()
		want := map[string]string{"0": "1 2 113", "1": "2 113", "2": "113", "110": "113", "112": "113"}[after]
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("after %s came %s, want %s", after, got, want)
		}
	}

	must(t, s.streams.End(ctx, "corn"))
	_, err = s.store.EndShow(ctx, "corn")
	must(t, err)
	s.paid(t, show.ID, secret)
	log, err := s.store.After(ctx, show.ID, 0, 1000)
	must(t, err)
	last := log[len(log)-1]
	if last.Audience != overlay.Private || !strings.Contains(string(last.Payload), secret) {
		t.Fatalf("the last event is %+v", last)
	}

	text, err := os.ReadFile("../web/openapi.json")
	must(t, err)
	var document struct{ Paths map[string]map[string]any }
	must(t, json.Unmarshal(text, &document))
	answered := 0
	for path, item := range document.Paths {
		if item["get"] == nil || strings.HasSuffix(path, "/events") {
			continue
		}
		var paths []string
		for _, file := range []string{"live.json", "lineup.json", "products.json", "chapters.json", "corn.json", "A@1.json"} {
			for _, id := range []string{last.ID, log[1].ID} { // a private one, and a pin
				paths = append(paths, strings.NewReplacer("{room}", "corn", "{show}", show.ID, "{product}", "A", "{id}", id, "{file}", file).Replace(path))
			}
		}
		for _, path := range paths {
			res, body, err := s.ask(ctx, []string{"GET " + path, "Authorization: Bearer {{token}}"})
			must(t, err)
			if res.StatusCode == 200 {
				answered++
			}
			if strings.Contains(string(body), secret) || strings.Contains(string(body), "order.paid") {
				t.Errorf("%s answers %s", path, body)
			}
			if strings.Contains(path, last.ID) && res.StatusCode != 404 {
				t.Errorf("%s: %d for the id of a private event", path, res.StatusCode)
			}
		}
	}
	if answered < 40 {
		t.Errorf("%d answers: that is not the document", answered)
	}
}
