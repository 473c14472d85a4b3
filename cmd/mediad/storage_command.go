package main

import (
	"context"
	"io"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/survey"
)

// storageCommands is the command line of mediad storage.
type storageCommands struct {
	Check  storageCheck  `cmd:"" help:"Compare database, journals, spool and object store, and report differences. Nothing is changed. The server may run at the same time."`
	Repair storageRepair `cmd:"" help:"Repair the differences that storage check reports. While the server runs, broadcasts that are on air or still being stored are not changed."`
}

type storageCheck struct {
	configured
	JSON bool `help:"Print the findings as one JSON object."`
}

type storageRepair struct {
	storageCheck
	Adopt         bool `help:"First make a show for each stored recording of a known room that the database does not know. Use it after an old backup was restored. Stop the server first."`
	DeleteOrphans bool `help:"Also delete files and objects that belong to no broadcast, if they are older than a day."`
}

func (c storageCheck) do(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, config config.Config, out io.Writer) error {
		return unfinished(ctx, survey.Check(ctx, config, c.JSON, out, stderr))
	}
}

func (r storageRepair) do(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, config config.Config, out io.Writer) error {
		return unfinished(ctx, survey.Repair(ctx, config, survey.RepairOptions{JSON: r.JSON, Adopt: r.Adopt, DeleteOrphans: r.DeleteOrphans}, out, stderr))
	}
}
