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

// One transaction takes at most so many actions, and begins none after so long:
// a little more than a slow disk's sync, so that the first of a batch waits
// about twice what it would alone.
const (
	batchActions = 256
	batchTime    = 20 * time.Millisecond
)

// batch is one transaction of several actions. Its leader alone uses it.
type batch struct {
	s       *Store
	conn    *sql.Conn
	done    []*action // what did its work and waits for the commit
	changed bool      // one of them has something for readers
	wrote   bool      // one of them has changed anything
	// next gives what is to be done; false: no more.
	next func() (*action, bool)
}

// commitBatch carries out what next gives, the leader's own action first, in one
// transaction, and answers each caller after its commit. If that fails, or
// SQLite gives the transaction up, all of its callers get that error and nothing
// is announced: nothing of it is kept. (A commit whose sync failed may yet be
// found after a crash, as with any database: its frames lie in the WAL.)
func (s *Store) commitBatch(next func() (*action, bool)) {
	// A caller's ctx must never interrupt the others' transaction: SQLite rolls
	// back all of it when it interrupts a writing statement.
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
	_ = conn.Close() // back to the pool; what is committed is committed
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

// run carries out actions, each in a savepoint of its own. One that fails is
// undone and answered at once; only when the whole transaction is lost does run
// give an error.
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
// when the disk is full or fails: what followed would no longer be in any.
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
