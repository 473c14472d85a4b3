package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"mediad/overlay"
)

// noteAfter is how long the use of a token is not noted again.
const noteAfter = time.Minute

// tokenUses holds when tokens were used, until a sweep writes it: a request that only
// reads must not wait for the writer. A killed process forgets about a minute.
type tokenUses struct {
	mu sync.Mutex
	at map[string]time.Time // guarded by mu; by id; what is not written yet
}

func (u *tokenUses) note(id string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.at == nil {
		u.at = map[string]time.Time{}
	}
	u.at[id] = now
}

// take gives what is to be written, and forgets it.
func (u *tokenUses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := u.at
	u.at = nil
	return all
}

// latest gives the later one of what was read and what is not written yet.
func (u *tokenUses) latest(t overlay.Token) overlay.Token {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at := u.at[t.ID]; at.After(t.Used) {
		t.Used = at.Truncate(time.Millisecond).UTC()
	}
	return t
}

// writeUses writes when tokens were used.
func (s *Store) writeUses(ctx context.Context) error {
	all := s.used.take()
	if len(all) == 0 {
		return nil
	}
	err := s.behind(ctx, func(t *tx) error {
		for id, at := range all {
			if _, err := t.ExecContext(ctx, `UPDATE token SET used_at = ?1 WHERE id = ?2 AND coalesce(used_at, 0) < ?1`, at.UnixMilli(), id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the use of tokens: %w", err)
	}
	return nil
}
