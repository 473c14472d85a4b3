package cache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func options() Options { return Options{Bytes: 100, Builders: 2, Queue: 3, Timeout: time.Minute} }

// value makes a value of this many bytes that is valid for a minute.
func value(n int, bytes int64, made *atomic.Int64) func(context.Context) (Value[int], error) {
	return func(context.Context) (Value[int], error) {
		made.Add(1)
		time.Sleep(time.Millisecond)
		return Value[int]{n, bytes, time.Now().Add(time.Minute)}, nil
	}
}

func TestMadeOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[int](options())
		var made atomic.Int64
		ask := func() {
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					v, done, err := c.Get(t.Context(), "a", value(7, 10, &made))
					if err != nil || v != 7 {
						t.Errorf("%d, %v", v, err)
						return
					}
					done()
					done() // a second time is nothing
				})
			}
			all.Wait()
		}
		ask()
		ask()
		if made.Load() != 1 || c.Bytes() != 10 {
			t.Errorf("made %d times, %d bytes", made.Load(), c.Bytes())
		}
		time.Sleep(time.Minute)
		ask()
		if made.Load() != 2 || c.Bytes() != 10 {
			t.Errorf("after its time: made %d times, %d bytes", made.Load(), c.Bytes())
		}
	})
}

// Values that are being read count, cached or not. If they fill the cache,
// others are refused. Afterwards nothing stays counted.
func TestWhatIsReadCounts(t *testing.T) {
	c := New[int](options())
	var made atomic.Int64
	var reads []func()
	for i := range 10 {
		_, done, err := c.Get(t.Context(), fmt.Sprint(i), value(i, 10, &made))
		if err != nil {
			t.Fatal(err)
		}
		reads = append(reads, done)
	}
	if _, _, err := c.Get(t.Context(), "more", value(0, 1, &made)); !errors.Is(err, ErrFull) || c.Bytes() != 100 {
		t.Errorf("beyond the bound: %v, %d bytes", err, c.Bytes())
	}
	if _, done, err := c.Get(t.Context(), "3", value(0, 10, &made)); err != nil {
		t.Errorf("what is read is not given to another: %v", err)
	} else {
		done()
	}
	reads[4]()
	if _, done, err := c.Get(t.Context(), "more", value(0, 10, &made)); err != nil || c.Bytes() != 100 {
		t.Errorf("%v, %d bytes", err, c.Bytes())
	} else {
		done()
	}
	for _, done := range reads {
		done()
	}
	if _, _, err := c.Get(t.Context(), "huge", value(0, 101, &made)); !errors.Is(err, ErrFull) || c.Bytes() > 100 {
		t.Errorf("what never fits: %v, %d bytes", err, c.Bytes())
	}
}

// An older value that is still read counts until it is released.
func TestOlderValueIsReadOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[int](options())
		var made atomic.Int64
		_, old, err := c.Get(t.Context(), "a", value(1, 60, &made))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if _, _, err := c.Get(t.Context(), "a", value(2, 60, &made)); !errors.Is(err, ErrFull) {
			t.Errorf("both are in memory: %v", err)
		}
		v, young, err := c.Get(t.Context(), "a", value(3, 40, &made))
		if err != nil || v != 3 || c.Bytes() != 100 {
			t.Errorf("%d, %v, %d bytes", v, err, c.Bytes())
		}
		old()
		if c.Bytes() != 40 {
			t.Errorf("%d bytes", c.Bytes())
		}
		young()
	})
}

// Few values are made at once, some wait, and more are refused. A request that
// leaves does not end the work for others. A failure and a panic are returned
// and not cached.
func TestMaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[int](options())
		var now, most atomic.Int64
		slow := func(context.Context) (Value[int], error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return Value[int]{1, 1, time.Now().Add(time.Hour)}, nil
		}
		var all sync.WaitGroup
		var full atomic.Int64
		for i := range 8 {
			all.Go(func() {
				_, done, err := c.Get(t.Context(), fmt.Sprint(i), slow)
				if errors.Is(err, ErrFull) {
					full.Add(1)
				} else if err != nil {
					t.Error(err)
				} else {
					done()
				}
			})
		}
		all.Wait()
		if most.Load() != 2 || full.Load() != 3 {
			t.Errorf("%d made at once, %d refused", most.Load(), full.Load())
		}
		leaving, leave := context.WithCancel(t.Context())
		all.Go(func() {
			if _, _, err := c.Get(leaving, "left", slow); !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			_, done, err := c.Get(t.Context(), "left", slow)
			if err != nil {
				t.Errorf("who stayed got %v", err)
				return
			}
			done()
		})
		synctest.Wait()
		leave()
		all.Wait()
		for range 2 {
			if _, _, err := c.Get(t.Context(), "bad", func(context.Context) (Value[int], error) { panic("no") }); err == nil {
				t.Error("a panic is no error")
			}
		}
	})
}

// More values are requested in turn than fit: most are still found, as with
// random requests. Dropping always the oldest would find none.
func TestTurnsDoNotThrash(t *testing.T) {
	c := New[int](options())
	var made atomic.Int64
	const shows, rounds = 12, 200 // room for ten
	for range rounds {
		for i := range shows {
			_, done, err := c.Get(t.Context(), fmt.Sprint(i), func(context.Context) (Value[int], error) {
				made.Add(1)
				return Value[int]{i, 10, time.Now().Add(time.Hour)}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			done()
		}
	}
	if n := made.Load(); n > shows*rounds*3/5 {
		t.Errorf("made %d of %d", n, shows*rounds)
	}
}
