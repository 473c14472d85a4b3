package testshop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/webhook"
)

// object is a JSON object that is written as its maker would.
type object = map[string]any

// What a shop tells, in its dialect. Each gives the same bytes however often it is sent.

func (s *Shop) paid(o *order) (message, error) {
	c := o.session
	switch s.o.Dialect {
	case Shopify:
		line := object{"id": s.next(), "variant_id": json.Number(c.good.Ref), "sku": c.good.SKU, "title": c.good.Title, "quantity": c.quantity,
			"price": decimal(c.good.Price, c.currency), "discount_allocations": []object{}}
		return s.shopify("orders/paid", object{"id": json.Number(o.id), "name": fmt.Sprintf("#%d", s.number), "currency": c.currency, "email": c.email, "financial_status": "paid",
			"total_price": decimal(c.amount, c.currency), "processed_at": o.paidAt.Format(time.RFC3339), "created_at": o.paidAt.Format(time.RFC3339), "cancelled_at": nil,
			"note_attributes": []object{{"name": "md_click", "value": c.click}}, "line_items": []object{line}})
	case Stripe:
		return s.event("checkout.session.completed", s.sessionObject(c))
	}
	return s.standard("order.paid", object{"order": o.id, "amount": c.amount, "currency": c.currency, "click": c.click, "buyer": c.email,
		"lines": []object{{"sku": c.good.SKU, "title": c.good.Title, "quantity": c.quantity, "amount": c.amount}}})
}

func (s *Shop) refunded(o *order, amount int64) (message, error) {
	c := o.session
	n := s.next()
	switch s.o.Dialect {
	case Shopify:
		return s.shopify("refunds/create", object{"id": 509000000000 + n, "order_id": json.Number(o.id), "created_at": time.Now().Format(time.RFC3339),
			"transactions": []object{{"id": s.next(), "kind": "refund", "status": "success", "amount": decimal(amount, c.currency), "currency": c.currency}}})
	case Stripe:
		return s.event("refund.created", object{"id": fmt.Sprintf("re_%d", n), "object": "refund", "amount": amount, "currency": lower(c.currency), "payment_intent": o.id, "status": "succeeded"})
	}
	return s.standard("order.refunded", object{"order": o.id, "refund": fmt.Sprintf("R-%d", n), "amount": amount, "currency": c.currency})
}

// cancelled tells of an order that is taken back. Stripe has no such thing: its money
// goes back, and that is told.
func (s *Shop) cancelled(o *order) (func() (message, error), bool) {
	switch s.o.Dialect {
	case Shopify:
		return func() (message, error) {
			return s.shopify("orders/cancelled", object{"id": json.Number(o.id), "currency": o.session.currency, "total_price": decimal(o.session.amount, o.session.currency),
				"cancelled_at": time.Now().Format(time.RFC3339), "cancel_reason": "customer"})
		}, true
	case Plain:
		return func() (message, error) { return s.standard("order.cancelled", object{"order": o.id}) }, true
	}
	return nil, false
}

// shopify writes a webhook as https://shopify.dev/docs/apps/build/webhooks tells: its
// body is signed with the app's secret.
func (s *Shop) shopify(topic string, body object) (message, error) {
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", s.next())
	text, err := json.Marshal(body)
	return message{text, func(secret string, body []byte, at time.Time) (http.Header, error) {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		h := http.Header{}
		for name, value := range map[string]string{
			"X-Shopify-Hmac-Sha256": base64.StdEncoding.EncodeToString(mac.Sum(nil)), "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": id,
			"X-Shopify-Shop-Domain": "test-shop.myshopify.com", "X-Shopify-Api-Version": "2026-10", "X-Shopify-Triggered-At": at.UTC().Format(time.RFC3339Nano),
		} {
			h.Set(name, value)
		}
		return h, nil
	}}, err
}

// event writes an event as https://docs.stripe.com/api/events/object tells.
func (s *Shop) event(kind string, about object) (message, error) {
	text, err := json.Marshal(object{"id": fmt.Sprintf("evt_%d", s.next()), "object": "event", "api_version": stripe.APIVersion, "created": time.Now().Unix(),
		"type": kind, "livemode": false, "pending_webhooks": 1, "data": object{"object": about}})
	return message{text, func(secret string, body []byte, at time.Time) (http.Header, error) {
		signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: secret, Timestamp: at})
		return http.Header{"Stripe-Signature": {signed.Header}}, nil
	}}, err
}

// standard writes a webhook as https://www.standardwebhooks.com tells.
func (s *Shop) standard(kind string, data object) (message, error) {
	id := fmt.Sprintf("msg_%d", s.next())
	text, err := json.Marshal(object{"type": kind, "timestamp": time.Now().UTC().Format(time.RFC3339Nano), "data": data})
	return message{text, func(secret string, body []byte, at time.Time) (http.Header, error) {
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return nil, err
		}
		signature, err := hook.Sign(id, at, body)
		h := http.Header{}
		h.Set(standardwebhooks.HeaderWebhookID, id)
		h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
		h.Set(standardwebhooks.HeaderWebhookSignature, signature)
		return h, err
	}}, err
}

// decimal writes minor units as Shopify does: "49.90", "1200" for yen.
func decimal(amount int64, currency string) string {
	switch currency {
	case "JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF":
		return strconv.FormatInt(amount, 10)
	case "BHD", "JOD", "KWD", "OMR", "TND":
		return fmt.Sprintf("%d.%03d", amount/1000, amount%1000)
	}
	return fmt.Sprintf("%d.%02d", amount/100, amount%100)
}
