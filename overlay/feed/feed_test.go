package feed_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/feed"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// stream is a sink that keeps what it is given, with the time of it.
type stream struct {
	mu   sync.Mutex
	cues []overlay.Cue
	at   []time.Time

	pulses []string
}

func (s *stream) Cue(c overlay.Cue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cues, s.at = append(s.cues, c), append(s.at, time.Now())
}

func (s *stream) Pulse(room string, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pulses = append(s.pulses, room+" "+string(text))
}

func (s *stream) taken() []overlay.Cue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]overlay.Cue(nil), s.cues...)
}

func (s *stream) kinds() string {
	var all []string
	for _, c := range s.taken() {
		all = append(all, string(c.Kind))
	}
	return strings.Join(all, " ")
}

// house is a feed on a real store, in a bubble of synctest.
type house struct {
	*store.Store
	t      *testing.T
	feed   *feed.Feed
	stream *stream
}

// run runs a test in a bubble: time stands until everybody waits for it.
func run(t *testing.T, o feed.Options, test func(*testing.T, *house)) {
	dir := t.TempDir()
	storetest.Fresh(t, dir)
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		must(t, err)
		h := &house{Store: s, t: t, stream: &stream{}}
		_, err = s.EnsureRoom(t.Context(), "corn", "Corn", "key")
		must(t, err)
		for _, sku := range []string{"A", "B", "C", "D"} {
			_, err := s.CreateProduct(t.Context(), overlay.Product{SKU: sku, Title: sku, Price: 1, Currency: "CNY"}, store.Once{})
			must(t, err)
		}
		o.Log, o.Agenda, o.Sink = s, s, h.stream
		h.feed = feed.New(o)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.feed.Run(ctx) }()
		synctest.Wait()
		test(t, h)
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		must(t, s.Close())
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) begin() overlay.Begin {
	h.t.Helper()
	b, err := h.BeginBroadcast(h.t.Context(), "corn", time.Now())
	must(h.t, err)
	return b
}

func (h *house) pin(sku string, at overlay.At) overlay.CueInfo {
	h.t.Helper()
	c, err := h.Pin(h.t.Context(), "corn", sku, at, store.Once{})
	must(h.t, err)
	synctest.Wait()
	return c
}

func TestSinkGetsWhatFollowsTheBeginning(t *testing.T) {
	run(t, feed.Options{}, func(t *testing.T, h *house) {
		h.pin("A", overlay.At{}) // before air: in the first state
		b := h.begin()
		h.pin("B", overlay.At{}) // before the stream takes cues
		if got := h.stream.kinds(); got != "" || h.feed.Attached(b.Show) {
			t.Fatalf("a room that is not attached got %s", got)
		}
		h.feed.Attach(b.Show, b.Seq)
		synctest.Wait()
		h.pin("C", overlay.At{})
		h.feed.Attach(b.Show, 0) // as after a short loss: nothing is repeated
		h.pin("D", overlay.At{})
		if got := h.stream.kinds(); got != "show.start product.pin product.pin product.unpin product.pin" {
			t.Errorf("got %s", got)
		}
		for i, c := range h.stream.taken() {
			if c.Seq != uint64(i+2) || c.Room != "corn" || c.Show != b.Show || !c.NotBefore.IsZero() {
				t.Errorf("cue %d: %+v", i, c)
			}
		}
		h.feed.Detach(b.Show)
		h.pin("A", overlay.At{})
		if n := len(h.stream.taken()); n != 5 {
			t.Errorf("%d cues after the end", n)
		}
	})
}

func TestScheduledCueComesALeadBeforeItsMoment(t *testing.T) {
	run(t, feed.Options{}, func(t *testing.T, h *house) {
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		synctest.Wait()
		start := time.Now()
		later := h.pin("A", overlay.At{Form: overlay.AtDelay, Delay: 45 * time.Second})
		sooner := h.pin("B", overlay.At{Form: overlay.AtDelay, Delay: 10 * time.Second})
		time.Sleep(time.Minute)
		synctest.Wait()
		cues := h.stream.taken()
		if len(cues) != 3 || cues[1].ID != sooner.ID || cues[2].ID != later.ID {
			t.Fatalf("got %s", h.stream.kinds())
		}
		for i, after := range []time.Duration{10 * time.Second, 45 * time.Second} {
			if at := h.stream.at[i+1]; !at.Equal(start.Add(after - 300*time.Millisecond)) {
				t.Errorf("cue %d came %v after the start", i, at.Sub(start))
			}
			if !cues[i+1].NotBefore.Equal(start.Add(after)) {
				t.Errorf("cue %d is for %v after the start", i, cues[i+1].NotBefore.Sub(start))
			}
		}
	})
}

// TestCuesLandInTheOrderOfSeq: a cue for now that comes while an earlier cue
// waits for its frame must not land before it, since its state would reveal the
// earlier one.
func TestCuesLandInTheOrderOfSeq(t *testing.T) {
	run(t, feed.Options{}, func(t *testing.T, h *house) {
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		start := time.Now()
		h.pin("A", overlay.At{Form: overlay.AtDelay, Delay: time.Second})
		time.Sleep(800 * time.Millisecond)
		h.pin("B", overlay.At{})
		time.Sleep(time.Second)
		h.pin("C", overlay.At{})
		cues := h.stream.taken()
		if len(cues) != 4 {
			t.Fatalf("got %s", h.stream.kinds())
		}
		if want := start.Add(time.Second); !cues[1].NotBefore.Equal(want) || !cues[2].NotBefore.Equal(want) || !cues[3].NotBefore.IsZero() {
			t.Errorf("not before %v, %v, %v", cues[1].NotBefore, cues[2].NotBefore, cues[3].NotBefore)
		}
	})
}

func TestDelayKeepsTheOrder(t *testing.T) {
	run(t, feed.Options{Delay: 5 * time.Second}, func(t *testing.T, h *house) {
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		synctest.Wait()
		start := time.Now()
		h.pin("A", overlay.At{})
		h.pin("B", overlay.At{Form: overlay.AtDelay, Delay: time.Second})
		h.pin("C", overlay.At{Form: overlay.AtDelay, Delay: 10 * time.Second})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		cues := h.stream.taken()
		if len(cues) != 4 || !cues[0].NotBefore.IsZero() {
			t.Fatalf("got %s, the first for %v", h.stream.kinds(), cues[0].NotBefore)
		}
		for i, want := range []time.Duration{5, 5, 10} {
			if got := cues[i+1].NotBefore.Sub(start); got != want*time.Second {
				t.Errorf("cue %d is for %v after the start", i, got)
			}
		}
	})
}

// A room's own delay wins, holds from the next cue on, and puts no cue before an earlier one.
func TestDelayOfTheRoom(t *testing.T) {
	run(t, feed.Options{Delay: 5 * time.Second}, func(t *testing.T, h *house) {
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		synctest.Wait()
		start := time.Now()
		set := func(d overlay.CueDelay) {
			t.Helper()
			_, err := h.ChangeRoom(t.Context(), "corn", store.RoomChange{CueDelay: &d}, "test")
			must(t, err)
		}
		h.pin("A", overlay.At{})
		set(overlay.CueDelay{Set: true, For: 8 * time.Second})
		h.pin("B", overlay.At{})
		set(overlay.CueDelay{Set: true})
		h.pin("C", overlay.At{})
		time.Sleep(10 * time.Second)
		h.pin("A", overlay.At{})
		set(overlay.CueDelay{})
		h.pin("B", overlay.At{})
		cues := h.stream.taken()
		for i, want := range []time.Duration{5, 8, 8, 0, 15} {
			c := cues[i+1]
			if want == 0 {
				if !c.NotBefore.IsZero() {
					t.Errorf("cue %d is for %v after the start, want at once", i, c.NotBefore.Sub(start))
				}
			} else if got := c.NotBefore.Sub(start); got != want*time.Second {
				t.Errorf("cue %d is for %v after the start, want %v", i, got, want*time.Second)
			}
		}
	})
}

func TestLandings(t *testing.T) {
	run(t, feed.Options{}, func(t *testing.T, h *house) {
		sub := h.feed.Subscribe(t.Context(), "corn")
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		c := h.pin("A", overlay.At{})
		<-sub.C // show.start
		<-sub.C // product.pin
		want := overlay.Landing{PTS: 945000, Date: b.Anchor.Add(500 * time.Millisecond), Epoch: b.Epoch, Segment: 1, Part: 2}

		// A wait ends with its ctx, and a waiting caller is told after the landing
		// is kept.
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if _, ok, err := h.feed.AwaitLanding(ctx, c.ID); ok || err != nil {
			t.Errorf("landed: %v, %v", ok, err)
		}
		told := make(chan overlay.Landing, 1)
		go func() {
			l, _, _ := h.feed.AwaitLanding(context.WithoutCancel(ctx), c.ID)
			told <- l
		}()
		synctest.Wait()
		h.stream.taken()[1].Landed(want)
		if diff := cmp.Diff(want, <-told); diff != "" {
			t.Error(diff)
		}
		info, err := h.GetCue(t.Context(), "corn", c.ID)
		if err != nil || info.Landed == nil {
			t.Errorf("told before it was kept: %+v, %v", info, err)
		}
		m := <-sub.C
		if diff := cmp.Diff(&feed.Landed{Cue: c.ID, Show: b.Show, Seq: 2, Landing: want}, m.Landed); diff != "" {
			t.Error(diff)
		}
		if l, ok, err := h.feed.AwaitLanding(t.Context(), c.ID); !ok || err != nil || cmp.Diff(want, l) != "" {
			t.Errorf("asked afterwards: %+v, %v, %v", l, ok, err)
		}
		// A landing that is reported at the very end is kept as well: the end of
		// run checks the error.
		h.stream.taken()[0].Landed(want)
	})
}

func TestSubscribers(t *testing.T) {
	run(t, feed.Options{Buffer: 2}, func(t *testing.T, h *house) {
		slow, fast, other := h.feed.Subscribe(t.Context(), "corn"), h.feed.Subscribe(t.Context(), "corn"), h.feed.Subscribe(t.Context(), "rice")
		for i := range 3 {
			h.pin("A", overlay.At{})
			if m := <-fast.C; m.Event.Seq != uint64(i+1) {
				t.Errorf("got seq %d", m.Event.Seq)
			}
		}
		if a, b := <-slow.C, <-slow.C; a.Event.Seq != 1 || b.Event.Seq != 2 {
			t.Error("the slow one lost what had room")
		}
		if _, ok := <-slow.C; ok {
			t.Error("the slow one was not let go")
		}
		slow.Close()
		fast.Close()
		fast.Close()
		select {
		case m := <-other.C:
			t.Errorf("another room was told %+v", m)
		default:
		}
	})
}

// TestHostsSeeMoreThanTheStream: hosts get scheduled and cancelled cues, too, in
// the order of the log. The stream gets only the events for the picture, numbered
// without gaps.
func TestHostsSeeMoreThanTheStream(t *testing.T) {
	run(t, feed.Options{}, func(t *testing.T, h *house) {
		sub := h.feed.Subscribe(t.Context(), "corn")
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		in := func(d time.Duration) overlay.At { return overlay.At{Form: overlay.AtDelay, Delay: d} }
		h.pin("A", in(10*time.Second))
		gone := h.pin("B", in(20*time.Second))
		h.pin("C", overlay.At{})
		must(t, h.CancelCue(t.Context(), "corn", gone.ID))
		h.pin("D", in(time.Hour))
		time.Sleep(time.Minute)
		_, err := h.EndShow(t.Context(), "corn")
		must(t, err)
		synctest.Wait()

		if got := h.stream.kinds(); got != "show.start product.pin product.pin show.end" {
			t.Errorf("the stream got %s", got)
		}
		for i, c := range h.stream.taken() {
			if c.Seq != uint64(i+1) {
				t.Errorf("cue %d has seq %d", i+1, c.Seq)
			}
		}
		var kinds []string
		for i := range uint64(9) {
			m := <-sub.C
			if m.Event.Pos != i+1 || (m.Event.Audience == overlay.ForPicture) != (m.Event.Seq > 0) {
				t.Errorf("hosts got %+v", m.Event)
			}
			kinds = append(kinds, string(m.Event.Kind))
		}
		if got := strings.Join(kinds, " "); got != "show.start cue.scheduled cue.scheduled product.pin cue.cancelled cue.scheduled product.pin cue.cancelled show.end" {
			t.Errorf("hosts got %s", got)
		}
	})
}

func TestWhatWasBeforeTheStartIsNotRepeated(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	_, err = s.EnsureRoom(t.Context(), "corn", "Corn", "key")
	must(t, err)
	b, err := s.BeginBroadcast(t.Context(), "corn", time.Now())
	must(t, err)
	must(t, s.Close())
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		must(t, err)
		f := feed.New(feed.Options{Log: s, Agenda: s})
		// Who subscribes before the log's end is found would miss what is appended
		// meanwhile, and so waits.
		early, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		if _, ok := <-f.Subscribe(early, "corn").C; ok {
			t.Error("a message before the start")
		}
		if early.Err() == nil {
			t.Error("subscribed before the start")
		}
		subscribed := make(chan *feed.Subscription, 1)
		go func() { subscribed <- f.Subscribe(t.Context(), "corn") }()
		synctest.Wait()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- f.Run(ctx) }()
		sub := <-subscribed
		synctest.Wait()
		_, err = s.AddCue(t.Context(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "a"}, overlay.At{}, store.Once{})
		must(t, err)
		if m := <-sub.C; m.Event.Seq != b.Seq+2 {
			t.Errorf("got seq %d", m.Event.Seq)
		}
		stop()
		must(t, <-done)
		if _, ok := <-sub.C; ok {
			t.Error("the subscription outlived the feed")
		}
		must(t, s.Close())
	})
}
