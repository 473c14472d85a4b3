// Package database opens, for a command, the database that a server made.
package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"mediad/cmd/mediad/config"
	"mediad/overlay/store"
)

// With calls f with the database of a configuration, and closes it. It makes no
// database: if there is none, it says how to get one. The server may run beside it.
func With(ctx context.Context, c config.Config, f func(*store.Store) error) (err error) {
	if c.Database.URL != "" {
		// store.Open fails if there is no database.
	} else if _, err := os.Stat(c.DataPath("mediad.db")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in data_dir %s: start the server once, or name its configuration with --config", c.DataPlace())
	} else if err != nil {
		return fmt.Errorf("open data_dir: %w", err)
	}
	s, err := store.Open(ctx, store.Options{Dir: c.DataDir, URL: c.Database.URL, Current: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return f(s)
}
