package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"mediad/packager/doctor"
)

// visit is the command line of mediad doctor.
type visit struct {
	URL  string        `arg:"" name:"URL" help:"URL of a live HLS playlist. The server does not have to be mediad."`
	For  time.Duration `default:"30s" placeholder:"30s" help:"How long to follow the stream."`
	CDN  bool          `name:"cdn" help:"Also send requests in pairs and bursts, to test the caches in front of the server."`
	JSON bool          `name:"json" help:"Write the report as JSON."`
}

// examine follows an address and reports which rules are broken. It returns 1
// if a rule is broken, and 2 if there was nothing to judge.
func examine(ctx context.Context, v visit, stdout, stderr io.Writer) int {
	if v.For <= 0 {
		return fail(stderr, exitUsage, errors.New("doctor: --for needs a time above 0, as 30s"))
	}
	d, err := doctor.New(doctor.Options{URL: v.URL, For: v.For, CDN: v.CDN, Progress: stderr})
	if err != nil {
		return fail(stderr, exitUsage, err)
	}
	r, err := d.Run(ctx)
	switch {
	case ctx.Err() != nil:
		return fail(stderr, exitFailed, errors.New("doctor: interrupted, nothing is told"))
	case err != nil:
		return fail(stderr, exitUsage, err)
	}
	if v.JSON {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		err = out.Encode(r)
	} else {
		err = r.WriteText(stdout)
	}
	if err != nil {
		return fail(stderr, exitFailed, fmt.Errorf("doctor: write report: %w", err))
	}
	if len(r.Violated) > 0 {
		return exitFailed
	}
	return exitOK
}
