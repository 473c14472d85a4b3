package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// paced is a fixture with a show on air, and the pace of a server.
func paced(t *testing.T) (*fixture, overlay.Begin) {
	t.Helper()
	f := newFixture(t)
	f.pace = overlay.CuesASecond
	f.reopen()
	b := f.begin()
	f.clock.Add(2 * time.Second)
	return f, b
}

func (f *fixture) price(i int, price int64) {
	f.t.Helper()
	_, err := f.UpdateProduct(f.t.Context(), f.products[i].ID, overlay.ProductChange{Price: &price})
	must(f.t, err)
}

func (f *fixture) notice(after time.Duration) (overlay.CueInfo, error) {
	at := overlay.At{}
	if after > 0 {
		at = overlay.At{Form: overlay.AtDelay, Delay: after}
	}
	return f.AddCue(f.t.Context(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "Now"}, at, store.Once{})
}

// updates gives those of products behind a seq, with their prices.
func (f *fixture) updates(show string, seq uint64) (list []string) {
	f.t.Helper()
	for _, e := range f.events(show) {
		if e.Seq <= seq || e.Kind != overlay.KindProductUpdate {
			continue
		}
		s, err := overlay.State{Pinned: []overlay.Card{{ID: e.Product}}}.Apply(e.Payload)
		must(f.t, err)
		for i, p := range f.products {
			if p.ID == e.Product && s.Pinned[0].Price != nil {
				list = append(list, fmt.Sprintf("%d:%d", i, *s.Pinned[0].Price))
			}
		}
	}
	return list
}

// Five cues a second: more are refused, with when the next one fits, and leave no trace.
// What a pin takes down does not count.
func TestPaceOfCues(t *testing.T) {
	f, b := paced(t)
	again := func() error {
		_, err := f.Pin(t.Context(), "corn", f.products[0].ID, overlay.At{}, store.Once{Key: "again"})
		return err
	}
	for i := range 5 {
		f.pin(i) // the fourth and fifth take one down
		f.clock.Add(100 * time.Millisecond)
	}
	before := len(f.events(b.Show))
	var soon *overlay.TooSoon
	if _, err := f.notice(0); !errors.As(err, &soon) || soon.Until.Sub(f.clock.Now()) != 500*time.Millisecond {
		t.Fatalf("the sixth: %v", err)
	}
	if err := again(); overlay.CodeOf(err) != overlay.TooMany {
		t.Errorf("the sixth as a pin: %v", err)
	}
	if after := len(f.events(b.Show)); after != before {
		t.Errorf("refused cues made %d events", after-before)
	}
	f.clock.Add(500 * time.Millisecond)
	if _, err := f.notice(0); err != nil {
		t.Errorf("when it fits: %v", err)
	}
	if err := again(); overlay.CodeOf(err) != overlay.TooMany {
		t.Errorf("two for one place: %v", err)
	}
	f.clock.Add(time.Second)
	if err := again(); err != nil {
		t.Errorf("the same key later: %v", err)
	}
}

// Scheduled cues keep the pace too, and cues for now leave them their places.
func TestPaceOfScheduledCues(t *testing.T) {
	f, b := paced(t)
	for range 4 {
		_, err := f.notice(10 * time.Second)
		must(t, err)
	}
	_, err := f.notice(10800 * time.Millisecond)
	must(t, err)
	_, err = f.notice(10500 * time.Millisecond)
	wantCode(t, err, overlay.TooMany)
	_, err = f.notice(11 * time.Second)
	must(t, err)
	f.clock.Add(9500 * time.Millisecond)
	_, err = f.notice(0)
	must(t, err)
	var soon *overlay.TooSoon
	if _, err = f.notice(0); !errors.As(err, &soon) || soon.Until.Sub(f.clock.Now()) != time.Second {
		t.Errorf("the sixth of that second: %v", err)
	}
	f.clock.Add(500 * time.Millisecond)
	if events, err := f.makeDue(f.clock.Now()); err != nil || len(events) != 4 {
		t.Errorf("%d events, %v", len(events), err)
	}
	f.clock.Add(time.Second)
	if events, err := f.makeDue(f.clock.Now()); err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
	if got := kinds(f.events(b.Show)[1:]); got != "notice notice notice notice notice notice notice" {
		t.Error(got)
	}
}

// Changes of a pinned product that are too many wait, and are told as one. Nothing is told
// twice, and the end of a show waits for nothing.
func TestUpdatesJoin(t *testing.T) {
	f, b := paced(t)
	for i := range 3 {
		f.pin(i)
	}
	for n := range 40 {
		f.price(n%2, int64(500-n))
	}
	if got := fmt.Sprint(f.updates(b.Show, 0)); got != "[0:500 1:499]" {
		t.Errorf("at once: %s", got)
	}
	_, next, err := f.Due(t.Context(), f.clock.Now())
	must(t, err)
	if wait := next.Sub(f.clock.Now()); wait != time.Second {
		t.Errorf("the rest is due in %v", wait)
	}
	f.clock.Add(time.Second)
	_, err = f.makeDue(f.clock.Now())
	must(t, err)
	if got := fmt.Sprint(f.updates(b.Show, 0)); got != "[0:500 1:499 0:462 1:461]" {
		t.Errorf("a second later: %s", got)
	}
	// What waits is forgotten where a pin tells it, or the product is taken down.
	for n := range 5 {
		f.price(2, int64(400-n))
	}
	f.price(0, 399)
	f.price(1, 398)
	f.clock.Add(time.Second)
	seq := f.events(b.Show)[len(f.events(b.Show))-1].Seq
	f.pin(0)
	_, err = f.Unpin(t.Context(), "corn", f.products[1].ID, overlay.At{})
	must(t, err)
	_, err = f.makeDue(f.clock.Now())
	must(t, err)
	if got := fmt.Sprint(f.updates(b.Show, seq)); got != "[2:396]" {
		t.Errorf("after a pin and an unpin: %s", got)
	}
	for n := range 9 {
		f.price(0, int64(300-n))
	}
	f.reopen() // a restart forgets nothing
	e, err := f.EndShow(t.Context(), "corn")
	must(t, err)
	if got := f.updates(b.Show, seq); got[len(got)-1] != "0:292" || e.Seq != f.events(b.Show)[len(f.events(b.Show))-1].Seq {
		t.Errorf("at the end: %v", got)
	}
}

// A flood of cues takes no place from a change that waits: it is told after a second.
func TestUpdateKeepsItsPlace(t *testing.T) {
	f, b := paced(t)
	f.pin(0)
	f.clock.Add(time.Second)
	flood := func() (n int) {
		t.Helper()
		for range 9 {
			_, err := f.notice(0)
			if overlay.CodeOf(err) == overlay.TooMany {
				continue
			}
			must(t, err)
			n++
		}
		return n
	}
	if n := flood(); n != 5 {
		t.Errorf("%d cues at once", n)
	}
	f.price(0, 500)
	f.clock.Add(time.Second)
	if n := flood(); n != 4 {
		t.Errorf("%d cues beside a change that waits", n)
	}
	_, err := f.makeDue(f.clock.Now())
	must(t, err)
	if got := fmt.Sprint(f.updates(b.Show, 0)); got != "[0:500]" {
		t.Errorf("a second later: %s", got)
	}
}

// TestRandomPace: pins, notices and changes at random moments, now and for later, in a
// show that takes five cues a second. Each that is taken comes once, in order and not
// early; no second has more than five; changes that join lose nothing; the events replayed
// give each state (as newFixture checks), and the last one is what the catalogue says.
// TestRandomCues in cmd/mediad does a thousand of them up to the media.
func TestRandomPace(t *testing.T) {
	f, b := paced(t)
	random := rand.New(rand.NewPCG(5, 6))
	asked := map[string]time.Time{} // when the cue may come at the earliest
	refused, joined := 0, 0
	for range 300 {
		f.clock.Add(time.Duration(random.IntN(220)) * time.Millisecond)
		_, err := f.makeDue(f.clock.Now())
		must(t, err)
		after, i := time.Duration(0), random.IntN(4)
		if random.IntN(3) == 0 {
			after = time.Duration(1+random.IntN(3000)) * time.Millisecond
		}
		var c overlay.CueInfo
		switch random.IntN(5) {
		case 0:
			at := overlay.At{}
			if after > 0 {
				at = overlay.At{Form: overlay.AtDelay, Delay: after}
			}
			c, err = f.Pin(t.Context(), "corn", f.products[i].ID, at, store.Once{})
		case 1:
			c, err = f.notice(after)
		default:
			f.price(i, int64(100+random.IntN(900)))
			joined++
			continue
		}
		if overlay.CodeOf(err) == overlay.TooMany {
			refused++
			continue
		}
		must(t, err)
		asked[c.ID] = f.clock.Now().Add(after)
	}
	for range 40 {
		f.clock.Add(300 * time.Millisecond)
		_, err := f.makeDue(f.clock.Now())
		must(t, err)
	}
	events := f.events(b.Show)
	var times []time.Time
	came := map[string]bool{}
	for _, e := range events {
		if e.Kind == overlay.KindProductUpdate {
			joined--
		}
		if at, ok := asked[e.ID]; ok {
			if came[e.ID] || e.At.Before(at.Truncate(time.Millisecond)) {
				t.Errorf("%s %s: twice %v, at %v, asked for %v", e.Kind, e.ID, came[e.ID], e.At, at)
			}
			came[e.ID] = true
		} else if e.Kind != overlay.KindProductUpdate {
			continue // the start, and what makes room for a pin
		}
		times = append(times, e.At)
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := range times[min(len(times), 5):] {
		if times[i+5].Sub(times[i]) < time.Second {
			t.Errorf("six cues from %v to %v", times[i], times[i+5])
		}
	}
	if len(came) != len(asked) || refused < 10 || joined < 10 || len(came) < 40 {
		t.Errorf("%d cues of %d came, %d were refused, %d changes joined others or changed nothing", len(came), len(asked), refused, joined)
	}
	for _, p := range lastPinned(t, events) {
		now, err := f.GetProduct(t.Context(), p.ID, 0)
		must(t, err)
		if *p.Price != now.Price {
			t.Errorf("viewers read %d for %s, the catalogue has %d", *p.Price, now.SKU, now.Price)
		}
	}
}

// lastPinned replays events from 1.
func lastPinned(t *testing.T, events []overlay.Event) []overlay.Card {
	t.Helper()
	var s overlay.State
	for _, e := range events {
		var err error
		s, err = s.Apply(e.Payload)
		must(t, err)
	}
	if len(s.Pinned) == 0 {
		t.Fatal("nothing is pinned")
	}
	return s.Pinned
}

// anUpdateThatWaits changes a pinned product twice in a second that has place for one cue.
func anUpdateThatWaits(t *testing.T, o store.Options) {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	must(t, err)
	show, _, err := s.RoomShows(t.Context(), "corn")
	must(t, err)
	_, pins, err := s.ShowNow(t.Context(), show.ID)
	must(t, err)
	for price := range int64(3) {
		_, err := s.UpdateProduct(t.Context(), pins[0].Product.ID, overlay.ProductChange{Price: &price})
		must(t, err)
	}
	must(t, s.Close())
}
