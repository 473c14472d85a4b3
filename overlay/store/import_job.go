package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// An import goes through the store in three steps, so that other writers never wait
// long for it and readers see all of it or nothing:
//
//  1. Its file is compared with the catalogue, in short transactions: AddImportRows
//     keeps what would change (import_row). Nothing of that is visible.
//  2. ApplyImport prepares the new products and revisions, in short transactions, too.
//     No product points at them, so nobody finds them.
//  3. One transaction lets all products point at their new revisions.
//
// A crash leaves an import before step 3, from where the next start goes on, or after it.

// Bounds of imports: how many may wait to be read, how many of one organisation, and how
// many of one organisation may be ready. A newer one takes the place of the oldest.
const (
	maxOpenImports  = 20
	maxOpenOfOrg    = 5
	maxReadyImports = 10
)

// ImportFile says where the file of an import is.
type ImportFile struct {
	Name    string // of the file that the server keeps until it is read; "": only the caller has it
	Address string // where the server fetches it; "": somebody sent it
}

// CreateImport begins an import. fresh is false where an earlier request with the same
// key has begun it: the file is not needed then.
func (s *Store) CreateImport(ctx context.Context, i overlay.Import, file ImportFile, actor string, o Once) (made overlay.Import, fresh bool, err error) {
	if err := overlay.CheckImportCurrency(i.Currency); err != nil {
		return i, false, err
	}
	if _, err := s.Org(ctx, i.Org); err != nil {
		return i, false, err
	}
	i.Source = overlay.CheckedSource(i.Source)
	err = s.write(ctx, func(t *tx) (err error) {
		fresh = false
		made, err = once(ctx, t, "imports", o, func() (string, overlay.Import, error) {
			made, err := t.createImport(ctx, i, file, actor)
			fresh = err == nil
			return made.ID, made, err
		}, func(id string) (overlay.Import, error) { return s.importOf(ctx, t, id) })
		return err
	})
	return made, fresh, err
}

func (t *tx) createImport(ctx context.Context, made overlay.Import, file ImportFile, actor string) (overlay.Import, error) {
	var open, own int
	err := t.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN org = ? THEN 1 ELSE 0 END), 0) FROM import_job WHERE ended_at IS NULL AND state = 'reading' AND file IS NOT NULL`, made.Org).Scan(&open, &own)
	if err != nil {
		return made, fmt.Errorf("count imports: %w", err)
	}
	if own >= maxOpenOfOrg {
		return made, overlay.Errorf(overlay.TooMany, "%d imports of the organisation wait already; try again when some are read", own)
	}
	if open >= maxOpenImports {
		return made, overlay.Errorf(overlay.TooMany, "%d imports wait already; try again when some are read", open)
	}
	made.ID, made.State, made.By, made.Created = t.s.newID(), overlay.ImportReading, actor, t.now
	_, err = t.ExecContext(ctx, `INSERT INTO import_job(id, org, state, dry_run, source, file, address, currency, feed, created_by, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		made.ID, made.Org, made.State, truth(made.DryRun), made.Source, orNull(file.Name), orNull(file.Address), orNull(made.Currency), orNull(made.Feed), actor, t.now.UnixMilli())
	if err != nil {
		return made, fmt.Errorf("add import: %w", err)
	}
	return made, t.auditIn(ctx, made.Org, actor, "import.create", made.ID)
}

const selectImport = `SELECT id, org, state, dry_run, source, coalesce(currency,''), coalesce(problem,''), coalesce(feed,''), created_by, done, total, fresh, changed, unchanged, missing, linkless, rejected, created_at FROM import_job `

func scanImport(row scanner) (i overlay.Import, err error) {
	var dry int
	var created int64
	err = row.Scan(&i.ID, &i.Org, &i.State, &dry, &i.Source, &i.Currency, &i.Problem, &i.Feed, &i.By, &i.Done, &i.Total, &i.New, &i.Changed, &i.Unchanged, &i.Missing, &i.NoLink, &i.RejectedN, &created)
	i.DryRun, i.Created = dry != 0, time.UnixMilli(created).UTC()
	return i, err
}

// Import gives an import with its rejected rows and its warnings.
func (s *Store) Import(ctx context.Context, id string) (overlay.Import, error) {
	return s.importOf(ctx, s.reader, id)
}

func (s *Store) importOf(ctx context.Context, q querier, id string) (overlay.Import, error) {
	i, err := scanImport(q.QueryRowContext(ctx, selectImport+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return i, overlay.Errorf(overlay.NotFound, "there is no such import")
	}
	if err != nil {
		return i, fmt.Errorf("find import: %w", err)
	}
	i.Rejected, err = collect(ctx, q, func(row scanner) (r overlay.ImportRejected, err error) {
		return r, row.Scan(&r.Row, &r.Reason, &r.SKU, &r.Title)
	}, `SELECT line, reason, coalesce(sku,''), coalesce(title,'') FROM import_rejected WHERE job = ? ORDER BY line, n LIMIT ?`, id, overlay.MaxImportRejected)
	if err != nil {
		return i, fmt.Errorf("read rejected rows: %w", err)
	}
	i.Warnings, err = collect(ctx, q, func(row scanner) (w overlay.ImportWarning, err error) {
		return w, row.Scan(&w.Code, &w.Products)
	}, `SELECT danger, count(*) FROM import_row WHERE job = ? AND danger IS NOT NULL GROUP BY danger ORDER BY danger`, id)
	if err != nil {
		return i, fmt.Errorf("read warnings: %w", err)
	}
	for n, w := range i.Warnings {
		i.Warnings[n].Examples, err = collect(ctx, q, func(row scanner) (e overlay.ImportExample, err error) {
			return e, row.Scan(&e.Row, &e.SKU, &e.Was, &e.Is)
		}, `SELECT line, sku, was, becomes FROM import_row WHERE job = ? AND danger = ? ORDER BY line LIMIT ?`, id, w.Code, overlay.MaxImportExamples)
		if err != nil {
			return i, fmt.Errorf("read warnings: %w", err)
		}
	}
	if i.State == overlay.ImportReady {
		i.Rows, err = importRows(ctx, q, id)
	}
	return i, err
}

// importRows gives the first rows of an import that would change something, each beside
// what it was compared with: changed products first, since new ones cannot spoil what is there.
func importRows(ctx context.Context, q querier, id string) ([]overlay.ImportRow, error) {
	rows, err := collect(ctx, q, func(row scanner) (r overlay.ImportRow, err error) {
		var line int64
		var body, old []byte
		if err := row.Scan(&line, &body, &old); err != nil {
			return r, err
		}
		after, err := scanProduct(one{body})
		if err != nil {
			return r, err
		}
		var before overlay.Product
		if len(old) > 0 {
			before, err = scanProduct(one{old})
		}
		return overlay.RowOf(line, before, after), err
	}, `SELECT r.line, r.body, b.body FROM (SELECT line, product, base, body FROM import_row WHERE job = ? ORDER BY CASE WHEN base = 0 THEN 1 ELSE 0 END, line LIMIT ?) r
		LEFT JOIN product_rev b ON b.product = r.product AND b.rev = r.base ORDER BY CASE WHEN r.base = 0 THEN 1 ELSE 0 END, r.line`, id, overlay.MaxImportRows)
	if err != nil {
		return nil, fmt.Errorf("read rows of import: %w", err)
	}
	return rows, nil
}

// Imports lists at most limit imports of a scope before the given one, or, "", the last
// ones, the latest first.
func (s *Store) Imports(ctx context.Context, in overlay.Scope, before string, limit int) ([]overlay.ImportHead, error) {
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, func(row scanner) (h overlay.ImportHead, err error) {
		i, err := scanImport(row)
		return i.Head(), err
	}, selectImport+`WHERE `+where+` AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?`, append(args, before, before, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return all, nil
}

// DropImport ends an import that is not decided yet: nothing has changed. One that has
// ended stays as it is.
func (s *Store) DropImport(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		i, err := s.importOf(ctx, t, id)
		if err != nil {
			return err
		}
		switch i.State {
		case overlay.ImportFailed:
			return nil
		case overlay.ImportApplying, overlay.ImportApplied:
			return overlay.Errorf(overlay.Conflict, "the import is applied, or will be: it cannot be dropped any more")
		}
		if err := t.dropImport(ctx, id, "somebody dropped it"); err != nil {
			return err
		}
		return t.auditIn(ctx, i.Org, actor, "import.drop", id)
	})
}

func (t *tx) dropImport(ctx context.Context, id, why string) error {
	_, err := t.ExecContext(ctx, `UPDATE import_job SET state = 'failed', problem = ?, ended_at = ? WHERE id = ? AND state IN ('reading', 'ready')`, why, t.now.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("drop import: %w", err)
	}
	return nil
}

// dropOlder ends the oldest imports of an organisation that are ready, where too many
// are, and those of the same feed: the present one says more.
func (t *tx) dropOlder(ctx context.Context, present overlay.Import) error {
	_, err := t.ExecContext(ctx, `UPDATE import_job SET state = 'failed', problem = ?, ended_at = ? WHERE org = ? AND state = 'ready' AND file IS NULL AND id <> ?
		AND (feed = ? OR id NOT IN (SELECT id FROM (SELECT id FROM import_job WHERE org = ? AND state = 'ready' AND file IS NULL ORDER BY id DESC LIMIT ?) newest))`,
		"a newer import took its place", t.now.UnixMilli(), present.Org, present.ID, present.Feed, present.Org, maxReadyImports)
	if err != nil {
		return fmt.Errorf("drop older imports: %w", err)
	}
	return nil
}

// OpenImport is an import on which a server has to work.
type OpenImport struct {
	overlay.Import
	File ImportFile
}

// OpenImports gives the imports on which a server has to work, the oldest first.
func (s *Store) OpenImports(ctx context.Context) ([]OpenImport, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (o OpenImport, err error) {
		return o, row.Scan(&o.ID, &o.File.Name, &o.File.Address)
	}, `SELECT id, coalesce(file,''), coalesce(address,'') FROM import_job WHERE ended_at IS NULL AND (state = 'applying' OR state IN ('reading', 'ready') AND file IS NOT NULL) ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("find open imports: %w", err)
	}
	for n, o := range all {
		if all[n].Import, err = s.Import(ctx, o.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// FailImport ends an import that is being read, with what is wrong in words for users.
func (s *Store) FailImport(ctx context.Context, id, problem string) error {
	return s.note(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `UPDATE import_job SET state = 'failed', problem = ?, ended_at = ? WHERE id = ? AND state = 'reading'`, overlay.Plain(problem, 1000), t.now.UnixMilli(), id)
		if err != nil {
			return fmt.Errorf("end import: %w", err)
		}
		return nil
	})
}

// ConfirmImport decides that an import will be applied. Each of its warnings must be
// confirmed by its code. What is decided already stays so.
func (s *Store) ConfirmImport(ctx context.Context, id string, confirm []string, actor string) (overlay.Import, error) {
	var after overlay.Import
	err := s.write(ctx, func(t *tx) (err error) {
		if after, err = s.importOf(ctx, t, id); err != nil {
			return err
		}
		switch after.State {
		case overlay.ImportApplying, overlay.ImportApplied:
			return nil
		case overlay.ImportFailed:
			return overlay.Errorf(overlay.Conflict, "the import has failed: %s", after.Problem)
		case overlay.ImportReading:
			return overlay.Errorf(overlay.Conflict, "the file is still being read; wait until the state is ready")
		}
		if code := after.Unconfirmed(confirm); code != "" {
			return overlay.Errorf(overlay.Conflict, "confirm: the import has the warning %q; look at the products that it is about, and confirm it by this name", code)
		}
		var other int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM import_job WHERE state = 'applying'`).Scan(&other); err != nil {
			return fmt.Errorf("find other imports: %w", err)
		}
		if other > 0 {
			return overlay.Errorf(overlay.Conflict, "another import is being applied; try again in a moment")
		}
		after.State, after.Done, after.Total = overlay.ImportApplying, 0, after.New+after.Changed
		if _, err := t.ExecContext(ctx, `UPDATE import_job SET state = 'applying', done = 0, total = ? WHERE id = ?`, after.Total, id); err != nil {
			return fmt.Errorf("apply import: %w", err)
		}
		return t.auditIn(ctx, after.Org, actor, "import.apply", id)
	})
	return after, err
}
