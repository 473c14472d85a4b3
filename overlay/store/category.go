package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"mediad/overlay"
	"mediad/overlay/search"
)

// addCategories makes the categories that products have, with those above them. One
// that is there already stays as it is spelled.
func (t *tx) addCategories(ctx context.Context, all []overlay.Category) error {
	missing := map[[2]string]string{} // path by organisation and key
	for _, c := range all {
		for _, path := range overlay.CategoryPaths(c.Path) {
			at := [2]string{orHome(c.Org), search.InCategory(path).Term}
			if missing[at] == "" {
				missing[at] = path
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var rows [][4]string
	for _, at := range slices.SortedFunc(maps.Keys(missing), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		rows = append(rows, [4]string{t.s.newID(), at[0], missing[at], at[1]})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO category(id, org, path, key, created_at) SELECT c.value->>0, c.value->>1, c.value->>2, c.value->>3, ? FROM `+t.s.dialect.Rows()+
		` WHERE NOT EXISTS (SELECT 1 FROM category k WHERE k.org = c.value->>1 AND k.key = c.value->>3) ON CONFLICT (org, key) DO NOTHING`, t.now.UnixMilli(), string(text))
	if err != nil {
		return fmt.Errorf("add categories: %w", err)
	}
	return nil
}

const selectCategory = `SELECT id, org, path, key FROM category `

type keyedCategory struct {
	overlay.Category
	key string
}

func scanCategory(row scanner) (c keyedCategory, err error) {
	err = row.Scan(&c.ID, &c.Org, &c.Path, &c.key)
	c.Category = c.Named()
	return c, err
}

// Categories lists at most limit categories of a scope in the order of their paths.
// next is the cursor of the next page; "": there is none.
func (s *Store) Categories(ctx context.Context, in overlay.Scope, cursor string, limit int) (page []overlay.Category, next string, err error) {
	const idLength = 26
	id, key := "", ""
	if cursor != "" {
		last, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || len(last) <= idLength || !utf8.Valid(last) {
			return nil, "", overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
		}
		id, key = string(last[:idLength]), string(last[idLength:])
	}
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, scanCategory, selectCategory+`WHERE `+where+` AND (key > ? OR key = ? AND id > ?) ORDER BY key, id LIMIT ?`, append(args, key, key, id, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list categories: %w", err)
	}
	if len(all) > limit {
		all = all[:limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(all[limit-1].ID + all[limit-1].key))
	}
	page, err = s.counted(ctx, s.reader, all)
	return page, next, err
}

// counted gives categories with the number of their products.
func (s *Store) counted(ctx context.Context, q querier, all []keyedCategory) (page []overlay.Category, err error) {
	m, err := readMotion(ctx, q, 0)
	if err != nil {
		return nil, err
	}
	owners, terms := map[string]map[int64]*search.Set{}, make([]string, len(all))
	for i, c := range all {
		terms[i] = c.key
		if owners[c.Org] == nil {
			if owners[c.Org], err = s.having(ctx, q, search.OwnedBy(c.Org), 0); err != nil {
				return nil, fmt.Errorf("count products of categories: %w", err)
			}
			m.seen(owners[c.Org])
		}
	}
	sets := map[string]map[int64]*search.Set{}
	rows, err := collect(ctx, q, scanTermRow, `SELECT term, block, bits FROM product_term WHERE term IN `+s.dialect.List(), list(terms))
	if err != nil {
		return nil, fmt.Errorf("count products of categories: %w", err)
	}
	for _, row := range rows {
		if sets[row.term] == nil {
			sets[row.term] = map[int64]*search.Set{}
		}
		sets[row.term][row.block] = row.set
	}
	for _, c := range all {
		for block, set := range sets[c.key] {
			if own := owners[c.Org][block]; own != nil {
				both := *set
				both.And(own)
				c.Products += int64(both.Len())
			}
		}
		page = append(page, c.Category)
	}
	return page, nil
}

// Category gives a category by its id, with the number of its products.
func (s *Store) Category(ctx context.Context, id string) (overlay.Category, error) {
	return s.category(ctx, s.reader, id)
}

func (s *Store) category(ctx context.Context, q querier, id string) (overlay.Category, error) {
	c, err := scanCategory(q.QueryRowContext(ctx, selectCategory+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return c.Category, overlay.Errorf(overlay.NotFound, "there is no such category")
	}
	if err != nil {
		return c.Category, fmt.Errorf("find category: %w", err)
	}
	all, err := s.counted(ctx, q, []keyedCategory{c})
	if err != nil {
		return c.Category, err
	}
	return all[0], nil
}

// maxCategories is how many an organisation may make by hand; products bring more.
const maxCategories = 5000

// CreateCategory makes a category of an organisation, and those above it. One that is
// there already is a conflict.
func (s *Store) CreateCategory(ctx context.Context, org, path, actor string, o Once) (overlay.Category, error) {
	path, err := overlay.CheckedCategory(path)
	if err == nil && path == "" {
		err = overlay.Errorf(overlay.Invalid, "path: is missing; it looks like Food > Fruit")
	}
	if err != nil {
		return overlay.Category{}, err
	}
	var made overlay.Category
	err = s.write(ctx, func(t *tx) (err error) {
		key := search.InCategory(path).Term
		find := func(string) (overlay.Category, error) {
			c, err := scanCategory(t.QueryRowContext(ctx, selectCategory+`WHERE org = ? AND key = ?`, org, key))
			return c.Category, err
		}
		made, err = once(ctx, t, "categories", o, func() (string, overlay.Category, error) {
			var same, count int
			if err := t.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN key = ? THEN 1 ELSE 0 END), 0) FROM category WHERE org = ?`, key, org).Scan(&count, &same); err != nil {
				return "", made, fmt.Errorf("find category: %w", err)
			}
			if same > 0 {
				return "", made, overlay.Errorf(overlay.Conflict, "path: there is a category %q already", path)
			}
			if count >= maxCategories {
				return "", made, overlay.Errorf(overlay.TooMany, "the organisation has %d categories already; delete some that are empty", count)
			}
			if err := t.addCategories(ctx, []overlay.Category{{Org: org, Path: path}}); err != nil {
				return "", made, err
			}
			c, err := find("")
			if err != nil {
				return "", c, err
			}
			return c.ID, c, t.auditIn(ctx, org, actor, "category.create", path)
		}, find)
		return err
	})
	return made, err
}

// DeleteCategory deletes a category in which no products are, and those below it.
func (s *Store) DeleteCategory(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		c, err := s.category(ctx, t, id)
		if err != nil {
			return err
		}
		if c.Products > 0 {
			return overlay.Errorf(overlay.Conflict, "%d products are in the category or below it; give them another one first", c.Products)
		}
		key := search.InCategory(c.Path).Term
		below := search.Match{Term: key + overlay.Levels, Prefix: true}
		if _, err := t.ExecContext(ctx, `DELETE FROM category WHERE org = ? AND (key = ? OR key >= ? AND key < ?)`, c.Org, key, below.Term, below.Above()); err != nil {
			return fmt.Errorf("delete category: %w", err)
		}
		return t.auditIn(ctx, c.Org, actor, "category.delete", c.Path)
	})
}
