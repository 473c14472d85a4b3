package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A database or a secret that is missing, while other files show that it
// existed, is not made anew in silence. A shop that starts empty, or with keys
// that nobody has, would hide the loss until it is too late to restore a
// backup.

// noDatabase refuses a directory that has no database but has files that only a
// server with a database leaves.
func noDatabase(ctx context.Context, dir string, o Options) error {
	if info, err := os.Stat(filepath.Join(dir, database)); err == nil && info.Size() > 0 {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("find database: %w", err)
	}
	left, err := filesOfDatabase(ctx, dir, o)
	if err != nil || len(left) == 0 {
		return err
	}
	hint := ""
	if slices.Contains(left, filepath.Join(dir, database+moving)) {
		hint = "a move to it was interrupted, so run `mediad store move --to sqlite` again; or "
	}
	return fmt.Errorf("the database %s is missing, and other data of that database exists (%s): %srestore it from a backup (see docs/operate.md, Backup); "+
		"or, to begin with an empty database beside that data, start once with --begin-anew", filepath.Join(dir, database), strings.Join(left, ", "), hint)
}

// filesOfDatabase names the files that only a server with a database leaves.
func filesOfDatabase(ctx context.Context, dir string, o Options) (left []string, err error) {
	for _, pattern := range append([]string{filepath.Join(dir, witnessFile), filepath.Join(dir, database+"-wal"), filepath.Join(dir, database+moving)}, o.Traces...) {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", pattern, err)
		}
		if len(found) > 0 {
			left = append(left, found[0])
		}
	}
	if o.Elsewhere != nil {
		if found := o.Elsewhere(ctx); found != "" {
			left = append(left, found)
		}
	}
	return left, nil
}

// fitSecret opens the secret, or makes it for a new database. Where the database
// has stream keys or tokens, a secret that is missing or belongs to another
// database is refused, unless all of them may be made anew: stale is true then.
func (s *Store) fitSecret(ctx context.Context, o Options, file string) (stale bool, err error) {
	s.secret, err = openSecret(file)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing || o.Current {
		if missing {
			err = nil // commands beside a server do not need the secret, and must not make one
		}
		return false, err
	}
	rows, err := collect(ctx, s.writer, func(row scanner) (r [2]string, err error) {
		err = row.Scan(&r[0], &r[1])
		return r, err
	}, `SELECT id, key_sealed FROM room ORDER BY id LIMIT 1`)
	if err != nil {
		return false, fmt.Errorf("find what the secret keeps: %w", err)
	}
	switch {
	case missing && len(rows) > 0 && !o.Anew:
		return false, fmt.Errorf("%s is missing, and the database has stream keys and API tokens that only this file can decrypt: restore it from a backup, where it is the .key beside the .db; "+
			"or, to make new stream keys and delete all API tokens, start once with --begin-anew", file)
	case missing:
		if err := makeSecret(file); err != nil {
			return false, fmt.Errorf("make secret: %w", err)
		}
		s.secret, err = openSecret(file)
		return len(rows) > 0, err
	case len(rows) == 0:
		return false, nil
	}
	if _, err := s.secret.unseal(rows[0][0], []byte(rows[0][1])); err == nil {
		return false, nil
	}
	if !o.Anew {
		return false, fmt.Errorf("%s is not the secret of this database, and cannot decrypt its stream keys: restore the .key that is beside the .db in the backup; "+
			"or, to make new stream keys and delete all API tokens, start once with --begin-anew", file)
	}
	return true, nil
}

// renewSecrets makes all stream keys and tokens anew.
func (t *tx) renewSecrets(ctx context.Context) error {
	rooms, err := collect(ctx, t, scanRoom, `SELECT `+roomColumns+` FROM room ORDER BY id`)
	if err != nil {
		return fmt.Errorf("list rooms: %w", err)
	}
	for _, room := range rooms {
		if err := t.setKey(ctx, room, randomKey()); err != nil {
			return err
		}
	}
	// Nobody could find them any more. People keep their passwords, which are hashed
	// without the secret.
	for _, statement := range []string{`DELETE FROM token`, `DELETE FROM session`, `DELETE FROM invitation`, `UPDATE festival_part SET hash = NULL`, `UPDATE letter SET state = 'failed', secret = NULL WHERE secret IS NOT NULL`,
		`DELETE FROM chat_key`, `UPDATE shop SET secrets = NULL`, `UPDATE webhook SET off_at = coalesce(off_at, created_at), off_because = 'secret', former = NULL, former_until = NULL`} {
		if _, err := t.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("forget tokens: %w", err)
		}
	}
	return nil
}
