package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay/api"
	"mediad/overlay/chat"
)

// listenToChat opens the stream of a chat.
func (s *server) listenToChat(t testing.TB, ctx context.Context, show, after string) *bufio.Scanner {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/c/"+show+"/chat/events", nil)
	must(t, err)
	r.Header.Set("Last-Event-ID", after)
	res, err := s.transport().RoundTrip(r)
	must(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	return lines
}

// hearUntil reads a stream up to a line that has a text.
func hearUntil(t testing.TB, lines *bufio.Scanner, text string) (heard string) {
	t.Helper()
	for lines.Scan() {
		if heard += lines.Text() + "\n"; strings.Contains(lines.Text(), text) {
			return heard
		}
	}
	t.Fatalf("the stream ended before %q: %v\n%s", text, lines.Err(), heard)
	return ""
}

func (s *server) write(ctx context.Context, show, viewer, text string) (status int, answer string, err error) {
	body := fmt.Sprintf(`{"text":%q,"name":"Mei","viewer":%q}`, text, viewer)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/c/"+show+"/chat", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "text/plain")
	res, err := s.transport().RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return res.StatusCode, string(got), err
}

// TestChatEvents: listeners hear comments and what moderators do; who comes back hears what
// was said since, and hosts hear of both beside the events of their room.
func TestChatEvents(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	found, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	show := found.ID
	lines := s.listenToChat(t, ctx, show, "")
	hearUntil(t, lines, "data: null")
	next, leave := s.listen(t, "")
	defer leave()
	next() // the state
	for i := range 3 {
		if status, text, err := s.write(ctx, show, fmt.Sprintf("%016x", i+1), fmt.Sprint("line ", i)); status != http.StatusCreated || err != nil {
			t.Fatal(status, text, err)
		}
	}
	heard := hearUntil(t, lines, "line 2")
	if strings.Count(heard, "event: comment") != 3 {
		t.Errorf("heard %s", heard)
	}
	first := heard[strings.Index(heard, "id: ")+4:][:26]
	for m := next(); m.event != "chat.comment"; m = next() {
		if m.event == "" {
			t.Fatal("hosts hear nothing of the chat")
		}
	}
	res, body, err := s.ask(ctx, []string{"DELETE /api/v1/shows/" + show + "/chat/" + first, "Authorization: Bearer {{token}}"})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(string(body), err)
	}
	hearUntil(t, lines, `{"ids":["`+first)
	back := hearUntil(t, s.listenToChat(t, ctx, show, first), "line 2")
	if strings.Count(back, "event: comment") != 2 || !strings.Contains(back, `{"ids":["`+first) || strings.Contains(back, "line 0") {
		t.Errorf("who comes back heard %s", back)
	}
}

// TestListenerLeaves: who closes the connection gives the place back with one of the next beats, and the head of the answer is that
// of any other.
func TestListenerLeaves(t *testing.T) {
	s := newServer(t, time.Second, func(o *api.Options) {
		o.Chat = chat.New(chat.Options{Store: o.Store, NewID: o.Store.NewID, Listeners: 1})
		o.Beat = 50 * time.Millisecond
	})
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	found, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	asks := func(method string) (*http.Response, net.Conn) {
		t.Helper()
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		must(t, err)
		_, err = fmt.Fprintf(c, "%s /c/%s/chat/events HTTP/1.1\r\nHost: mediad\r\n\r\n", method, found.ID)
		must(t, err)
		res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
		must(t, err)
		return res, c
	}
	for range 2 { // it takes no place
		res, c := asks(http.MethodHead)
		if must(t, c.Close()); res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("HEAD: %d %v", res.StatusCode, res.Header)
		}
	}
	res, c := asks(http.MethodGet)
	if h := res.Header; res.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Date") == "" || !res.Close {
		t.Errorf("%d %v", res.StatusCode, h)
	}
	if res, _ := asks(http.MethodGet); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a second one: %d", res.StatusCode)
	}
	must(t, c.Close())
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, c := asks(http.MethodGet)
		if must(t, c.Close()); res.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the place is not free")
		}
	}
}

// TestTwentyThousandAreTooMany: a server that takes two listeners sends the third to the page.
func TestTwentyThousandAreTooMany(t *testing.T) {
	s := newServer(t, time.Second, func(o *api.Options) {
		o.Chat = chat.New(chat.Options{Store: o.Store, NewID: o.Store.NewID, Listeners: 2})
	})
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	found, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	for range 2 {
		hearUntil(t, s.listenToChat(t, ctx, found.ID, ""), "data: null")
	}
	res, body, err := s.ask(ctx, []string{"GET /c/" + found.ID + "/chat/events"})
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s, %v", res.StatusCode, body, err)
	}
	res, body, err = s.ask(ctx, []string{"GET /c/" + found.ID + "/chat"})
	if err != nil || !strings.Contains(string(body), `"events":false,"every":2`) || res.Header.Get("Cache-Control") != "public, max-age=1" {
		t.Errorf("%s, %v", body, err)
	}
}
