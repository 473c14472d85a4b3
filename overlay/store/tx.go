package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"mediad/overlay"
)

// tx is one action's view of the writing transaction. Public methods are
// composed of functions that take a tx. An action returns the errors of its
// statements: after such an error the transaction may be gone. An action may
// run more than once, and only one of the runs counts. So it changes nothing
// but the database, and sets its results anew in each run.
type tx struct {
	conn    *sql.Conn
	s       *Store
	ctx     context.Context  // of the whole transaction
	now     time.Time        // one moment for the whole action, in whole milliseconds
	changed bool             // readers should be woken after the commit
	wrote   bool             // a row was changed
	by      overlay.By       // who asked for it
	touches map[string]touch // what it changed in catalogues, by organisation
	moved   []string         // allocations whose units it moved
	loud    []string         // orders that were paid when no unit was left
	rings   bool             // webhooks have something to do after the commit
}

// The ctx of a caller does not end a statement: other callers' actions may be in
// the transaction, and an action that has begun is finished.

func (t *tx) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	res, err := t.conn.ExecContext(t.ctx, t.s.dialect.Text(query), args...)
	if err == nil {
		n, rerr := res.RowsAffected()
		t.wrote = t.wrote || n > 0 || rerr != nil
	}
	return res, err
}

func (t *tx) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.conn.QueryContext(t.ctx, t.s.dialect.Text(query), args...)
}

func (t *tx) QueryRowContext(_ context.Context, query string, args ...any) scanner {
	return t.conn.QueryRowContext(t.ctx, t.s.dialect.Text(query), args...)
}

// querier is implemented by transactions and by the pool for reading.
type querier interface {
	lister
	QueryRowContext(ctx context.Context, query string, args ...any) scanner
}

// lister gives rows; *sql.DB is one too.
type lister interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// collect scans every row of a query.
func collect[T any](ctx context.Context, q lister, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	all, err := scanAll(ctx, q, scan, query, args...)
	if _, writes := q.(*tx); writes {
		return all, err // write handles the errors of an action
	}
	return all, failure(err)
}

func scanAll[T any](ctx context.Context, q lister, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if p, ok := q.(pool); ok {
		limited, cancel := p.limited(ctx)
		defer cancel()
		ctx = limited
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// scanner is the row that a query is at.
type scanner interface{ Scan(dest ...any) error }

// newIDs makes ULIDs that sort in the order in which they were made.
func newIDs(now func() time.Time) func() string {
	var mu sync.Mutex // guards entropy
	entropy := ulid.Monotonic(rand.Reader, 0)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return ulid.MustNew(ulid.Timestamp(now()), io.Reader(entropy)).String()
	}
}

// Times are kept as milliseconds since 1970; NULL is the zero time.

func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func moment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

// momentOrNil is moment for what is missing where it is not known.
func momentOrNil(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	at := moment(ms)
	return &at
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func numberOrNull(n uint64) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}
