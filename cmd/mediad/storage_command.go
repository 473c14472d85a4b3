package main

import (
	"context"
	"io"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/survey"
)

// storageCommands is the command line of mediad storage.
type storageCommands struct {
	Check  storageCheck  `cmd:"" help:"Compare database, journals, spool and object store, also while the server runs; nothing is changed."`
	Repair storageRepair `cmd:"" help:"Mend what check finds; broadcasts that are on air or still being stored are left alone."`
}

type storageCheck struct {
	configured
	JSON bool `help:"Findings as one JSON object."`
}

type storageRepair struct {
	storageCheck
	Adopt         bool `help:"First give what is stored of this database's rooms, and unknown to it, a show of its own: after an old backup was put back. Not beside a server."`
	DeleteOrphans bool `help:"Also delete what nobody knows and is older than a day."`
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
