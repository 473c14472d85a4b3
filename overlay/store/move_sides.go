package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay/store/dialect"
)

// sourceSQLite opens mediad.db for reading.
func sourceSQLite(ctx context.Context, o MoveOptions) (*side, error) {
	file := filepath.Join(o.Dir, database)
	db, err := openExisting(file)
	if err != nil {
		return nil, err
	}
	s := &side{dialect: dialect.SQLite(), place: file}
	fail := func(err error) (*side, error) {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	found, err := integrity(ctx, db, "integrity_check")
	if err = errors.Join(err, found); err != nil {
		return fail(err)
	}
	if err := sameSchema(ctx, db, "sqlite"); err != nil {
		return fail(err)
	}
	if s.tx, err = db.BeginTx(ctx, nil); err != nil {
		return fail(err)
	}
	s.close = func(bool) error { return errors.Join(s.tx.Rollback(), db.Close()) } // the last connection removes the WAL
	return s, nil
}

// putAside moves mediad.db to the directory of copies.
func putAside(dir string) (string, error) {
	backups := filepath.Join(dir, "backups")
	if err := os.MkdirAll(backups, 0o700); err != nil {
		return "", fmt.Errorf("make directory of copies: %w", err)
	}
	for _, rest := range []string{"-wal", "-shm"} {
		if info, err := os.Stat(filepath.Join(dir, database+rest)); err == nil && info.Size() > 0 && rest == "-wal" {
			return "", fmt.Errorf("all is moved, but another program uses %s: move that file away yourself", filepath.Join(dir, database))
		}
		if err := os.Remove(filepath.Join(dir, database+rest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	to := filepath.Join(backups, copyName("moved", newestStep("sqlite"), time.Now()))
	if err := os.Rename(filepath.Join(dir, database), to); err != nil {
		return "", fmt.Errorf("all is moved, but the former database is still in its place: %w", err)
	}
	return to, errors.Join(syncDir(backups), syncDir(dir))
}

// moving is the end of the name of a database that a move has not finished.
const moving = ".moving"

// targetSQLite makes a new database, which gets the name mediad.db when it is
// whole.
func targetSQLite(ctx context.Context, o MoveOptions) (*side, error) {
	file := filepath.Join(o.Dir, database)
	if info, err := os.Stat(file); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("%s is there already: nothing is overwritten; move that file away first", file)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	part := file + moving
	if err := errors.Join(forget(part), forget(part+"-journal")); err != nil {
		return nil, fmt.Errorf("take a former attempt away: %w", err)
	}
	if err := reserveFile(part); err != nil {
		return nil, err
	}
	db, err := open(part, url.Values{"_foreign_keys": {"on"}}, url.Values{"mode": {"rw"}, "_synchronous": {"FULL"}}, 1)
	if err != nil {
		return nil, errors.Join(err, forget(part))
	}
	s := &side{dialect: dialect.SQLite(), place: file}
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err == nil {
		err = schemas{steps: steps, now: time.Now}.migrate(ctx, db)
	}
	if err == nil {
		s.tx, err = db.BeginTx(ctx, nil)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close(), forget(part))
	}
	s.close = func(done bool) error {
		if !done {
			return errors.Join(s.tx.Rollback(), db.Close(), forget(part))
		}
		if err := errors.Join(s.tx.Commit(), db.Close()); err != nil {
			return errors.Join(err, forget(part))
		}
		if err := syncFile(part); err != nil {
			return err
		}
		if err := os.Rename(part, file); err != nil {
			return err
		}
		return syncDir(o.Dir)
	}
	return s, nil
}

// sourcePostgres opens a snapshot of a PostgreSQL database that no server uses.
func sourcePostgres(ctx context.Context, o MoveOptions) (*side, error) {
	s, conn, db, err := sidePostgres(ctx, o, false)
	if err != nil {
		return nil, err
	}
	if s.tx, err = db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}); err != nil {
		return nil, errors.Join(err, db.Close(), conn.Close(ctx))
	}
	s.close = func(done bool) error {
		err := s.tx.Rollback()
		if done {
			err = errors.Join(err, markMoved(ctx, db))
		}
		return errors.Join(err, db.Close(), conn.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// markMoved marks a database as a copy, until a server starts with it.
func markMoved(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM note WHERE name = $1`, serverNote); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `INSERT INTO note(name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, copyMark, time.Now().UTC().Format(time.RFC3339))
	return err
}

// targetPostgres opens an empty PostgreSQL database and gives it the schema.
func targetPostgres(ctx context.Context, o MoveOptions) (*side, error) {
	s, conn, db, err := sidePostgres(ctx, o, true)
	if err != nil {
		return nil, err
	}
	if s.tx, err = db.BeginTx(ctx, nil); err != nil {
		return nil, errors.Join(err, db.Close(), conn.Close(ctx))
	}
	s.close = func(done bool) error {
		end := s.tx.Rollback
		if done {
			end = s.tx.Commit
		}
		return errors.Join(end(), db.Close(), conn.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func sidePostgres(ctx context.Context, o MoveOptions, migrate bool) (_ *side, _ *pgx.Conn, _ *sql.DB, err error) {
	config, err := parse(o.URL)
	if err != nil {
		return nil, nil, nil, err
	}
	so := Options{Patience: o.Patience}.filled()
	conn, err := dial(ctx, config, so)
	if err != nil {
		return nil, nil, nil, err
	}
	fail := func(err error) (*side, *pgx.Conn, *sql.DB, error) {
		return nil, nil, nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	if err := refusePooled(ctx, conn, config, so); err != nil {
		return fail(err)
	}
	empty, err := inspect(ctx, conn, so.Log)
	if err != nil {
		return fail(fmt.Errorf("%s: %w", place(config), err))
	}
	if empty && !migrate {
		return fail(fmt.Errorf("%s has nothing of mediad", place(config)))
	}
	if err := newGuard(conn, config, so.Log).claim(ctx, so.Patience); err != nil {
		return fail(err)
	}
	if empty {
		if err := (&Store{now: time.Now}).upToDatePostgres(ctx, config, false); err != nil {
			return fail(fmt.Errorf("%s: %w", place(config), err))
		}
	}
	db := openPostgres(config, `SET lock_timeout = '5s'; SET synchronous_commit = on`, 1)
	if err := sameSchema(ctx, db, "postgres"); err != nil {
		return fail(errors.Join(fmt.Errorf("%s: %w", place(config), err), db.Close()))
	}
	return &side{dialect: dialect.PostgreSQL(), place: place(config), claim: conn}, conn, db, nil
}

// sameSchema refuses a database whose schema is not this program's.
func sameSchema(ctx context.Context, db *sql.DB, folder string) error {
	var have int64
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&have); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if newest := newestStep(folder); have != newest {
		return fmt.Errorf("it has schema %d and this program's is %d: start the server of this version once with it, and then move", have, newest)
	}
	return nil
}

// newestStep is the number of the last step in a folder.
func newestStep(folder string) (n int64) {
	entries, err := fs.ReadDir(migrations, "migrations/"+folder) // sorted by name
	if err != nil || len(entries) == 0 {
		return 0
	}
	_, _ = fmt.Sscanf(strings.TrimLeft(entries[len(entries)-1].Name(), "0"), "%d_", &n)
	return n
}
