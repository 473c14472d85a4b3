package checkout

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/webhook"

	"mediad/overlay"
)

// stripeTolerance is how old a signature may be.
const stripeTolerance = 5 * time.Minute

// StripeHold is the key of a session's metadata that carries the hold.
const StripeHold = "mediad_hold"

// stripeLinkAddress gives a Payment Link with the click as its reference. Stripe takes a
// ULID as it is; what it does not take it drops without a word.
func stripeLinkAddress(l Listing, buy Purchase) (string, error) {
	if l.Link == "" {
		return "", overlay.Errorf(overlay.NotFound, "The product has no Payment Link.")
	}
	return with(l.Link, "client_reference_id", buy.Click, "prefilled_promo_code", buy.Coupon)
}

// readStripe checks the signature of a webhook of Stripe, and reads it. Its version of
// the interface is the shop's; the fields that are read have not changed for years.
func readStripe(secret string, header http.Header, body []byte) ([]overlay.OrderFact, error) {
	event, err := webhook.ConstructEventWithOptions(body, header.Get("Stripe-Signature"), secret,
		webhook.ConstructEventOptions{Tolerance: stripeTolerance, IgnoreAPIVersionMismatch: true})
	if err != nil {
		return nil, unsigned(err)
	}
	if event.Data == nil {
		return nil, overlay.Errorf(overlay.Invalid, "data: is missing")
	}
	switch {
	case strings.HasPrefix(string(event.Type), "checkout.session."):
		return stripeSession(event)
	case strings.HasPrefix(string(event.Type), "refund."):
		return stripeRefund(event)
	}
	return nil, nil
}

// stripeOrder names an order: by its payment, which refunds name too, else by its session.
func stripeOrder(session stripe.CheckoutSession) string {
	if session.PaymentIntent != nil && session.PaymentIntent.ID != "" {
		return session.PaymentIntent.ID
	}
	return session.ID
}

func stripeSession(event stripe.Event) ([]overlay.OrderFact, error) {
	var s stripe.CheckoutSession
	if err := decode(event.Data.Raw, &s); err != nil {
		return nil, err
	}
	if s.Mode == stripe.CheckoutSessionModeSetup {
		return nil, nil // it saves a card, and sells nothing
	}
	at := time.Unix(event.Created, 0).UTC()
	switch event.Type {
	case stripe.EventTypeCheckoutSessionCompleted:
		if s.PaymentStatus == stripe.CheckoutSessionPaymentStatusUnpaid {
			return sessionFact(overlay.OrderPending, at, s)
		}
		return sessionFact(overlay.OrderPaid, at, s)
	case stripe.EventTypeCheckoutSessionAsyncPaymentSucceeded:
		return sessionFact(overlay.OrderPaid, at, s)
	case stripe.EventTypeCheckoutSessionAsyncPaymentFailed:
		return sessionFact(overlay.OrderFailed, at, s)
	case stripe.EventTypeCheckoutSessionExpired:
		return sessionFact(overlay.CheckoutExpired, at, s)
	}
	return nil, nil
}

// sessionFact is what a session says of its order.
func sessionFact(kind overlay.OrderFactKind, at time.Time, s stripe.CheckoutSession) ([]overlay.OrderFact, error) {
	f := overlay.OrderFact{Kind: kind, At: at, Click: s.ClientReferenceID, Hold: s.Metadata[StripeHold]}
	if kind != overlay.CheckoutExpired {
		f.Order, f.Amount, f.Currency = stripeOrder(s), stripeMinor(s.AmountTotal, s.Currency), strings.ToUpper(string(s.Currency))
		if s.CustomerDetails != nil {
			f.Buyer = s.CustomerDetails.Email
		}
	}
	// One session is paid once, by whichever event says so.
	f.Delivery = string(kind) + ":" + s.ID
	return one(f)
}

func stripeRefund(event stripe.Event) ([]overlay.OrderFact, error) {
	var r stripe.Refund
	if err := decode(event.Data.Raw, &r); err != nil {
		return nil, err
	}
	if r.PaymentIntent == nil {
		return nil, nil // of a charge that no checkout made
	}
	f := overlay.OrderFact{Kind: overlay.OrderRefunded, Order: r.PaymentIntent.ID, Refund: r.ID, Amount: stripeMinor(r.Amount, r.Currency),
		Currency: strings.ToUpper(string(r.Currency)), At: time.Unix(event.Created, 0).UTC()}
	if r.Status == stripe.RefundStatusFailed || r.Status == stripe.RefundStatusCanceled {
		f.Kind = overlay.OrderUnrefunded
	}
	f.Delivery = string(f.Kind) + ":" + r.ID
	return one(f)
}

// stripeMinor gives Stripe's amount in minor units of ISO 4217, from which it differs for
// three currencies: Stripe counts hundredths of ISK and UGX, which have none, and whole
// MGA, which has (docs.stripe.com/currencies).
func stripeMinor(amount int64, currency stripe.Currency) int64 {
	switch currency {
	case stripe.CurrencyISK, stripe.CurrencyUGX:
		return amount / 100
	case stripe.CurrencyMGA:
		return amount * 100
	}
	return amount
}

// decode reads JSON that a shop signed.
func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return overlay.Errorf(overlay.Invalid, "The body is not what this kind of shop sends: %v", err)
	}
	return nil
}
