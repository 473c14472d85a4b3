package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"mediad/packager/m3u8"
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

// list reads a room's media playlist; ask has the parameters of a blocking request.
func (c *client) list(ctx context.Context, address string, ask url.Values) (*m3u8.Media, error) {
	if ask != nil {
		address += "?" + ask.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	status, text, _, err := c.send(r)
	if err != nil || status != http.StatusOK {
		return nil, failure("a playlist", status, err)
	}
	return m3u8.Parse(text)
}

// media finds the room's media playlist.
func (c *client) media(ctx context.Context, room string) (string, error) {
	var at struct{ Playback string }
	if err := c.ask(ctx, http.MethodGet, "/api/v1/rooms/"+room, nil, &at); err != nil {
		return "", err
	}
	address, err := resolved(c.server+"/", at.Playback)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	status, text, _, err := c.send(r)
	if err != nil || status != http.StatusOK {
		return "", failure("the playlist", status, err)
	}
	all, err := m3u8.ParseMultivariant(text)
	if err != nil {
		return "", err
	}
	if len(all.Variants) == 0 {
		return "", fmt.Errorf("the playlist of %s has no variant", room)
	}
	return resolved(address, all.Variants[0].URI)
}

func resolved(base, ref string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	u, err := b.Parse(ref)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// ready waits until the room is on air.
func (s *screens) ready(ctx context.Context, c *client, w *world) error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		_, err := c.media(ctx, w.room)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(end) {
			return fmt.Errorf("the room %s is not on air after 30 s: %w", w.room, err)
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

// watch is one player: it asks for the list with the next part, which the server answers
// when there is one, and fetches the part.
func (s *screens) watch(ctx context.Context, c *client, room string) error {
	address, err := c.media(ctx, room)
	if err != nil {
		return err
	}
	list, err := c.list(ctx, address, nil)
	if err != nil {
		return err
	}
	msn, part := list.Sequence+uint64(len(list.Segments)), len(list.Open.Parts)
	var last time.Time
	for ctx.Err() == nil {
		list, err = c.list(ctx, address, url.Values{"_HLS_msn": {fmt.Sprint(msn)}, "_HLS_part": {fmt.Sprint(part)}})
		if err != nil {
			return err
		}
		if list.Ended {
			return nil
		}
		now := time.Now()
		s.came(now, &last, list.PartTarget)
		msn, part = list.Sequence+uint64(len(list.Segments)), len(list.Open.Parts)
		if n := len(list.Open.Parts); n > 0 {
			uri, err := resolved(address, list.Open.Parts[n-1].URI)
			if err != nil {
				return err
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
			if err != nil {
				return err
			}
			if status, _, _, err := c.send(r); err != nil || status != http.StatusOK {
				return failure("a part", status, err)
			}
		}
	}
	return nil
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
