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
	"time"
)

// copyDatabase writes one moment of an open database to a new file that only its
// owner can read, and checks it. Writers go on meanwhile, since the copy is a
// reader like any other. (The backup API of SQLite would begin again at each
// commit of another process.) VACUUM INTO also leaves out what was deleted.
// Nothing is overwritten. The file stays empty until the copy is whole. progress
// is called about once a second with the bytes written so far and about how many
// there will be; nil: no reports.
func copyDatabase(ctx context.Context, db *sql.DB, file string, progress func(written, about int64)) (err error) {
	if err := reserveFile(file); err != nil {
		return err
	}
	part := file + ".partial"
	defer func() {
		if err != nil {
			err = errors.Join(err, forget(file), forget(part))
		}
	}()
	if err := reserveFile(part); err != nil {
		return err
	}
	stop := watchSize(ctx, db, part, progress)
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, part)
	stop()
	if err != nil {
		return fmt.Errorf("copy database to %s: %w", file, err)
	}
	if err := markFile(ctx, part); err != nil {
		return fmt.Errorf("mark the copy %s: %w", file, err)
	}
	if err := checkCopy(ctx, part); err != nil {
		return fmt.Errorf("check the copy %s: %w", file, err)
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("sync the copy: %w", err)
	}
	if err := os.Rename(part, file); err != nil {
		return fmt.Errorf("put the copy in its place: %w", err)
	}
	return syncDir(filepath.Dir(file))
}

// reserveFile makes an empty file where there is none.
func reserveFile(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; a copy overwrites nothing", file)
	}
	if err != nil {
		return fmt.Errorf("make copy: %w", err)
	}
	return f.Close()
}

func forget(file string) error {
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// markFile marks a copy that nobody else has opened yet.
func markFile(ctx context.Context, file string) error {
	db, err := open(file, url.Values{"_journal_mode": {"MEMORY"}}, url.Values{"mode": {"rw"}}, 1)
	if err != nil {
		return err
	}
	return errors.Join(markCopy(ctx, db, time.Now()), db.Close())
}

func checkCopy(ctx context.Context, file string) error {
	dsn := (&url.URL{Scheme: "file", Path: file, RawQuery: "mode=ro&immutable=1"}).String()
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return err
	}
	found, err := integrity(ctx, db, "integrity_check")
	return errors.Join(err, found, db.Close())
}

// watchSize tells progress how a file grows, until stop is called.
func watchSize(ctx context.Context, db *sql.DB, file string, progress func(written, about int64)) (stop func()) {
	if progress == nil {
		return func() {}
	}
	var about int64
	// If this fails, the copy fails as well, and its error says why.
	_ = db.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&about)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if info, err := os.Stat(file); err == nil {
				progress(min(info.Size(), about), about)
			}
		}
	}()
	return func() { cancel(); <-done }
}
