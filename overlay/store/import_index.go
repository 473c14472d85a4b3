package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"mediad/overlay"
	"mediad/overlay/search"
)

// The index of products has the terms of an import before anybody sees the import, so
// that the switch need not touch it, and what is seen is found at once. Until the switch,
// new products are hidden, and products that change have the terms of both revisions:
// whoever finds one of these looks at the product itself. Afterwards IndexProducts takes
// the old terms away, and settles them.

// staged is a product as an import will make it.
type staged struct {
	overlay.Product
	base int64 // 0: it is new
}

// stage gives products the terms of the revisions that an import has prepared.
func (t *tx) stage(ctx context.Context, all []staged) error {
	products := make([]overlay.Product, len(all))
	for i, p := range all {
		products[i] = p.Product
	}
	there, next, err := t.indexed(ctx, products)
	if err != nil {
		return err
	}
	changes := termChanges{}
	var newcomers [][3]any
	for _, p := range all {
		at, known := there[p.ID]
		switch terms := termsOf(p.Product); {
		case known && !maps.Equal(at.terms, terms):
			at.maybe = nil // the old ones stay for now
			changes.add(at.n, at, terms)
			changes.put(at.n, search.Unsettled)
		case !known && p.base == 0:
			changes.add(next, at, terms)
			changes.put(next, search.Hidden)
			newcomers = append(newcomers, [3]any{p.ID, next, p.Rev})
			next++
		}
		if err := t.useImages(ctx, p.Product); err != nil {
			return err
		}
	}
	if err := t.number(ctx, newcomers); err != nil {
		return err
	}
	return t.changeTerms(ctx, changes)
}

// stagedCategories gives the categories of an import's products.
func (s *Store) stagedCategories(ctx context.Context, i overlay.Import) ([]overlay.Category, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (c overlay.Category, err error) { c.Org = i.Org; return c, row.Scan(&c.Path) },
		`SELECT DISTINCT `+s.dialect.Field("body", "category")+` AS path FROM import_row WHERE job = ? AND prepared = 1 AND `+s.dialect.Field("body", "category")+` <> '' ORDER BY path`, i.ID)
	if err != nil {
		return nil, fmt.Errorf("find categories of import: %w", err)
	}
	return all, nil
}

// showStaged shows what was hidden, and takes the terms of revisions away that products
// have not taken.
func (t *tx) showStaged(ctx context.Context, skipped []string) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM product_term WHERE term = ?`, search.Hidden); err != nil {
		return fmt.Errorf("show products: %w", err)
	}
	for some := range slices.Chunk(skipped, indexAtOnce) {
		if err := t.reindex(ctx, list(some)); err != nil {
			return fmt.Errorf("index products: %w", err)
		}
	}
	return nil
}

// settle says that all products have the terms of their present revisions alone, unless
// an import is on its way.
func (s *Store) settle(ctx context.Context) error {
	m, err := readMotion(ctx, s.reader, 0)
	if err != nil || len(m.unsettled) == 0 {
		return err
	}
	_, err = s.sweep(ctx, `DELETE FROM product_term WHERE term = ? AND NOT EXISTS (SELECT 1 FROM import_job WHERE state = 'applying')`, search.Unsettled)
	return err
}

// inMotion are the products whose terms in the index are not quite their own.
type inMotion struct{ hidden, unsettled map[int64]*search.Set }

// readMotion reads them, from a block on. A search does so before it reads terms: what is
// shown meanwhile it may miss, as if it had begun earlier, but nothing too much is found.
func readMotion(ctx context.Context, q querier, from int64) (m inMotion, err error) {
	m = inMotion{map[int64]*search.Set{}, map[int64]*search.Set{}}
	rows, err := collect(ctx, q, scanTermRow, `SELECT term, block, bits FROM product_term WHERE term IN (?, ?) AND block >= ?`, search.Hidden, search.Unsettled, from)
	if err != nil {
		return m, fmt.Errorf("find products that an import changes: %w", err)
	}
	for _, row := range rows {
		if row.term == search.Hidden {
			m.hidden[row.block] = row.set
		} else {
			m.unsettled[row.block] = row.set
		}
	}
	return m, nil
}

// seen takes hidden products out of sets.
func (m inMotion) seen(sets map[int64]*search.Set) {
	for block, set := range m.hidden {
		if s := sets[block]; s != nil {
			s.Without(set)
		}
	}
}

// hides tells that a product is not to be seen yet.
func (m inMotion) hides(n int64) bool {
	set := m.hidden[n/search.BlockSize]
	return set != nil && set.Has(int(n%search.BlockSize))
}

// wrong tells that a product, which was found by its terms, does not meet the conditions.
func (m inMotion) wrong(n int64, p overlay.Product, matches []search.Match) bool {
	set := m.unsettled[n/search.BlockSize]
	if set == nil || !set.Has(int(n%search.BlockSize)) {
		return false
	}
	terms := termsOf(p)
	return slices.ContainsFunc(matches, func(m search.Match) bool { return !m.OfPool() && !terms.Meet(m) })
}
