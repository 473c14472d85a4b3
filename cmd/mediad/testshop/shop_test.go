package testshop_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v82"

	"mediad/cmd/mediad/testshop"
	"mediad/overlay"
	"mediad/overlay/checkout"
)

const (
	secret = "whsec_c2VjcmV0LW9mLXNvbWUtbGVuZ3Ro"
	key    = "sk_test_of_the_shop"
)

var goods = []testshop.Good{{SKU: "TEA", Ref: "70881412", Title: "Tea 茶", Price: 2995, Currency: "EUR"}, {SKU: "RICE", Ref: "70881413", Title: "Rice", Price: 1200, Currency: "JPY"}}

// ledger is a server that reads webhooks as ours does.
type ledger struct {
	kind overlay.ShopKind
	mu   sync.Mutex
	// facts by order and delivery, and how many came in all, and how many were refused
	facts         map[string]map[string]overlay.OrderFact
	came, refused int
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	facts, err := checkout.Read(l.kind, secret, r.Header, body)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.refused++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	l.came++
	for _, f := range facts {
		if l.facts[f.Order] == nil {
			l.facts[f.Order] = map[string]overlay.OrderFact{}
		}
		l.facts[f.Order][f.Delivery] = f
	}
}

func (l *ledger) sums() map[string]overlay.OrderSum {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string]overlay.OrderSum{}
	for order, facts := range l.facts {
		var list []overlay.OrderFact
		for _, f := range facts {
			list = append(list, f)
		}
		out[order] = overlay.SumOrder(list)
	}
	return out
}

// opened starts a shop, and the server that it tells.
func opened(t *testing.T, dialect testshop.Dialect, kind overlay.ShopKind) (*testshop.Shop, *ledger, string) {
	l := &ledger{kind: kind, facts: map[string]map[string]overlay.OrderFact{}}
	hook := httptest.NewServer(l)
	t.Cleanup(hook.Close)
	front := httptest.NewUnstartedServer(nil)
	front.Start()
	t.Cleanup(front.Close)
	s, err := testshop.New(testshop.Options{Dialect: dialect, Goods: goods, Base: front.URL, Hook: hook.URL, Secret: secret, APIKey: key, Retry: 5 * time.Millisecond, Seed: 7, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	front.Config.Handler = s.Handler()
	return s, l, front.URL
}

func ask(t *testing.T, method, address string, form url.Values) (status int, text, at string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body), res.Request.URL.String()
}

// TestLedgers: whatever goes wrong on the way, what the server reads comes to the shop's
// books, in each dialect, and nothing that is forged is taken.
func TestLedgers(t *testing.T) {
	for _, c := range []struct {
		dialect testshop.Dialect
		shop    overlay.Shop
		listing checkout.Listing
	}{
		{testshop.Plain, overlay.Shop{Name: "plain", Kind: overlay.ShopLink}, checkout.Listing{Link: "/buy/TEA?click={click}&quantity={quantity}"}},
		{testshop.Shopify, overlay.Shop{Name: "shopify", Kind: overlay.ShopShopify}, checkout.Listing{Ref: "70881412"}},
		{testshop.Stripe, overlay.Shop{Name: "stripe", Kind: overlay.ShopStripeLink}, checkout.Listing{Link: "/b/TEA"}},
	} {
		t.Run(string(c.dialect), func(t *testing.T) {
			s, l, front := opened(t, c.dialect, c.shop.Kind)
			s.SetFaults(testshop.Faults{Late: 30 * time.Millisecond, Twice: 0.3, Lost: 0.3, Forged: 0.2})
			host := strings.TrimPrefix(front, "http://")
			c.shop.Config = overlay.ShopConfig{Domain: host, Hosts: []string{host}}
			if c.listing.Link != "" {
				c.listing.Link = front + c.listing.Link
			}
			for n := range 60 {
				click := fmt.Sprintf("01JCLICK%04d", n)
				address, err := checkout.Address(c.shop, c.listing, checkout.Purchase{Quantity: 2, Click: click})
				if err != nil {
					t.Fatal(err)
				}
				status, text, at := ask(t, http.MethodGet, strings.Replace(address, "https://", "http://", 1), nil)
				if status != 200 || !strings.Contains(text, "Tea 茶") {
					t.Fatalf("%s: %d %s", address, status, text)
				}
				if status, text, _ = ask(t, http.MethodPost, at, url.Values{"email": {"li@shop.example"}}); status != 200 || !strings.Contains(text, "Paid") {
					t.Fatalf("pay: %d %s", status, text)
				}
				order := s.Books()[n].Order
				if n%3 == 0 {
					err = errors.Join(err, s.Refund(order, 500), s.Refund(order, 250))
				}
				if n%7 == 0 {
					err = errors.Join(err, s.Cancel(order), s.Cancel(order))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := s.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			sums := l.sums()
			if books := s.Books(); len(sums) != len(books) {
				t.Errorf("the ledger has %d orders, the shop %d", len(sums), len(books))
			}
			for n, b := range s.Books() {
				sum := sums[b.Order]
				want := overlay.OrderSum{Gross: b.Amount, Refunded: b.Refunded, Currency: b.Currency, Click: fmt.Sprintf("01JCLICK%04d", n)}
				got := overlay.OrderSum{Gross: sum.Gross, Refunded: sum.Refunded, Currency: sum.Currency, Click: sum.Click}
				if got.Gross != want.Gross || got.Refunded != want.Refunded || got.Currency != want.Currency || got.Click != want.Click {
					t.Errorf("order %s is %+v in the ledger, want %+v", b.Order, got, want)
				}
				if b.Canceled && sum.Net() != 0 {
					t.Errorf("order %s is cancelled, and brings %d", b.Order, sum.Net())
				}
			}
			if l.refused == 0 || l.came <= 60 {
				t.Errorf("%d webhooks came and %d were refused: the faults did nothing", l.came, l.refused)
			}
		})
	}
}

// TestSessions asks the shop as a server does, by Stripe's own library.
func TestSessions(t *testing.T) {
	s, l, front := opened(t, testshop.Stripe, overlay.ShopStripeSession)
	client := func(key string) *stripe.Client {
		return stripe.NewClient(key, stripe.WithBackends(stripe.NewBackendsWithConfig(&stripe.BackendConfig{URL: stripe.String(front), MaxNetworkRetries: stripe.Int64(8), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull}})))
	}
	create := func(c *stripe.Client, expires time.Duration, once string) (*stripe.CheckoutSession, error) {
		p := &stripe.CheckoutSessionCreateParams{Mode: stripe.String("payment"), ClientReferenceID: stripe.String("01JCLICK"), SuccessURL: stripe.String("http://shop.example/thanks"),
			LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{Quantity: stripe.Int64(2), PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
				Currency: stripe.String("eur"), UnitAmount: stripe.Int64(2995), ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String("Tea")}}}}}
		p.AddMetadata(checkout.StripeHold, "hold-1")
		if expires != 0 {
			p.ExpiresAt = stripe.Int64(time.Now().Add(expires).Unix())
		}
		p.IdempotencyKey = stripe.String(once)
		return c.V1CheckoutSessions.Create(t.Context(), p)
	}
	if _, err := create(client("sk_test_wrong"), 0, "a"); err == nil {
		t.Error("a wrong key was taken")
	}
	c := client(key)
	if _, err := create(c, 5*time.Minute, "b"); err == nil {
		t.Error("a session that ends in five minutes was taken; Stripe refuses it")
	}
	s.SetFaults(testshop.Faults{APIFail: 0.5})
	first, err := create(c, time.Hour, "c")
	if err != nil {
		t.Fatal(err)
	}
	again, err := create(c, time.Hour, "c")
	if err != nil || again.ID != first.ID {
		t.Fatalf("the same request again gave %v (%v), want %s", again, err, first.ID)
	}
	s.SetFaults(testshop.Faults{})
	second, err := create(c, time.Hour, "d")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.V1CheckoutSessions.Expire(t.Context(), first.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.V1CheckoutSessions.Expire(t.Context(), first.ID, nil); err == nil {
		t.Error("a session was expired twice")
	}
	if status, _, _ := ask(t, http.MethodPost, first.URL, url.Values{}); status != http.StatusGone {
		t.Errorf("paying in an expired session answers %d", status)
	}
	if status, _, _ := ask(t, http.MethodPost, second.URL, url.Values{"email": {"li@shop.example"}}); status != http.StatusOK {
		t.Errorf("paying answers %d", status)
	}
	if _, err := c.V1CheckoutSessions.Expire(t.Context(), second.ID, nil); err == nil {
		t.Error("a session that is paid was expired")
	}
	got, err := c.V1CheckoutSessions.Retrieve(t.Context(), second.ID, nil)
	if err != nil || got.Status != stripe.CheckoutSessionStatusComplete || got.PaymentStatus != stripe.CheckoutSessionPaymentStatusPaid {
		t.Errorf("the session that is paid is %+v (%v)", got, err)
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.facts[""]); n != 1 {
		t.Errorf("%d sessions were told to have expired, want 1", n)
	}
	for _, f := range l.facts[s.Books()[0].Order] {
		if f.Kind != overlay.OrderPaid || f.Amount != 5990 || f.Hold != "hold-1" || f.Click != "01JCLICK" {
			t.Errorf("the payment was told as %+v", f)
		}
	}
}

// TestRefusals: a shop that is set up wrongly, and requests that nobody can mean.
func TestRefusals(t *testing.T) {
	if _, err := testshop.New(testshop.Options{Dialect: "ebay", Base: "http://a", Hook: "http://b", Secret: secret}); err == nil {
		t.Error("a dialect that is none was taken")
	}
	if _, err := testshop.New(testshop.Options{Dialect: testshop.Plain}); err == nil {
		t.Error("a shop without addresses was made")
	}
	s, _, front := opened(t, testshop.Plain, overlay.ShopLink)
	for _, path := range []string{"/buy/NOTHING", "/pay/nothing"} {
		if status, text, _ := ask(t, http.MethodGet, front+path, nil); status != http.StatusNotFound || !strings.Contains(text, "no such thing") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if err := s.Refund("T-1", 1); !errors.Is(err, testshop.ErrUnknown) {
		t.Errorf("a refund of nothing: %v", err)
	}
	_, _, at := ask(t, http.MethodGet, front+"/buy/RICE?quantity=3", nil)
	id := at[strings.LastIndex(at, "/")+1:]
	order, err := s.Pay(id, "")
	if again, err2 := s.Pay(id, ""); err != nil || err2 != nil || again != order {
		t.Errorf("paying twice gives %q %v and %q %v", order, err, again, err2)
	}
	if err := s.Refund(order, 3601); !errors.Is(err, testshop.ErrAmount) {
		t.Errorf("more went back than was paid: %v", err)
	}
}
