package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mediad/overlay"
	"mediad/overlay/search"
)

// ProductQuery picks products of a scope; the other fields pick all where they are empty.
type ProductQuery struct {
	In       overlay.Scope
	Text     string // words of titles, SKUs and bar codes, in part or whole
	Category string // and those below it
	Cursor   string // the value next of the page before
	Limit    int
}

// FindProducts gives a page of products at their newest revisions, oldest first, and
// the cursor of the next page; "": there is none.
func (s *Store) FindProducts(ctx context.Context, q ProductQuery) (page []overlay.Product, next string, err error) {
	matches := search.Query(q.Text)
	if len(matches) == 0 && strings.TrimSpace(q.Text) != "" {
		return nil, "", nil // nothing in it can be compared
	}
	if q.Category != "" {
		matches = append(matches, search.InCategory(q.Category))
	}
	if len(matches) == 0 {
		page, err = s.ListProducts(ctx, q.In, q.Cursor, q.Limit+1)
		if err != nil || len(page) <= q.Limit {
			return page, "", err
		}
		return page[:q.Limit], page[q.Limit-1].ID, nil
	}
	var from int64
	if q.Cursor != "" {
		last, err := strconv.ParseUint(q.Cursor, 10, 62)
		if err != nil {
			return nil, "", overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
		}
		from = int64(last) + 1
	}
	numbers, err := s.matching(ctx, q.In, matches, from)
	if err != nil {
		return nil, "", fmt.Errorf("find products: %w", err)
	}
	for some := range slices.Chunk(numbers, q.Limit+1) {
		found, err := s.numbered(ctx, q.In, some)
		if err != nil {
			return nil, "", fmt.Errorf("read products: %w", err)
		}
		for _, f := range found {
			if len(page) == q.Limit {
				return page, next, nil
			}
			page, next = append(page, f.product), strconv.FormatInt(f.n, 10)
		}
	}
	return page, "", nil
}

// matching gives the numbers, from one on, of the products of a scope that meet all
// conditions.
func (s *Store) matching(ctx context.Context, in overlay.Scope, matches []search.Match, from int64) (numbers []int64, err error) {
	// The longest is the rarest, as a rule.
	slices.SortStableFunc(matches, func(a, b search.Match) int { return len(b.Term) - len(a.Term) })
	found, err := s.having(ctx, matches[0], from/search.BlockSize)
	if err != nil {
		return nil, err
	}
	and := func(any ...search.Match) error {
		has := map[int64]*search.Set{}
		for _, m := range any {
			more, err := s.having(ctx, m, from/search.BlockSize)
			if err != nil {
				return err
			}
			join(has, more)
		}
		for block, set := range found {
			if other := has[block]; other != nil {
				set.And(other)
			} else {
				delete(found, block)
			}
		}
		return nil
	}
	for _, m := range matches[1:] {
		if len(found) == 0 {
			return nil, nil
		}
		if err := and(m); err != nil {
			return nil, err
		}
	}
	if !in.All {
		var owners []search.Match
		for _, org := range in.Orgs {
			owners = append(owners, search.OwnedBy(org))
		}
		if err := and(owners...); err != nil {
			return nil, err
		}
	}
	for _, block := range slices.Sorted(maps.Keys(found)) {
		for _, bit := range found[block].Numbers() {
			if n := block*search.BlockSize + int64(bit); n >= from {
				numbers = append(numbers, n)
			}
		}
	}
	return numbers, nil
}

// join adds sets to others.
func join(sets, more map[int64]*search.Set) {
	for block, set := range more {
		if before := sets[block]; before != nil {
			before.Or(set)
		} else {
			sets[block] = set
		}
	}
}

// having gives the products that meet one condition, by block.
func (s *Store) having(ctx context.Context, m search.Match, from int64) (map[int64]*search.Set, error) {
	sets := map[int64]*search.Set{}
	query, args := `SELECT block, bits FROM product_term WHERE term = ? AND block >= ?`, []any{m.Term, from}
	if m.Prefix {
		query, args = `SELECT block, bits FROM product_term WHERE term >= ? AND term < ? AND block >= ?`, []any{m.Term, m.Above(), from}
	}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var block int64
		var bits []byte
		if err := row.Scan(&block, &bits); err != nil {
			return none, err
		}
		join(sets, map[int64]*search.Set{block: search.SetOf(bits)})
		return none, nil
	}, query, args...)
	return sets, err
}

type numbered struct {
	n       int64
	product overlay.Product
}

// numbered reads products by their numbers, in their order. One that was deleted
// meanwhile is left out.
func (s *Store) numbered(ctx context.Context, in overlay.Scope, numbers []int64) ([]numbered, error) {
	table := make([][1]int64, len(numbers))
	for i, n := range numbers {
		table[i][0] = n
	}
	text, err := json.Marshal(table)
	if err != nil {
		return nil, err
	}
	where, args := s.scoped(in, "p.org", "")
	return collect(ctx, s.reader, func(row scanner) (f numbered, err error) {
		var body []byte
		if err := row.Scan(&f.n, &body); err != nil {
			return f, err
		}
		f.product, err = scanProduct(one{body})
		return f, err
	}, `SELECT f.n, r.body FROM product_number f JOIN product p ON p.id = f.product JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE `+where+` AND f.n IN (SELECT CAST(c.value->>0 AS BIGINT) FROM `+s.dialect.Rows()+`) AND p.deleted_at IS NULL ORDER BY f.n`, append(args, string(text))...)
}
