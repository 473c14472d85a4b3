package checkout

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stripe/stripe-go/v82/webhook"

	"mediad/overlay"
)

const secret = "whsec_c2VjcmV0LW9mLXNvbWUtbGVuZ3Ro"

// signed gives the headers with which a kind of shop sends a body.
func signed(t testing.TB, kind overlay.ShopKind, topic string, at time.Time, body string) http.Header {
	h := http.Header{}
	switch kind {
	case overlay.ShopShopify:
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(body))
		h.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		h.Set("X-Shopify-Topic", topic)
	case overlay.ShopLink:
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := hook.Sign("msg_1", at, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		h.Set(standardwebhooks.HeaderWebhookID, "msg_1")
		h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
		h.Set(standardwebhooks.HeaderWebhookSignature, signature)
	default:
		p := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at})
		h.Set("Stripe-Signature", p.Header)
	}
	return h
}

var bodies = []struct {
	name  string
	kind  overlay.ShopKind
	topic string
	body  string
	want  overlay.OrderFact
}{
	{"paid", overlay.ShopShopify, "orders/paid", `{"id":820982911946154508,"currency":"EUR","total_price":"49.90","email":"a@b.example","processed_at":"2026-11-30T20:00:00+01:00",
		"note_attributes":[{"name":"gift","value":true},{"name":"md_click","value":"` + click + `"}],
		"line_items":[{"variant_id":70881412,"sku":"TEA","title":"Tea","quantity":2,"price":"29.95","discount_allocations":[{"amount":"10.00"}]},{"variant_id":null,"sku":"","title":"Tip","quantity":1,"price":"0.00"}]}`,
		overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid:820982911946154508:49.90", Order: "820982911946154508", Amount: 4990, Currency: "EUR", Click: click}},
	{"refunded", overlay.ShopShopify, "refunds/create", `{"id":929361462,"order_id":820982911946154508,"created_at":"2026-12-01T08:00:00Z",
		"transactions":[{"kind":"refund","status":"success","amount":"10.00","currency":"EUR"},{"kind":"refund","status":"failure","amount":"5.00","currency":"EUR"},{"kind":"void","status":"success","amount":"1.00","currency":"EUR"}]}`,
		overlay.OrderFact{Kind: overlay.OrderRefunded, Delivery: "refund:929361462", Order: "820982911946154508", Refund: "929361462", Amount: 1000, Currency: "EUR"}},
	{"cancelled", overlay.ShopShopify, "orders/cancelled", `{"id":820982911946154508,"cancelled_at":"2026-12-01T08:00:00Z"}`,
		overlay.OrderFact{Kind: overlay.OrderCancelled, Delivery: "cancelled:820982911946154508", Order: "820982911946154508"}},
	{"paid", overlay.ShopStripeSession, "", `{"id":"evt_1","object":"event","type":"checkout.session.completed","created":1796000000,"data":{"object":{"id":"cs_1","object":"checkout.session","amount_total":4990,"currency":"eur",
		"payment_status":"paid","payment_intent":"pi_1","client_reference_id":"` + click + `","metadata":{"mediad_hold":"H1"},"customer_details":{"email":"a@b.example"}}}}`,
		overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid:cs_1", Order: "pi_1", Amount: 4990, Currency: "EUR", Click: click, Hold: "H1"}},
	{"the money comes later", overlay.ShopStripeLink, "", `{"id":"evt_2","object":"event","type":"checkout.session.completed","created":1796000000,"data":{"object":{"id":"cs_1","object":"checkout.session","amount_total":4990,"currency":"eur","payment_status":"unpaid","payment_intent":"pi_1"}}}`,
		overlay.OrderFact{Kind: overlay.OrderPending, Delivery: "pending:cs_1", Order: "pi_1", Amount: 4990, Currency: "EUR"}},
	{"and has come", overlay.ShopStripeLink, "", `{"id":"evt_3","object":"event","type":"checkout.session.async_payment_succeeded","created":1796000000,"data":{"object":{"id":"cs_1","object":"checkout.session","amount_total":499000,"currency":"isk","payment_status":"paid","payment_intent":"pi_1"}}}`,
		overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid:cs_1", Order: "pi_1", Amount: 4990, Currency: "ISK"}},
	{"expired", overlay.ShopStripeSession, "", `{"id":"evt_4","object":"event","type":"checkout.session.expired","created":1796000000,"data":{"object":{"id":"cs_1","object":"checkout.session","metadata":{"mediad_hold":"H1"}}}}`,
		overlay.OrderFact{Kind: overlay.CheckoutExpired, Delivery: "expired:cs_1", Hold: "H1"}},
	{"a refund fails", overlay.ShopStripeLink, "", `{"id":"evt_5","object":"event","type":"refund.failed","created":1796000000,"data":{"object":{"id":"re_1","object":"refund","amount":1000,"currency":"eur","status":"failed","payment_intent":"pi_1"}}}`,
		overlay.OrderFact{Kind: overlay.OrderUnrefunded, Delivery: "unrefunded:re_1", Order: "pi_1", Refund: "re_1", Amount: 1000, Currency: "EUR"}},
	{"paid", overlay.ShopLink, "", `{"type":"order.paid","timestamp":"2026-11-30T20:00:00Z","data":{"order":"4711","amount":4990,"currency":"CNY","click":"` + click + `","lines":[{"sku":"CORN","quantity":1,"amount":4990}]}}`,
		overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "msg_1", Order: "4711", Amount: 4990, Currency: "CNY", Click: click}},
}

func TestRead(t *testing.T) {
	for _, test := range bodies {
		name := string(test.kind) + ": " + test.name
		facts, err := Read(test.kind, secret, signed(t, test.kind, test.topic, time.Now(), test.body), []byte(test.body))
		if err != nil || len(facts) != 1 {
			t.Errorf("%s: %v, %v", name, facts, err)
			continue
		}
		f := facts[0]
		if f.At.IsZero() {
			t.Errorf("%s: has no time", name)
		}
		if test.want.Kind == overlay.OrderPaid && test.kind == overlay.ShopShopify && (len(f.Lines) != 2 || f.Lines[0].Amount != 4990 || f.Lines[0].Ref != "70881412" || f.Buyer != "a@b.example") {
			t.Errorf("%s: lines %+v of %s", name, f.Lines, f.Buyer)
		}
		f.At, f.Lines, f.Buyer = time.Time{}, nil, ""
		if f.Kind != test.want.Kind || f.Delivery != test.want.Delivery || f.Order != test.want.Order || f.Amount != test.want.Amount || f.Currency != test.want.Currency || f.Click != test.want.Click || f.Hold != test.want.Hold || f.Refund != test.want.Refund {
			t.Errorf("%s:\n%+v\nwant\n%+v", name, f, test.want)
		}
	}
}

// TestReadRefuses: another secret, another body, an old signature, a signature of another kind of shop, and none.
func TestReadRefuses(t *testing.T) {
	for _, test := range bodies {
		good := signed(t, test.kind, test.topic, time.Now(), test.body)
		bad := map[string]func() ([]overlay.OrderFact, error){
			"another secret": func() ([]overlay.OrderFact, error) {
				return Read(test.kind, "whsec_b3RoZXItc2VjcmV0LW9mLWxlbmd0aA==", good, []byte(test.body))
			},
			"another body": func() ([]overlay.OrderFact, error) { return Read(test.kind, secret, good, []byte(test.body+" ")) },
			"no signature": func() ([]overlay.OrderFact, error) {
				return Read(test.kind, secret, http.Header{"X-Shopify-Topic": {test.topic}}, []byte(test.body))
			},
			"no secret is set": func() ([]overlay.OrderFact, error) { return Read(test.kind, "", good, []byte(test.body)) },
		}
		if test.kind != overlay.ShopShopify {
			bad["an old signature"] = func() ([]overlay.OrderFact, error) {
				return Read(test.kind, secret, signed(t, test.kind, test.topic, time.Now().Add(-time.Hour), test.body), []byte(test.body))
			}
		}
		for what, read := range bad {
			if facts, err := read(); overlay.CodeOf(err) != overlay.Unauthorized || facts != nil {
				t.Errorf("%s, %s: %v, %v", test.kind, what, facts, err)
			}
		}
	}
}

// FuzzRead: nothing that is signed makes a fact that is out of bounds, or a panic.
func FuzzRead(f *testing.F) {
	for _, b := range bodies {
		f.Add(string(b.kind), b.topic, b.body)
	}
	f.Fuzz(func(t *testing.T, kind, topic, body string) {
		facts, err := Read(overlay.ShopKind(kind), secret, signed(t, overlay.ShopKind(kind), topic, time.Now(), body), []byte(body))
		if err != nil && overlay.CodeOf(err) == overlay.Internal {
			t.Fatalf("not in words: %v", err)
		}
		for _, fact := range facts {
			if _, err := fact.Checked(); err != nil {
				t.Fatalf("%+v: %v", fact, err)
			}
		}
	})
}

func TestMinor(t *testing.T) {
	for _, test := range []struct {
		amount, currency string
		want             int64
		ok               bool
	}{
		{"49.90", "EUR", 4990, true}, {"49.9", "EUR", 4990, true}, {"49", "EUR", 4900, true}, {"4990", "JPY", 4990, true}, {"4990.00", "JPY", 4990, true}, {"4.990", "KWD", 4990, true},
		{"49.901", "EUR", 0, false}, {"4990.5", "JPY", 0, false}, {"-1.00", "EUR", 0, false}, {"", "EUR", 0, false}, {".5", "EUR", 0, false}, {"1e3", "EUR", 0, false}, {"1", "XXQ", 0, false},
		{"90071992547409.92", "EUR", 0, false}, {"+5", "EUR", 0, false}, {"1_0", "EUR", 0, false},
	} {
		if got, err := minor("total", test.amount, test.currency); got != test.want || (err == nil) != test.ok {
			t.Errorf("%s %s: %d, %v", test.amount, test.currency, got, err)
		}
	}
}

// TestNoSale: what a shop's account does besides selling is no order, and no error that
// would have the shop told that its webhooks are refused.
func TestNoSale(t *testing.T) {
	body := `{"id":"evt_9","object":"event","type":"checkout.session.completed","created":1796000000,"data":{"object":{"id":"cs_9","object":"checkout.session","mode":"setup","amount_total":null,"currency":null,"payment_status":"no_payment_required","setup_intent":"seti_1"}}}`
	if facts, err := Read(overlay.ShopStripeSession, secret, signed(t, overlay.ShopStripeSession, "", time.Now(), body), []byte(body)); len(facts) != 0 || err != nil {
		t.Errorf("%v, %v", facts, err)
	}
}

// TestTooMuch: an amount that no integer holds is refused, not taken for what is left of it.
func TestTooMuch(t *testing.T) {
	body := `{"id":1,"currency":"EUR","total_price":"1.00","processed_at":"2026-11-30T20:00:00Z","line_items":[{"quantity":262144,"price":"703687441776.65"}]}`
	facts, err := Read(overlay.ShopShopify, secret, signed(t, overlay.ShopShopify, "orders/paid", time.Now(), body), []byte(body))
	if overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("%+v, %v", facts, err)
	}
}

// TestTwoCurrencies: money of two currencies is never one sum (I8).
func TestTwoCurrencies(t *testing.T) {
	body := `{"id":1,"order_id":2,"created_at":"2026-12-01T08:00:00Z","transactions":[{"kind":"refund","status":"success","amount":"1.00","currency":"EUR"},
		{"kind":"refund","status":"success","amount":"500","currency":"JPY"},{"kind":"refund","status":"success","amount":"2.00","currency":"EUR"}]}`
	facts, err := Read(overlay.ShopShopify, secret, signed(t, overlay.ShopShopify, "refunds/create", time.Now(), body), []byte(body))
	if err != nil || len(facts) != 2 || facts[0].Amount != 300 || facts[0].Currency != "EUR" || facts[1].Amount != 500 || facts[1].Currency != "JPY" || facts[0].Delivery == facts[1].Delivery || facts[0].Refund == facts[1].Refund {
		t.Errorf("%+v, %v", facts, err)
	}
}
