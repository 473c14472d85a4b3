package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
)

// A host who taps fast waits for a place; of a flood at once some are refused, in words, and
// nothing of those happens. No second has more than five.
func TestCuesInTurn(t *testing.T) {
	pace = overlay.CuesASecond
	defer func() { pace = 0 }()
	s := newServer(t, time.Millisecond)
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	notice := "POST /api/v1/rooms/corn/cues\nAuthorization: Bearer {{token}}\n{\"kind\":\"notice\",\"text\":\"%d\"}"
	for n := range 8 { // one after the other
		must(t, s.step(ctx, fmt.Sprintf(notice+"\n> 201", n)))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[int]int{}
	for n := range 40 {
		all.Go(func() {
			res, body, err := s.ask(ctx, []string{"POST /api/v1/rooms/corn/cues", "Authorization: Bearer " + s.vars["token"], fmt.Sprintf("{\"kind\":\"notice\",\"text\":\"%d\"}", n)})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if got[res.StatusCode]++; res.StatusCode != http.StatusCreated && res.StatusCode != http.StatusTooManyRequests {
				t.Errorf("%s: %s", res.Status, body)
			}
		})
	}
	all.Wait()
	if got[http.StatusCreated] < 5 || got[http.StatusTooManyRequests] < 20 {
		t.Errorf("answers %v", got)
	}
	show, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	events, err := s.store.PictureAfter(ctx, show.ID, 1, 1000) // but the start
	must(t, err)
	if len(events) != 8+got[http.StatusCreated] {
		t.Errorf("%d events for %d cues", len(events), 8+got[http.StatusCreated])
	}
	for i := 5; i < len(events); i++ {
		if events[i].At.Sub(events[i-5].At) < time.Second {
			t.Errorf("six cues from %v to %v", events[i-5].At, events[i].At)
		}
	}
}
