package store_test

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestImportOrders: a file adds what the ledger does not have, once; it takes nothing back,
// and where a row is wrong, or in a dry run, nothing is changed.
func TestImportOrders(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	at := f.clock.Now()
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "hook", Order: "known", At: at, Amount: 500, Currency: "CNY"},
		{Kind: overlay.OrderRefunded, Delivery: "early", Order: "parked", At: at, Refund: "r", Amount: 100, Currency: "CNY"}}))
	filed := func(name string, state overlay.OrderState, amount, back int64) overlay.FiledOrder {
		return overlay.FiledOrder{Row: 2, Name: name, State: state, Currency: "CNY", Amount: amount, Refunded: back, PaidAt: at, Lines: []overlay.OrderLine{{SKU: "CORN", Quantity: 1, Amount: amount}}}
	}
	file := []overlay.FiledOrder{filed("known", overlay.OrderStatePartly, 500, 200), filed("parked", overlay.OrderStatePaid, 300, 0), filed("fresh", overlay.OrderStateCancelled, 700, 0), filed("later", overlay.OrderStatePending, 900, 0)}
	for i := range 150 { // more than one transaction
		file = append(file, filed(fmt.Sprint("n", i), overlay.OrderStatePaid, 100, 0))
	}
	ledger := func() map[string]string {
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 1000)
		must(t, err)
		out := map[string]string{}
		for _, o := range all {
			out[o.Name] = fmt.Sprint(o.State, " ", o.Gross, " ", o.Refunded, " ", o.Net)
		}
		return out
	}
	take := func(dry bool, file ...overlay.FiledOrder) overlay.OrderImport {
		i, err := f.ImportOrders(ctx, shop, file, overlay.OrderImport{DryRun: dry}, "test")
		must(t, err)
		return i
	}
	if i := take(true, file...); i.Applied || i.New != 152 || i.Changed != 2 || len(ledger()) != 2 {
		t.Errorf("a dry run: %+v, %v", i, ledger())
	}
	if i := take(false, append(file[:4:4], filed("known", overlay.OrderStatePaid, 501, 0))...); i.Applied || i.RejectedN != 1 || len(ledger()) != 2 {
		t.Errorf("with a row that is wrong: %+v, %v", i, ledger())
	}
	if i := take(false, file...); !i.Applied || i.New != 152 || i.Changed != 2 {
		t.Errorf("%+v", i)
	}
	first := ledger()
	for name, want := range map[string]string{"known": "partly_refunded 500 200 300", "parked": "partly_refunded 300 100 200", "fresh": "cancelled 700 0 0", "later": "pending 0 0 0", "n149": "paid 100 0 100"} {
		if first[name] != want {
			t.Errorf("%s: %s, want %s", name, first[name], want)
		}
	}
	if i := take(false, file...); !i.Applied || i.Unchanged != 154 || fmt.Sprint(ledger()) != fmt.Sprint(first) {
		t.Errorf("the same again: %+v", i)
	}
	f.clock.Add(time.Hour)
	if take(false, filed("known", overlay.OrderStateRefunded, 500, 500), filed("later", overlay.OrderStatePaid, 900, 0)); ledger()["known"] != "refunded 500 500 0" || ledger()["later"] != "paid 900 0 900" {
		t.Errorf("what came later: %v", ledger())
	}
	if i := take(false, filed("later", overlay.OrderStatePending, 900, 0)); i.RejectedN != 1 {
		t.Errorf("paid, and pending again: %+v", i)
	}
}
