package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
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
	Granted  bool   // also what is granted to organisations of the scope
	Text     string // words of titles, SKUs and bar codes, in part or whole
	Category string // and those below it
	Pool     string // the id of a pool
	Sort     string // one of Sorts, perhaps with a minus before it; "": the oldest first
	Cursor   string // the value next of the page before
	Limit    int
}

// conditions gives those of a query. ok is false for a text in which nothing can be
// compared: it finds nothing.
func (q ProductQuery) conditions() (matches []search.Match, ok bool) {
	matches = search.Query(q.Text)
	if len(matches) == 0 && strings.TrimSpace(q.Text) != "" {
		return nil, false
	}
	if q.Category != "" {
		matches = append(matches, search.InCategory(q.Category))
	}
	if q.Pool != "" {
		matches = append(matches, search.InPool(q.Pool))
	}
	return matches, true
}

// found gives the numbers of all products of a query.
func (s *Store) found(ctx context.Context, q ProductQuery) (numbers []int64, err error) {
	matches, ok := q.conditions()
	if !ok {
		return nil, nil
	}
	if len(matches) == 0 && q.In.All {
		return nil, overlay.Errorf(overlay.Invalid, "say which products: by words, a category or an organisation")
	}
	sets, m, err := s.matching(ctx, q.In, nil, matches, 0)
	if err != nil {
		return nil, fmt.Errorf("find products: %w", err)
	}
	all := slices.Collect(numbersIn(sets, 0))
	if len(m.unsettled) == 0 {
		return all, nil
	}
	var right []int64
	for some := range slices.Chunk(all, 1000) {
		found, err := s.numbered(ctx, q, some)
		if err != nil {
			return nil, fmt.Errorf("read products: %w", err)
		}
		for _, f := range found {
			if !m.wrong(f.n, f.product, matches) {
				right = append(right, f.n)
			}
		}
	}
	return right, nil
}

// FindProducts gives a page of products at their newest revisions, sorted or oldest
// first, and the cursor of the next page; "": there is none.
func (s *Store) FindProducts(ctx context.Context, q ProductQuery) (page []overlay.Product, next string, err error) {
	matches, ok := q.conditions()
	if !ok {
		return nil, "", nil
	}
	var granted []string
	if q.Granted {
		if granted, err = s.grantedPools(ctx, q.In); err != nil {
			return nil, "", err
		}
	}
	if q.Sort != "" {
		return s.sortedProducts(ctx, q, granted, matches)
	}
	if len(matches) == 0 && len(granted) == 0 {
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
	sets, m, err := s.matching(ctx, q.In, granted, matches, from)
	if err != nil {
		return nil, "", fmt.Errorf("find products: %w", err)
	}
	for some := range chunks(numbersIn(sets, from), q.Limit+1) {
		found, err := s.numbered(ctx, q, some)
		if err != nil {
			return nil, "", fmt.Errorf("read products: %w", err)
		}
		for _, f := range found {
			if m.wrong(f.n, f.product, matches) {
				continue
			}
			if len(page) == q.Limit {
				return page, next, nil
			}
			page, next = append(page, f.product), strconv.FormatInt(f.n, 10)
		}
	}
	return page, "", nil
}

// matching gives the products of a scope, and of pools that are granted to it, that meet
// all conditions, from the block of a number on. Of those that an import changes at this
// moment some do not (inMotion.wrong).
func (s *Store) matching(ctx context.Context, in overlay.Scope, granted []string, matches []search.Match, from int64) (found map[int64]*search.Set, m inMotion, err error) {
	if m, err = readMotion(ctx, s.reader, from/search.BlockSize); err != nil {
		return nil, m, err
	}
	// The longest is the rarest, as a rule.
	slices.SortStableFunc(matches, func(a, b search.Match) int { return len(b.Term) - len(a.Term) })
	for i, match := range matches {
		has, err := s.having(ctx, s.reader, match, from/search.BlockSize)
		if err != nil {
			return nil, m, err
		}
		if i == 0 {
			found = has
		} else {
			meet(found, has)
		}
		if len(found) == 0 {
			return nil, m, nil
		}
	}
	if !in.All {
		seen, err := s.havingAny(ctx, in, granted, from/search.BlockSize)
		if err != nil {
			return nil, m, err
		}
		if found == nil {
			found = seen
		} else {
			meet(found, seen)
		}
	}
	m.seen(found)
	return found, m, nil
}

// numbersIn gives the numbers in sets from one on, in their order. Of a search that finds
// half of a large catalogue a page needs a few.
func numbersIn(sets map[int64]*search.Set, from int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for _, block := range slices.Sorted(maps.Keys(sets)) {
			for _, bit := range sets[block].Numbers() {
				if n := block*search.BlockSize + int64(bit); n >= from && !yield(n) {
					return
				}
			}
		}
	}
}

// chunks divides what comes into pieces of a size.
func chunks(all iter.Seq[int64], size int) iter.Seq[[]int64] {
	return func(yield func([]int64) bool) {
		some := make([]int64, 0, size)
		for n := range all {
			if some = append(some, n); len(some) == size {
				if !yield(some) {
					return
				}
				some = some[:0]
			}
		}
		if len(some) > 0 {
			yield(some)
		}
	}
}

// meet keeps of sets what others have, too.
func meet(sets, others map[int64]*search.Set) {
	for block, set := range sets {
		if other := others[block]; other != nil {
			set.And(other)
		} else {
			delete(sets, block)
		}
	}
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
func (s *Store) having(ctx context.Context, q querier, m search.Match, from int64) (map[int64]*search.Set, error) {
	query, args := `SELECT block, bits FROM product_term WHERE term = ? AND block >= ?`, []any{m.Term, from}
	if m.Prefix {
		query, args = `SELECT block, bits FROM product_term WHERE term >= ? AND term < ? AND block >= ?`, []any{m.Term, m.Above(), from}
	}
	return sets(ctx, q, query, args...)
}

// sets gives rows of the index by block.
func sets(ctx context.Context, q querier, query string, args ...any) (map[int64]*search.Set, error) {
	sets := map[int64]*search.Set{}
	_, err := collect(ctx, q, func(row scanner) (none struct{}, err error) {
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

// havingAny gives the products of the organisations of a scope, and of pools.
func (s *Store) havingAny(ctx context.Context, in overlay.Scope, pools []string, from int64) (map[int64]*search.Set, error) {
	terms := make([]string, 0, len(in.Orgs)+len(pools))
	for _, org := range in.Orgs {
		terms = append(terms, search.OwnedBy(org).Term)
	}
	for _, pool := range pools {
		terms = append(terms, search.InPool(pool).Term)
	}
	return sets(ctx, s.reader, `SELECT block, bits FROM product_term WHERE term IN `+s.dialect.List()+` AND block >= ?`, list(terms), from)
}

type numbered struct {
	n       int64
	product overlay.Product
}

// numbered reads products by their numbers, in their order. One that was deleted
// meanwhile, or taken out of a pool, is left out.
func (s *Store) numbered(ctx context.Context, q ProductQuery, numbers []int64) ([]numbered, error) {
	table := make([][1]int64, len(numbers))
	for i, n := range numbers {
		table[i][0] = n
	}
	text, err := json.Marshal(table)
	if err != nil {
		return nil, err
	}
	where, args := s.scoped(q.In, "p.org", "")
	if q.Granted {
		where, args = s.seen(q.In)
	}
	if q.Pool != "" {
		where += ` AND EXISTS (SELECT 1 FROM pool_product o WHERE o.pool = ? AND o.product = p.id AND o.gone_at IS NULL)`
		args = append(args, q.Pool)
	}
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
