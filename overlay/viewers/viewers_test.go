package viewers

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
)

// memoryStore is a store that keeps sums in memory, unless it is closed.
type memoryStore struct {
	hangs chan struct{} // not nil: writes wait until it is closed; set it before any

	mu     sync.Mutex
	shows  map[string]overlay.Watched
	closed bool
}

func (s *memoryStore) AddWatched(ctx context.Context, sums []overlay.Watched) error {
	if s.hangs != nil {
		select {
		case <-s.hangs:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("closed")
	}
	for _, w := range sums {
		all := s.shows[w.Show]
		all.Shares, all.Came = all.Shares+w.Shares, all.Came+w.Came
		all.Likes, all.Time, all.Peak = all.Likes+w.Likes, all.Time+w.Time, max(all.Peak, w.Peak)
		all.Views, all.Depth, all.Numbers = all.Views+w.Views, max(all.Depth, w.Depth), append(slices.Clone(all.Numbers), w.Numbers...)
		if all.Impressions == nil {
			all.Impressions = map[string]int64{}
		}
		for id, n := range w.Impressions {
			all.Impressions[id] += n
		}
		if all.Minutes == nil {
			all.Minutes = map[overlay.Minute]overlay.Watch{}
		}
		for at, of := range w.Minutes {
			all.Minutes[at] = all.Minutes[at].Plus(of)
		}
		s.shows[w.Show] = all
	}
	return nil
}

func (s *memoryStore) Watched(_ context.Context, show string) (overlay.Watched, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return overlay.Watched{}, errors.New("closed")
	}
	return s.shows[show], nil
}

// kept gives the sums of a show, to read beside a counter that runs.
func (s *memoryStore) kept(show string) overlay.Watched {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.shows[show]
	w.Impressions, w.Minutes = maps.Clone(w.Impressions), maps.Clone(w.Minutes)
	return w
}

func (s *memoryStore) close(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = closed
}

// running is a counter that runs, in a bubble of synctest.
func running(t *testing.T, test func(t *testing.T, c *Counter, s *memoryStore)) {
	synctest.Test(t, func(t *testing.T) {
		s := &memoryStore{shows: map[string]overlay.Watched{}}
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

func wantViewers(t *testing.T, c *Counter, want int64) {
	t.Helper()
	if p, _ := c.Pulse("show"); p.Viewers != want {
		t.Errorf("%d viewers, want %d", p.Viewers, want)
	}
}

func TestComingAndGoing(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		for range 3 {
			for id := range uint64(5) {
				c.Beat("show", overlay.Beacon{Viewer: id, Watched: 10 * time.Second, Likes: 2, Impressions: []string{"corn"}})
			}
			wantViewers(t, c, 5)
			time.Sleep(Every)
		}
		c.Beat("show", overlay.Beacon{Viewer: 4, Left: true, Watched: 3 * time.Second})
		wantViewers(t, c, 4)
		c.Beat("other", overlay.Beacon{Viewer: 4})
		time.Sleep(gone - Every + 1100*time.Millisecond)
		wantViewers(t, c, 0)
		time.Sleep(keep + time.Second)
		want := overlay.Watched{Likes: 30, Time: 15*10*time.Second + 3*time.Second, Peak: 5}
		if w := s.kept("show"); w.Likes != want.Likes || w.Time != want.Time || w.Peak != want.Peak || w.Impressions["corn"] != 15 {
			t.Errorf("kept %+v, want %+v", w, want)
		}
		time.Sleep(3 * gone)
		synctest.Wait() // it has looked
		if len(c.shows) != 0 || c.Stats().Sampled != 0 {
			t.Errorf("%d audiences are left, %+v", len(c.shows), c.Stats())
		}
		// Who comes back goes on with the likes of before.
		c.Beat("show", overlay.Beacon{Viewer: 9, Likes: 1})
		if _, ok := c.Pulse("show"); ok {
			t.Error("likes are told before they are read")
		}
		time.Sleep(2 * time.Second)
		if p, ok := c.Pulse("show"); !ok || p.Likes != 31 {
			t.Errorf("%+v, %v", p, ok)
		}
	})
}

// What a beacon says is believed as far as it can be true.
func TestNobodyWatchesLongerThanTimePasses(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		c.Beat("show", overlay.Beacon{Viewer: 1, Watched: time.Minute}) // counts 20 s
		for range 10 {
			c.Beat("show", overlay.Beacon{Viewer: 1, Watched: time.Minute, Likes: 100}) // too often
		}
		time.Sleep(Every)
		c.Beat("show", overlay.Beacon{Viewer: 1, Watched: time.Minute, Likes: 7}) // counts 12.5 s
		time.Sleep(keep + time.Second)
		if w := s.kept("show"); w.Time != 32500*time.Millisecond || w.Likes != 7 {
			t.Errorf("kept %+v", w)
		}
	})
}

// Nobody likes faster than a finger taps, however many beacons say so, and who was counted
// as no viewer gives no likes.
func TestNobodyLikesFasterThanAFingerTaps(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		want := int64(0)
		say := func(b overlay.Beacon, counts int64) {
			t.Helper()
			b.Viewer = cmp.Or(b.Viewer, 1)
			c.Beat("show", b)
			want += counts
			time.Sleep(2 * time.Second)
			if p, _ := c.Pulse("show"); p.Likes != want {
				t.Errorf("%+v: %d likes, want %d", b, p.Likes, want)
			}
		}
		say(overlay.Beacon{Likes: 100}, 100)
		say(overlay.Beacon{Likes: 100}, 35) // two seconds, with the slack that watch time has, and ten at once
		say(overlay.Beacon{Likes: 12}, 12)
		time.Sleep(Every)
		say(overlay.Beacon{Likes: 100}, 100)
		say(overlay.Beacon{Likes: 20, Left: true}, 20)
		for viewer := range uint64(5) {
			say(overlay.Beacon{Viewer: 2 + viewer, Likes: 100, Left: true}, 0)
		}
	})
}

func TestAStoreThatFailsLosesNothing(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		s.close(true)
		for id := range uint64(100) {
			c.Beat("show", overlay.Beacon{Viewer: id, Likes: 1, Shares: 2, Ref: "k3x9m2ab", Impressions: []string{strconv.Itoa(int(id % 3))}})
			time.Sleep(time.Second)
		}
		s.close(false)
		time.Sleep(2 * keep)
		w := s.kept("show")
		if n := w.Impressions["0"] + w.Impressions["1"] + w.Impressions["2"]; w.Likes != 100 || w.Shares != 200 || w.Came != 100 || n != 100 {
			t.Errorf("kept %+v", w)
		}
		p, ok := c.Pulse("show")
		if !ok || p.Likes != 100 {
			t.Errorf("%+v, %v", p, ok)
		}
	})
}

// While the store hangs in a write, viewers are counted on; nothing is kept twice, or lost.
func TestAStoreThatHangsHoldsNoCountUp(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		s.hangs = make(chan struct{})
		for range 10 { // 100 s
			for id := range uint64(3) {
				c.Beat("show", overlay.Beacon{Viewer: id, Likes: 1, Watched: Every})
			}
			c.Beat("gone", overlay.Beacon{Viewer: 1, Likes: 1})
			wantViewers(t, c, 3)
			time.Sleep(Every)
		}
		time.Sleep(3*gone + time.Second) // they leave, and the audiences would be forgotten
		synctest.Wait()
		if wantViewers(t, c, 0); c.Stats().Sampled != 0 {
			t.Errorf("%+v", c.Stats())
		}
		if p, _ := c.Pulse("show"); p.Likes != 30 || s.kept("show").Likes != 0 {
			t.Errorf("%+v, and %+v is kept", p, s.kept("show"))
		}
		close(s.hangs)
		time.Sleep(2 * keep)
		synctest.Wait()
		if show, gone := s.kept("show"), s.kept("gone"); show.Likes != 30 || show.Peak != 3 || show.Time != 30*Every || gone.Likes != 10 {
			t.Errorf("kept %+v and %+v", show, gone)
		}
	})
}

// A store that hangs does not keep the process from ending.
func TestTheEndWaitsForNoStoreLong(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		s.hangs = make(chan struct{})
		c.Beat("show", overlay.Beacon{Viewer: 1, Likes: 1})
		time.Sleep(keep + 2*time.Second)
	})
}

// TestViewsAndViewers: a viewer who comes back is another view, and not another viewer; what
// a store refuses is kept for later.
func TestViewsAndViewers(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		c.Beat("show", overlay.Beacon{Viewer: 1})
		c.Beat("show", overlay.Beacon{Viewer: 2, Left: true}) // was gone already
		time.Sleep(keep + time.Second)
		c.Beat("show", overlay.Beacon{Viewer: 3})
		c.Beat("show", overlay.Beacon{Viewer: 1})
		s.mu.Lock()
		s.closed = false
		s.mu.Unlock()
		time.Sleep(2 * gone)
		c.Beat("show", overlay.Beacon{Viewer: 1})
		time.Sleep(2 * keep)
		w, err := s.Watched(t.Context(), "show")
		numbers := slices.Compact(slices.Sorted(slices.Values(w.Numbers)))
		if err != nil || w.Views != 3 || !slices.Equal(numbers, []uint64{1, 3}) {
			t.Errorf("%+v, %v", w, err)
		}
	})
}

// A great audience costs no more than its sample, and is counted well enough. When it has
// gone, the sample becomes the whole again.
func TestASampleOfManyViewers(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		random := rand.New(rand.NewPCG(1, 2))
		const viewers = 300_000
		all := make([]uint64, viewers)
		for i := range all {
			all[i] = random.Uint64()
		}
		sent := 0
		for range 3 { // they obey the server's word, as of their last beacon
			sent = 0
			for _, id := range all {
				if float64(id)/math.Pow(2, 64) < c.Sample("show") {
					c.Beat("show", overlay.Beacon{Viewer: id, Likes: 1})
					sent++
				}
			}
			time.Sleep(Every)
		}
		p, ok := c.Pulse("show")
		if off := float64(p.Viewers)/viewers - 1; !ok || math.Abs(off) > 0.05 {
			t.Errorf("%d viewers of %d, %.1f %% off", p.Viewers, viewers, off*100)
		}
		if sent > most || c.Stats().Sampled > most {
			t.Errorf("%d beacons in the last round, %+v", sent, c.Stats())
		}
		if share := float64(p.Likes) / (3 * viewers); share < 0.9 || share > 1.1 {
			t.Errorf("%d likes of %d", p.Likes, 3*viewers)
		}
		time.Sleep(keep)
		w, _ := s.Watched(t.Context(), "show")
		low := overlay.LowViewers{Depth: w.Depth}
		for _, n := range slices.Compact(slices.Sorted(slices.Values(w.Numbers))) {
			if n>>1 <= math.MaxInt64>>w.Depth && low.N < overlay.LowNumbers {
				low.N, low.Highest = low.N+1, int64(n>>1)
			}
		}
		if off := float64(low.Viewers())/viewers - 1; math.Abs(off) > 0.05 || float64(w.Views) < 0.9*viewers {
			t.Errorf("%d viewers and %d views of %d, depth %d", low.Viewers(), w.Views, viewers, w.Depth)
		}
		// A thousand stay.
		for range 150 {
			for _, id := range all[:1000] {
				if float64(id)/math.Pow(2, 64) < c.Sample("show") {
					c.Beat("show", overlay.Beacon{Viewer: id})
				}
			}
			if p, _ := c.Pulse("show"); p.Viewers < 500 && p.Viewers > 0 {
				t.Fatalf("%d viewers of 1000 while the sample grows", p.Viewers)
			}
			time.Sleep(Every)
		}
		if p, _ := c.Pulse("show"); p.Viewers != 1000 || c.Sample("show") != 1 {
			t.Errorf("%d viewers of 1000 at a sample of %g", p.Viewers, c.Sample("show"))
		}
	})
}

// Whoever chooses the numbers of viewers can make the count wrong, and fills no memory.
func TestChosenNumbersFillNothing(t *testing.T) {
	running(t, func(t *testing.T, c *Counter, s *memoryStore) {
		for id := range uint64(3 * most) {
			c.Beat("show", overlay.Beacon{Viewer: id, Impressions: []string{strconv.Itoa(int(id))}})
		}
		for n := range shows + 10 {
			c.Beat("show "+strconv.Itoa(n), overlay.Beacon{Viewer: 1})
		}
		st := c.Stats()
		if a := c.find("show"); len(a.seen) > most || len(a.fresh.Impressions) > goods || len(c.shows) != shows || st.Lost != 11 {
			t.Errorf("%d viewers, %d products, %d shows, %+v", len(a.seen), len(a.fresh.Impressions), len(c.shows), st)
		}
	})
}

func BenchmarkBeat(b *testing.B) {
	c := New(Options{Store: &memoryStore{}})
	ids := make([]uint64, 1<<16)
	for i := range ids {
		ids[i] = rand.Uint64()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Beat("show", overlay.Beacon{Viewer: ids[i%len(ids)], Watched: Every, Likes: 1})
	}
}
