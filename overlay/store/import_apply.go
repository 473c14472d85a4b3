package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mediad/overlay"
)

// importStep is how many lines of a file one transaction prepares.
const importStep = 500

// ApplyImport does what ConfirmImport has decided. It may be interrupted anywhere and
// called again: until its one transaction is committed nobody sees anything of the
// import, and from then on everybody sees all of it, and finds it.
func (s *Store) ApplyImport(ctx context.Context, id string) error {
	i, err := s.Import(ctx, id)
	if err != nil {
		return err
	}
	if i.State == overlay.ImportApplying {
		if err := s.IndexProducts(ctx); err != nil { // what is older goes first
			return err
		}
		if err := s.prepareImport(ctx, i); err != nil {
			return err
		}
		if err := s.switchImport(ctx, i); err != nil {
			return err
		}
	}
	if err := s.IndexProducts(ctx); err != nil { // takes old terms away
		return err
	}
	return s.forgetRows(ctx, id)
}

// untouched is the condition for a product p that is as it was when a row r was compared
// with it, and whose new revision nobody has taken.
const untouched = `p.rev = r.base AND p.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM show_product v WHERE v.product = p.id AND v.rev >= r.rev)`

// prepareImport makes the products and revisions of an import, behind all other writers.
// New products are at revision 0, and those that exist still point at their present one.
func (s *Store) prepareImport(ctx context.Context, i overlay.Import) error {
	var last int64
	if err := s.reader.QueryRowContext(ctx, `SELECT coalesce(max(line), 0) FROM import_row WHERE job = ?`, i.ID).Scan(&last); err != nil {
		return fmt.Errorf("find rows of import: %w", err)
	}
	var done int64
	for from := int64(0); from <= last; from += importStep {
		var rows int64
		if err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM import_row WHERE job = ? AND line >= ? AND line < ?`, i.ID, from, from+importStep).Scan(&rows); err != nil {
			return fmt.Errorf("count rows of import: %w", err)
		}
		if rows == 0 {
			continue
		}
		done += rows
		err := s.atLeisure(ctx, func(t *tx) error {
			_, err := t.ExecContext(ctx, `INSERT INTO product(id, org, sku, rev, created_at, updated_at)
				SELECT r.product, ?5, r.sku, 0, ?1, ?1 FROM import_row r WHERE r.job = ?2 AND r.line >= ?3 AND r.line < ?4 AND r.base = 0 ON CONFLICT DO NOTHING`,
				t.now.UnixMilli(), i.ID, from, from+importStep, i.Org)
			if err != nil {
				return fmt.Errorf("prepare products: %w", err)
			}
			_, err = t.ExecContext(ctx, `INSERT INTO product_rev(product, rev, body, at)
				SELECT r.product, r.rev, r.body, ?1 FROM import_row r JOIN product p ON p.id = r.product
				WHERE r.job = ?2 AND r.line >= ?3 AND r.line < ?4 AND r.prepared = 0 AND `+untouched,
				t.now.UnixMilli(), i.ID, from, from+importStep)
			if err != nil {
				return fmt.Errorf("prepare revisions: %w", err)
			}
			rows, err := collect(ctx, t, func(row scanner) (p staged, err error) {
				var body []byte
				if err := row.Scan(&body, &p.base); err != nil {
					return p, err
				}
				p.Product, err = scanProduct(one{body})
				return p, err
			}, `UPDATE import_row SET prepared = 1 WHERE job = ? AND line >= ? AND line < ? AND prepared = 0
				AND EXISTS (SELECT 1 FROM import_row r JOIN product p ON p.id = r.product WHERE r.job = import_row.job AND r.line = import_row.line AND `+untouched+`)
				RETURNING body, base`, i.ID, from, from+importStep)
			if err != nil {
				return fmt.Errorf("prepare revisions: %w", err)
			}
			if err := t.stage(ctx, rows); err != nil {
				return err
			}
			_, err = t.ExecContext(ctx, `UPDATE import_job SET done = ? WHERE id = ? AND state = 'applying'`, done, i.ID)
			return err
		})
		if err != nil {
			return fmt.Errorf("prepare import: %w", err)
		}
	}
	return nil
}

// onAir gives the products that are pinned in an open show, or stand in the line-up of
// one that has begun. A refreshed feed must not change what a host is talking about.
func (s *Store) onAir(ctx context.Context, q querier) (map[string]bool, error) {
	all, err := collect(ctx, q, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT i.product FROM pin i JOIN show s ON s.id = i.show WHERE i.unpinned_at IS NULL AND s.state <> 'ended'
		 UNION SELECT l.product FROM lineup l JOIN show s ON s.id = l.show WHERE s.state IN ('live','paused')`)
	if err != nil {
		return nil, fmt.Errorf("find what is on air: %w", err)
	}
	aired := make(map[string]bool, len(all))
	for _, id := range all {
		aired[id] = true
	}
	return aired, nil
}

// rowsOf gives ids as dialect.Rows reads them.
func rowsOf(ids map[string]bool) (string, error) {
	all := make([][1]string, 0, len(ids))
	for id := range ids {
		all = append(all, [1]string{id})
	}
	text, err := json.Marshal(all)
	return string(text), err
}

// switchImport makes an import visible, in one transaction, which touches each product
// once. What somebody changed since it was compared is left as it is, and so is what is
// on air.
func (s *Store) switchImport(ctx context.Context, i overlay.Import) error {
	id := i.ID
	categories, err := s.stagedCategories(ctx, i)
	if err != nil {
		return err
	}
	return s.note(ctx, func(t *tx) error {
		i, err := scanImport(t.QueryRowContext(ctx, selectImport+`WHERE id = ?`, id))
		if err != nil || i.State != overlay.ImportApplying {
			return err // another process has applied it
		}
		onAir, err := s.onAir(ctx, t)
		if err != nil {
			return err
		}
		aired, err := rowsOf(onAir)
		if err != nil {
			return err
		}
		res, err := t.ExecContext(ctx, `UPDATE product SET rev = r.rev, updated_at = ? FROM import_row r
			WHERE r.job = ? AND r.prepared = 1 AND r.product = product.id AND product.rev = r.base AND product.deleted_at IS NULL
			AND product.id NOT IN (SELECT c.value->>0 FROM `+s.dialect.Rows()+`)`, t.now.UnixMilli(), id, aired)
		if err != nil {
			return fmt.Errorf("apply import: %w", err)
		}
		taken, err := res.RowsAffected()
		if err != nil {
			return err
		}
		var skipped []string
		if taken != i.New+i.Changed {
			if skipped, err = t.tellSkipped(ctx, i, aired); err != nil {
				return err
			}
		}
		if err := t.showStaged(ctx, skipped); err != nil {
			return err
		}
		if err := t.addCategories(ctx, categories); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE import_job SET state = 'applied', done = total, ended_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("end import: %w", err)
		}
		t.changed = true
		t.touched(i.Org, "", true)
		return nil
	})
}

// tellSkipped says which rows of an import cannot be applied, and why. A revision that
// was prepared is no one else's, so a product that has it has taken it. It gives the
// products that have not.
func (t *tx) tellSkipped(ctx context.Context, i overlay.Import, aired string) (products []string, err error) {
	_, err = t.ExecContext(ctx, `UPDATE import_row SET skipped = 1 WHERE job = ? AND (prepared = 0
		OR NOT EXISTS (SELECT 1 FROM product p WHERE p.id = import_row.product AND p.rev = import_row.rev AND p.deleted_at IS NULL))`, i.ID)
	if err != nil {
		return nil, fmt.Errorf("mark rows that cannot be applied: %w", err)
	}
	type skipped struct {
		ImportItem
		base    int64
		product string
		noLink  bool
		aired   bool
	}
	rows, err := collect(ctx, t, func(row scanner) (r skipped, err error) {
		var body []byte
		if err := row.Scan(&r.Row, &body, &r.base, &r.product, &r.aired); err != nil {
			return r, err
		}
		p, err := scanProduct(one{body})
		r.SKU, r.Title, r.noLink = p.SKU, p.Title, !p.Buyable()
		return r, err
	},
		`SELECT r.line, r.body, r.base, r.product, CASE WHEN p.rev = r.base AND p.id IN (SELECT c.value->>0 FROM `+t.s.dialect.Rows()+`) THEN 1 = 1 ELSE 1 = 0 END
		 FROM import_row r LEFT JOIN product p ON p.id = r.product WHERE r.job = ? AND r.skipped = 1 ORDER BY r.line`, aired, i.ID)
	if err != nil {
		return nil, fmt.Errorf("find rows that cannot be applied: %w", err)
	}
	var fresh, changed, linkless int64
	for n, r := range rows {
		if r.noLink {
			linkless++
		}
		r.Reason = "was changed or deleted while the import waited; import the file again"
		if r.base == 0 {
			r.Reason = "sku: somebody made a product with it while the import waited; import the file again"
			fresh++
		} else {
			changed++
		}
		products = append(products, r.product)
		if r.aired {
			r.Reason = onAirReason
		}
		if at := i.RejectedN + int64(n); at < overlay.MaxImportRejected {
			if err := t.rejectImportRow(ctx, i.ID, at, r.ImportItem); err != nil {
				return nil, err
			}
		}
	}
	_, err = t.ExecContext(ctx, `UPDATE import_job SET fresh = fresh - ?, changed = changed - ?, linkless = linkless - ?, rejected = rejected + ? WHERE id = ?`, fresh, changed, linkless, len(rows), i.ID)
	if err != nil {
		return nil, fmt.Errorf("count rows that cannot be applied: %w", err)
	}
	return products, nil
}

// How long an import waits for somebody to apply it, and how long it can be read after
// its end.
const (
	keepReady = 7 * 24 * time.Hour
	keepEnded = 30 * 24 * time.Hour
)

// SweepImports ends imports that nobody has applied, and forgets old ones. It may be
// interrupted anywhere and called again.
func (s *Store) SweepImports(ctx context.Context) error {
	now := s.now()
	_, err := s.sweep(ctx, `UPDATE import_job SET state = 'failed', problem = 'nobody has applied it within 7 days', ended_at = ?
		WHERE ended_at IS NULL AND created_at < ? AND (state = 'ready' OR state = 'reading' AND file IS NULL)`, now.UnixMilli(), now.Add(-keepReady).UnixMilli())
	if err != nil {
		return err
	}
	ids := func(query string, args ...any) ([]string, error) {
		return collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, query, args...)
	}
	over, err := ids(`SELECT id FROM import_job j WHERE ended_at IS NOT NULL AND EXISTS (SELECT 1 FROM import_row WHERE job = j.id)`)
	if err != nil {
		return fmt.Errorf("find rows of ended imports: %w", err)
	}
	for _, id := range over {
		if err := s.forgetRows(ctx, id); err != nil {
			return err
		}
	}
	old, err := ids(`SELECT id FROM import_job WHERE ended_at < ? ORDER BY id`, now.Add(-keepEnded).UnixMilli())
	if err != nil {
		return fmt.Errorf("find old imports: %w", err)
	}
	for _, id := range old {
		if _, err := s.sweep(ctx, `DELETE FROM import_rejected WHERE job = ?`, id); err != nil {
			return err
		}
		if _, err := s.sweep(ctx, `DELETE FROM import_job WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

// forgetRows deletes the rows of an import, and the revisions that no product took:
// another import may have prepared the same one since.
func (s *Store) forgetRows(ctx context.Context, id string) error {
	for n := 1; n > 0; {
		var err error
		n, err = s.sweep(ctx, `DELETE FROM product_rev WHERE (product, rev) IN (SELECT r.product, r.rev FROM import_row r JOIN product_rev v ON v.product = r.product AND v.rev = r.rev
			WHERE r.job = ? AND r.skipped = 1 AND r.prepared = 1
			AND NOT EXISTS (SELECT 1 FROM product p WHERE p.id = r.product AND p.rev = r.rev) LIMIT ?)`, id, sweepRows)
		if err != nil {
			return err
		}
	}
	return s.sweepImport(ctx, id)
}
