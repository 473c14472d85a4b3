package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// With PostgreSQL each action is a SERIALIZABLE transaction of its own. One that
// conflicts with another is undone and repeated, first while others run, and
// then alone in the database, where it cannot conflict. (LOCK TABLE takes no
// snapshot, so reads after it see all that was committed before the lock.)
const (
	concurrentTries = 3 // attempts while others run
	maxTries        = 6 // attempts in total

	// serialTime bounds an attempt, where the server hangs.
	serialTime = 10 * time.Second

	beginConcurrent = `BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE turn IN ROW SHARE MODE`
	beginExclusive  = `BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE turn IN EXCLUSIVE MODE`
)

// serialize does the work of submit and behind with PostgreSQL.
func (s *Store) serialize(ctx context.Context, f func(*tx) error, limit int, behind bool) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	if err := s.lanes.enter(ctx, limit, behind); err != nil {
		return err
	}
	defer s.lanes.leave(behind)
	began := time.Now()
	if err := s.guard.await(ctx); err != nil {
		return s.answerError(err)
	}
	for try := 1; ; try++ {
		begin := beginConcurrent
		if try > concurrentTries {
			begin = beginExclusive
		}
		t, err := s.transact(ctx, f, begin)
		if err == nil {
			s.count.commits.Add(1)
			s.count.actions.Add(1)
			if t.wrote {
				s.countCommit()
			}
			if t.changed {
				s.announce()
			}
			return nil
		}
		if !repeats(err) || try == maxTries || time.Since(began) > serialTime {
			return s.answerError(err)
		}
		s.count.retried.Add(1)
		pause := 2*time.Millisecond + rand.N(18*time.Millisecond)
		if dialect.ClassOf(err) == dialect.Away {
			pause += 20 * time.Millisecond << try // a server that restarts needs a second
		}
		time.Sleep(pause)
	}
}

// answerError turns an error into the one that the caller gets.
func (s *Store) answerError(err error) error {
	if class := dialect.ClassOf(err); class != dialect.Other || errors.Is(err, errUnknown) {
		s.count.failed.Add(1)
	}
	if errors.Is(err, errUnknown) {
		return fmt.Errorf("%w: %w", overlay.Errorf(overlay.Unavailable, "the connection to the database broke while this was saved; it is not known whether it was saved"), err)
	}
	return failure(err)
}

// repeats tells whether the same action may succeed when it is carried out again.
// Two transactions that make the same row, or one that points at a row that another
// deletes, are a conflict too: the next attempt sees what the other did.
func repeats(err error) bool {
	switch dialect.ClassOf(err) {
	case dialect.Conflict, dialect.Unique, dialect.ForeignKey:
		return true
	case dialect.Away:
		return !errors.Is(err, errUnknown)
	}
	return false
}

// errUnknown: the connection broke after COMMIT was sent.
var errUnknown = errors.New("no answer to the commit")

// transact carries out an action once, and commits it.
func (s *Store) transact(ctx context.Context, f func(*tx) error, begin string) (t *tx, err error) {
	// An action that has begun is finished, even if the caller's ctx ends.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), serialTime)
	defer cancel()
	conn, err := s.begin(ctx, begin)
	if err != nil {
		return nil, fmt.Errorf("begin transaction: %w", err)
	}
	defer conn.Close() // back to the pool; what is committed is committed
	status := func() (status byte) {
		_ = conn.Raw(func(c any) error {
			status = c.(*stdlib.Conn).Conn().PgConn().TxStatus()
			return nil
		})
		return status
	}
	defer func() {
		if dialect.ClassOf(err) == dialect.ReadOnly {
			// The server, or a setting that this connection began with, may have changed since.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
			return
		}
		if status() == 'I' {
			return
		}
		if _, back := conn.ExecContext(ctx, `ROLLBACK`); back != nil && err != nil {
			err = errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
	}()
	if s.lanes.rehearse {
		_ = attempt(f, &tx{conn: conn, s: s, ctx: ctx, now: s.now().UTC().Truncate(time.Millisecond)})
		if _, err := conn.ExecContext(ctx, `ROLLBACK`); err != nil {
			return nil, fmt.Errorf("end rehearsal: %w", err)
		}
		if _, err := conn.ExecContext(ctx, s.guard.fenced(begin)); err != nil {
			return nil, fmt.Errorf("begin transaction: %w", err)
		}
	}
	t = &tx{conn: conn, s: s, ctx: ctx, now: s.now().UTC().Truncate(time.Millisecond)}
	if err := attempt(f, t); err != nil {
		return nil, err
	}
	if status() != 'T' {
		return nil, errGivenUp // COMMIT would roll back, without an error
	}
	if err := s.guard.await(ctx); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
		if dialect.ClassOf(err) == dialect.Away {
			err = errors.Join(errUnknown, err)
		}
		return nil, fmt.Errorf("commit: %w", err)
	}
	return t, nil
}

// begin gives a connection with a transaction, if the database is still this server's.
func (s *Store) begin(ctx context.Context, begin string) (conn *sql.Conn, err error) {
	var last sql.Result
	err = fresh(func() error {
		if conn, err = s.writer.Conn(ctx); err != nil {
			return err
		}
		if last, err = conn.ExecContext(ctx, s.guard.fenced(begin)); err != nil {
			return errors.Join(err, conn.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	found, err := last.RowsAffected()
	if err == nil {
		err = s.guard.passed(found)
	}
	if err != nil {
		_, back := conn.ExecContext(ctx, `ROLLBACK`)
		return nil, errors.Join(err, back, conn.Close())
	}
	return conn, nil
}

// errGivenUp: an action went on after a statement that failed.
var errGivenUp = errors.New("transaction given up: a statement of it failed")
