package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mediad/overlay"
	"mediad/overlay/search"
)

// A page of a sorted list comes from an index of revisions, which is walked in order:
// most revisions of a large catalogue are the newest of products that are looked for.
// Where few are, those are read and sorted.

// Sorts are what products can be sorted by; a minus before it turns it round.
var Sorts = []string{"title", "price", "sku", "changed"}

const (
	fewProducts = 2000
	firstWalk   = 200
	longestWalk = 8000
)

// sorting is how a list is sorted.
type sorting struct {
	key, order, than string
}

func (s *Store) sorting(by string) (o sorting, err error) {
	name, down := strings.CutPrefix(by, "-")
	if !slices.Contains(Sorts, name) {
		return o, overlay.Errorf(overlay.Invalid, "sort: must be one of %s, perhaps with a minus before it", strings.Join(Sorts, ", "))
	}
	o = sorting{"(" + s.dialect.ProductKey(name) + ")", "ASC", ">"}
	if down {
		o.order, o.than = "DESC", "<"
	}
	return o, nil
}

// after gives the condition for what comes behind a key; "": all.
func (o sorting) after(key string) (where string, args []any) {
	if key == "" {
		return "1 = 1", nil
	}
	return o.key + " " + o.than + " ?", []any{key}
}

// sortKey is where a product stands in a sorted list.
type sortKey struct {
	key string
	n   int64 // -1: it is not the newest revision of a product
}

func scanKey(row scanner) (k sortKey, err error) { return k, row.Scan(&k.key, &k.n) }

// sortCursor is the cursor behind a key, and keyOf reads it.
func sortCursor(sort, key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(sort + "\n" + key))
}

func keyOf(sort, cursor string) (key string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	by, key, ok := strings.Cut(string(text), "\n")
	if cursor != "" && (err != nil || !ok || by != sort || len(key) > 2000) {
		return "", overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
	}
	return key, nil
}

// sortedProducts is FindProducts for a list that is sorted.
func (s *Store) sortedProducts(ctx context.Context, q ProductQuery, granted []string, matches []search.Match) (page []overlay.Product, next string, err error) {
	o, err := s.sorting(q.Sort)
	if err != nil {
		return nil, "", err
	}
	from, err := keyOf(q.Sort, q.Cursor)
	if err != nil {
		return nil, "", err
	}
	sets, m, err := s.matching(ctx, q.In, granted, matches, 0)
	if err != nil {
		return nil, "", fmt.Errorf("find products: %w", err)
	}
	all := q.In.All && len(matches) == 0
	total := 0
	for _, set := range sets {
		total += set.Len()
	}
	last := ""
	take := func(keys []sortKey) (full bool, err error) {
		numbers := make([]int64, len(keys))
		for i, k := range keys {
			numbers[i] = k.n
		}
		found, err := s.numbered(ctx, q, numbers)
		if err != nil {
			return false, fmt.Errorf("read products: %w", err)
		}
		by := make(map[int64]overlay.Product, len(found))
		for _, f := range found {
			if !m.wrong(f.n, f.product, matches) {
				by[f.n] = f.product
			}
		}
		for _, k := range keys {
			p, ok := by[k.n]
			if !ok {
				continue
			}
			if len(page) == q.Limit {
				next = sortCursor(q.Sort, last)
				return true, nil
			}
			page, last = append(page, p), k.key
		}
		return false, nil
	}
	if !all && total <= fewProducts {
		err = s.sortFew(ctx, o, from, sets, q.Limit, take)
	} else {
		err = s.walk(ctx, o, from, func(n int64) bool {
			set := sets[n/search.BlockSize]
			return all && !m.hides(n) || set != nil && set.Has(int(n%search.BlockSize))
		}, q.Limit, take)
	}
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

// sortFew sorts the products of a list that is short.
func (s *Store) sortFew(ctx context.Context, o sorting, from string, sets map[int64]*search.Set, limit int, take func([]sortKey) (bool, error)) error {
	table := [][1]int64{}
	for n := range numbersIn(sets, 0) {
		table = append(table, [1]int64{n})
	}
	text, err := json.Marshal(table)
	if err != nil {
		return err
	}
	where, args := o.after(from)
	keys, err := collect(ctx, s.reader, scanKey, `SELECT `+o.key+` AS key, f.n FROM product_number f JOIN product p ON p.id = f.product JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE `+where+` AND f.n IN (SELECT CAST(c.value->>0 AS BIGINT) FROM `+s.dialect.Rows()+`) ORDER BY 1 `+o.order, append(args, string(text))...)
	if err != nil {
		return fmt.Errorf("sort products: %w", err)
	}
	for some := range slices.Chunk(keys, limit+1) {
		if full, err := take(some); full || err != nil {
			return err
		}
	}
	return nil
}

// walk goes through the revisions in their order, until the page is full.
func (s *Store) walk(ctx context.Context, o sorting, from string, wanted func(int64) bool, limit int, take func([]sortKey) (bool, error)) error {
	var some []sortKey
	for step := firstWalk; ; step = min(2*step, longestWalk) {
		where, args := o.after(from)
		keys, err := collect(ctx, s.reader, scanKey, `SELECT w.key, CASE WHEN p.rev = w.rev THEN coalesce(f.n, -1) ELSE -1 END FROM (SELECT `+o.key+` AS key, r.product, r.rev FROM product_rev r WHERE `+where+` AND `+o.key+` IS NOT NULL ORDER BY 1 `+o.order+` LIMIT ?) w
			LEFT JOIN product p ON p.id = w.product LEFT JOIN product_number f ON f.product = w.product ORDER BY w.key `+o.order, append(args, step)...)
		if err != nil {
			return fmt.Errorf("walk through sorted products: %w", err)
		}
		for _, k := range keys {
			if k.n >= 0 && wanted(k.n) {
				some = append(some, k)
			}
			if len(some) > limit {
				if full, err := take(some); full || err != nil {
					return err
				}
				some = some[:0]
			}
		}
		if len(keys) < step {
			_, err := take(some)
			return err
		}
		from = keys[len(keys)-1].key
	}
}
