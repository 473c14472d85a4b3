package broadcast

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
	"mediad/packager"
)

// Numbers are reserved well before they are used, and after a failure of the
// database the reservation is tried again.
func TestReservationsStayAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var saved overlay.Numbers
		failing := false
		k := newReservations(func(_ context.Context, _ string, m overlay.Numbers) error {
			mu.Lock()
			defer mu.Unlock()
			if failing {
				return errors.New("disk full")
			}
			saved = m
			return nil
		}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- k.Run(ctx) }()
		if err := k.begin(ctx, "01a", packager.Numbers{MSN: 1, Part: 1}); err != nil {
			t.Fatal(err)
		}
		for n := uint64(1); n < 1000; n++ {
			mu.Lock()
			failing = n%300 > 280
			mu.Unlock()
			k.advance("01a", packager.Numbers{MSN: n, Part: 4 * n})
			time.Sleep(2 * time.Second) // a segment
			synctest.Wait()
			mu.Lock()
			if saved.MSN <= n || saved.Part <= 4*n {
				t.Fatalf("reserved up to %+v at segment %d", saved, n)
			}
			mu.Unlock()
		}
		if m, unsaved := k.end("01a"); unsaved {
			t.Errorf("%+v was saved", m)
		}
		k.advance("01a", packager.Numbers{MSN: 99999})
		synctest.Wait()
		if saved.MSN > 9999 {
			t.Error("an ended broadcast reserves numbers")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// While the database hangs for one broadcast, another one still gets reservations in
// time. Afterwards the first one gets its own.
func TestReservationsWhileOneHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		saved, free := map[string]overlay.Numbers{}, make(chan struct{})
		k := newReservations(func(_ context.Context, epoch string, m overlay.Numbers) error {
			if epoch == "01a" && m.MSN > 1+msnBlock {
				<-free
			}
			mu.Lock()
			defer mu.Unlock()
			saved[epoch] = m
			return nil
		}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- k.Run(ctx) }()
		for _, epoch := range []string{"01a", "01b"} {
			if err := k.begin(ctx, epoch, packager.Numbers{MSN: 1, Part: 1}); err != nil {
				t.Fatal(err)
			}
		}
		for n := uint64(1); n < 500; n++ {
			for _, epoch := range []string{"01a", "01b"} {
				k.advance(epoch, packager.Numbers{MSN: n, Part: 4 * n})
			}
			time.Sleep(2 * time.Second) // a segment
			synctest.Wait()
			mu.Lock()
			if a, b := saved["01a"], saved["01b"]; a.MSN != 1+msnBlock || b.MSN <= n {
				t.Fatalf("reserved up to %+v, which hangs, and %+v at segment %d", a, b, n)
			}
			mu.Unlock()
		}
		close(free)
		synctest.Wait()
		if a := saved["01a"]; a.MSN != 499+msnBlock {
			t.Errorf("reserved up to %+v afterwards", a)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A broadcast that ends while nothing can be reserved returns the numbers
// that it used.
func TestReservationsOfAnEndOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var saves atomic.Int64
		k := newReservations(func(context.Context, string, overlay.Numbers) error {
			if saves.Add(1) > 1 {
				return errors.New("disk full")
			}
			return nil
		}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- k.Run(ctx) }()
		if err := k.begin(ctx, "01a", packager.Numbers{MSN: 1, Part: 1}); err != nil {
			t.Fatal(err)
		}
		for n := uint64(2); n < 500; n++ {
			k.advance("01a", packager.Numbers{MSN: n, Part: 4 * n})
			time.Sleep(500 * time.Millisecond)
		}
		if n := saves.Load(); n < 20 || n > 300 {
			t.Errorf("asked the database %d times in 250 s", n)
		}
		if m, unsaved := k.end("01a"); !unsaved || m.MSN < 499 || m.Part < 4*499 {
			t.Errorf("unsaved %v: %+v", unsaved, m)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Numbers that a process may have used while it could reserve nothing are
// skipped.
func TestUnusedNumbers(t *testing.T) {
	from := packager.Numbers{MSN: 130, Part: 8193, Target: 180000}
	got := unused(from, 10*time.Minute)
	if got.MSN < 130+600/2 || got.Part < 8193+600*10 || got.Target != from.Target {
		t.Errorf("after ten minutes %+v", got)
	}
	if got := unused(from, -time.Hour); got.MSN < from.MSN || got.MSN > from.MSN+2 {
		t.Errorf("with a clock that went back %+v", got)
	}
}
