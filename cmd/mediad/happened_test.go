package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest"
	"mediad/overlay/api"
)

// Everything that a stage decides about publishers is told to those who follow
// the room, in order; neither key nor address is in it; and only a lost
// publisher is called lost.
func TestPublisherEvents(t *testing.T) {
	c := config.Defaults()
	c.DataDir, c.RTMP.Listen, c.HTTP.Listen, c.Metrics.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", ""
	c.HLS.Reconnect = 300 * time.Millisecond
	c.Rooms = []config.Room{{Slug: "corn", StreamKey: "corn-key-for-this-test"}}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Encoder string }
		if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Encoder == "stranger" {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"reason":"the show begins at eight"}`))
		}
	}))
	defer hook.Close()
	c.Auth.PublishWebhook = config.Webhook{URL: hook.URL, Secret: testSecret}
	s, err := newServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.shut()
	var log bytes.Buffer
	s.log = slog.New(slog.NewTextHandler(&log, nil))
	s.stage.log = s.log
	if err := s.prepare(t.Context(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	events, stop := s.stage.history.FollowPublishers("corn")
	defer stop()
	expect := func(kind api.PublisherKind, reason string) api.PublisherEvent {
		t.Helper()
		select {
		case e := <-events:
			if e.Kind != kind || e.Room != "corn" || e.Text == "" || time.Since(e.At) > time.Minute || !strings.Contains(e.Reason, reason) || (reason == "") != (e.Reason == "") {
				t.Fatalf("told %+v, want %s for %q", e, kind, reason)
			}
			text, err := json.Marshal(e)
			if err != nil || bytes.Contains(text, []byte("203.0.113")) || bytes.Contains(text, []byte("corn-key")) {
				t.Errorf("told %s, %v", text, err)
			}
			return e
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing is told, want %s", kind)
			panic("not reached")
		}
	}
	publish := func(encoder string) (ingest.Sink, error) {
		return s.stage.Publish(t.Context(), ingest.Request{Key: "corn-key-for-this-test", Query: "user=7", Protocol: "rtmps", Encoder: encoder,
			Remote: netip.MustParseAddrPort("203.0.113.7:5"), Kick: func(error) {}})
	}
	let := func() ingest.Sink {
		t.Helper()
		sink, err := publish("obs")
		if err != nil {
			t.Fatal(err)
		}
		return sink
	}

	if _, err := publish("stranger"); !errors.Is(err, ingest.ErrRefused) {
		t.Fatal(err)
	}
	expect(api.PublisherRefused, "the show begins at eight")
	first := let()
	if e := expect(api.PublisherOnAir, ""); e.Encoder != "obs" || e.Protocol != "rtmps" || e.Address != "public" {
		t.Errorf("told %+v", e)
	}
	shoot(t, first, 20)
	first.Close(ingest.Lost)
	if e := expect(api.PublisherLost, ""); !e.Until.Equal(e.At.Add(c.HLS.Reconnect)) {
		t.Errorf("it waits until %v", e.Until)
	}
	sink := let()
	expect(api.PublisherBack, "")
	for range fightTakeOvers {
		old := sink
		sink = let()
		expect(api.PublisherTakenOver, "")
		old.Close(ingest.Lost) // as its connection does when it is kicked
	}
	if _, err := publish("obs"); !errors.Is(err, ingest.ErrRefused) {
		t.Fatal(err)
	}
	if e := expect(api.PublisherFight, ""); e.Until.Sub(e.At) < fightFor-time.Second {
		t.Errorf("newcomers are refused until %v", e.Until)
	}
	if _, err := publish("obs"); !errors.Is(err, ingest.ErrRefused) {
		t.Fatal(err)
	}
	if len(events) > 0 {
		t.Errorf("a fight is told of again: %+v", <-events)
	}
	if n := strings.Count(log.String(), "publisher lost"); n != 1 {
		t.Errorf("the log tells of %d losses:\n%s", n, &log)
	}
	sink.(ingest.Explainer).Explain(errors.New("the stream has too many bits"))
	expect(api.PublisherClosed, "too many bits")
	sink.Close(ingest.Lost)
	expect(api.PublisherLost, "")
	expect(api.PublisherEnded, "did not come back")

	sink = let()
	expect(api.PublisherOnAir, "")
	sink.Close(ingest.Unpublished)
	expect(api.PublisherEnded, "unpublished")
	let()
	expect(api.PublisherOnAir, "")
	if err := s.stage.End(t.Context(), "corn"); err != nil {
		t.Fatal(err)
	}
	expect(api.PublisherEnded, "by the host")
	if got := s.stage.Status("corn").Publishers; len(got) != historyLength || got[len(got)-1].Kind != api.PublisherEnded {
		t.Errorf("the room shows %+v", got)
	}
}
