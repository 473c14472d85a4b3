package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"mediad/overlay/store/dialect"
)

// quickCheckTime bounds the check at the start, since a broadcast may be waiting for its server.
// The check reads the database, about 700 MB a second from memory (docs/benchmarks.md). The rest
// goes unchecked.
const quickCheckTime = 2 * time.Second

// errDamaged is wrapped where a database fails its check.
var errDamaged = errors.New("the database is damaged: keep a copy of the file, and put a backup in its place (see docs/operate.md, Backup)")

// integrity runs SQLite's integrity_check or quick_check. found is nil, or an
// errDamaged that says what is wrong; err says that the check could not be
// done.
func integrity(ctx context.Context, db lister, pragma string) (found, err error) {
	lines, err := collect(ctx, db, func(row scanner) (line string, err error) {
		err = row.Scan(&line)
		return line, err
	}, `PRAGMA `+pragma+`(10)`)
	if dialect.ClassOf(err) == dialect.Damaged {
		return fmt.Errorf("%w: %w", errDamaged, err), nil
	}
	if err != nil {
		return nil, fmt.Errorf("check database: %w", err)
	}
	if len(lines) == 1 && lines[0] == "ok" {
		return nil, nil
	}
	return fmt.Errorf("%w: %s", errDamaged, strings.Join(lines, "; ")), nil
}

// checkAtStart refuses a database that is found damaged: new data in it would
// be lost with it.
func checkAtStart(ctx context.Context, db *sql.DB) error {
	short, cancel := context.WithTimeout(ctx, quickCheckTime)
	defer cancel()
	found, err := integrity(short, db, "quick_check")
	if err != nil && short.Err() != nil {
		err = ctx.Err() // nil, unless the start was cancelled
	}
	return errors.Join(err, found)
}

// Check reads all of the database in a data directory, which may be in use, and
// says what is wrong with it. It can take minutes.
func Check(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find data directory: %w", err)
	}
	db, err := openExisting(filepath.Join(dir, database))
	if err != nil {
		return err
	}
	defer db.Close()
	found, err := integrity(ctx, db, "integrity_check")
	if err = errors.Join(err, found); err != nil {
		return err
	}
	orphans, err := collect(ctx, db, func(row scanner) (table string, err error) {
		var rowid, parent, key any
		err = row.Scan(&table, &rowid, &parent, &key)
		return table, err
	}, `PRAGMA foreign_key_check`)
	if err != nil {
		return fmt.Errorf("check references: %w", err)
	}
	if len(orphans) > 0 {
		return fmt.Errorf("%w: %d rows point at nothing, the first in the table %s", errDamaged, len(orphans), orphans[0])
	}
	return nil
}
