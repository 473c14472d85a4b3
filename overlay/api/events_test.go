package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
)

// sse is one message of an SSE connection.
type sse struct{ id, event, data string }

// listen opens an SSE connection.
func (s *server) listen(t *testing.T, lastID string) (next func() sse, leave func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/api/v1/rooms/corn/events", nil)
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+s.vars["token"])
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := s.Client().Do(req)
	must(t, err)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(res.Body)
	return func() (m sse) {
			t.Helper()
			for lines.Scan() {
				name, value, _ := strings.Cut(lines.Text(), ": ")
				switch {
				case name == "id":
					m.id = value
				case name == "event":
					m.event = value
				case name == "data":
					m.data = value
				case name == "" && value == "beat":
					m.event = "beat"
					return m
				case lines.Text() == "" && m.event != "":
					return m
				}
			}
			t.Fatalf("the connection ended: %v", lines.Err())
			return m
		}, func() {
			cancel()
			res.Body.Close()
		}
}

// skip reads over heartbeats.
func skip(next func() sse) sse {
	for {
		if m := next(); m.event != "beat" {
			return m
		}
	}
}

func (s *server) pin(t *testing.T, sku string) overlay.CueInfo {
	t.Helper()
	c, err := s.store.Pin(t.Context(), "corn", sku, overlay.At{}, store.Once{})
	must(t, err)
	return c
}

func (s *server) product(t *testing.T, sku string) {
	t.Helper()
	_, err := s.store.CreateProduct(t.Context(), overlay.Product{SKU: sku, Title: sku, Price: 1, Currency: "CNY"}, store.Once{})
	must(t, err)
}

func TestEvents(t *testing.T) {
	s := newServer(t, time.Minute)
	s.product(t, "A")
	s.product(t, "B")
	must(t, s.streams.begin(t.Context(), "corn"))
	s.pin(t, "A")
	next, leave := s.listen(t, "")
	first := skip(next)
	if first.event != "state" || first.id != "" || !strings.Contains(first.data, `"seq":2`) || !strings.Contains(first.data, `"sku":"A"`) {
		t.Errorf("first came %+v", first)
	}
	c := s.pin(t, "B")
	for seen := map[string]bool{}; !seen["product.pin"] || !seen["cue.landed"]; {
		m := skip(next)
		var data struct {
			Cue    string
			Seq    uint64
			Event  struct{ Product struct{ SKU string } }
			State  struct{ Pinned []struct{ SKU string } }
			Landed *overlay.Landing
		}
		must(t, json.Unmarshal([]byte(m.data), &data))
		if data.Cue != c.ID { // the landings of what was before
			continue
		}
		seen[m.event] = true
		switch m.event {
		case "product.pin":
			if m.id != "3" || data.Seq != 3 || data.Event.Product.SKU != "B" || len(data.State.Pinned) != 2 {
				t.Errorf("got %+v", m)
			}
		case "cue.landed":
			if m.id != "" || data.Seq != 3 || data.Landed == nil || data.Landed.Part != 3 {
				t.Errorf("got %+v", m)
			}
		default:
			t.Errorf("got %+v", m)
		}
	}
	for m := next(); m.event != "beat"; m = next() {
	}
	leave()

	// One who was away gets what was missed, once; of another show, all of it.
	for lastID, ids := range map[string]string{"1": "2 3", "3": "", "99": "1 2 3"} {
		next, leave := s.listen(t, lastID)
		if m := skip(next); m.event != "state" {
			t.Errorf("first came %+v", m)
		}
		var got []string
		for range strings.Fields(ids) {
			got = append(got, skip(next).id)
		}
		if strings.Join(got, " ") != ids {
			t.Errorf("after %s came %v", lastID, got)
		}
		if m := next(); m.event != "beat" {
			t.Errorf("after %s came %+v too", lastID, m)
		}
		leave()
	}
}

func TestEventsRefuse(t *testing.T) {
	s := newServer(t, time.Minute)
	for path, status := range map[string]int{"/api/v1/rooms/nowhere/events": 404, "/api/v1/rooms/corn/events?after=x": 422} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+s.vars["token"])
		res, err := s.Client().Do(req)
		must(t, err)
		res.Body.Close()
		if res.StatusCode != status || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, %s", path, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

// TestNoFrame: the answer does not wait for ever for a frame that does not
// come, and the cue lands when frames come again.
func TestNoFrame(t *testing.T) {
	s := newServer(t, 10*time.Millisecond)
	s.product(t, "A")
	must(t, s.streams.begin(t.Context(), "corn"))
	s.streams.mu.Lock()
	s.streams.still = true
	s.streams.mu.Unlock()
	must(t, s.step(t.Context(), "POST /api/v1/rooms/corn/pins\nAuthorization: Bearer {{token}}\n{\"product\":\"A\"}\n> 201\n{\"id\":\"{{pin}}\",\"seq\":2,\"landed\":null}"))
	must(t, s.step(t.Context(), "GET /api/v1/rooms/corn/cues/{{pin}}\nAuthorization: Bearer {{token}}\n> 200\n{\"status\":\"due\",\"landed\":null}"))
}

// TestInternalErrorsStayInside breaks the database under the API.
func TestInternalErrorsStayInside(t *testing.T) {
	s := newServer(t, time.Minute)
	must(t, s.store.Close())
	for _, ask := range []string{"GET /api/v1/products\nAuthorization: Bearer {{token}}", "GET /c/room/corn.json", "GET /c/x/live.json"} {
		must(t, s.step(t.Context(), ask+"\n> 500\nContent-Type: application/problem+json\n"+
			`{"type":"/api#internal","detail":"the server failed; its log says why","errors":"-"}`))
	}
	must(t, s.step(t.Context(), "GET /go/x/y\n> 500\nThe shop does not answer"))
	if n := strings.Count(s.log.String(), "database is closed"); n != 4 {
		t.Errorf("the log says it %d times: %s", n, s.log)
	}
}

// gate lets a test say what happens to publishers.
type gate struct{ events chan api.PublisherEvent }

func (g gate) FollowPublishers(room string) (<-chan api.PublisherEvent, func()) {
	g.events <- api.PublisherEvent{Room: room, Kind: api.PublisherClosed, Text: "The server disconnected the publisher: too much.", At: time.Unix(1e9, 0).UTC(), Reason: "too much"}
	return g.events, func() { close(g.events) }
}

// TestPublisherEvents: what happens to publishers is told live, without an id.
func TestPublisherEvents(t *testing.T) {
	g := gate{make(chan api.PublisherEvent, 1)}
	s := newServer(t, time.Minute, func(o *api.Options) { o.Publishers = g })
	next, leave := s.listen(t, "")
	want := sse{event: "publisher", data: `{"room":"corn","kind":"closed","text":"The server disconnected the publisher: too much.","at":"2001-09-09T01:46:40Z","reason":"too much"}`}
	if m := skip(next); m != want {
		t.Errorf("told %+v, want %+v", m, want)
	}
	leave()
	if _, open := <-g.events; open {
		t.Error("it goes on when the listener has left")
	}
}

// timed is who listens; it notes which write deadline it has.
type timed struct {
	httptest.ResponseRecorder
	t        *testing.T
	deadline time.Time
	beats    int
	enough   func()
}

func (w *timed) SetWriteDeadline(at time.Time) error {
	if !at.IsZero() && !w.deadline.IsZero() {
		w.t.Error("a deadline went on while nothing was written")
	}
	w.deadline = at
	return nil
}

func (w *timed) Write(b []byte) (int, error) {
	if w.deadline.IsZero() {
		w.t.Errorf("%q is written without a deadline", b)
	}
	if bytes.HasPrefix(b, []byte(": beat")) {
		if w.beats++; w.beats == 3 {
			w.enough()
		}
	}
	return len(b), nil
}

func (w *timed) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// A room may be silent for longer than a write may take: over HTTP/2 a deadline
// that is left standing would end the answer.
func TestNoDeadlineBetweenEvents(t *testing.T) {
	s := newServer(t, time.Minute)
	ctx, enough := context.WithTimeout(t.Context(), 30*time.Second)
	defer enough()
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/rooms/corn/events", nil)
	req.Header.Set("Authorization", "Bearer "+s.vars["token"])
	w := &timed{ResponseRecorder: *httptest.NewRecorder(), t: t, enough: enough}
	s.Config.Handler.ServeHTTP(w, req)
	if w.beats < 3 || !w.deadline.IsZero() {
		t.Errorf("%d beats; in the end the deadline is %v", w.beats, w.deadline)
	}
}

// stuck is a client's connection that takes nothing more.
type stuck struct{ *httptest.ResponseRecorder }

func (stuck) Write([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

func (stuck) WriteString(string) (int, error) { return 0, os.ErrDeadlineExceeded }

func (stuck) SetWriteDeadline(time.Time) error { return nil }

// TestListenersWhoDoNotReadAreNoErrors: whoever likes could fill the log with them.
func TestListenersWhoDoNotReadAreNoErrors(t *testing.T) {
	s := newServer(t, time.Minute)
	must(t, s.streams.begin(t.Context(), "corn"))
	ctx, enough := context.WithTimeout(t.Context(), 30*time.Second)
	defer enough()
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/rooms/corn/events", nil)
	req.Header.Set("Authorization", "Bearer "+s.vars["token"])
	s.Config.Handler.ServeHTTP(stuck{httptest.NewRecorder()}, req)
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("the log says: %s", s.log)
	}
}
