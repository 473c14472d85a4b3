package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
)

// paidArrival is what a shop tells of an order that is paid.
func paidArrival(shop overlay.Shop, name string, amount int64) *arrival {
	return &arrival{answer: make(chan error, 1), facts: []heard{{shop, overlay.OrderFact{
		Kind: overlay.OrderPaid, Delivery: name, Order: name, At: time.Unix(1796000000, 0), Amount: amount, Currency: "CNY",
		Lines: []overlay.OrderLine{{Title: "Corn", Quantity: 1, Amount: amount}}}}}}
}

// TestOneSpoilsNothing: of what shops tell in one transaction, something cannot be kept. Its
// teller alone hears so; all the rest is in the ledger.
func TestOneSpoilsNothing(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	shop, err := s.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", Once{})
	if err != nil {
		t.Fatal(err)
	}
	var batch []*arrival
	for n := range 9 {
		batch = append(batch, paidArrival(shop, fmt.Sprint("good ", n), 100))
	}
	bad := map[int]*arrival{
		3: paidArrival(overlay.Shop{ID: "none", Org: overlay.HomeOrg}, "of no shop", 100),
		6: paidArrival(shop, "less than nothing", -1),
	}
	for at, w := range bad {
		batch[at] = w
	}
	s.commitArrivals(batch)
	for n, w := range batch {
		if err := <-w.answer; (err != nil) != (bad[n] != nil) {
			t.Errorf("arrival %d: %v", n, err)
		}
	}
	all, err := s.FindOrders(ctx, Orders{In: overlay.Everything()}, "", 100)
	if err != nil || len(all) != 7 {
		t.Errorf("%d orders are kept, want 7: %v", len(all), err)
	}
	// Told again in one transaction, twice each: nothing is new.
	again := []*arrival{paidArrival(shop, "good 0", 100), paidArrival(shop, "good 1", 100), paidArrival(shop, "good 0", 100), paidArrival(shop, "new", 100), paidArrival(shop, "new", 100)}
	before := s.Stats().Commits
	s.commitArrivals(again)
	for n, w := range again {
		if err := <-w.answer; err != nil {
			t.Errorf("told again, %d: %v", n, err)
		}
	}
	if n := s.Stats().Commits - before; n != 1 {
		t.Errorf("%d commits for five arrivals at once, want 1", n)
	}
	if all, err := s.FindOrders(ctx, Orders{In: overlay.Everything()}, "", 100); err != nil || len(all) != 8 {
		t.Errorf("%d orders are kept, want 8: %v", len(all), err)
	}
}

// TestTogether: while one batch is being committed, the next gathers, in the order in which
// its callers came, without those who left; and not without bound.
func TestTogether(t *testing.T) {
	var g together[int]
	batches, goOn := make(chan []int), make(chan bool)
	commit := func(batch []int) { batches <- batch; <-goOn }
	for n := range 4 {
		if err := g.join(n, 3, commit); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			if got := <-batches; fmt.Sprint(got) != "[0]" {
				t.Errorf("the first batch is %v", got)
			}
		}
	}
	if err := g.join(4, 3, commit); overlay.CodeOf(err) != overlay.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	if !g.leave(2) || g.leave(2) || g.leave(0) {
		t.Error("one that waits may leave, once; one that is being committed may not")
	}
	goOn <- true
	if got := <-batches; fmt.Sprint(got) != "[1 3]" {
		t.Errorf("the second batch is %v", got)
	}
	goOn <- true
}

// TestArrivalTakenBack: a shop that is gone before its webhook was begun is told nothing, and
// nothing is kept.
func TestArrivalTakenBack(t *testing.T) {
	s := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.TakeFacts(ctx, overlay.Shop{ID: "none"}, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "a", Order: "a"}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
