package broadcast

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/ingesttest"
	"mediad/overlay/api"
)

// Followers of a room are told every decision about publishers, in order. The
// events contain neither key nor address, and only a lost publisher is called
// lost.
func TestPublisherEvents(t *testing.T) {
	const wait = 300 * time.Millisecond
	var log bytes.Buffer
	s := newManager(t, Options{
		Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: wait},
		Log:     slog.New(slog.NewTextHandler(&log, nil)),
		Permit: func(_ context.Context, _ string, r ingest.Request) error {
			if r.Encoder == "stranger" {
				return fmt.Errorf("%w: the show begins at eight", ingest.ErrRefused)
			}
			return nil
		},
	})
	events, stop := s.FollowPublishers("corn")
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
		return s.Publish(t.Context(), ingest.Request{Key: "corn-key-for-this-test", Query: "user=7", Protocol: "rtmps", Encoder: encoder,
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
	ingesttest.Publish(t, first, 20)
	first.Close(ingest.Lost)
	if e := expect(api.PublisherLost, ""); !e.Until.Equal(e.At.Add(wait)) {
		t.Errorf("it waits until %v", e.Until)
	}
	sink := let()
	expect(api.PublisherBack, "")
	for range contentionTakeOvers {
		old := sink
		sink = let()
		expect(api.PublisherTakenOver, "")
		old.Close(ingest.Lost) // as its connection does when it is kicked
	}
	if _, err := publish("obs"); !errors.Is(err, ingest.ErrRefused) {
		t.Fatal(err)
	}
	if e := expect(api.PublisherContention, ""); e.Until.Sub(e.At) < contentionFor-time.Second {
		t.Errorf("newcomers are refused until %v", e.Until)
	}
	if _, err := publish("obs"); !errors.Is(err, ingest.ErrRefused) {
		t.Fatal(err)
	}
	if len(events) > 0 {
		t.Errorf("contention is told of again: %+v", <-events)
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
	expect(api.PublisherEnded, "the encoder stopped")
	let()
	expect(api.PublisherOnAir, "")
	if err := s.End(t.Context(), "corn"); err != nil {
		t.Fatal(err)
	}
	expect(api.PublisherEnded, "the host ended it")
	if got := s.Status("corn").Publishers; len(got) != historyLength || got[len(got)-1].Kind != api.PublisherEnded {
		t.Errorf("the room shows %+v", got)
	}
}
