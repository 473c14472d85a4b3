package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/checkout"
	"mediad/overlay/store"
)

// box is a show with units of a product, sold by holds at a shop that speaks as Stripe does.
type box struct {
	*server
	shop                *stripeShop
	show, product, hook string
	allocation          string
}

const hookSecret = "whsec_of_a_test"

func newBox(t *testing.T, units int) *box {
	t.Helper()
	ctx := t.Context()
	b := &box{shop: newStripeShop(t)}
	var holds *checkout.Holds
	b.server = newServer(t, time.Second, func(o *api.Options) {
		holds = checkout.NewHolds(checkout.HoldOptions{Store: o.Store, Stripe: checkout.NewStripe(b.shop.URL), Log: slog.New(slog.DiscardHandler), Again: 50 * time.Millisecond})
		o.Holds = holds
	})
	run, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- holds.Run(run) }()
	t.Cleanup(func() { stop(); must(t, <-done) })
	p, err := b.store.CreateProduct(ctx, overlay.Product{SKU: "CORN", Title: "Corn", Price: 4990, Currency: "CNY"}, store.Once{})
	must(t, err)
	show, err := b.store.PlanShow(ctx, "corn", overlay.Plan{}, "test", store.Once{})
	must(t, err)
	_, err = b.store.SetLineup(ctx, show.ID, overlay.NewLineup{Lines: []overlay.Line{{Product: p.ID, MaxPerOrder: 2}}}, "test")
	must(t, err)
	_, err = b.store.BeginBroadcast(ctx, "corn", time.Now())
	must(t, err)
	_, err = b.store.Pin(ctx, "corn", p.ID, overlay.At{}, store.Once{})
	must(t, err)
	open, _, err := b.store.RoomShows(ctx, "corn")
	must(t, err)
	b.show, b.product = open.ID, p.ID
	at, err := url.Parse(b.shop.URL)
	must(t, err)
	_, text := b.send2(t, http.MethodPost, "/api/v1/shops", fmt.Sprintf(`{"name":"Tea","kind":"stripe-session","stock":"allocated-hold","config":{"hosts":[%q]},"secrets":{"api_key":"sk_test_1","webhook":%q}}`, at.Host, hookSecret))
	var shop struct{ Hook string }
	must(t, json.Unmarshal([]byte(text), &shop))
	b.hook = shop.Hook
	status, text := b.send2(t, http.MethodPost, "/api/v1/shows/"+b.show+"/allocations", fmt.Sprintf(`{"product":"CORN","total":%d}`, units))
	var given overlay.Allocation
	must(t, json.Unmarshal([]byte(text), &given))
	if b.allocation = given.ID; status != http.StatusCreated || given.Total != int64(units) || shop.Hook == "" {
		t.Fatalf("allocation: %d %s", status, text)
	}
	return b
}

// held is the answer to a request of a buyer.
type held struct {
	ID, State, Type, Detail string
	Checkout                string `json:"checkout_url"`
	status                  int
}

// ask sends a request as a browser of a buyer.
func (b *box) ask(t *testing.T, who, method, path, body string) held {
	t.Helper()
	return b.askWith(t, who, method, path, body, "")
}

func (b *box) askWith(t *testing.T, who, method, path, body, key string) (h held) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.URL+path, strings.NewReader(body))
	must(t, err)
	req.Header = http.Header{"User-Agent": {who}, "Content-Type": {"text/plain"}, "Idempotency-Key": {key}}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, json.NewDecoder(res.Body).Decode(&h))
	must(t, res.Body.Close())
	h.status = res.StatusCode
	return h
}

func (b *box) hold(t *testing.T, who string, quantity int) held {
	t.Helper()
	return b.ask(t, who, http.MethodPost, "/c/"+b.show+"/holds", fmt.Sprintf(`{"variant":%q,"quantity":%d}`, b.product, quantity))
}

func (b *box) refused(t *testing.T, h held, kind string) {
	t.Helper()
	if h.status != http.StatusConflict || !strings.HasSuffix(h.Type, "#"+kind) {
		t.Errorf("want %s: %+v", kind, h)
	}
}

// become waits until a hold is in a state.
func (b *box) become(t *testing.T, h held, state overlay.HoldState) {
	t.Helper()
	until(t, fmt.Sprint("the hold is ", state), func() bool {
		return b.ask(t, "anybody", http.MethodGet, "/c/holds/"+h.ID, "").State == string(state)
	})
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// card waits until the card of viewers has a stock.
func (b *box) card(t *testing.T, want overlay.Stock) {
	t.Helper()
	until(t, fmt.Sprint("the card says ", want), func() bool {
		_, text := b.send2(t, http.MethodGet, "/c/"+b.show+"/live.json", "")
		return strings.Contains(text, fmt.Sprintf(`"stock":%q`, want))
	})
}

// TestLastUnit: two buyers race for the last unit. One has it, and the other is told so, as
// are all cards. It is free again only when the shop has ended the checkout; then the other
// buys it.
func TestLastUnit(t *testing.T) {
	b := newBox(t, 1)
	first := b.hold(t, "first", 1)
	if first.status != http.StatusCreated || !strings.HasPrefix(first.Checkout, b.shop.URL+"/pay/") || first.State != string(overlay.HoldActive) {
		t.Fatalf("hold: %+v", first)
	}
	b.refused(t, b.hold(t, "second", 1), "sold-out")
	b.card(t, overlay.StockOut)

	b.shop.breaks("down")
	if h := b.ask(t, "first", http.MethodDelete, "/c/holds/"+first.ID, ""); h.State != string(overlay.HoldExpiring) || h.Checkout != "" {
		t.Errorf("given back: %+v", h)
	}
	b.refused(t, b.hold(t, "second", 1), "sold-out") // the shop is away: the first could still pay there
	b.shop.breaks("")
	b.ask(t, "first", http.MethodDelete, "/c/holds/"+first.ID, "")
	b.become(t, first, overlay.HoldReleased)
	b.card(t, overlay.StockIn)

	second := b.hold(t, "second", 1)
	told := b.shop.pay(t, second.Checkout)
	for range 2 {
		if status := b.shop.tell(t, b.hook, hookSecret, told); status != http.StatusNoContent {
			t.Fatalf("webhook: %d", status)
		}
	}
	b.become(t, second, overlay.HoldPaid)
	b.card(t, overlay.StockOut)
	_, text := b.send2(t, http.MethodGet, "/api/v1/orders?show="+b.show, "")
	var orders struct{ Items []overlay.Order }
	must(t, json.Unmarshal([]byte(text), &orders))
	if len(orders.Items) != 1 || orders.Items[0].Gross != 4990 || orders.Items[0].Unallocated != 0 {
		t.Errorf("orders: %s", text)
	}
	if status, text := b.send2(t, http.MethodDelete, "/api/v1/shows/"+b.show+"/allocations/"+b.allocation, ""); status != http.StatusConflict {
		t.Errorf("an allocation with a sold unit: %d %s", status, text)
	}
}

// TestPaidWithoutWebhook: a checkout that was paid, of which no webhook came, is found paid
// when it is to be ended; the webhook counts nothing when it comes after all.
func TestPaidWithoutWebhook(t *testing.T) {
	b := newBox(t, 2)
	h := b.hold(t, "buyer", 2)
	told := b.shop.pay(t, h.Checkout)
	b.ask(t, "buyer", http.MethodDelete, "/c/holds/"+h.ID, "")
	b.become(t, h, overlay.HoldPaid)
	b.shop.tell(t, b.hook, hookSecret, told)
	_, text := b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/allocations", "")
	if !strings.Contains(text, `"held":0,"sold":2`) {
		t.Errorf("allocations: %s", text)
	}
	_, text = b.send2(t, http.MethodGet, "/api/v1/orders", "")
	if strings.Count(text, `"gross":9980`) != 1 {
		t.Errorf("orders: %s", text)
	}
}

// TestShopFails: a shop whose answer is lost may have opened a checkout: its unit is held
// until that is found and ended. One that refuses has opened none.
func TestShopFails(t *testing.T) {
	b := newBox(t, 1)
	b.shop.breaks("silent")
	if h := b.hold(t, "buyer", 1); h.status != http.StatusServiceUnavailable {
		t.Fatalf("the shop's answer was lost: %+v", h)
	}
	for _, how := range []string{"silent", "busy", "key"} { // what it says tells nothing of the checkout
		b.shop.breaks(how)
		until(t, "the shop was asked again", func() bool { return b.shop.asks() > 1 })
		b.refused(t, b.hold(t, "other", 1), "sold-out")
	}
	b.shop.breaks("")
	until(t, "the unit is free", func() bool {
		_, text := b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/allocations", "")
		return strings.Contains(text, `"held":0`)
	})
	if n := b.shop.states(); n["expired"] != 1 || n["open"] != 0 {
		t.Errorf("checkouts of the hold: %v", n)
	}
	b.shop.breaks("refuses")
	if h := b.hold(t, "buyer", 1); h.status != http.StatusServiceUnavailable {
		t.Fatalf("the shop refused: %+v", h)
	}
	b.shop.breaks("")
	if h := b.hold(t, "buyer", 1); h.status != http.StatusCreated {
		t.Errorf("no checkout was opened, and the unit is not free: %+v", h)
	}
}

// TestWishes: what buyers may not ask for is refused in words, and holds nothing.
func TestWishes(t *testing.T) {
	b := newBox(t, 20)
	b.refused(t, b.hold(t, "buyer", 3), "limit")
	for range 5 {
		if h := b.hold(t, "buyer", 1); h.status != http.StatusCreated {
			t.Fatalf("hold: %+v", h)
		}
	}
	b.refused(t, b.hold(t, "buyer", 1), "limit")
	if h := b.hold(t, "another buyer", 1); h.status != http.StatusCreated {
		t.Errorf("another buyer of the same network: %+v", h)
	}
	for body, want := range map[string]int{
		`{"variant":"` + b.product + `","quantity":0}`:      http.StatusUnprocessableEntity,
		`{"variant":"` + b.product + `","quantity":101}`:    http.StatusUnprocessableEntity,
		`{"variant":"` + b.product + `","click":"no ULID"}`: http.StatusUnprocessableEntity,
		`{"variant":"nothing of the show"}`:                 http.StatusNotFound,
		`{`:                                                 http.StatusUnprocessableEntity,
		`{"variant":"` + strings.Repeat("x", 3000) + `"}`:   http.StatusRequestEntityTooLarge,
	} {
		if h := b.ask(t, "c", http.MethodPost, "/c/"+b.show+"/holds", body); h.status != want {
			t.Errorf("%.60s: %+v, want %d", body, h, want)
		}
	}
	again := func(body, who string) held {
		return b.askWith(t, who, http.MethodPost, "/c/"+b.show+"/holds", body, "a key")
	}
	body := fmt.Sprintf(`{"variant":%q}`, b.product)
	once, twice := again(body, "d"), again(body, "d")
	if once.status != http.StatusCreated || once != twice {
		t.Errorf("the same request twice: %+v, %+v", once, twice)
	}
	if h := again(body+" ", "d"); h.status != http.StatusUnprocessableEntity {
		t.Errorf("another request with the same key: %+v", h)
	}
	if h := again(body, "e"); h.status != http.StatusCreated || h.ID == once.ID {
		t.Errorf("another buyer with the same key: %+v", h)
	}
	if h := b.ask(t, "c", http.MethodGet, "/c/holds/NOSUCHHOLD", ""); h.status != http.StatusNotFound {
		t.Errorf("a hold that nobody has: %+v", h)
	}
	_, text := b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/allocations", "")
	if !strings.Contains(text, `"held":8,"sold":0`) {
		t.Errorf("allocations: %s", text)
	}
}
