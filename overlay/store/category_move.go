package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mediad/overlay"
	"mediad/overlay/search"
)

// CategoryMove is how far a category has moved.
type CategoryMove struct {
	Moved int64 `json:"moved" doc:"Products that this request moved"`
	Left  int64 `json:"left" doc:"Products that are still to be moved: send the request again until there are none"`
}

// moveAtOnce is how many products one request moves, and moveInStep how many one
// transaction: other writers do not wait long.
const (
	moveAtOnce = 500
	moveInStep = 50
)

// MoveCategory gives the products of a category, and those below it, another one: "Food" to
// "Groceries" makes "Food > Fruit" to "Groceries > Fruit". Where to is "", they have none
// any more. Of many products it moves the first; when none is left the category is gone.
func (s *Store) MoveCategory(ctx context.Context, id, to, actor string) (done CategoryMove, err error) {
	c, err := s.Category(ctx, id)
	if err != nil {
		return done, err
	}
	if to, err = overlay.CheckedCategory(to); err != nil {
		return done, err
	}
	key := search.InCategory(c.Path).Term
	below := search.Match{Term: key + overlay.Levels, Prefix: true}
	if to != "" && strings.HasPrefix(search.InCategory(to).Term, below.Term) {
		return done, overlay.Errorf(overlay.Invalid, "to: is below the category itself")
	}
	q := ProductQuery{In: overlay.Scope{Orgs: []string{c.Org}}, Category: c.Path}
	numbers, err := s.found(ctx, q)
	if err != nil {
		return done, err
	}
	for some := range slices.Chunk(numbers, moveInStep) {
		if done.Moved >= moveAtOnce {
			break
		}
		there, err := s.numbered(ctx, q, some)
		if err != nil {
			return done, fmt.Errorf("read products: %w", err)
		}
		moved, err := s.moveProducts(ctx, c, to, there)
		if err != nil {
			return done, err
		}
		done.Moved += moved
		numbers = numbers[len(some):]
	}
	if done.Left = int64(len(numbers)); done.Left > 0 {
		return done, nil
	}
	return done, s.write(ctx, func(t *tx) error {
		paths, err := collect(ctx, t, func(row scanner) (path string, err error) { return path, row.Scan(&path) },
			`SELECT path FROM category WHERE org = ? AND (key = ? OR key >= ? AND key < ?) ORDER BY key`, c.Org, key, below.Term, below.Above())
		if err != nil {
			return fmt.Errorf("find categories: %w", err)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM category WHERE org = ? AND (key = ? OR key >= ? AND key < ?)`, c.Org, key, below.Term, below.Above()); err != nil {
			return fmt.Errorf("delete category: %w", err)
		}
		var all []overlay.Category
		for _, path := range paths {
			if path, err = c.Moved(path, to); err != nil {
				return err
			}
			all = append(all, overlay.Category{Org: c.Org, Path: path})
		}
		if err := t.addCategories(ctx, all); err != nil {
			return err
		}
		return t.auditIn(ctx, c.Org, actor, "category.move", c.Path+" to "+to)
	})
}

// moveProducts gives some products their new category, all or none.
func (s *Store) moveProducts(ctx context.Context, c overlay.Category, to string, some []numbered) (moved int64, err error) {
	err = s.write(ctx, func(t *tx) error {
		moved = 0
		for _, p := range some {
			path, err := c.Moved(p.product.Category, to)
			if err != nil {
				return err
			}
			if path == p.product.Category {
				continue
			}
			if _, _, err := t.updateProduct(ctx, p.product.ID, overlay.ProductChange{Category: &path}); err != nil {
				return fmt.Errorf("move product %s: %w", p.product.SKU, err)
			}
			moved++
		}
		return nil
	})
	return moved, err
}
