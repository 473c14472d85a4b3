package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
)

func TestSortedProducts(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	other, err := s.CreateOrg(ctx, overlay.Org{Name: "Other"}, overlay.System("test"), Once{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []overlay.Product{
		{SKU: "b", Title: "tea", Price: 900, Currency: "EUR"}, {SKU: "C", Title: "Cup", Price: 1000, Currency: "EUR"}, {SKU: "A", Title: "pot", Price: 5, Currency: "CNY"},
		{SKU: "E", Title: "Cup", Price: 70, Currency: "EUR"}, {SKU: "d", Title: "Bag", Price: 900, Currency: "EUR"}, {SKU: "X", Title: "Axe", Price: 1, Currency: "EUR", Org: other.ID},
	} {
		if _, err := s.CreateProduct(ctx, p, Once{}); err != nil {
			t.Fatal(err)
		}
	}
	title, price := "Zebra", int64(100000)
	if _, err := s.UpdateProduct(ctx, "d", overlay.ProductChange{Title: &title, Price: &price}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateProduct(ctx, "b", overlay.ProductChange{Category: new(string)}); err != nil { // no change
		t.Fatal(err)
	}
	home := overlay.Scope{Orgs: []string{overlay.HomeOrg}}
	list := func(q ProductQuery) string {
		t.Helper()
		var all []overlay.Product
		for range 20 {
			page, next, err := s.FindProducts(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if all = append(all, page...); next == "" {
				return skus(all)
			}
			if len(page) != q.Limit {
				t.Errorf("%+v: a page of %d has a next one", q, len(page))
			}
			q.Cursor = next
		}
		t.Fatalf("%+v does not end", q)
		return ""
	}
	for sort, want := range map[string]string{"title": "C E A b d", "price": "A E b C d", "sku": "A b C d E"} {
		for _, in := range []overlay.Scope{home, {All: true}} {
			want := strings.Fields(want)
			if in.All { // which is read by a walk through the index
				want = map[string][]string{"title": strings.Fields("X C E A b d"), "price": strings.Fields("A X E b C d"), "sku": strings.Fields("A b C d E X")}[sort]
			}
			for _, limit := range []int{1, 2, 50} {
				up := list(ProductQuery{In: in, Granted: true, Sort: sort, Limit: limit})
				if up != strings.Join(want, " ") {
					t.Errorf("%s of %d: %s, want %s", sort, limit, up, want)
				}
				down := strings.Fields(list(ProductQuery{In: in, Sort: "-" + sort, Limit: limit}))
				if slices.Reverse(down); strings.Join(down, " ") != up {
					t.Errorf("-%s of %d: turned round it is %s", sort, limit, down)
				}
			}
		}
	}
	if got := list(ProductQuery{In: home, Text: "cup", Sort: "-price", Limit: 1}); got != "C E" {
		t.Errorf("found and sorted: %s", got)
	}
	if got := list(ProductQuery{In: home, Sort: "-changed", Limit: 2}); !strings.HasPrefix(got, "d") {
		t.Errorf("the last change: %s", got)
	}
	if err := s.DeleteProduct(ctx, "C", "ann"); err != nil {
		t.Fatal(err)
	}
	for _, in := range []overlay.Scope{home, {All: true}} {
		if got := list(ProductQuery{In: in, Sort: "title", Limit: 2}); strings.Contains(got, "C") || !strings.HasSuffix(got, "E A b d") {
			t.Errorf("after a deletion: %s", got)
		}
	}
	_, next, err := s.FindProducts(ctx, ProductQuery{In: home, Sort: "title", Limit: 1})
	if err != nil || next == "" {
		t.Fatal(next, err)
	}
	for _, q := range []ProductQuery{{Sort: "price", Cursor: next}, {Sort: "title", Cursor: "%"}, {Sort: "name"}, {Sort: "--title"}} {
		q.In, q.Limit = home, 1
		if _, _, err := s.FindProducts(ctx, q); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// The walk through a sorted list reads the index of it, and no more.
func TestSortedListsUseTheirIndexes(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	explain, reads := "EXPLAIN QUERY PLAN ", "INDEX %s (<expr>>?)"
	if s.dialect.Postgres() {
		explain, reads = "EXPLAIN ", "Index Scan Backward using %s on product_rev r"
	}
	for name, index := range map[string]string{"title": "product_rev_title", "price": "product_rev_price", "sku": "product_rev_sku", "changed": "product_rev_at"} {
		key := "(" + s.dialect.ProductKey(name) + ")"
		err := s.note(ctx, func(write *tx) error {
			if s.dialect.Postgres() { // which reads a small table whole, and sorts it
				for _, way := range []string{"seqscan", "bitmapscan"} {
					if _, err := write.ExecContext(ctx, `SET LOCAL enable_`+way+` = off`); err != nil {
						return err
					}
				}
			}
			plan, err := collect(ctx, write, func(row scanner) (text string, err error) {
				if s.dialect.Postgres() {
					return text, row.Scan(&text)
				}
				return text, row.Scan(new(int), new(int), new(int), &text)
			}, explain+`SELECT `+key+` AS key, r.product, r.rev FROM product_rev r WHERE `+key+` > ? ORDER BY 1 DESC LIMIT 200`, "a")
			text := strings.Join(plan, "; ")
			if !strings.Contains(text, fmt.Sprintf(reads, index)) || strings.Contains(text, "Sort") || strings.Contains(text, "B-TREE") {
				t.Errorf("%s: %s, %v", name, text, err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// BenchmarkSortedProducts measures the first page and one in the middle of 130,000
// products on both databases: of all of them, of an organisation, and of a search.
func BenchmarkSortedProducts(b *testing.B) {
	ctx := context.Background()
	for i, s := range openBoth(b) {
		fillCatalogue(b, s, products)
		if err := s.IndexProducts(ctx); err != nil {
			b.Fatal(err)
		}
		home := overlay.Scope{Orgs: []string{overlay.HomeOrg}}
		for name, q := range map[string]ProductQuery{"all": {In: home}, "word": {In: home, Text: "shirt"}, "rare": {In: home, Text: "acme 77"}, "category": {In: home, Category: "Electronics"}} {
			for _, sort := range []string{"title", "-price", "sku", "-changed"} {
				var worst time.Duration
				q.Sort, q.Limit, q.Granted, q.Cursor = sort, 50, true, ""
				for range 5 {
					begun := time.Now()
					_, next, err := s.FindProducts(ctx, q)
					if err != nil {
						b.Fatal(err)
					}
					worst = max(worst, time.Since(begun))
					q.Cursor = next
				}
				b.ReportMetric(worst.Seconds()*1000, []string{"sqlite-", "postgres-"}[i]+name+sort+"-ms")
			}
		}
	}
	b.ReportMetric(0, "ns/op")
}
