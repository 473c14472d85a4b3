package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// With PostgreSQL commits are counted behind them, in a statement of its own: a
// row that each action writes would make all of them conflict.
type tally struct {
	mu      sync.Mutex
	pending int64     // guarded by mu; commits that the database does not count yet
	at      time.Time // guarded by mu; of the last count
}

// countCommit counts a commit of this process, and writes the count at most once in
// a while. Where that fails the next one writes it.
func (s *Store) countCommit() {
	t := &s.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending++
	if s.witness.commits == 0 || time.Since(t.at) < stampEvery {
		return // 0: by a command beside a server, or before the count begins
	}
	t.at = time.Now()
	_ = s.writeTally()
}

// writeTally adds what is pending to the count, in the database and beside it. The
// caller holds tally.mu.
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

// endTally writes what is pending, and closes.
func (s *Store) endTally() error {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	if s.witness.commits != 0 && s.tally.pending > 0 && s.writer.DB != nil {
		_ = s.writeTally() // no reason to fail at the end: the next start counts on
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
		err = errors.Join(err, s.guard.Close(ctx))
		s.guard = nil
	}
	return err
}
