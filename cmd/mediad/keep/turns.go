package keep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"mediad/overlay"
)

// atOnce is how many rooms' shows are deleted at the same time. A room of which nothing
// could be deleted for Options.Stalled, as where the store hangs, does not count any
// more, so another one begins.
const atOnce = 2

// errStalled is why a sweep does not wait for a room any longer.
var errStalled = errors.New("the store or the local disk does not answer")

// turn is the deletion of a room's shows.
type turn struct {
	show  string      // that is being deleted; guarded by Sweeper.mu
	timer *time.Timer // fires when nothing was deleted for long
}

// rooms deletes the shows of each room in turn, and waits until they are gone or
// cannot go on. A room for which an earlier sweep still waits is left to that one.
func (s *Sweeper) rooms(ctx context.Context, doomed []overlay.Show) error {
	var order []string
	shows := map[string][]overlay.Show{}
	for _, show := range doomed {
		if shows[show.Room] == nil {
			order = append(order, show.Room)
		}
		shows[show.Room] = append(shows[show.Room], show)
	}
	var errs []error
	slots, results, n := make(chan struct{}, atOnce), make(chan error, len(order)), 0
	for _, room := range order {
		t := s.begin(room)
		if t == nil {
			errs = append(errs, fmt.Errorf("delete shows of room %q: %w", room, errStalled))
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			s.end(room)
			return errors.Join(append(errs, ctx.Err())...)
		}
		n++
		var once sync.Once
		tell := func(err error) { once.Do(func() { results <- err; <-slots }) }
		s.mu.Lock()
		t.timer = time.AfterFunc(s.o.Stalled, func() {
			s.stalled(t)
			tell(fmt.Errorf("delete shows of room %q: %w", room, errStalled))
		})
		s.mu.Unlock()
		s.running.Go(func() {
			var errs []error
			for _, show := range shows[room] {
				if ctx.Err() == nil {
					errs = append(errs, s.delete(ctx, show))
				}
			}
			s.end(room)
			tell(errors.Join(append(errs, ctx.Err())...))
		})
	}
	for range n {
		errs = append(errs, <-results)
	}
	return errors.Join(errs...)
}

// begin gives a room its turn; nil: it has it already.
func (s *Sweeper) begin(room string) *turn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turns[room] != nil {
		return nil
	}
	t := &turn{}
	s.turns[room] = t
	return t
}

func (s *Sweeper) end(room string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.turns[room].timer; t != nil {
		t.Stop()
	}
	delete(s.turns, room)
}

// stalled notes that nothing was deleted for long.
func (s *Sweeper) stalled(t *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.progress[t.show]; ok {
		p.Waits = errStalled
		s.progress[t.show] = p
	}
}
