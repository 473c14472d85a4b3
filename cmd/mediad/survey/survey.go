// Package survey does the work of mediad storage: it opens the database, the journals
// and the store that the configuration names, has package keep compare and repair
// them, and reports what it found.
//
// Input: a configuration and a person's options. Output: findings, as lines or as
// JSON. A server may run at the same time: then broadcasts on air are left alone.
package survey

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
	"mediad/cmd/mediad/objects"
	"mediad/overlay/store"
	"mediad/packager/layout"
)

// Check reports findings, and changes nothing. It writes its progress to
// progress.
func Check(ctx context.Context, c config.Config, asJSON bool, out, progress io.Writer) error {
	mine, err := alone(ctx, c)
	if err == nil && mine != nil {
		err = mine.Close() // a server may start: nothing is changed here
	}
	if err != nil {
		return err
	}
	return with(ctx, c, mine != nil, progress, func(s *keep.Survey) error {
		left := 0
		for _, f := range s.Findings {
			if !f.Passing() {
				left++
			}
		}
		return tell(out, s, asJSON, left)
	})
}

// RepairOptions say how much may be repaired.
type RepairOptions struct {
	JSON          bool
	Adopt         bool // first give recordings that the database does not know a show of their own
	DeleteOrphans bool
}

// Repair repairs what Check finds.
func Repair(ctx context.Context, c config.Config, o RepairOptions, out, progress io.Writer) error {
	// While no server runs, broadcasts that were on air can be repaired too. The
	// lock keeps servers from starting meanwhile.
	mine, err := alone(ctx, c)
	if err != nil {
		return err
	}
	if mine != nil {
		defer mine.Close()
	}
	if o.Adopt && mine == nil {
		return errors.New("--adopt: a server uses data_dir, and may just begin what would be adopted: stop it first")
	}
	if o.Adopt {
		err := with(ctx, c, true, progress, func(s *keep.Survey) error {
			done, err := s.Adopt(ctx)
			for _, text := range done {
				fmt.Fprintln(progress, text)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return with(ctx, c, mine != nil, progress, func(s *keep.Survey) error {
		left, err := s.Repair(ctx, keep.RepairOptions{DeleteOrphans: o.DeleteOrphans})
		// The report shows what was done, even if the repair was interrupted.
		return errors.Join(err, tell(out, s, o.JSON, left))
	})
}

// alone takes the data directory as a server does; nil: a server has it.
func alone(ctx context.Context, c config.Config) (*datadir.Lock, error) {
	if _, err := os.Stat(c.DataPath("mediad.db")); err != nil && c.Database.URL == "" {
		return nil, fmt.Errorf("there is no database in data_dir %s: %w", c.DataPlace(), err)
	}
	mine, err := datadir.Acquire(ctx, c.DataDir, datadir.Options{Patience: time.Nanosecond, Log: slog.New(slog.DiscardHandler)})
	if errors.Is(err, datadir.ErrInUse) {
		return nil, nil
	}
	return mine, err
}

// with opens what the configuration names, makes the survey, and passes it to
// f.
func with(ctx context.Context, c config.Config, alone bool, progress io.Writer, f func(*keep.Survey) error) (err error) {
	if c.Storage.Kind == "none" {
		return errors.New("storage.kind is none: nothing is stored")
	}
	rows, err := store.Open(ctx, store.Options{Dir: c.DataDir, URL: c.Database.URL, Current: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	objects, err := objects.Open(ctx, c)
	if err != nil {
		return err
	}
	if o, ok := objects.(io.Closer); ok {
		defer func() { err = errors.Join(err, o.Close()) }()
	}
	if o, ok := objects.(interface{ Prepare() error }); ok {
		if err := o.Prepare(); err != nil {
			return fmt.Errorf("open storage: %w", err)
		}
	}
	s, err := keep.Look(ctx, keep.SurveyOptions{
		Rows: rows, Objects: objects, Dir: c.SpoolDir(), Alone: alone,
		Temps:    []string{layout.Disk(c.SpoolDir()).Partials(), c.DataPath("backups", "*.partial")},
		Progress: func(text string) { fmt.Fprintln(progress, text) },
	})
	if err != nil {
		return err
	}
	return f(s)
}

// tell writes the findings. Findings that were not repaired are a failure.
func tell(out io.Writer, s *keep.Survey, asJSON bool, left int) error {
	if asJSON {
		if err := json.NewEncoder(out).Encode(s); err != nil {
			return err
		}
	} else {
		findings := s.Findings
		if s.Elsewhere() != nil {
			findings = nil // there would be a line for each segment ever stored, and nothing to repair
		}
		for _, f := range findings {
			fmt.Fprintln(out, f)
		}
		fmt.Fprintf(out, "%d broadcasts, %d objects, %d MB: %d findings, %d left to repair\n",
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
