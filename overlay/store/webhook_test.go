package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

func (f *fixture) webhook(org string, types ...string) string {
	f.t.Helper()
	if len(types) == 0 {
		types = overlay.WebhookTypes()
	}
	made, err := f.CreateWebhook(f.t.Context(), overlay.Webhook{Org: org, URL: "https://erp.example/hook", Types: types}, false, "test", store.Once{})
	must(f.t, err)
	return made.ID
}

// due gives what a webhook is told, the first first: the types, and the bodies.
func (f *fixture) due(id string) (types, bodies []string) {
	f.t.Helper()
	w, err := f.WebhookWork(f.t.Context(), id, 1000)
	must(f.t, err)
	for _, d := range w.Due {
		types, bodies = append(types, d.Type), append(bodies, d.Body)
	}
	return types, bodies
}

// TestWebhooksAreTold: what happens to orders and in shows is queued with it, for webhooks
// of its organisation and of those above it alone, once for each change, and without a
// word of the buyer.
func TestWebhooksAreTold(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	below, err := f.CreateOrg(ctx, overlay.Org{Name: "Below", Kind: overlay.MerchantOrg, Parent: overlay.HomeOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	next, err := f.CreateOrg(ctx, overlay.Org{Name: "Beside", Kind: overlay.MerchantOrg, Parent: overlay.HomeOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: below.ID, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	above, own, other, paid := f.webhook(overlay.HomeOrg), f.webhook(below.ID), f.webhook(next.ID), f.webhook(below.ID, "order.paid")

	at := f.clock.Now()
	fact := func(order string, kind overlay.OrderFactKind, delivery string, amount int64) {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: kind, Delivery: delivery, Order: order, At: at, Amount: amount, Currency: "CNY", Refund: delivery[:1], Buyer: "li@buyer.example",
			Lines: []overlay.OrderLine{{SKU: "CORN", Title: "Corn", Quantity: 1, Amount: amount}}}}))
	}
	fact("1", overlay.OrderPending, "a", 500)
	fact("1", overlay.OrderPaid, "b", 500)
	fact("1", overlay.OrderPaid, "b", 500) // told twice
	fact("1", overlay.OrderRefunded, "c", 200)
	fact("1", overlay.OrderRefunded, "d", 300)
	fact("1", overlay.OrderUnrefunded, "d, back", 0)
	fact("1", overlay.OrderCancelled, "e", 0)
	fact("2", overlay.OrderRefunded, "f", 100) // its order is to come
	fact("2", overlay.OrderPaid, "g", 400)
	fact("3", overlay.OrderFailed, "h", 0)
	want := []string{"order.pending", "order.paid", "order.refunded", "order.refunded", "order.refunded", "order.cancelled", "order.paid", "order.refunded", "order.failed"}
	for who, id := range map[string]string{"its own": own, "that of the organisation above": above} {
		if got, _ := f.due(id); !slices.Equal(got, want) {
			t.Errorf("%s is told %v, want %v", who, got, want)
		}
	}
	if got, _ := f.due(other); got != nil {
		t.Errorf("a webhook of another organisation is told %v", got)
	}
	got, bodies := f.due(paid)
	if !slices.Equal(got, []string{"order.paid", "order.paid"}) {
		t.Errorf("a webhook for payments alone is told %v", got)
	}
	var body struct {
		Type      string
		Timestamp time.Time
		Data      struct {
			ID, Name, Org, State, Currency string
			Gross, Net                     int64
			Lines                          []overlay.SoldLine
		}
	}
	must(t, json.Unmarshal([]byte(bodies[0]), &body))
	if d := body.Data; body.Type != "order.paid" || body.Timestamp.IsZero() || d.Name != "1" || d.Org != below.ID || d.State != "paid" || d.Gross != 500 || len(d.Lines) != 1 || d.Lines[0].SKU != "CORN" {
		t.Errorf("%s", bodies[0])
	}
	_, all := f.due(own)
	if text := strings.Join(all, ""); strings.Contains(text, "buyer") || strings.Contains(text, "li@") {
		t.Errorf("the buyer is told of: %s", text)
	}

	orders, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 10)
	must(t, err)
	b := f.begin()
	_, err = f.MatchOrder(ctx, orders[len(orders)-1].ID, b.Show, "test")
	must(t, err)
	f.pin(0)
	f.clock.Add(time.Second)
	if got, _ := f.due(own); !slices.Equal(got, append(slices.Clone(want), "order.matched")) {
		t.Errorf("its own is told %v of a match", got)
	}
	got, bodies = f.due(above)
	if !slices.Equal(got[len(want):], []string{"show.start", "order.matched", "product.pin"}) {
		t.Errorf("that above is told %v of a show", got[len(want):])
	}
	if text := bodies[len(bodies)-1]; !strings.Contains(text, `"show":"`+b.Show+`"`) || !strings.Contains(text, `"product":{"id":"`+f.products[0].ID) || !strings.Contains(text, `"room":"corn"`) {
		t.Errorf("the pin is told as %s", text)
	}
}

// TestWebhooksAndRehearsals: nobody is told of what only hosts see.
func TestWebhooksAndRehearsals(t *testing.T) {
	f := newFixture(t)
	id := f.webhook(overlay.HomeOrg)
	rehearsal := true
	show, err := f.PlanShow(t.Context(), "corn", overlay.Plan{Rehearsal: &rehearsal}, "test", store.Once{})
	must(t, err)
	if b := f.begin(); b.Show != show.ID {
		t.Fatalf("%s begins, not the rehearsal", b.Show)
	}
	f.pin(0)
	if got, _ := f.due(id); got != nil {
		t.Errorf("a rehearsal is told of: %v", got)
	}
}

// TestDeliveries: what fails is tried again for a day and then given up; a webhook that
// takes nothing for days is switched off, and told nothing more until somebody switches it
// on; a replay goes out as the same message.
func TestDeliveries(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	id := f.webhook(overlay.HomeOrg, "order.paid")
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	n := 0
	pay := func() {
		n++
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: fmt.Sprint(n), Order: fmt.Sprint(n), At: f.clock.Now(), Amount: 1, Currency: "CNY"}}))
	}
	// fail lets what is due fail once.
	fail := func() (off map[string]overlay.OffBecause) {
		t.Helper()
		w, err := f.WebhookWork(ctx, id, 10)
		must(t, err)
		for _, d := range w.Due {
			next, again := overlay.WebhookNext(d.Queued, f.clock.Now(), d.Tries+1, 0, 0)
			r := overlay.WebhookResult{Webhook: id, Delivery: d.ID, Queued: d.Queued, State: overlay.DeliveryFailed, Next: next, Attempt: overlay.Attempt{At: f.clock.Now(), Status: 500, Problem: "the server there answers 500"}}
			if again {
				r.State = overlay.DeliveryWaiting
			}
			off, err = f.NoteWebhooks(ctx, []overlay.WebhookResult{r})
			must(t, err)
		}
		return off
	}
	pay()
	begun := f.clock.Now()
	tries := 0
	for {
		due, err := f.WebhooksDue(ctx)
		must(t, err)
		at, waits := due[id]
		if !waits {
			break
		}
		f.clock.Add(max(0, at.Sub(f.clock.Now())))
		fail()
		tries++
	}
	if took := f.clock.Now().Sub(begun); tries != 10 || took < 23*time.Hour || took > 24*time.Hour {
		t.Errorf("given up after %d tries and %v", tries, took)
	}
	all, err := f.FindDeliveries(ctx, store.Deliveries{Webhook: id, State: overlay.DeliveryFailed}, "", 10)
	must(t, err)
	if len(all) != 1 || all[0].Tries != 10 || all[0].Next != nil || all[0].Last == nil || all[0].Last.Status != 500 {
		t.Fatalf("%+v", all)
	}
	message := all[0].Message
	again, err := f.ReplayDelivery(ctx, id, all[0].ID, store.Once{})
	must(t, err)
	w, err := f.WebhookWork(ctx, id, 10)
	must(t, err)
	if again.State != overlay.DeliveryWaiting || len(w.Due) != 1 || w.Due[0].Message != message || w.Due[0].Tries != 0 || len(w.Due[0].Attempts) != 10 {
		t.Errorf("replayed: %+v, %+v", again, w.Due)
	}
	f.clock.Add(overlay.WebhookPatience)
	if off := fail(); off[id] != overlay.OffFailing {
		t.Errorf("it fails for days, and is off: %v", off)
	}
	pay()
	at, err := f.Webhook(ctx, id)
	must(t, err)
	if due, err := f.WebhooksDue(ctx); err != nil || len(due) > 0 || at.On || at.Off != overlay.OffFailing || at.FailingSince == nil || at.Problem == "" {
		t.Errorf("%v, %v, %+v", due, err, at)
	}
	if _, err := f.TestWebhook(ctx, id, "test", store.Once{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a test of one that is off: %v", err)
	}
	on := true
	at, err = f.ChangeWebhook(ctx, id, overlay.WebhookChange{On: &on}, false, "test")
	must(t, err)
	pay()
	if got, _ := f.due(id); !at.On || at.FailingSince != nil || len(got) != 1 {
		t.Errorf("on again: %+v, told %v", at, got)
	}
	w, err = f.WebhookWork(ctx, id, 10)
	must(t, err)
	_, err = f.NoteWebhooks(ctx, []overlay.WebhookResult{{Webhook: id, Delivery: w.Due[0].ID, Queued: w.Due[0].Queued, State: overlay.DeliveryTaken, Attempt: overlay.Attempt{At: f.clock.Now(), Status: 204}}})
	must(t, err)
	f.clock.Add(time.Second)
	if n, err := f.ReplayWebhook(ctx, id, store.Replay{Since: begun, Failed: true}, "test", store.Once{}); n != 1 || err != nil {
		t.Errorf("what was given up alone: %d, %v", n, err)
	}
	if n, err := f.ReplayWebhook(ctx, id, store.Replay{Since: f.clock.Now()}, "test", store.Once{}); n != 0 || err != nil {
		t.Errorf("since now: %d, %v", n, err)
	}
	if n, err := f.ReplayWebhook(ctx, id, store.Replay{Since: begun}, "test", store.Once{}); n != 1 || err != nil {
		t.Errorf("what was taken: %d, %v", n, err)
	}
	if got, _ := f.due(id); len(got) != 2 {
		t.Errorf("%v are told again", got)
	}
}

// TestSweepWebhooks: what ended long ago goes, and so does what was told to webhooks that
// are gone; what waits for one that is on stays.
func TestSweepWebhooks(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	gone, off, on := f.webhook(overlay.HomeOrg), f.webhook(overlay.HomeOrg), f.webhook(overlay.HomeOrg)
	f.begin()
	f.pin(0)
	f.pin(1)
	for _, id := range []string{gone, off, on} {
		if got, _ := f.due(id); len(got) != 3 {
			t.Fatalf("%v", got)
		}
	}
	w, err := f.WebhookWork(ctx, on, 1)
	must(t, err)
	_, err = f.NoteWebhooks(ctx, []overlay.WebhookResult{{Webhook: on, Delivery: w.Due[0].ID, Queued: w.Due[0].Queued, State: overlay.DeliveryTaken}})
	must(t, err)
	must(t, f.DeleteWebhook(ctx, gone, "test"))
	no := false
	_, err = f.ChangeWebhook(ctx, off, overlay.WebhookChange{On: &no}, false, "test")
	must(t, err)
	count := func(id string) int {
		all, err := f.FindDeliveries(ctx, store.Deliveries{Webhook: id}, "", 100)
		must(t, err)
		return len(all)
	}
	must(t, f.SweepWebhooks(ctx))
	if a, b, c := count(gone), count(off), count(on); a != 0 || b != 3 || c != 3 {
		t.Errorf("at once: %d, %d, %d", a, b, c)
	}
	f.clock.Add(overlay.WebhookKeep + time.Second)
	must(t, f.SweepWebhooks(ctx))
	if b, c := count(off), count(on); b != 0 || c != 2 {
		t.Errorf("after a week: %d, %d", b, c)
	}
}

// TestWebhookSecrets: a secret is shown once, stands nowhere in plain, and signs beside its
// successor for a day.
func TestWebhookSecrets(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	made, err := f.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: "https://erp.example/hook", Types: []string{"order.paid"}}, false, "test", store.Once{Key: "k"})
	must(t, err)
	again, err := f.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: "https://erp.example/hook", Types: []string{"order.paid"}}, false, "test", store.Once{Key: "k"})
	must(t, err)
	if again.ID != made.ID || again.Secret != made.Secret {
		t.Errorf("with the same key: %+v, then %+v", made, again)
	}
	renewed, err := f.RenewWebhookSecret(ctx, made.ID, "test", store.Once{})
	must(t, err)
	if w, err := f.WebhookWork(ctx, made.ID, 1); err != nil || renewed.FormerUntil == nil || w.Secret != renewed.Secret || w.Former != made.Secret || made.Secret == renewed.Secret {
		t.Errorf("%+v, %v, %+v", w, err, renewed)
	}
	f.clock.Add(overlay.WebhookHandOver + time.Second)
	if w, err := f.WebhookWork(ctx, made.ID, 1); err != nil || w.Former != "" || w.Secret != renewed.Secret {
		t.Errorf("a day later: %+v, %v", w, err)
	}
	for _, c := range []struct {
		w     overlay.Webhook
		plain bool
		words string
	}{
		{overlay.Webhook{URL: "http://erp.example/", Types: []string{"order.paid"}}, false, "https://"},
		{overlay.Webhook{URL: "http://erp.example/", Types: []string{"order.paid"}}, true, ""},
		{overlay.Webhook{URL: "https://u:p@erp.example/", Types: []string{"order.paid"}}, true, "user name"},
		{overlay.Webhook{URL: "https://erp.example/#x", Types: []string{"order.paid"}}, true, "#"},
		{overlay.Webhook{URL: "ftp://erp.example/", Types: []string{"order.paid"}}, true, "http"},
		{overlay.Webhook{URL: "https://erp.example/"}, true, "types"},
		{overlay.Webhook{URL: "https://erp.example/", Types: []string{"order.eaten"}}, true, "order.eaten"},
		{overlay.Webhook{Types: []string{"order.paid"}}, true, "missing"},
	} {
		_, err := c.w.Checked(c.plain)
		if (err == nil) != (c.words == "") || err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%+v: %v", c.w, err)
		}
	}
	for i := range overlay.MaxWebhooks {
		_, err = f.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: fmt.Sprint("https://erp.example/", i), Types: []string{"order.paid"}}, false, "test", store.Once{})
	}
	if overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("more than %d: %v", overlay.MaxWebhooks, err)
	}
}
