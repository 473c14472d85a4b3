package sales

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
)

// counting is a store that keeps numbers of orders in memory, and counts what it is asked.
type counting struct {
	mu     sync.Mutex
	orders map[string]int64
	news   uint64
	slow   time.Duration
	closed bool
	counts int // questions
	sums   int
}

func (s *counting) sell(show string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[show]++
	s.news++
}

func (s *counting) close(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = closed
}

func (s *counting) asked() (counts, sums int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts, s.sums
}

func (s *counting) OrderNews() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.news
}

func (s *counting) CountOrders(_ context.Context, shows []string) (map[string]int64, error) {
	time.Sleep(s.slow)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts++
	if s.closed {
		return nil, errors.New("closed")
	}
	out := map[string]int64{}
	for _, show := range shows {
		if n := s.orders[show]; n > 0 {
			out[show] = n
		}
	}
	return out, nil
}

func (s *counting) ShowSales(_ context.Context, show string) (overlay.ShowSales, error) {
	time.Sleep(s.slow)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sums++
	return overlay.ShowSales{Show: show, Orders: s.orders[show]}, nil
}

// running is a Counter that runs, in a bubble of synctest.
func running(t *testing.T, test func(t *testing.T, c *Counter, s *counting)) {
	synctest.Test(t, func(t *testing.T) {
		s := &counting{orders: map[string]int64{}}
		c := New(Options{Store: s})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		test(t, c, s)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func wantOrders(t *testing.T, c *Counter, show string, want int64) {
	t.Helper()
	if n, ok := c.Orders(show); !ok || n != want {
		t.Errorf("%s: %d orders, %v; want %d", show, n, ok, want)
	}
}

// A show's count follows its orders, and is read only where they change.
func TestOrdersAreCountedWhenTheyChange(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *counting) {
		s.sell("corn") // before anybody asked: as after a restart
		if _, ok := c.Orders("corn"); ok {
			t.Error("known before it was counted")
		}
		time.Sleep(3 * time.Second)
		wantOrders(t, c, "corn", 1)
		before, _ := s.asked()
		for range 30 { // nothing is sold
			time.Sleep(time.Second)
			wantOrders(t, c, "corn", 1)
		}
		if after, _ := s.asked(); after != before {
			t.Errorf("counted %d times though nothing changed", after-before)
		}
		s.sell("corn")
		s.close(true)
		time.Sleep(5 * time.Second)
		wantOrders(t, c, "corn", 1)
		s.close(false)
		time.Sleep(5 * time.Second)
		wantOrders(t, c, "corn", 2)
		if n, err := c.Count(t.Context(), "tea"); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		s.sell("tea")
		time.Sleep(5 * time.Second)
		wantOrders(t, c, "tea", 1)
	})
}

// However many ask, and however long a reading takes: the store has rest in between.
func TestTheStoreIsLeftInPeace(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *counting) {
		s.slow = 300 * time.Millisecond
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				for range 60 {
					time.Sleep(time.Second)
					s.sell("corn")
					c.Orders(fmt.Sprint("show ", i))
					if got, err := c.Sales(t.Context(), "corn"); err != nil || got.Orders == 0 {
						t.Errorf("%+v, %v", got, err)
					}
				}
			})
		}
		all.Wait()
		if counts, sums := s.asked(); counts > 12 || sums > 12 || counts < 8 || sums < 8 { // 60 s with 6 s of rest behind each
			t.Errorf("%d countings and %d sums in a minute", counts, sums)
		}
	})
}

// A show of which nobody asks any more costs nothing.
func TestShowsAreForgotten(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *counting) {
		if _, err := c.Sales(t.Context(), "corn"); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * asked)
		synctest.Wait()
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.shows) != 0 {
			t.Errorf("%d shows are kept", len(c.shows))
		}
	})
}
