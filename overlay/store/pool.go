package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"mediad/overlay/store/dialect"
)

// pool has connections to one database. It translates statements to the dialect of
// that database, and its errors have words for users.
type pool struct {
	*sql.DB
	dialect *dialect.Dialect
}

// readTime bounds a read, and the wait for its connection, where a PostgreSQL server
// hangs. It is longer than statement_timeout, so that a server that lives says more.
const readTime = 6 * time.Second

// limited gives the context of a read. What is read from SQLite, on this machine's own
// disk, takes its time.
func (p pool) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if !p.dialect.Postgres() {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, readTime)
}

func (p pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, cancel := p.limited(ctx)
	defer cancel()
	res, err := p.DB.ExecContext(ctx, p.dialect.Text(query), args...)
	return res, failure(err)
}

// The caller limits ctx until the rows are closed, as scanAll does.
func (p pool) QueryContext(ctx context.Context, query string, args ...any) (rows *sql.Rows, err error) {
	err = fresh(func() error {
		rows, err = p.DB.QueryContext(ctx, p.dialect.Text(query), args...)
		return err
	})
	return rows, failure(err)
}

func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) scanner {
	return oneRow(func(dest ...any) error {
		ctx, cancel := p.limited(ctx)
		defer cancel()
		return fresh(func() error { return p.DB.QueryRowContext(ctx, p.dialect.Text(query), args...).Scan(dest...) })
	})
}

// fresh repeats an operation whose connection broke while it was idle, as all of
// them do when a PostgreSQL server restarts: at most once for each idle connection
// of a pool.
func fresh(do func() error) error {
	for range max(readers, writers+1) {
		if err := do(); !stale(err) {
			return err
		}
	}
	return do()
}

// stale tells whether a connection broke that existed before the operation.
func stale(err error) bool {
	var connect *pgconn.ConnectError
	return dialect.ClassOf(err) == dialect.Away && !errors.As(err, &connect) && !errors.Is(err, context.DeadlineExceeded)
}

func (p pool) close() error {
	if p.DB == nil {
		return nil
	}
	return p.DB.Close()
}

// oneRow scans the one row of a query.
type oneRow func(dest ...any) error

func (r oneRow) Scan(dest ...any) error { return failure(r(dest...)) }

// snapshot is a transaction that reads one moment of the committed data.
type snapshot struct {
	*sql.Tx
	dialect *dialect.Dialect
	ctx     context.Context // of the whole read
}

func (t snapshot) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.Tx.QueryContext(t.ctx, t.dialect.Text(query), args...)
}

func (t snapshot) QueryRowContext(_ context.Context, query string, args ...any) scanner {
	return oneRow(t.Tx.QueryRowContext(t.ctx, t.dialect.Text(query), args...).Scan)
}

// read runs f on one snapshot of the committed data.
func (s *Store) read(ctx context.Context, f func(querier) error) error {
	o := sql.TxOptions{ReadOnly: true}
	if s.dialect.Postgres() {
		o.Isolation = sql.LevelRepeatableRead // a snapshot, as SQLite's are anyway
	}
	ctx, cancel := s.reader.limited(ctx)
	defer cancel()
	var t *sql.Tx
	err := fresh(func() (err error) {
		t, err = s.reader.BeginTx(ctx, &o)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin reading: %w", failure(err))
	}
	return errors.Join(f(snapshot{t, s.dialect, ctx}), ended(t.Rollback()))
}

// ended leaves out the error of a transaction that its deadline has ended already.
func ended(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
