package clicks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oklog/ulid/v2"

	"mediad/overlay"
)

// memoryStore is a store that keeps clicks in memory, unless it is closed.
type memoryStore struct {
	mu     sync.Mutex
	rows   []overlay.Click
	closed bool
	before time.Time
	limit  int
}

func (s *memoryStore) AddClicks(_ context.Context, clicks []overlay.Click) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("closed")
	}
	s.rows = append(s.rows, clicks...)
	return nil
}

func (s *memoryStore) SweepClicks(_ context.Context, before time.Time, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.limit = before, limit
	return 0, nil
}

func (s *memoryStore) open(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = closed
}

func (s *memoryStore) kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rows)
}

func newCounter(s *memoryStore, log *bytes.Buffer) *Counter {
	return New(Options{Store: s, NewID: func() string { return ulid.Make().String() }, Keep: time.Hour, Limit: 7, Log: slog.New(slog.NewTextHandler(log, nil))})
}

func from(address, mark string) Viewer {
	return Viewer{Address: netip.MustParseAddr(address), Mark: mark}
}

var corn, tea = overlay.Product{ID: "corn", Rev: 3}, overlay.Product{ID: "tea", Rev: 1}

func TestTheSameClickCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s memoryStore
		c := newCounter(&s, &bytes.Buffer{})
		first := c.Count("show", corn, "", "", from("192.0.2.1", "a"))
		for name, id := range map[string]string{
			"product": c.Count("show", tea, "", "", from("192.0.2.1", "a")),
			"variant": c.Count("show", corn, "corn-1-1", "", from("192.0.2.1", "a")),
			"coupon":  c.Count("show", corn, "", "ten", from("192.0.2.1", "a")),
			"show":    c.Count("other", corn, "", "", from("192.0.2.1", "a")),
			"address": c.Count("show", corn, "", "", from("192.0.2.2", "a")),
			"browser": c.Count("show", corn, "", "", from("192.0.2.1", "b")),
			"page":    c.Count("show", corn, "", "", Viewer{Address: netip.MustParseAddr("192.0.2.1"), Mark: "a", Number: 7}),
		} {
			if id == first || !overlay.ValidID(id) {
				t.Errorf("another %s is the same click %s", name, id)
			}
		}
		for range 9 { // every second, and over a turn
			time.Sleep(time.Second)
			if id := c.Count("show", corn, "", "", from("::ffff:192.0.2.1", "a")); id != first {
				t.Errorf("the same click got %s after %s", id, first)
			}
		}
		time.Sleep(time.Second)
		if id := c.Count("show", corn, "", "", from("192.0.2.1", "a")); id == first {
			t.Error("a click ten seconds later is no new one")
		}
		a, b := c.Count("show", corn, "", "", from("2001:db8::1", "a")), c.Count("show", corn, "", "", from("2001:db8::ffff:2", "a"))
		if a != b {
			t.Error("addresses of one /64 are two viewers")
		}
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if st := c.Stats(); st.Kept != 10 || st.Repeated != 10 || st.Lost != 0 || st.Waiting != 0 || s.kept() != 10 {
			t.Errorf("%+v", st)
		}
		if r := s.rows[0]; r.ID != first || r.Show != "show" || r.Product != "corn" || r.Rev != 3 || r.At.IsZero() {
			t.Errorf("kept %+v", r)
		}
	})
}

// One address cannot fill the queue, and all together cannot exceed it. A
// viewer whose click does not fit is redirected all the same, and the log says
// so once.
func TestClicksThatWaitAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s memoryStore
		var log bytes.Buffer
		s.open(true)
		c := newCounter(&s, &log)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		for i := range 2 * share {
			if id := c.Count("show", corn, "", "", from("192.0.2.1", fmt.Sprint(i))); !overlay.ValidID(id) {
				t.Fatalf("id %q", id)
			}
		}
		if st := c.Stats(); st.Waiting != share || st.Lost != share {
			t.Errorf("one address: %+v", st)
		}
		if c.Count("show", corn, "", "", from("192.0.2.2", "")); c.Stats().Waiting != share+1 {
			t.Error("another address found no place")
		}
		for i := range 2 * waiting {
			c.Count("show", corn, "", "", from(fmt.Sprintf("10.0.%d.%d", i/256, i%256), ""))
		}
		if st := c.Stats(); st.Waiting != waiting || st.Lost != share+waiting+share+1 {
			t.Errorf("many addresses: %+v", st)
		}
		time.Sleep(Pause * 3 / 2)
		synctest.Wait()
		if n := strings.Count(log.String(), "clicks are lost"); n != 1 {
			t.Errorf("told %d times:\n%s", n, log.String())
		}
		if st := c.Stats(); st.Failed == 0 || st.Kept != 0 {
			t.Errorf("a store that is closed took clicks: %+v", st)
		}
		s.open(false)
		time.Sleep(Pause * (waiting/batch + 1))
		synctest.Wait()
		if st := c.Stats(); st.Kept != waiting || st.Waiting != 0 || s.kept() != waiting || len(c.shares) != 0 {
			t.Errorf("once it is open: %+v, %d shares", st, len(c.shares))
		}
		time.Sleep(sweep + time.Second)
		synctest.Wait()
		if at := time.Now().Add(-time.Hour); s.limit != 7 || at.Sub(s.before).Abs() > 2*sweep {
			t.Errorf("swept before %v, beyond %d", s.before, s.limit)
		}
		// The end keeps the waiting clicks.
		c.Count("show", tea, "", "", from("192.0.2.9", ""))
		stop()
		if err := <-done; err != nil || s.kept() != waiting+1 {
			t.Errorf("at the end: %d kept, %v", s.kept(), err)
		}
	})
}

// The memory of known clicks is bounded, however many clicks come.
func TestMemoryOfClicksIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s memoryStore
		c := newCounter(&s, &bytes.Buffer{})
		for i := range 5 * known {
			c.Count("show", corn, "", "", from("192.0.2.1", fmt.Sprint(i)))
			if i%share == 0 {
				if err := c.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := len(c.now) + len(c.then); n > 2*known {
			t.Errorf("%d clicks are remembered", n)
		}
	})
}
