package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Bounds of one transaction: how many actions it takes, and after what time it
// begins no further one. The time is a little more than the sync of a slow
// disk, so the first action of a batch waits about twice as long as it would
// alone.
const (
	batchActions = 256
	batchTime    = 20 * time.Millisecond
)

// batch is one transaction of several actions. Its leader alone uses it.
type batch struct {
	s       *Store
	conn    *sql.Conn
	done    []*action // actions that did their work and wait for the commit
	changed bool      // an action has something for readers
	wrote   bool      // an action has changed a row
	// next gives the next action; false: there is none.
	next func() (*action, bool)
}

// commitBatch carries out the actions that next gives, the leader's own first,
// in one transaction, and answers each caller after the commit. If the commit
// fails, or SQLite gives the transaction up, nothing of it is kept: all callers
// get that error and nothing is announced. (As with any database, a commit whose
// sync failed may still be there after a crash: its frames are in the WAL.)
func (s *Store) commitBatch(next func() (*action, bool)) {
	// A caller's ctx must never interrupt this transaction, which other callers
	// share: SQLite rolls back all of it when a writing statement is
	// interrupted.
	ctx := context.Background()
	conn, err := s.writer.Conn(ctx)
	if err == nil {
		if _, err = conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	if err != nil {
		s.count.failed.Add(1)
		refuse(next, failure(fmt.Errorf("begin transaction: %w", err)))
		return
	}
	b := &batch{s: s, conn: conn, next: next}
	err = b.run(ctx)
	var stamped bool
	if err == nil && b.wrote {
		if stamped, err = s.witness.stamp(ctx, conn); err != nil {
			err = failure(err)
		}
	}
	if err == nil {
		if _, err = conn.ExecContext(ctx, `COMMIT`); err != nil {
			err = failure(fmt.Errorf("commit: %w", err))
		}
	}
	if err != nil && !b.lost() {
		if _, back := conn.ExecContext(ctx, `ROLLBACK`); back != nil {
			err = errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
	}
	_ = conn.Close() // back to the pool; an error here cannot undo the commit
	if err != nil {
		s.count.failed.Add(1)
	} else {
		if b.wrote {
			s.witness.committed(stamped)
		}
		s.count.commits.Add(1)
		s.count.actions.Add(uint64(len(b.done)))
		if b.changed {
			s.announce()
		}
	}
	for _, a := range b.done {
		a.answer <- err
	}
}

// refuse answers a batch that could not begin.
func refuse(next func() (*action, bool), err error) {
	for range batchActions {
		a, ok := next()
		if !ok {
			return
		}
		a.answer <- err
	}
}

// run carries out actions, each in a savepoint of its own. An action that fails
// is undone and answered at once. run returns an error only when the whole
// transaction is lost.
func (b *batch) run(ctx context.Context) error {
	begun := time.Now()
	for n := 0; n < batchActions && (n == 0 || time.Since(begun) < batchTime); n++ {
		a, ok := b.next()
		if !ok {
			return nil
		}
		if _, err := b.conn.ExecContext(ctx, `SAVEPOINT action`); err != nil {
			b.done = append(b.done, a)
			return failure(fmt.Errorf("begin action: %w", err))
		}
		t := &tx{conn: b.conn, s: b.s, ctx: ctx, now: b.s.now().UTC().Truncate(time.Millisecond)}
		err := attempt(a.do, t)
		if b.lost() {
			b.done = append(b.done, a)
			return failure(fmt.Errorf("transaction given up: %w", errors.Join(err, errLost)))
		}
		if err == nil {
			b.done = append(b.done, a)
			if _, err := b.conn.ExecContext(ctx, `RELEASE action`); err != nil {
				return failure(fmt.Errorf("end action: %w", err))
			}
			b.changed, b.wrote = b.changed || t.changed, b.wrote || t.wrote
			continue
		}
		if _, back := b.conn.ExecContext(ctx, `ROLLBACK TO action; RELEASE action`); back != nil {
			b.done = append(b.done, a)
			return failure(errors.Join(err, fmt.Errorf("undo action: %w", back)))
		}
		a.answer <- failure(err)
	}
	return nil
}

var errLost = errors.New("the database has rolled it back")

// lost says whether SQLite has given up the transaction by itself, as it may
// when the disk is full or fails. Statements after that would run outside of
// any transaction.
func (b *batch) lost() bool {
	lost := true
	err := b.conn.Raw(func(c any) error {
		lost = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return lost || err != nil
}

// attempt runs an action; its panic becomes an error, with the stack for the log.
func attempt(do func(*tx) error, t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("action panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return do(t)
}
