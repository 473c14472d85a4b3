package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay/store/dialect"
)

// pool is connections to one database, which is asked in its own words. What fails
// there has words for users.
type pool struct {
	*sql.DB
	dialect *dialect.Dialect
}

func (p pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := p.DB.ExecContext(ctx, p.dialect.Text(query), args...)
	return res, failure(err)
}

func (p pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := p.DB.QueryContext(ctx, p.dialect.Text(query), args...)
	return rows, failure(err)
}

func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) scanner {
	return row{p.DB.QueryRowContext(ctx, p.dialect.Text(query), args...)}
}

func (p pool) close() error {
	if p.DB == nil {
		return nil
	}
	return p.DB.Close()
}

// row is one row of a pool or a snapshot.
type row struct{ *sql.Row }

func (r row) Scan(dest ...any) error { return failure(r.Row.Scan(dest...)) }

// snapshot is one moment of what is committed.
type snapshot struct {
	*sql.Tx
	dialect *dialect.Dialect
}

func (t snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.Tx.QueryContext(ctx, t.dialect.Text(query), args...)
}

func (t snapshot) QueryRowContext(ctx context.Context, query string, args ...any) scanner {
	return row{t.Tx.QueryRowContext(ctx, t.dialect.Text(query), args...)}
}

// read runs f on one snapshot of what is committed.
func (s *Store) read(ctx context.Context, f func(querier) error) error {
	o := sql.TxOptions{ReadOnly: true}
	if s.dialect.Postgres() {
		o.Isolation = sql.LevelRepeatableRead // a snapshot, as SQLite's are anyway
	}
	t, err := s.reader.BeginTx(ctx, &o)
	if err != nil {
		return fmt.Errorf("begin reading: %w", failure(err))
	}
	return errors.Join(f(snapshot{t, s.dialect}), t.Rollback())
}
