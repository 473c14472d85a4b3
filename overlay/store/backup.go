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
)

// The files of a data directory that a backup holds.
const (
	database  = "mediad.db"
	secretKey = "secret.key"
)

// BackupOptions say what to copy and where to.
type BackupOptions struct {
	// Dir is the data directory. A server may be using it.
	Dir string
	// Target is a file that does not exist, or a directory, in which the copy
	// gets a name with its schema and date; "": the directory backups in Dir.
	Target string
	// NoKey leaves the secret out.
	NoKey bool
	// Progress is called about once a second with the bytes written so far and
	// about how many there will be; nil: no reports.
	Progress func(written, about int64)
}

// Copied names the files of a backup.
type Copied struct {
	Database string
	Secret   string // "": left out
	Bytes    int64  // of the database
}

// Backup copies a database that may be in use, and its secret, without which the
// stream keys and tokens in the database are useless. Each goes to a new file
// that only its owner can read. The copy shows one moment of the database, and
// is checked.
func Backup(ctx context.Context, o BackupOptions) (c Copied, err error) {
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return c, fmt.Errorf("find data directory: %w", err)
	}
	if o.Target != "" {
		if o.Target, err = filepath.Abs(o.Target); err != nil {
			return c, fmt.Errorf("find target: %w", err)
		}
	}
	db, err := openExisting(filepath.Join(o.Dir, database))
	if err != nil {
		return c, err
	}
	defer db.Close()
	var version int64
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version); err != nil {
		return c, fmt.Errorf("read schema version: %w", err)
	}
	if c.Database, err = backupFile(o, version); err != nil {
		return c, err
	}
	if !o.NoKey {
		// The secret goes first: it is easily removed again if the copy of the
		// database fails.
		c.Secret = strings.TrimSuffix(c.Database, ".db") + ".key"
		if err := copySecret(filepath.Join(o.Dir, secretKey), c.Secret); err != nil {
			return c, err
		}
	}
	if err := copyDatabase(ctx, db, c.Database, o.Progress); err != nil {
		if c.Secret != "" {
			err = errors.Join(err, forget(c.Secret))
		}
		return c, err
	}
	info, err := os.Stat(c.Database)
	if err != nil {
		return c, fmt.Errorf("find the copy: %w", err)
	}
	c.Bytes = info.Size()
	return c, nil
}

// backupFile decides on the file of a copy.
func backupFile(o BackupOptions, version int64) (string, error) {
	target := o.Target
	if target == "" {
		target = filepath.Join(o.Dir, "backups")
		if err := os.MkdirAll(target, 0o700); err != nil {
			return "", fmt.Errorf("make directory of copies: %w", err)
		}
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return filepath.Join(target, copyName("mediad", version, time.Now())), nil
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return target, nil // reserveFile refuses a file that exists
	}
	return "", fmt.Errorf("find %s: %w", target, err)
}

func copySecret(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read secret: %w", err)
	}
	if err := reserveFile(to); err != nil {
		return err
	}
	err = os.WriteFile(to, text, 0o600)
	if err == nil {
		err = syncFile(to)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy secret: %w", err), forget(to))
	}
	return nil
}

// openExisting opens a database that another process may be using. Callers only
// read it.
func openExisting(file string) (*sql.DB, error) {
	if err := thereIs(file); err != nil {
		return nil, err
	}
	// query_only would forbid VACUUM INTO as well.
	return open(file, url.Values{"_busy_timeout": {"5000"}}, url.Values{"mode": {"rw"}}, 1)
}

// thereIs fails where there is no database.
func thereIs(file string) error {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s: is data_dir right?", file)
	} else if err != nil {
		return fmt.Errorf("find database: %w", err)
	}
	return nil
}
