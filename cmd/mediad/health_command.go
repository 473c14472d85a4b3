package main

import (
	"context"
	"io"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/probe"
)

// healthCommand is the command line of mediad health.
type healthCommand struct {
	configured
	Ready bool `help:"Ask whether the server can take publishers and viewers (/readyz). Without this flag, ask only whether the process answers (/healthz)."`
}

func (h healthCommand) ask(ctx context.Context, c config.Config, out io.Writer) error {
	path := "/healthz"
	if h.Ready {
		path = "/readyz"
	}
	return probe.Ask(ctx, c, path, out)
}
