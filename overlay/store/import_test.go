package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// item is a row of a file with a price.
func item(row int64, sku, title string, price int64, currency string) store.ImportItem {
	return store.ImportItem{Row: row, SKU: sku, Change: overlay.ProductChange{SKU: &sku, Title: &title, Price: &price, Currency: &currency}}
}

// read brings items to the state ready.
func (f *fixture) read(items ...store.ImportItem) overlay.Import {
	f.t.Helper()
	ctx := f.t.Context()
	i, _, err := f.CreateImport(ctx, overlay.Import{Org: "home", Source: "shop.csv"}, store.ImportFile{}, "ann", store.Once{})
	must(f.t, err)
	must(f.t, f.BeginImport(ctx, i.ID))
	var rejected []string
	for n := range items {
		must(f.t, f.AddImportRows(ctx, i, items[n:n+1], int64(n+1), int64(len(items))))
		if items[n].Reason != "" {
			rejected = append(rejected, items[n].SKU)
		}
	}
	i, err = f.EndImportReading(ctx, i.ID, rejected)
	must(f.t, err)
	return i
}

func (f *fixture) apply(i overlay.Import, confirm ...string) overlay.Import {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.ConfirmImport(ctx, i.ID, confirm, "ann")
	must(f.t, err)
	must(f.t, f.ApplyImport(ctx, i.ID))
	must(f.t, f.ApplyImport(ctx, i.ID)) // a second call changes nothing
	i, err = f.Import(ctx, i.ID)
	must(f.t, err)
	// What was imported is found, by its SKU as by the words of its title.
	all, err := f.ListProducts(ctx, overlay.Scope{All: true}, "", 100)
	must(f.t, err)
	for _, p := range all {
		found, _, err := f.FindProducts(ctx, store.ProductQuery{In: overlay.Scope{All: true}, Text: p.SKU + " " + p.Title, Limit: 100})
		if err != nil || !slices.ContainsFunc(found, func(q overlay.Product) bool { return q.ID == p.ID }) {
			f.t.Errorf("%s %q is not found: %v", p.SKU, p.Title, err)
		}
	}
	return i
}

func counts(i overlay.Import) string {
	return fmt.Sprintf("%s new %d changed %d unchanged %d missing %d rejected %d", i.State, i.New, i.Changed, i.Unchanged, i.Missing, i.RejectedN)
}

// anImport is one that is read to its middle.
func anImport(t *testing.T, s *store.Store) {
	t.Helper()
	i, _, err := s.CreateImport(t.Context(), overlay.Import{Org: "home", Source: "shop.csv"}, store.ImportFile{Name: "file", Address: "https://shop.example/feed"}, "ann", store.Once{})
	must(t, err)
	must(t, s.AddImportRows(t.Context(), i, []store.ImportItem{item(2, "NEW", "Tea", 500, "CNY"), {Row: 3, Reason: "price: is missing"}}, 1, 2))
}

func TestImport(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	i := f.read(item(2, "SKU-0", "Corn 0", 1000, "CNY"), item(3, "SKU-1", "Sweet corn", 1001, "CNY"), item(4, "TEA", "Tea", 500, "CNY"),
		item(5, "CUP", "", 500, "CNY"), store.ImportItem{Row: 6, Reason: "price: is missing"})
	if got := counts(i); got != "ready new 1 changed 1 unchanged 1 missing 3 rejected 2" {
		t.Error(got)
	}
	if len(i.Rejected) != 2 || i.Rejected[0] != (overlay.ImportRejected{Row: 5, SKU: "CUP", Reason: "title: is missing"}) || len(i.Warnings) != 0 || i.NoLink != 3 {
		t.Errorf("%+v", i)
	}
	want := []overlay.ImportRow{
		{Row: 3, SKU: "SKU-1", Title: "Sweet corn", Price: 1001, Currency: "CNY", Digits: 2, NoLink: true, Changes: []overlay.ImportChange{{Field: "title", Was: "Corn 1", Is: "Sweet corn"}}},
		{Row: 4, SKU: "TEA", Title: "Tea", Price: 500, Currency: "CNY", Digits: 2, NoLink: true, New: true},
	}
	if diff := cmp.Diff(want, i.Rows); diff != "" {
		t.Errorf("what it would do (-want +got):\n%s", diff)
	}
	_, err := f.GetProduct(ctx, "TEA", 0)
	wantCode(t, err, overlay.NotFound)
	if got := counts(f.apply(i)); got != "applied new 1 changed 1 unchanged 1 missing 3 rejected 2" {
		t.Error(got)
	}
	tea, err := f.GetProduct(ctx, "TEA", 0)
	must(t, err)
	corn, err := f.GetProduct(ctx, "SKU-1", 0)
	must(t, err)
	if tea.Rev != 1 || tea.Price != 500 || tea.Stock != overlay.StockIn || corn.Rev != 2 || corn.Title != "Sweet corn" || corn.ListPrice != 2000 {
		t.Errorf("%+v, %+v", tea, corn)
	}
	title := "Best corn"
	if corn, err = f.UpdateProduct(ctx, corn.ID, overlay.ProductChange{Rev: 2, Title: &title}); err != nil || corn.Rev != 3 {
		t.Errorf("changed after the import: %+v, %v", corn, err)
	}
	if again := f.read(item(2, "TEA", "Tea", 500, "CNY")); counts(again) != "ready new 0 changed 0 unchanged 1 missing 5 rejected 0" {
		t.Error(counts(again))
	}
	_, err = f.Import(ctx, "none")
	wantCode(t, err, overlay.NotFound)
}

func TestImportAsksForAYes(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	i := f.read(item(2, "SKU-0", "Corn 0", 499, "CNY"), item(3, "SKU-1", "Corn 1", 501, "CNY"), item(4, "SKU-2", "Corn 2", 1002, "JPY"))
	if len(i.Warnings) != 2 || i.Warnings[0].Code != overlay.WarnCurrency || i.Warnings[1].Code != overlay.WarnPriceDrop ||
		i.Warnings[1].Products != 1 || i.Warnings[1].Examples[0] != (overlay.ImportExample{Row: 2, SKU: "SKU-0", Was: "10.00 CNY", Is: "4.99 CNY"}) ||
		i.Warnings[0].Examples[0].Is != "1002 JPY" {
		t.Fatalf("%+v", i.Warnings)
	}
	for _, confirm := range [][]string{nil, {"currency"}, {"price_drop"}} {
		_, err := f.ConfirmImport(ctx, i.ID, confirm, "ann")
		wantCode(t, err, overlay.Conflict)
	}
	if got := counts(f.apply(i, "price_drop", "currency")); got != "applied new 0 changed 3 unchanged 0 missing 2 rejected 0" {
		t.Error(got)
	}
}

// What others did while an import waited stays, and what is on air does not change.
func TestImportLeavesWhatOthersDid(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.begin()
	f.pin(3)
	i := f.read(item(2, "SKU-0", "From the file", 1000, "CNY"), item(3, "SKU-1", "From the file", 1001, "CNY"), item(4, "SKU-3", "From the file", 1003, "CNY"),
		item(5, "TEA", "Tea", 500, "CNY"), item(6, "SKU-4", "From the file", 1004, "CNY"))
	title := "By hand"
	_, err := f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Title: &title})
	must(t, err)
	must(t, f.DeleteProduct(ctx, "SKU-1", "ann"))
	tea, err := f.CreateProduct(ctx, overlay.Product{SKU: "TEA", Title: "By hand", Currency: "CNY"}, store.Once{})
	must(t, err)
	i = f.apply(i)
	if got := counts(i); got != "applied new 0 changed 1 unchanged 0 missing 1 rejected 4" || i.NoLink != 1 {
		t.Error(got)
	}
	for n, want := range []string{"was changed or deleted", "was changed or deleted", "on air", "somebody made a product"} {
		if len(i.Rejected) != 4 || i.Rejected[n].Row != int64(n+2) || !strings.Contains(i.Rejected[n].Reason, want) {
			t.Fatalf("%+v", i.Rejected)
		}
	}
	for sku, want := range map[string]string{"SKU-0": "By hand", "SKU-3": "Corn 3", "TEA": "By hand", "SKU-4": "From the file"} {
		if p, err := f.GetProduct(ctx, sku, 0); err != nil || p.Title != want {
			t.Errorf("%s: %+v, %v", sku, p, err)
		}
	}
	_, err = f.GetProduct(ctx, "SKU-1", 0)
	wantCode(t, err, overlay.NotFound)
	if _, err = f.GetProduct(ctx, tea.ID, 2); err == nil {
		t.Error("a revision that was only prepared is kept")
	}
}

// What is on air is left out before anybody says yes; so is what goes on air after that. A
// product of a rejected row is in the file.
func TestImportTellsFirstWhatIsOnAir(t *testing.T) {
	f := newFixture(t)
	f.begin()
	f.pin(3)
	link := "https://shop.example/0"
	zero := item(7, "SKU-0", "From the file", 1000, "CNY")
	zero.Change.Link, zero.Title = &link, "From the file"
	three := item(8, "SKU-3", "From the file", 2, "CNY")
	three.Title = "From the file"
	i := f.read(zero, three, store.ImportItem{Row: 2, SKU: "SKU-1", Title: "Corn", Reason: "price: is missing"})
	if got := counts(i); got != "ready new 0 changed 1 unchanged 0 missing 2 rejected 2" || i.NoLink != 0 || len(i.Warnings) != 0 {
		t.Errorf("%s, %d without a link, %+v", got, i.NoLink, i.Warnings)
	}
	want := []overlay.ImportRejected{{Row: 2, SKU: "SKU-1", Title: "Corn", Reason: "price: is missing"},
		{Row: 8, SKU: "SKU-3", Title: "From the file", Reason: "is in a show that is on air; import the file again after the show, or change the product itself"}}
	if diff := cmp.Diff(want, i.Rejected); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]overlay.ImportChange{{Field: "title", Was: "Corn 0", Is: "From the file"}, {Field: "link", Is: link}}, i.Rows[0].Changes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f.pin(0)
	i = f.apply(i)
	if got := counts(i); got != "applied new 0 changed 0 unchanged 0 missing 2 rejected 3" || i.Rejected[1].Row != 7 || i.Rejected[1].SKU != "SKU-0" || i.Rejected[1].Title != "From the file" {
		t.Errorf("%s, %+v", got, i.Rejected)
	}
}

// Somebody changes a product between the two halves of applying: both revisions are kept
// apart.
func TestImportIsPreparedWhileHostsWrite(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	i := f.read(item(2, "SKU-0", "From the file", 1000, "CNY"))
	_, err := f.ConfirmImport(ctx, i.ID, nil, "ann")
	must(t, err)
	other := f.read(item(2, "SKU-1", "Other", 1001, "CNY"))
	_, err = f.ConfirmImport(ctx, other.ID, nil, "ann")
	wantCode(t, err, overlay.Conflict)
	must(t, store.PrepareImport(f.Store, i))
	title := "By hand"
	p, err := f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Title: &title})
	must(t, err)
	if p.Title != title || p.Rev != 3 {
		t.Errorf("%+v", p)
	}
	must(t, f.ApplyImport(ctx, i.ID))
	if p, err = f.GetProduct(ctx, "SKU-0", 0); err != nil || p.Title != title {
		t.Errorf("%+v, %v", p, err)
	}
	open, err := f.OpenImports(ctx)
	if err != nil || len(open) != 0 {
		t.Errorf("%v, %v", open, err)
	}
}

func TestImportsAreBounded(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	begin := func(org string) (overlay.Import, error) {
		i, _, err := f.CreateImport(ctx, overlay.Import{Org: org, Source: "a\x00b"}, store.ImportFile{Name: "file"}, "ann", store.Once{})
		return i, err
	}
	var first overlay.Import
	for n := range 6 {
		org := overlay.HomeOrg
		if n > 0 {
			made, err := f.CreateOrg(ctx, overlay.Org{Name: fmt.Sprint("Org ", n)}, overlay.System("test"), store.Once{})
			must(t, err)
			org = made.ID
		}
		for m := range 6 {
			i, err := begin(org)
			if m == 5 || n > 3 {
				wantCode(t, err, overlay.TooMany)
				continue
			}
			must(t, err)
			if n+m == 0 {
				first = i
			}
		}
	}
	must(t, f.FailImport(ctx, first.ID, "the file is empty"))
	i, err := f.Import(ctx, first.ID)
	if err != nil || i.State != overlay.ImportFailed || i.Problem != "the file is empty" {
		t.Errorf("%+v, %v", i, err)
	}
	_, err = f.ConfirmImport(ctx, i.ID, nil, "ann")
	wantCode(t, err, overlay.Conflict)
	_, err = begin(overlay.HomeOrg)
	must(t, err)
	_, _, err = f.CreateImport(ctx, overlay.Import{Org: "home", Currency: "Yuan"}, store.ImportFile{}, "ann", store.Once{})
	wantCode(t, err, overlay.Invalid)
	open, err := f.OpenImports(ctx)
	if err != nil || len(open) != 20 || open[0].File.Name == "" {
		t.Errorf("%d, %v", len(open), err)
	}
}

// Imports that wait for a person are listed, dropped, and the oldest make room.
func TestImportsThatAreReady(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	var all []overlay.Import
	for n := range 12 {
		all = append(all, f.read(item(2, "TEA", "Tea", int64(500+n), "CNY")))
	}
	states := func() (ready []int) {
		t.Helper()
		list, err := f.Imports(ctx, overlay.Everything(), "", 100)
		must(t, err)
		if len(list) != 12 || list[0].ID != all[11].ID || list[0].New != 1 || list[0].Source != "shop.csv" {
			t.Fatalf("%+v", list)
		}
		for n, h := range list {
			if h.State == overlay.ImportReady {
				ready = append(ready, 11-n)
			} else if h.Problem == "" {
				t.Errorf("%+v", h)
			}
		}
		return ready
	}
	if got := states(); len(got) != 10 || slices.Contains(got, 0) || slices.Contains(got, 1) {
		t.Errorf("ready: %v", got)
	}
	must(t, f.DropImport(ctx, all[5].ID, "ann"))
	must(t, f.DropImport(ctx, all[5].ID, "ann"))
	if got := states(); len(got) != 9 || slices.Contains(got, 5) {
		t.Errorf("ready: %v", got)
	}
	_, err := f.ConfirmImport(ctx, all[5].ID, nil, "ann")
	wantCode(t, err, overlay.Conflict)
	f.apply(all[11])
	wantCode(t, f.DropImport(ctx, all[11].ID, "ann"), overlay.Conflict)
	page, err := f.Imports(ctx, overlay.Everything(), all[3].ID, 2)
	if err != nil || len(page) != 2 || page[0].ID != all[2].ID {
		t.Errorf("%+v, %v", page, err)
	}
	if other, err := f.Imports(ctx, overlay.Scope{Orgs: []string{"another"}}, "", 10); err != nil || len(other) > 0 {
		t.Errorf("%+v, %v", other, err)
	}
}

// What a file tells nothing of stays with the variants, too.
func TestImportLeavesVariants(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	price, low := int64(100), overlay.StockLow
	_, err := f.CreateProduct(ctx, overlay.Product{SKU: "SHIRT", Title: "Shirt", Price: 100, Currency: "CNY", Stock: low,
		Variants: []overlay.Variant{{SKU: "S", Options: map[string]string{"size": "S"}, Stock: overlay.StockOut, Link: "https://shop.example/s"}}}, store.Once{})
	must(t, err)
	change := item(2, "SHIRT", "Shirt", 100, "CNY")
	change.Change.Variants = &[]overlay.Variant{{SKU: "S", Options: map[string]string{"size": "S"}, Price: &price}, {SKU: "M", Options: map[string]string{"size": "M"}}}
	f.apply(f.read(change))
	p, err := f.GetProduct(ctx, "SHIRT", 0)
	must(t, err)
	if v := p.Variants; p.Stock != low || len(v) != 2 || v[0].Stock != overlay.StockOut || v[0].Link != "https://shop.example/s" || v[1].Stock != "" {
		t.Errorf("%+v", p)
	}
}
