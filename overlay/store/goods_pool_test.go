package store

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
)

// guest is an organisation beside the first one.
func guest(t *testing.T, s *Store) string {
	t.Helper()
	o, err := s.CreateOrg(t.Context(), overlay.Org{Name: "Host town"}, overlay.System("test"), Once{})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

// TestPoolsInTheIndex: the index finds what is in a pool, whatever came first: the
// product, its number, the pool, or the deletion of either.
func TestPoolsInTheIndex(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	host := guest(t, s)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		_, err := s.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("TEA-", i), Title: "Tea", Price: 1, Currency: "EUR"}, Once{})
		must(err)
	}
	p, err := s.CreatePool(ctx, overlay.HomeOrg, "Autumn", "ann", Once{})
	must(err)
	_, err = s.GrantPool(ctx, p.ID, host, time.Time{}, "ann")
	must(err)
	in := overlay.Scope{Orgs: []string{host}}
	want := func(all string, count int64) {
		t.Helper()
		for _, q := range []ProductQuery{{Text: "tea"}, {}, {Pool: p.ID}} {
			q.In, q.Granted, q.Limit = in, true, 10
			if list, _, err := s.FindProducts(ctx, q); err != nil || skus(list) != all {
				t.Errorf("%+v finds %q, want %q (%v)", q, skus(list), all, err)
			}
			q.Granted = false
			if list, _, err := s.FindProducts(ctx, q); err != nil || len(list) > 0 {
				t.Errorf("without grants %+v finds %q (%v)", q, skus(list), err)
			}
		}
		if now, err := s.SeenPool(ctx, in, p.ID); err != nil || now.Products != count {
			t.Errorf("%+v, %v", now, err)
		}
	}
	want("", 0)
	change := func(c PoolChange) {
		t.Helper()
		c.From = overlay.Everything()
		if _, err := s.ChangePool(ctx, p.ID, c, "ann"); err != nil {
			t.Fatal(err)
		}
	}
	change(PoolChange{Add: []string{"TEA-0", "TEA-1", "TEA-1"}})
	want("TEA-0 TEA-1", 2)
	change(PoolChange{All: true, Add: []string{"TEA-2", "TEA-1"}})
	want("TEA-1 TEA-2", 2)
	must(s.DeleteProduct(ctx, "TEA-2", "ann"))
	// It may get the number of the deleted one.
	_, err = s.CreateProduct(ctx, overlay.Product{SKU: "TEA-3", Title: "Tea", Price: 1, Currency: "EUR"}, Once{})
	must(err)
	want("TEA-1", 1)
	must(s.write(ctx, func(t *tx) error {
		for _, statement := range []string{`DELETE FROM product_term`, `DELETE FROM product_number`, `DELETE FROM category`} {
			if _, err := t.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
	change(PoolChange{Add: []string{"TEA-0"}})
	must(s.IndexProducts(ctx))
	want("TEA-0 TEA-1", 2)
	change(PoolChange{Remove: []string{"TEA-0"}})
	want("TEA-1", 1)
	must(s.DeletePool(ctx, p.ID, "ann"))
	if list, _, err := s.FindProducts(ctx, ProductQuery{In: in, Granted: true, Limit: 10}); err != nil || len(list) > 0 {
		t.Errorf("of a deleted pool: %s, %v", skus(list), err)
	}
	if _, err := s.CreatePool(ctx, overlay.HomeOrg, "Autumn", "ann", Once{}); err != nil {
		t.Errorf("the name is free again: %v", err)
	}
}

// TestGrantsEnd: by a date, by being taken back, and with the products that leave the pool.
// From then on nothing pins what was granted: no request, no step, no cue that waits.
func TestGrantsEnd(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	s, ctx := openTest(t), t.Context()
	s.now = func() time.Time { return now }
	host := guest(t, s)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tea, err := s.CreateProduct(ctx, overlay.Product{SKU: "TEA", Title: "Tea", Price: 1, Currency: "EUR"}, Once{})
	must(err)
	_, err = s.CreateRoom(ctx, NewRoom{Slug: "hosts", Org: host}, Once{})
	must(err)
	pin := func(at overlay.At) error {
		_, err := s.Pin(ctx, "hosts", tea.ID, at, Once{})
		return err
	}
	must(pin(overlay.At{})) // somebody who sees both organisations may always do that
	p, err := s.CreatePool(ctx, overlay.HomeOrg, "Autumn", "ann", Once{})
	must(err)
	_, err = s.ChangePool(ctx, p.ID, PoolChange{Add: []string{"TEA"}, From: overlay.Everything()}, "ann")
	must(err)
	must(pin(overlay.At{}))
	ended := func(why string) {
		t.Helper()
		if err := pin(overlay.At{}); overlay.CodeOf(err) != overlay.Conflict {
			t.Errorf("%s: %v", why, err)
		}
	}
	_, err = s.GrantPool(ctx, p.ID, host, now.Add(time.Hour), "ann")
	must(err)
	must(pin(overlay.At{Form: overlay.AtDelay, Delay: 2 * time.Hour}))
	now = now.Add(2 * time.Hour)
	ended("its time is over")
	shows, _, err := s.Due(ctx, now)
	must(err)
	if len(shows) != 1 {
		t.Fatalf("%d shows have something due", len(shows))
	}
	events, err := s.MakeDue(ctx, shows[0].Show, now)
	must(err)
	if len(events) > 0 {
		t.Errorf("a cue that waited pins it: %+v", events)
	}
	_, err = s.GrantPool(ctx, p.ID, host, time.Time{}, "ann")
	must(err)
	must(pin(overlay.At{}))
	must(s.RevokePool(ctx, p.ID, host, "ann"))
	ended("it is taken back")
	_, err = s.GrantPool(ctx, p.ID, host, time.Time{}, "ann")
	must(err)
	_, err = s.ChangePool(ctx, p.ID, PoolChange{All: true}, "ann")
	must(err)
	ended("it left the pool")
	other, err := s.CreatePool(ctx, overlay.HomeOrg, "Winter", "ann", Once{})
	must(err)
	_, err = s.ChangePool(ctx, other.ID, PoolChange{Add: []string{"TEA"}, From: overlay.Everything()}, "ann")
	must(err)
	ended("another pool that is not granted")
	_, err = s.GrantPool(ctx, other.ID, host, time.Time{}, "ann")
	must(err)
	must(pin(overlay.At{}))
	must(s.DeletePool(ctx, other.ID, "ann"))
	ended("the pool is deleted")
}

// A category is deleted only while no product is in it, also where one comes at the same
// moment.
func TestDeleteCategoryWhileProductsCome(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	for n := range 20 {
		path := fmt.Sprint("Shelf ", n)
		c, err := s.CreateCategory(ctx, overlay.HomeOrg, path, "ann", Once{})
		if err != nil {
			t.Fatal(err)
		}
		made := make(chan error)
		go func() {
			_, err := s.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("TEA-", n), Title: "Tea", Price: 1, Currency: "EUR", Category: path}, Once{})
			made <- err
		}()
		deleted := s.DeleteCategory(ctx, c.ID, "ann")
		if err := <-made; err != nil {
			t.Fatal(err)
		}
		if deleted != nil && overlay.CodeOf(deleted) != overlay.Conflict {
			t.Fatal(deleted)
		}
		all, _, err := s.Categories(ctx, overlay.Everything(), "", 100)
		if err != nil || len(all) != n+1 {
			t.Fatalf("%d categories for %d products: %v", len(all), n+1, err)
		}
	}
}

// TestWhenGrantsEnd: a list tells the last end of the grants to those who ask; none, where
// one of them has no end, where it is one's own, and where no grant holds.
func TestWhenGrantsEnd(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	soon, later := time.Now().Add(time.Hour).UTC().Truncate(time.Second), time.Now().Add(2*time.Hour).UTC().Truncate(time.Second)
	one, two, three := guest(t, s), guest(t, s), guest(t, s)
	p, err := s.CreatePool(ctx, overlay.HomeOrg, "Autumn", "ann", Once{})
	if err != nil {
		t.Fatal(err)
	}
	for org, until := range map[string]time.Time{one: soon, two: later, three: {}} {
		if _, err := s.GrantPool(ctx, p.ID, org, until, "ann"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		orgs []string
		want time.Time
	}{{[]string{one}, soon}, {[]string{one, two}, later}, {[]string{one, three}, time.Time{}}, {[]string{one, overlay.HomeOrg}, time.Time{}}} {
		all, err := s.Pools(ctx, overlay.Scope{Orgs: c.orgs}, "", 10)
		if err != nil || len(all) != 1 || !all[0].Until.Equal(c.want) {
			t.Errorf("%v: %+v, want %v (%v)", c.orgs, all, c.want, err)
		}
	}
}
