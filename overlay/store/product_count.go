package store

import (
	"context"
	"fmt"

	"mediad/overlay/search"
)

// CountProducts says how many products a query finds, on all pages together.
func (s *Store) CountProducts(ctx context.Context, q ProductQuery) (n int64, err error) {
	matches, ok := q.conditions()
	if !ok {
		return 0, nil
	}
	if len(matches) == 0 && q.In.All {
		if err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM product WHERE deleted_at IS NULL`).Scan(&n); err != nil {
			return 0, fmt.Errorf("count products: %w", err)
		}
		return n, nil
	}
	var granted []string
	if q.Granted {
		if granted, err = s.grantedPools(ctx, q.In); err != nil {
			return 0, err
		}
	}
	found, m, err := s.matching(ctx, q.In, granted, matches, 0)
	if err != nil {
		return 0, fmt.Errorf("count products: %w", err)
	}
	unsure := map[int64]*search.Set{} // an import changes them at this moment: they are looked at one by one
	for block, set := range found {
		n += int64(set.Len())
		if moves := m.unsettled[block]; moves != nil {
			both := *set
			both.And(moves)
			unsure[block] = &both
		}
	}
	for some := range chunks(numbersIn(unsure, 0), 1000) {
		products, err := s.numbered(ctx, q, some)
		if err != nil {
			return 0, fmt.Errorf("count products: %w", err)
		}
		n -= int64(len(some))
		for _, p := range products {
			if !m.wrong(p.n, p.product, matches) {
				n++
			}
		}
	}
	return n, nil
}
