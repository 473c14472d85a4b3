package sim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// screens are players that follow the picture, part by part, as Low-Latency HLS has it.
type screens struct {
	mu sync.Mutex
	// Guarded by mu.
	parts, late int           // late: that came more than half a second behind their time
	worst       time.Duration // the longest wait between two parts, less what a part lasts
	failed      int
}

// stutter is how much later than its time a part may come before a player, which holds
// three parts back, is in danger.
const stutter = 500 * time.Millisecond

// Screen is what the players saw.
type Screen struct {
	Parts   int     `json:"parts"`
	Late    int     `json:"late"`
	WorstMS float64 `json:"worst_ms"`
	Failed  int     `json:"failed"`
}

func (s *screens) sum() Screen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Screen{s.parts, s.late, float64(s.worst.Microseconds()) / 1000, s.failed}
}

// ready waits until the room is on air.
func (s *screens) ready(ctx context.Context, c *client, room string, patience time.Duration) error {
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		_, err := c.media(ctx, room)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(end) {
			return fmt.Errorf("the room %s is not on air after %v: %w", room, patience, err)
		}
	}
}

// follow runs n players until ctx is done.
func (s *screens) follow(ctx context.Context, c *client, w *world, n int) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := s.watch(ctx, c, w.room); err != nil && ctx.Err() == nil {
					s.mu.Lock()
					s.failed++
					s.mu.Unlock()
					time.Sleep(time.Second) // a player tries again
				}
			}
		})
	}
	all.Wait()
}

// watch is one player.
func (s *screens) watch(ctx context.Context, c *client, room string) error {
	var last time.Time
	return c.play(ctx, room, func(_ time.Time, target time.Duration) { s.came(time.Now(), &last, target) })
}

func (s *screens) came(now time.Time, last *time.Time, target time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts++
	if !last.IsZero() {
		if over := now.Sub(*last) - target; over > 0 {
			s.worst = max(s.worst, over)
			if over > stutter {
				s.late++
			}
		}
	}
	*last = now
}
