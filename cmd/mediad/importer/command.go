package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/database"
	"mediad/overlay"
	"mediad/overlay/store"
)

// Command is the command line of mediad import.
type Command struct {
	File     string   `arg:"" name:"FILE" help:"A Google Merchant feed (TSV or XML), a CSV of Shopify, or a table with the columns sku, title and price."`
	Org      string   `placeholder:"ORG" default:"home" help:"The id of the organisation to which the products belong. The default is home, the first one."`
	DryRun   bool     `help:"Only tell what would change."`
	Currency string   `placeholder:"CODE" help:"The currency of prices that name none, such as EUR."`
	Confirm  []string `placeholder:"WARNING" help:"A warning that you have looked at: price_drop or currency."`
}

// commandLine is the actor of this command in the audit log of the database.
const commandLine = "command line"

// Do imports a file, and tells what it does: progress to stderr, the result to out. The
// server may run at the same time.
func (c Command) Do(ctx context.Context, in config.Config, out, stderr io.Writer) error {
	return database.With(ctx, in, func(s *store.Store) (err error) {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("open the file: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return errors.Join(err, fmt.Errorf("%s is not a file", c.File))
		}
		job, _, err := s.CreateImport(ctx, overlay.Import{Org: c.Org, Source: filepath.Base(c.File), Currency: strings.ToUpper(c.Currency), DryRun: c.DryRun}, store.ImportFile{}, commandLine, store.Once{})
		if err != nil {
			return err
		}
		told := time.Now()
		after, err := Read(ctx, s, job, f, func(done, total int64) {
			if time.Since(told) > time.Second {
				told = time.Now()
				fmt.Fprintf(stderr, "read %d %%\n", 100*done/max(total, 1))
			}
		})
		if err != nil {
			words := "the import was interrupted"
			if overlay.CodeOf(err) != overlay.Internal {
				words = err.Error()
			}
			return errors.Join(err, s.FailImport(context.WithoutCancel(ctx), job.ID, words))
		}
		return c.end(ctx, s, after, out, stderr)
	})
}

// end applies the import, if nothing stands against it.
func (c Command) end(ctx context.Context, s *store.Store, job overlay.Import, out, stderr io.Writer) error {
	waits := job.Unconfirmed(c.Confirm)
	if !c.DryRun && waits == "" {
		fmt.Fprintf(stderr, "applying %d products\n", job.New+job.Changed)
		if _, err := s.ConfirmImport(ctx, job.ID, c.Confirm, commandLine); err != nil {
			return err
		}
		if err := s.ApplyImport(ctx, job.ID); err != nil {
			return err
		}
		var err error
		if job, err = s.Import(ctx, job.ID); err != nil {
			return err
		}
	}
	if err := tell(out, job); err != nil {
		return err
	}
	switch {
	case c.DryRun:
		_, err := fmt.Fprintln(out, "nothing has changed: this was a dry run")
		return err
	case waits != "":
		return fmt.Errorf("nothing has changed: look at the warnings, and repeat the command with --confirm %s", waits)
	}
	return nil
}

// named tells which product a rejected row is about, as far as it says.
func named(r overlay.ImportRejected) string {
	if r.SKU == "" {
		return ""
	}
	return r.SKU + ": "
}

func tell(out io.Writer, job overlay.Import) error {
	var b strings.Builder
	for _, r := range job.Rejected {
		fmt.Fprintf(&b, "row %d: %s%s\n", r.Row, named(r), r.Reason)
	}
	if more := job.RejectedN - int64(len(job.Rejected)); more > 0 {
		fmt.Fprintf(&b, "and %d more rows that are rejected\n", more)
	}
	for _, w := range job.Warnings {
		for _, e := range w.Examples {
			fmt.Fprintf(&b, "%s: row %d: %s: %s, until now %s\n", w.Code, e.Row, e.SKU, e.Is, e.Was)
		}
		if more := w.Products - int64(len(w.Examples)); more > 0 {
			fmt.Fprintf(&b, "%s: and %d more products\n", w.Code, more)
		}
	}
	if job.NoLink > 0 {
		fmt.Fprintf(&b, "without a link, so viewers cannot buy them: %d\n", job.NoLink)
	}
	fmt.Fprintf(&b, "new %d, changed %d, unchanged %d, missing in the file %d, rejected %d\n", job.New, job.Changed, job.Unchanged, job.Missing, job.RejectedN)
	_, err := io.WriteString(out, b.String())
	return err
}
