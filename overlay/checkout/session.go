package checkout

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v82"

	"mediad/overlay"
)

// sessionLife is how long Stripe lets a session live that nobody ends. It takes no
// shorter one than half an hour from the request, which may come as late as the hold's
// end; the session is ended when the hold's time is over.
const sessionLife = overlay.HoldTime + 31*time.Minute

// apiTime bounds a question to Stripe.
const apiTime = 8 * time.Second

// Session is a checkout of one buyer.
type Session struct {
	ID      string
	Address string // where the buyer pays
}

// Stripe opens and ends Checkout Sessions.
type Stripe struct{ backends *stripe.Backends }

// NewStripe speaks with Stripe; api is the address of another server that speaks as it
// does, for tests.
func NewStripe(api string) *Stripe {
	config := &stripe.BackendConfig{HTTPClient: &http.Client{Timeout: apiTime}, MaxNetworkRetries: stripe.Int64(1), EnableTelemetry: stripe.Bool(false), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull}}
	if api != "" {
		config.URL = stripe.String(api)
	}
	return &Stripe{stripe.NewBackendsWithConfig(config)}
}

func (s *Stripe) client(key string) *stripe.Client {
	return stripe.NewClient(key, stripe.WithBackends(s.backends))
}

// refusal is the answer of a checkout that has done nothing of what it was asked.
type refusal struct {
	err   error
	never bool // nor of the same request before: there is no session of this hold
}

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

func refused(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// never tells that a checkout has made no session of a hold, now or earlier.
func never(err error) bool {
	var r refusal
	return errors.As(err, &r) && r.never
}

// judged marks an error as a refusal where Stripe says so. Behind any other error the
// session may be there: a second try that comes too often (429) or with other parameters
// (an idempotency error) says nothing of the first. A refused key says nothing of what an
// earlier key has made. Only where Stripe has looked at the parameters, it has looked
// first whether it knows the request.
func judged(err error) error {
	var e *stripe.Error
	if !errors.As(err, &e) || e.Type == stripe.ErrorTypeIdempotency {
		return err
	}
	switch e.HTTPStatusCode {
	case http.StatusBadRequest:
		return refusal{err, true}
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
		return refusal{err, false}
	}
	return err
}

// Open opens the session of a hold. The same hold again gives the same session, as long as
// Stripe remembers the key of the request: a day, when all sessions are over.
func (s *Stripe) Open(ctx context.Context, key string, h overlay.Hold) (Session, error) {
	amount, err := stripeAmount(h.Purchase.Price, h.Purchase.Currency)
	if err != nil {
		return Session{}, refusal{err, true}
	}
	goods := &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String(h.Purchase.Title)}
	if strings.HasPrefix(h.Purchase.Image, "https://") {
		goods.Images = []*string{stripe.String(h.Purchase.Image)}
	}
	if h.Purchase.SKU != "" {
		goods.AddMetadata("sku", h.Purchase.SKU)
	}
	params := &stripe.CheckoutSessionCreateParams{
		Mode: stripe.String("payment"), SuccessURL: stripe.String(h.Purchase.Success), CancelURL: stripe.String(h.Purchase.Cancel),
		ExpiresAt: stripe.Int64(h.Created.Add(sessionLife).Unix()),
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{
			Quantity:  stripe.Int64(h.Quantity),
			PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{Currency: stripe.String(strings.ToLower(h.Purchase.Currency)), UnitAmount: stripe.Int64(amount), ProductData: goods},
		}},
	}
	if h.Purchase.Click != "" {
		params.ClientReferenceID = stripe.String(h.Purchase.Click)
	}
	params.AddMetadata(StripeHold, h.ID)
	params.SetIdempotencyKey("mediad-hold-" + h.ID)
	made, err := s.client(key).V1CheckoutSessions.Create(ctx, params)
	if err != nil {
		return Session{}, judged(err)
	}
	return Session{made.ID, made.URL}, nil
}

// End ends a session. ended: nobody can pay in it any more, and nobody has. Otherwise facts
// are what it tells of its order, if there is one.
func (s *Stripe) End(ctx context.Context, key, id string) (ended bool, facts []overlay.OrderFact, err error) {
	sessions := s.client(key).V1CheckoutSessions
	now, err := sessions.Expire(ctx, id, nil)
	if err != nil && refused(judged(err)) { // it is not open: what is it?
		now, err = sessions.Retrieve(ctx, id, nil)
	}
	if err != nil {
		return false, nil, err
	}
	switch {
	case now.Status == stripe.CheckoutSessionStatusExpired:
		return true, nil, nil
	case now.Status == stripe.CheckoutSessionStatusComplete && now.PaymentStatus != stripe.CheckoutSessionPaymentStatusUnpaid: // nothing is to be paid for what costs nothing
		// Its webhook is late, or was lost. The fact has the webhook's name, so it counts once.
		facts, err = sessionFact(overlay.OrderPaid, time.Unix(now.Created, 0).UTC(), *now)
	}
	return false, facts, err
}

// stripeAmount gives an amount as Stripe counts it: the reverse of stripeMinor.
func stripeAmount(amount int64, currency string) (int64, error) {
	switch stripe.Currency(strings.ToLower(currency)) {
	case stripe.CurrencyISK, stripe.CurrencyUGX:
		return amount * 100, nil
	case stripe.CurrencyMGA:
		if amount%100 != 0 {
			return 0, overlay.Errorf(overlay.Invalid, "Stripe takes whole ariary only")
		}
		return amount / 100, nil
	}
	return amount, nil
}
