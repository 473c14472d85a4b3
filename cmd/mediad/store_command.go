package main

import (
	"context"
	"io"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/move"
)

// storeCommands is the command line of mediad store.
type storeCommands struct {
	Move storeMove `cmd:"" help:"Move the database from SQLite (mediad.db in data_dir) to PostgreSQL (database.url), or back. Stop the server first. The target must be empty. Each row is compared."`
}

type storeMove struct {
	configured
	move.Command
}

func (m storeMove) do(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, c config.Config, out io.Writer) error {
		return unfinished(ctx, m.Do(ctx, c, out, stderr))
	}
}
