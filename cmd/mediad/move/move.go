// Package move moves the database from SQLite to PostgreSQL, or back, for the
// command line.
package move

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/datadir"
	"mediad/overlay/store"
)

// Command is the request of the command line.
type Command struct {
	To string `enum:"postgres,sqlite" required:"" placeholder:"postgres|sqlite" help:"The target: postgres (the database in database.url) or sqlite (mediad.db in data_dir)."`
}

// Do moves, and writes to out what was moved, and to progress how far it is.
func (m Command) Do(ctx context.Context, c config.Config, out, progress io.Writer) (err error) {
	if c.Database.URL == "" {
		return errors.New("database.url is empty: set it to the PostgreSQL to move to or from, in the configuration or as MEDIAD_DATABASE_URL")
	}
	mine, err := datadir.Acquire(ctx, c.DataDir, datadir.Options{Patience: time.Nanosecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("stop the server first: %w", err)
	}
	defer func() { err = errors.Join(err, mine.Close()) }()
	moved, err := store.Move(ctx, store.MoveOptions{
		Dir: c.DataDir, URL: c.Database.URL, ToPostgres: m.To == "postgres",
		Progress: func(table string, rows, of int64) { fmt.Fprintf(progress, "%s: %d of %d rows\n", table, rows, of) },
	})
	if err != nil {
		return err
	}
	for _, t := range moved.Tables {
		fmt.Fprintf(out, "%-12s %9d rows  %s\n", t.Name, t.Rows, t.Hash)
	}
	fmt.Fprintln(out, "all rows are equal on both sides (SHA-256 over all values of each table)")
	if moved.Kept != "" {
		fmt.Fprintf(out, "the former database is %s; start the server with database.url as it is\n", moved.Kept)
		return nil
	}
	fmt.Fprintln(out, "now take database.url out of the configuration, and start the server")
	return nil
}
