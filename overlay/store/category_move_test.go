package store

import (
	"fmt"
	"testing"

	"mediad/overlay"
)

// TestCategoriesMove: the products of a category go along with its name, and those below
// it, some hundred at a time; what differs in its spelling alone moves, too; what is
// deleted leaves its products without one, and nobody moves another organisation's.
func TestCategoriesMove(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	other := guest(t, s)
	const many = moveAtOnce + 20
	for i := range many {
		category := "food > Fruit"
		if i == 0 {
			category = "Food"
		}
		_, err := s.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("P-", i), Title: "Pear", Price: 1, Currency: "EUR", Category: category}, Once{})
		must(err)
	}
	_, err := s.CreateProduct(ctx, overlay.Product{Org: other, SKU: "P", Title: "Pear", Price: 1, Currency: "EUR", Category: "Food"}, Once{})
	must(err)
	tea, err := s.CreateCategory(ctx, overlay.HomeOrg, "Food > Tea", "ann", Once{})
	must(err)
	home := overlay.Scope{Orgs: []string{overlay.HomeOrg}}
	paths := func() (all string) {
		t.Helper()
		list, _, err := s.Categories(ctx, home, "", 100)
		must(err)
		for _, c := range list {
			all += fmt.Sprintf("%s %d; ", c.Path, c.Products)
		}
		return all
	}
	id := func(path string) string {
		t.Helper()
		list, _, err := s.Categories(ctx, home, "", 100)
		must(err)
		for _, c := range list {
			if c.Path == path {
				return c.ID
			}
		}
		t.Fatalf("there is no category %q in %s", path, paths())
		return ""
	}
	food := id("Food")
	if _, err := s.MoveCategory(ctx, food, "Food > Old", "ann"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("into itself: %v", err)
	}
	first, err := s.MoveCategory(ctx, food, "Shop > Groceries", "ann")
	must(err)
	if first.Moved != moveAtOnce || first.Left != many-moveAtOnce {
		t.Errorf("the first time: %+v", first)
	}
	second, err := s.MoveCategory(ctx, food, "Shop > Groceries", "ann")
	must(err)
	if second.Moved != many-moveAtOnce || second.Left != 0 {
		t.Errorf("the second time: %+v", second)
	}
	if want := fmt.Sprintf("Shop %d; Shop > Groceries %d; Shop > Groceries > Fruit %d; Shop > Groceries > Tea 0; ", many, many, many-1); paths() != want {
		t.Errorf("%s, want %s", paths(), want)
	}
	if _, err := s.Category(ctx, tea.ID); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("the old category below: %v", err)
	}
	if there, err := s.GetProduct(ctx, "P-1", 0); err != nil || there.Category != "Shop > Groceries > Fruit" || there.Rev != 2 {
		t.Errorf("%+v, %v", there, err)
	}
	found, _, err := s.FindProducts(ctx, ProductQuery{In: overlay.Everything(), Category: "Food", Limit: 10})
	must(err)
	if len(found) != 1 || found[0].Org != other {
		t.Errorf("the other organisation's: %v", skus(found))
	}
	// Capitals alone.
	for range 3 {
		if done, err := s.MoveCategory(ctx, id("Shop > Groceries"), "Shop > GROCERIES", "ann"); err != nil {
			t.Fatal(err)
		} else if done.Left == 0 {
			break
		}
	}
	if there, err := s.GetProduct(ctx, "P-0", 0); err != nil || there.Category != "Shop > GROCERIES" {
		t.Errorf("%+v, %v", there, err)
	}
	// None.
	for range 3 {
		if done, err := s.MoveCategory(ctx, id("Shop"), "", "ann"); err != nil {
			t.Fatal(err)
		} else if done.Left == 0 {
			break
		}
	}
	if there, err := s.GetProduct(ctx, "P-1", 0); err != nil || there.Category != "" || paths() != "" {
		t.Errorf("%q, %v, %s", there.Category, err, paths())
	}
}
