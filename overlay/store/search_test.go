package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/search"
)

func skus(list []overlay.Product) string {
	var all []string
	for _, p := range list {
		all = append(all, p.SKU)
	}
	return strings.Join(all, " ")
}

func TestFindProducts(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	for _, p := range []overlay.Product{
		{SKU: "CORN-5KG", Title: "玉米 5kg 东北甜玉米", Category: "Food > Vegetables", Titles: map[string]string{"de": "Zuckermais", "th": "ข้าวโพดหวาน", "ar": "الذرة الحلوة"}},
		{SKU: "KAESE", Title: "Bergkäse aus Österreich", Category: "Food", GTIN: "4006381333931"},
		{SKU: "SHIRT", Title: "เสื้อเชิ้ตผู้ชาย", Variants: []overlay.Variant{{SKU: "SHIRT-R-L", Options: map[string]string{"colour": "red"}, GTIN: "036000291452"}}},
		{SKU: "QAHWA", Title: "القهوة العربية", Category: "Food > Drinks"},
		{SKU: "100%", Title: "Juice 100% _pure_", Category: "Food > Drinks > Juice"},
	} {
		p.Price, p.Currency = 100, "EUR"
		if _, err := s.CreateProduct(ctx, p, Once{}); err != nil {
			t.Fatal(err)
		}
	}
	find := func(text, category string) string {
		t.Helper()
		list, _, err := s.FindProducts(ctx, ProductQuery{In: overlay.Scope{All: true}, Text: text, Category: category, Limit: 10})
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		return skus(list)
	}
	for q, want := range map[string]string{
		"甜玉米": "CORN-5KG", "玉": "CORN-5KG", "zucker": "CORN-5KG", "ข้าวโพด": "CORN-5KG", "ذرة": "CORN-5KG", "corn-5": "CORN-5KG",
		"bergkaese": "KAESE", "österr": "KAESE", "4006381": "KAESE", "เชิ้ต": "SHIRT", "red": "SHIRT", "shirt-r": "SHIRT", "0036000291452": "SHIRT",
		"قهوة عربية": "QAHWA", "100": "100%", "_pure": "100%", "%": "", "nothing": "", "''": "", "juice corn": "",
		"": "CORN-5KG KAESE SHIRT QAHWA 100%", " ": "CORN-5KG KAESE SHIRT QAHWA 100%",
	} {
		if got := find(q, ""); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	for category, want := range map[string]string{"Food": "CORN-5KG KAESE QAHWA 100%", "food > drinks": "QAHWA 100%", "Food > Drinks > Juice": "100%", "Drinks": ""} {
		if got := find("", category); got != want {
			t.Errorf("in %q: %q, want %q", category, got, want)
		}
	}
	if got := find("pure", "Food > Vegetables") + find("juice", "Food > Drinks"); got != "100%" {
		t.Errorf("words and a category: %q", got)
	}
	for _, in := range []overlay.Scope{{Orgs: []string{overlay.HomeOrg, "another"}}, {Orgs: []string{"another"}}, {}} {
		want := slices.Contains(in.Orgs, overlay.HomeOrg)
		for _, text := range []string{"juice", ""} {
			if list, _, err := s.FindProducts(ctx, ProductQuery{In: in, Text: text, Limit: 10}); err != nil || (len(list) > 0) != want {
				t.Errorf("%q in %v: %s, %v", text, in.Orgs, skus(list), err)
			}
		}
	}
	title, category := "Bergkäse mild", ""
	if _, err := s.UpdateProduct(ctx, "KAESE", overlay.ProductChange{Title: &title, Category: &category}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteProduct(ctx, "QAHWA", "test"); err != nil {
		t.Fatal(err)
	}
	if got := find("österreich", "") + find("قهوة", "") + "," + find("mild käse", "") + "," + find("", "Food"); got != ",,CORN-5KG 100%" {
		t.Errorf("after a change and a deletion: %q", got)
	}
	if got := find("mild bergkä", ""); got != "KAESE" {
		t.Errorf("by its new title: %q", got)
	}
}

// TestFindProductsLikeAScan compares searches, page by page, with reading all.
func TestFindProductsLikeAScan(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"red", "redwood", "shirt", "shirts", "shop", "玉米", "甜玉米棒", "เสื้อ", "เสื้อเชิ้ต", "5kg", "50"}
	some := func(most int) string {
		var all []string
		for range 1 + r.IntN(most) {
			all = append(all, words[r.IntN(len(words))])
		}
		return strings.Join(all, " ")
	}
	// The numbers go on behind this one, into the next block.
	err := s.write(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO product_number(product, n, rev) VALUES ('none', ?, 1)`, search.BlockSize-60)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []overlay.Product
	for i := range 120 {
		p := overlay.Product{SKU: fmt.Sprintf("S-%d", i), Title: some(4), Price: 1, Currency: "EUR", Category: []string{"", "A", "A > B"}[r.IntN(3)]}
		p, err := s.CreateProduct(ctx, p, Once{})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	matched := 0
	for range 200 {
		q := ProductQuery{In: overlay.Scope{All: true}, Text: some(3), Limit: 7, Category: []string{"", "", "A"}[r.IntN(3)]}
		if cut := []rune(q.Text); r.IntN(2) == 0 {
			q.Text = string(cut[:1+r.IntN(len(cut))])
		}
		want := scan(all, q)
		var got []overlay.Product
		for {
			page, next, err := s.FindProducts(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page...)
			if q.Cursor = next; next == "" {
				break
			}
		}
		if q.Cursor = ""; skus(got) != skus(want) {
			t.Fatalf("%+v finds %s, want %s", q, skus(got), skus(want))
		}
		matched += len(want)
	}
	if matched < 1000 {
		t.Errorf("%d products found: that compares nothing", matched)
	}
}

func scan(all []overlay.Product, q ProductQuery) (found []overlay.Product) {
	matches := search.Query(q.Text)
	if q.Category != "" {
		matches = append(matches, search.InCategory(q.Category))
	}
	for _, p := range all {
		terms := termsOf(p).List()
		if len(matches) > 0 && !slices.ContainsFunc(matches, func(m search.Match) bool {
			return !slices.ContainsFunc(terms, func(t string) bool { return t == m.Term || m.Prefix && strings.HasPrefix(t, m.Term) })
		}) {
			found = append(found, p)
		}
	}
	return found
}

// TestProductsAreIndexedAtTheStart: those from before there was an index, and those
// that were changed without it. A start that was ended has some of them done.
func TestProductsAreIndexedAtTheStart(t *testing.T) {
	ctx, o := t.Context(), Options{Dir: t.TempDir(), URL: NewURL(t)}
	s, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	const products = indexAtOnce + 50
	err = s.write(ctx, func(t *tx) error {
		for i := range products {
			p := overlay.Product{ID: t.s.newID(), Rev: 1, SKU: fmt.Sprint("TEA-", i), Title: "Tea", Price: 1, Currency: "EUR"}
			if _, err := t.ExecContext(ctx, `INSERT INTO product(id, sku, rev, created_at, updated_at) VALUES (?,?,1,0,0)`, p.ID, p.SKU); err != nil {
				return err
			}
			if _, err := t.addRev(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.write(ctx, func(t *tx) error {
		for _, statement := range []string{
			`DELETE FROM product_term`, `DELETE FROM product_number`,
			`INSERT INTO product_rev(product, rev, body, at) SELECT r.product, 2, replace(replace(r.body, '"Tea"', '"Maté"'), '"rev":1', '"rev":2'), 0 FROM product_rev r JOIN product p ON p.id = r.product WHERE p.sku = 'TEA-1'`,
		} {
			if _, err := t.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		p, err := product(ctx, t, "TEA-1", 0)
		if err != nil {
			return err
		}
		if err := t.index(ctx, p); err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE product SET rev = 2 WHERE sku = 'TEA-1'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	find := func(text string) string {
		list, _, err := s.FindProducts(ctx, ProductQuery{In: overlay.Scope{All: true}, Text: text, Limit: 2 * products})
		if err != nil {
			t.Fatal(err)
		}
		return skus(list)
	}
	if got := find("tea-1") + find("mate"); got != "TEA-1" {
		t.Fatalf("before the start: %s", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(ctx, o); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := find("mate"); got != "TEA-1" {
		t.Errorf("the changed one: %s", got)
	}
	if n := len(strings.Fields(find("tea"))); n != products {
		t.Errorf("%d products of %d", n, products)
	}
	var missing int
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM product p LEFT JOIN product_number f ON f.product = p.id AND f.rev = p.rev WHERE f.n IS NULL`).Scan(&missing)
	if err != nil || missing != 0 {
		t.Errorf("%d products are not indexed, %v", missing, err)
	}
}
