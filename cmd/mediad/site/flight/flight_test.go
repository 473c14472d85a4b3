package flight_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"mediad/cmd/mediad/site/flight"
)

// One network has its bound, all together have theirs, and a finished request frees
// its slot.
func TestBounds(t *testing.T) {
	b := flight.New(4, 2, func(remote string) netip.Addr { return netip.MustParseAddrPort(remote).Addr() })
	free, came := make(chan struct{}), make(chan struct{})
	h := b.Before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came <- struct{}{}; <-free }))
	ended := make(chan int)
	ask := func(proto int, from string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.ProtoMajor, r.RemoteAddr = proto, from+":1"
		go func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Body.Len() > 0 {
				t.Error("a refusal has a body")
			}
			ended <- w.Code
		}()
	}
	in := 0
	for _, from := range []string{"10.0.0.1", "10.0.0.1", "127.0.0.1"} {
		ask(2, from)
		<-came
		in++
	}
	ask(2, "10.0.0.1")
	if code := <-ended; code != 503 {
		t.Errorf("beyond a network's share: %d", code)
	}
	ask(2, "127.0.0.1")
	<-came
	ask(2, "10.0.0.2")
	if code := <-ended; code != 503 {
		t.Errorf("beyond all slots: %d", code)
	}
	ask(1, "10.0.0.2") // its connection has a slot already
	<-came
	in += 2
	if now, refused := b.Counts(); now != 4 || refused != 2 {
		t.Errorf("%d in flight, %d refused", now, refused)
	}
	close(free)
	for range in {
		if code := <-ended; code != 200 {
			t.Errorf("who was let in got %d", code)
		}
	}
	if now, _ := b.Counts(); now != 0 {
		t.Errorf("%d are still counted", now)
	}
	ask(2, "10.0.0.1")
	<-came
	if code := <-ended; code != 200 {
		t.Errorf("after the others have left: %d", code)
	}
}
