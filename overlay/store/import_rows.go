package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

// ImportItem is what a file says of a product, or why its row is rejected.
type ImportItem struct {
	Row    int64
	SKU    string
	Title  string
	Reason string // "": the row is good
	Again  bool   // an earlier row has the product
	Change overlay.ProductChange
}

// BeginImport forgets what was kept of an import that is read, so that it can be read
// from the beginning.
func (s *Store) BeginImport(ctx context.Context, id string) error {
	if err := s.sweepImport(ctx, id); err != nil {
		return err
	}
	return s.note(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `DELETE FROM import_rejected WHERE job = ?`, id); err != nil {
			return fmt.Errorf("forget rejected rows: %w", err)
		}
		_, err := t.ExecContext(ctx, `UPDATE import_job SET done = 0, total = 0, fresh = 0, changed = 0, unchanged = 0, missing = 0, linkless = 0, rejected = 0 WHERE id = ? AND state = 'reading'`, id)
		if err != nil {
			return fmt.Errorf("begin import: %w", err)
		}
		return nil
	})
}

// sweepImport deletes the rows of an import, some hundreds at once.
func (s *Store) sweepImport(ctx context.Context, id string) error {
	for n := 1; n > 0; {
		var err error
		if n, err = s.sweep(ctx, `DELETE FROM import_row WHERE job = ?1 AND line IN (SELECT line FROM import_row WHERE job = ?1 ORDER BY line LIMIT ?2)`, id, sweepRows); err != nil {
			return err
		}
	}
	return nil
}

// found is a product as an import finds it.
type found struct {
	product overlay.Product
	newest  int64 // its newest revision, also of those that are prepared, or in shows
}

// importChange is a product that an import makes or changes, in the order of the
// columns of import_row behind the job.
type importChange [9]any

// onAirReason is why a row is left out whose product viewers hear of now.
const onAirReason = "is in a show that is on air; import the file again after the show, or change the product itself"

// AddImportRows compares items with the catalogue and keeps what differs. An item that
// cannot be a product, or would change one that is on air, gets its reason. done and total
// say how far the file is read.
func (s *Store) AddImportRows(ctx context.Context, i overlay.Import, items []ImportItem, done, total int64) error {
	there, floor, err := s.importFinds(ctx, i.Org, items)
	if err != nil {
		return err
	}
	aired := map[string]bool{}
	if len(there) > 0 {
		if aired, err = s.onAir(ctx, s.reader); err != nil {
			return err
		}
	}
	var fresh, changed, unchanged, linkless int64
	var changes []importChange
	var rejected []ImportItem
	for n, item := range items {
		if item.Reason != "" {
			rejected = append(rejected, item)
			continue
		}
		f, known := there[item.SKU]
		after, err := f.product.Changed(f.product.Leaving(item.Change))
		if err != nil {
			items[n].Reason = err.Error()
		} else if known && after.Rev != f.product.Rev && aired[f.product.ID] {
			items[n].Reason = onAirReason
		}
		if items[n].Reason != "" {
			rejected = append(rejected, items[n])
			continue
		}
		if !after.Buyable() {
			linkless++
		}
		switch {
		case known && after.Rev == f.product.Rev:
			unchanged++
			continue
		case known:
			changed++
			after.Rev = max(after.Rev, f.newest+1, floor+1)
		default:
			fresh++
			after.ID, after.Rev = s.newID(), 1
			after.Org = i.Org
		}
		after = after.Numbered()
		body, err := json.Marshal(after)
		if err != nil {
			return err
		}
		danger, was, is := "", "", ""
		if known {
			danger, was, is = overlay.ImportDanger(f.product, after)
		}
		changes = append(changes, importChange{item.Row, after.ID, after.SKU, f.product.Rev, after.Rev, string(body), orNull(danger), orNull(was), orNull(is)})
	}
	text, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		text = []byte("[]")
	}
	return s.behind(ctx, func(t *tx) error {
		var before int64
		err := t.QueryRowContext(ctx, `SELECT rejected FROM import_job WHERE id = ? AND state = 'reading'`, i.ID).Scan(&before)
		if errors.Is(err, sql.ErrNoRows) {
			return overlay.Errorf(overlay.Conflict, "the import is not being read any more")
		} else if err != nil {
			return fmt.Errorf("find import: %w", err)
		}
		_, err = t.ExecContext(ctx, `INSERT INTO import_row(job, line, product, sku, base, rev, body, danger, was, becomes)
			SELECT ?, CAST(c.value->>0 AS BIGINT), c.value->>1, c.value->>2, CAST(c.value->>3 AS BIGINT), CAST(c.value->>4 AS BIGINT), c.value->>5, c.value->>6, c.value->>7, c.value->>8
			FROM `+s.dialect.Rows(), i.ID, string(text))
		if err != nil {
			return fmt.Errorf("keep rows of import: %w", err)
		}
		for n, r := range rejected {
			if before+int64(n) >= overlay.MaxImportRejected {
				break
			}
			if err := t.rejectImportRow(ctx, i.ID, before+int64(n), r); err != nil {
				return err
			}
		}
		_, err = t.ExecContext(ctx, `UPDATE import_job SET done = ?, total = ?, fresh = fresh + ?, changed = changed + ?, unchanged = unchanged + ?, linkless = linkless + ?, rejected = rejected + ? WHERE id = ?`,
			done, total, fresh, changed, unchanged, linkless, len(rejected), i.ID)
		if err != nil {
			return fmt.Errorf("count rows of import: %w", err)
		}
		return nil
	})
}

func (t *tx) rejectImportRow(ctx context.Context, job string, n int64, r ImportItem) error {
	_, err := t.ExecContext(ctx, `INSERT INTO import_rejected(job, n, line, reason, sku, title) VALUES (?,?,?,?,?,?)`,
		job, n, r.Row, overlay.Plain(r.Reason, 500), orNull(overlay.Plain(r.SKU, 60)), orNull(overlay.Plain(r.Title, 150)))
	if err != nil {
		return fmt.Errorf("keep rejected row: %w", err)
	}
	return nil
}

// importFinds gives the products of an organisation that have the SKUs of the items.
// floor is the revision above which new ones go (see nextRev).
func (s *Store) importFinds(ctx context.Context, org string, items []ImportItem) (there map[string]found, floor int64, err error) {
	skus := make([][1]string, 0, len(items))
	for _, i := range items {
		if i.Reason == "" {
			skus = append(skus, [1]string{i.SKU})
		}
	}
	text, err := json.Marshal(skus)
	if err != nil {
		return nil, 0, err
	}
	err = s.reader.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM note WHERE name = 'revisions'`).Scan(&floor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, 0, fmt.Errorf("find the next revision: %w", err)
	}
	all, err := collect(ctx, s.reader, func(row scanner) (f found, err error) {
		var body []byte
		if err := row.Scan(&body, &f.newest); err != nil {
			return f, err
		}
		f.product, err = scanProduct(one{body})
		return f, err
	}, `SELECT r.body, (SELECT max(n.rev) FROM (SELECT rev FROM product_rev WHERE product = p.id UNION ALL SELECT rev FROM show_product WHERE product = p.id) n) FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE p.sku IN (SELECT c.value->>0 FROM `+s.dialect.Rows()+`) AND p.org = ?`, string(text), org)
	if err != nil {
		return nil, 0, fmt.Errorf("find products of import: %w", err)
	}
	there = make(map[string]found, len(all))
	for _, f := range all {
		there[f.product.SKU] = f
	}
	return there, floor, nil
}

// EndImportReading says that a file is read to its end. The import then waits to be
// applied: by the server, which has a file to show for it, or else by somebody who has
// seen what it would do. rejected are the SKUs that are in rejected rows alone: the file
// has those products, too.
func (s *Store) EndImportReading(ctx context.Context, id string, rejected []string) (overlay.Import, error) {
	var after overlay.Import
	skus := make([][1]string, len(rejected))
	for n, sku := range rejected {
		skus[n][0] = sku
	}
	text, err := json.Marshal(skus)
	if err != nil {
		return after, err
	}
	err = s.note(ctx, func(t *tx) (err error) {
		_, err = t.ExecContext(ctx, `UPDATE import_job SET state = 'ready', done = total,
			file = CASE WHEN dry_run = 1 OR EXISTS (SELECT 1 FROM import_row r WHERE r.job = import_job.id AND r.danger IS NOT NULL) THEN NULL ELSE file END,
			missing = (SELECT count(*) FROM product p WHERE p.org = import_job.org AND p.rev > 0 AND p.deleted_at IS NULL) - changed - unchanged
				- (SELECT count(*) FROM product p WHERE p.org = import_job.org AND p.rev > 0 AND p.deleted_at IS NULL AND p.sku IN (SELECT c.value->>0 FROM `+s.dialect.Rows()+`))
			WHERE id = ? AND state = 'reading'`, string(text), id)
		if err != nil {
			return fmt.Errorf("end reading of import: %w", err)
		}
		if after, err = s.importOf(ctx, t, id); err != nil || after.State != overlay.ImportReady {
			return err
		}
		return t.dropOlder(ctx, after)
	})
	return after, err
}
