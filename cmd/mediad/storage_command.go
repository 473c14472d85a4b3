package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/datadir"
	"mediad/cmd/mediad/keep"
	"mediad/overlay/store"
	"mediad/packager/layout"
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
		mine, err := alone(ctx, config)
		if err == nil && mine != nil {
			err = mine.Close() // a server may start: nothing is changed here
		}
		if err != nil {
			return err
		}
		return withSurvey(ctx, config, mine != nil, stderr, func(s *keep.Survey) error {
			left := 0
			for _, f := range s.Findings {
				if !f.Passing() {
					left++
				}
			}
			return tellSurvey(out, s, c.JSON, left)
		})
	}
}

func (r storageRepair) do(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, config config.Config, out io.Writer) error {
		// Without a server what was on air can be mended too; none starts meanwhile.
		mine, err := alone(ctx, config)
		if err != nil {
			return err
		}
		if mine != nil {
			defer mine.Close()
		}
		if r.Adopt && mine == nil {
			return errors.New("--adopt: a server uses data_dir, and may just begin what would be adopted: stop it first")
		}
		if r.Adopt {
			err := withSurvey(ctx, config, true, stderr, func(s *keep.Survey) error {
				done, err := s.Adopt(ctx)
				for _, text := range done {
					fmt.Fprintln(stderr, text)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return withSurvey(ctx, config, mine != nil, stderr, func(s *keep.Survey) error {
			left, err := s.Repair(ctx, keep.RepairOptions{DeleteOrphans: r.DeleteOrphans})
			// What was done is told also where it was broken off.
			return errors.Join(err, tellSurvey(out, s, r.JSON, left))
		})
	}
}

// alone takes the data directory as a server does; nil: one has it.
func alone(ctx context.Context, c config.Config) (*datadir.Lock, error) {
	if _, err := os.Stat(c.DataPath("mediad.db")); err != nil {
		return nil, fmt.Errorf("there is no database in data_dir: %w", err)
	}
	mine, err := datadir.Acquire(ctx, c.DataDir, datadir.Options{Patience: time.Nanosecond, Log: slog.New(slog.DiscardHandler)})
	if errors.Is(err, datadir.ErrInUse) {
		return nil, nil
	}
	return mine, err
}

// withSurvey opens what the configuration names, looks, and hands over what was
// found.
func withSurvey(ctx context.Context, c config.Config, alone bool, stderr io.Writer, f func(*keep.Survey) error) (err error) {
	if c.Storage.Kind == "none" {
		return errors.New("storage.kind is none: nothing is stored")
	}
	rows, err := store.Open(ctx, store.Options{Dir: c.DataDir, Current: true})
	if err != nil {
		return unfinished(ctx, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	objects, err := openObjects(ctx, c)
	if err != nil {
		return unfinished(ctx, err)
	}
	if o, ok := objects.(io.Closer); ok {
		defer func() { err = errors.Join(err, o.Close()) }()
	}
	if o, ok := objects.(interface{ Prepare() error }); ok {
		if err := o.Prepare(); err != nil {
			return unfinished(ctx, fmt.Errorf("open storage: %w", err))
		}
	}
	s, err := keep.Look(ctx, keep.SurveyOptions{
		Rows: rows, Objects: objects, Dir: c.SpoolDir(), Alone: alone,
		Temps:    []string{layout.Disk(c.SpoolDir()).Partials(), c.DataPath("backups", "*.partial")},
		Progress: func(text string) { fmt.Fprintln(stderr, text) },
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	return unfinished(ctx, f(s))
}

// tellSurvey writes what was found. Findings that nobody mended are a failure.
func tellSurvey(out io.Writer, s *keep.Survey, asJSON bool, left int) error {
	if asJSON {
		if err := json.NewEncoder(out).Encode(s); err != nil {
			return err
		}
	} else {
		findings := s.Findings
		if s.Elsewhere() != nil {
			findings = nil // a line for each segment ever stored, and nothing to mend
		}
		for _, f := range findings {
			fmt.Fprintln(out, f)
		}
		fmt.Fprintf(out, "%d broadcasts, %d objects, %d MB: %d findings, %d left to mend\n",
			s.Epochs, s.Objects, s.Bytes/1e6, len(s.Findings), left)
	}
	if left > 0 {
		if err := s.Elsewhere(); err != nil {
			return err
		}
		return fmt.Errorf("what is stored is not in order; findings: %d", left)
	}
	return nil
}
