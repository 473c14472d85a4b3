package store_test

import (
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

const corn, tea = "aaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb"

// upload keeps a picture.
func (f *fixture) upload(id, key string) overlay.Image {
	f.t.Helper()
	must(f.t, f.AddImage(f.t.Context(), overlay.Image{ID: id, Org: "home", Width: 40, Height: 30, Bytes: 1000}, "ann"))
	i, err := f.KeepImage(f.t.Context(), id, store.Once{Key: key})
	must(f.t, err)
	return i
}

// unused gives the pictures that are to be deleted when none is used since d.
func (f *fixture) unused(d time.Duration) []string {
	f.t.Helper()
	last, err := f.JudgeImages(f.t.Context(), "")
	must(f.t, err)
	if last != "" {
		f.t.Fatalf("there are more pictures behind %s", last)
	}
	ids, err := f.UnusedImages(f.t.Context(), d, "")
	must(f.t, err)
	return ids
}

// anImage is a picture of a product.
func anImage(t *testing.T, s *store.Store) {
	t.Helper()
	f := &fixture{Store: s, t: t}
	path := f.upload(corn, "").Path
	all, err := s.ListProducts(t.Context(), overlay.Everything(), "", 1)
	must(t, err)
	_, err = s.UpdateProduct(t.Context(), all[0].ID, overlay.ProductChange{Image: &path})
	must(t, err)
}

func TestImagesAreKeptWhileTheyAreUsed(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	i := f.upload(corn, "")
	if i.Path != "/i/"+corn+".jpg" || i.Width != 40 {
		t.Fatalf("%+v", i)
	}
	p, err := f.CreateProduct(ctx, overlay.Product{SKU: "CORN", Title: "Corn", Price: 100, Currency: "CNY", Image: i.Path}, store.Once{})
	must(t, err)
	f.upload(tea, "")
	if ids := f.unused(-time.Second); len(ids) != 1 || ids[0] != tea {
		t.Fatalf("unused are %v", ids)
	}
	// What is to be deleted can be used no more, and what never was there neither.
	for _, path := range []string{overlay.ImagePath(tea), overlay.ImagePath("cccccccccccccccccccccccccc")} {
		if _, err := f.UpdateProduct(ctx, p.ID, overlay.ProductChange{Image: &path}); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%s: %v", path, err)
		}
	}
	must(t, f.ForgetImage(ctx, tea))
	if ids := f.unused(-time.Second); len(ids) != 0 {
		t.Fatalf("unused are %v", ids)
	}
	// Without its product it is unused, and a product that takes it again keeps it.
	none, again := "", i.Path
	_, err = f.UpdateProduct(ctx, p.ID, overlay.ProductChange{Image: &none})
	must(t, err)
	if ids := f.unused(time.Hour); len(ids) != 0 {
		t.Fatalf("%v are deleted at once", ids)
	}
	_, err = f.UpdateProduct(ctx, p.ID, overlay.ProductChange{Images: &[]string{again}})
	must(t, err)
	if ids := f.unused(-time.Second); len(ids) != 0 {
		t.Fatalf("%v are deleted although a product uses them", ids)
	}
	must(t, f.DeleteProduct(ctx, p.ID, "ann"))
	if ids := f.unused(-time.Second); len(ids) != 1 || ids[0] != corn {
		t.Fatalf("unused are %v", ids)
	}
}

func TestImageOfAShow(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	i := f.upload(corn, "")
	p, err := f.CreateProduct(ctx, overlay.Product{SKU: "CORN", Title: "Corn", Price: 100, Currency: "CNY", Image: i.Path}, store.Once{})
	must(t, err)
	f.begin()
	_, err = f.Pin(ctx, "corn", p.ID, overlay.At{}, store.Once{})
	must(t, err)
	_, err = f.Unpin(ctx, "corn", p.ID, overlay.At{})
	must(t, err)
	// A feed takes the picture away; the show on air still tells of it.
	none, row := "", item(2, "CORN", "Corn", 100, "CNY")
	row.Change.Image = &none
	if got := counts(f.apply(f.read(row))); !strings.Contains(got, "changed 1") {
		t.Fatal(got)
	}
	if ids := f.unused(-time.Second); len(ids) != 0 {
		t.Fatalf("%v are deleted although a show uses them", ids)
	}
}

func TestPictureOfAPlan(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	first, second, gone := f.upload(corn, "").Path, f.upload(tea, "").Path, overlay.ImagePath("cccccccccccccccccccccccccc")
	_, err := f.PlanShow(ctx, "corn", overlay.Plan{Picture: &gone}, "ann", store.Once{})
	wantCode(t, err, overlay.Invalid)
	show, err := f.PlanShow(ctx, "corn", overlay.Plan{Picture: &first}, "ann", store.Once{})
	must(t, err)
	if ids := f.unused(time.Hour); len(ids) != 0 {
		t.Fatalf("%v are deleted at once", ids)
	}
	_, err = f.ChangeShow(ctx, show.ID, store.ShowChange{Plan: overlay.Plan{Picture: &gone}}, "ann")
	wantCode(t, err, overlay.Invalid)
	_, err = f.ChangeShow(ctx, show.ID, store.ShowChange{Plan: overlay.Plan{Picture: &second}}, "ann")
	must(t, err)
	if ids := f.unused(-time.Second); len(ids) != 1 || ids[0] != corn {
		t.Fatalf("unused are %v: the show has another picture now", ids)
	}
}

func TestImageOnce(t *testing.T) {
	f := newFixture(t)
	one, two := f.upload(corn, "key"), f.upload(tea, "key")
	if one != two {
		t.Errorf("a repeated upload gives %+v, not %+v", two, one)
	}
	if ids := f.unused(-time.Second); len(ids) != 2 {
		t.Errorf("unused are %v", ids)
	}
}
