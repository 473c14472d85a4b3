package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// With PostgreSQL, a statement of its own counts commits after they happened:
// if each action wrote the row of the count, all actions would conflict.
type tally struct {
	mu      sync.Mutex
	pending int64     // guarded by mu; commits that are not in the database's count yet
	at      time.Time // guarded by mu; of the last count
}

// countCommit counts a commit of this process, and writes the count from time to
// time. If the write fails, a later commit writes the count.
func (s *Store) countCommit() {
	t := &s.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending++
	if s.witness.commits == 0 || time.Since(t.at) < stampEvery {
		return // 0: a command beside a server, or the count has not begun
	}
	_ = s.writeTally()
	t.at = time.Now() // a server that hangs keeps one action waiting here, not all of them
}

// writeTally adds the pending commits to the count, in the database and in the
// witness file. The caller holds tally.mu.
func (s *Store) writeTally() error {
	ctx, cancel := context.WithTimeout(context.Background(), serialTime)
	defer cancel()
	var n int64
	err := s.writer.QueryRowContext(ctx, `UPDATE note SET value = CAST(CAST(value AS BIGINT) + ? AS TEXT) WHERE name = 'commits' RETURNING CAST(value AS BIGINT)`, s.tally.pending).Scan(&n)
	if err != nil {
		return fmt.Errorf("count the commits: %w", err)
	}
	s.tally.pending = 0
	s.witness.stamped = n
	s.witness.say()
	return nil
}

// endTally writes the pending commits, and closes the witness.
func (s *Store) endTally() error {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	if s.witness.commits != 0 && s.tally.pending > 0 && s.writer.DB != nil && s.guard.mayWrite() == nil {
		_ = s.writeTally() // a failure here is harmless: the next start goes on counting
	}
	if s.witness.file == nil {
		return nil
	}
	err := s.witness.file.Close()
	s.witness.file = nil
	return err
}

// closePostgres ends what connectPostgres began; the guard last.
func (s *Store) closePostgres() error {
	err := errors.Join(s.endTally(), s.reader.close(), s.writer.close())
	if s.guard != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		err = errors.Join(err, s.guard.conn.Close(ctx))
		s.guard = nil
	}
	return err
}
