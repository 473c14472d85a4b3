package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pressly/goose/v3"

	"mediad/overlay/store/dialect"
)

// keepBackups is how many of the copies made before migrations are kept;
// older ones are removed. Copies that somebody asked for are never removed.
const keepBackups = 5

// schemas are the steps to this program's schema. They only go forward: the
// way back is a copy of the database from before.
type schemas struct {
	steps   fs.FS
	backups string // where those copies go
	now     func() time.Time
	current bool // change nothing, and refuse a database that is not up to date

	postgres bool // no copies are made: see docs/operate.md
}

// migrate brings a database up to date. It takes a copy before the first
// pending step, and changes nothing if the copy fails. A database that a newer
// program has changed is refused: this program would write rows that the newer
// one does not expect.
func (m schemas) migrate(ctx context.Context, db *sql.DB) error {
	kind, back := goose.DialectSQLite3, "put back a copy from "+m.backups+" (see docs/operate.md, Backup)"
	if m.postgres {
		kind, back = goose.DialectPostgres, "put back a dump from before (see docs/operate.md, PostgreSQL)"
	}
	p, err := goose.NewProvider(kind, db, m.steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	sources := p.ListSources() // in order
	newest := sources[len(sources)-1].Version
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", denied(err))
	}
	if have > newest {
		return fmt.Errorf("it has schema %d and this program knows none after %d: start the newer mediad that wrote it, or %s", have, newest, back)
	}
	pending, err := p.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("find pending migrations: %w", err)
	}
	if !pending {
		return nil
	}
	if m.current {
		return fmt.Errorf("it has schema %d and this program's is %d: start the server of this version first", have, newest)
	}
	kept := "it was empty before"
	switch {
	case m.postgres && have > 0:
		kept = "each step is done whole or not at all"
	case have > 0:
		file, err := m.backup(ctx, db, have)
		if err != nil {
			return fmt.Errorf("copy it before it is migrated from schema %d to %d: %w", have, newest, err)
		}
		kept = "a copy from before is " + file
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate from schema %d to %d (%s): %w", have, newest, kept, denied(err))
	}
	return nil
}

// denied adds advice where the user of the database lacks rights.
func denied(err error) error {
	if dialect.ClassOf(err) != dialect.Denied {
		return err
	}
	return fmt.Errorf("the user in database.url may not make or change tables there: make it the owner of the database, or GRANT CREATE, USAGE ON SCHEMA public: %w", err)
}

// backup copies the database as it is, and removes the oldest copies beyond
// keepBackups.
func (m schemas) backup(ctx context.Context, db *sql.DB, version int64) (string, error) {
	if err := os.MkdirAll(m.backups, 0o700); err != nil {
		return "", fmt.Errorf("make directory of copies: %w", err)
	}
	file := filepath.Join(m.backups, copyName("migration", version, m.now()))
	if err := copyDatabase(ctx, db, file, nil); err != nil {
		return "", err
	}
	old, err := filepath.Glob(filepath.Join(m.backups, "migration-*.db"))
	if err != nil {
		return "", err
	}
	// Their names sort by schema, then by time.
	slices.Sort(old)
	var errs []error
	for _, f := range old[:max(0, len(old)-keepBackups)] {
		errs = append(errs, os.Remove(f))
	}
	return file, errors.Join(errs...)
}

// copyName names a copy: why it was made, its schema, and when (UTC).
func copyName(why string, version int64, at time.Time) string {
	return fmt.Sprintf("%s-v%05d-%s.db", why, version, at.UTC().Format("20060102T150405Z"))
}
