package main

import (
	"context"
	"fmt"
	"io"

	"mediad/cmd/mediad/config"
	"mediad/overlay/store"
)

// backupCommand is the command line of mediad backup.
type backupCommand struct {
	configured
	NoKey  bool   `help:"Do not copy secret.key. The stream keys and API tokens in the copy cannot be used without it."`
	Target string `arg:"" optional:"" name:"FILE|DIR" help:"A new file, or a directory for a new file. The default is the directory backups in data_dir. For FILE.db, secret.key is copied to FILE.key."`
}

// do copies the database that the configuration names. It writes the names of
// the new files to stdout, and its progress to stderr.
func (b backupCommand) do(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, c config.Config, out io.Writer) error {
		if err := c.Database.OnlySQLite("pg_dump copies the database; keep a copy of data_dir/secret.key beside the dump"); err != nil {
			return err
		}
		made, err := store.Backup(ctx, store.BackupOptions{
			Dir: c.DataDir, Target: b.Target, NoKey: b.NoKey,
			Progress: func(written, about int64) {
				fmt.Fprintf(stderr, "copied %d of about %d MB\n", written/1e6, about/1e6)
			},
		})
		if err != nil {
			return unfinished(ctx, err)
		}
		fmt.Fprintf(out, "%s (%d bytes, checked)\n", made.Database, made.Bytes)
		if made.Secret != "" {
			fmt.Fprintf(out, "%s (the secret of stream keys and tokens: keep it safe)\n", made.Secret)
		}
		return nil
	}
}

func checkDatabase(ctx context.Context, c config.Config, out io.Writer) error {
	if err := c.Database.OnlySQLite("pg_amcheck checks a database"); err != nil {
		return err
	}
	if err := store.Check(ctx, c.DataDir); err != nil {
		return unfinished(ctx, err)
	}
	fmt.Fprintln(out, "the database is sound")
	return nil
}

// unfinished turns a stop by a signal into a failure: unlike a server, these
// commands have not done their work then.
func unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("stopped before the end: %v", err)
	}
	return err
}
