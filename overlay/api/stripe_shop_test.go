package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stripe/stripe-go/v82/webhook"
)

// stripeShop speaks Stripe's protocol of Checkout Sessions, faults included.
type stripeShop struct {
	*httptest.Server
	mu sync.Mutex
	// Guarded by mu.
	sessions map[string]*stripeSession
	keys     map[string]string // idempotency key → session
	fault    string            // "silent": it does what it is asked, and answers 500; "down": it does nothing; "refuses": it opens nothing, and says so; "busy" and "key": it does nothing, and says that
	asked    int               // how often something was asked of it in this state
}

type stripeSession struct {
	ID            string            `json:"id"`
	URL           string            `json:"url"`
	Object        string            `json:"object"`
	Status        string            `json:"status"`
	PaymentStatus string            `json:"payment_status"`
	Metadata      map[string]string `json:"metadata"`
	Click         string            `json:"client_reference_id"`
	Amount        int64             `json:"amount_total"`
	Currency      string            `json:"currency"`
	Created       int64             `json:"created"`
}

func newStripeShop(t *testing.T) *stripeShop {
	s := &stripeShop{sessions: map[string]*stripeSession{}, keys: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/checkout/sessions", s.create)
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", s.expire)
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.say(w, s.sessions[r.PathValue("id")])
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer sk_test_1" {
			problem(w, http.StatusUnauthorized, "Invalid API Key provided")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func problem(w http.ResponseWriter, status int, words string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"type":"invalid_request_error","message":%q}}`, words)
}

func (s *stripeShop) say(w http.ResponseWriter, session *stripeSession) {
	switch {
	case s.fault == "silent" || s.fault == "down":
		problem(w, http.StatusInternalServerError, "something went wrong")
	case s.fault == "busy":
		problem(w, http.StatusTooManyRequests, "Too many requests")
	case s.fault == "key":
		problem(w, http.StatusUnauthorized, "Expired API Key provided")
	case session == nil:
		problem(w, http.StatusNotFound, "No such checkout.session")
	default:
		_ = json.NewEncoder(w).Encode(session)
	}
}

func (s *stripeShop) create(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	s.asked++
	if id := s.keys[key]; id != "" || s.fault == "down" || s.fault == "busy" || s.fault == "key" {
		s.say(w, s.sessions[id])
		return
	}
	if s.fault == "refuses" {
		problem(w, http.StatusBadRequest, "This account cannot currently make live charges.")
		return
	}
	form := func(name string) string { return r.PostFormValue(name) }
	if form("mode") != "payment" || form("success_url") == "" || form("line_items[0][quantity]") == "" || form("line_items[0][price_data][product_data][name]") == "" {
		problem(w, http.StatusBadRequest, "Missing required param")
		return
	}
	id := fmt.Sprint("cs_test_", len(s.sessions)+1)
	var amount, quantity int64
	_, _ = fmt.Sscan(form("line_items[0][price_data][unit_amount]"), &amount)
	_, _ = fmt.Sscan(form("line_items[0][quantity]"), &quantity)
	made := &stripeSession{ID: id, URL: s.URL + "/pay/" + id, Object: "checkout.session", Status: "open", PaymentStatus: "unpaid", Click: form("client_reference_id"),
		Amount: amount * quantity, Currency: form("line_items[0][price_data][currency]"), Metadata: map[string]string{"mediad_hold": form("metadata[mediad_hold]")}, Created: 1_796_000_000}
	s.sessions[id], s.keys[key] = made, id
	s.say(w, made)
}

func (s *stripeShop) expire(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.sessions[r.PathValue("id")]
	if session != nil && session.Status != "open" && s.fault == "" {
		problem(w, http.StatusBadRequest, "Only Checkout Sessions with a status in [\"open\"] can be expired")
		return
	}
	if session != nil && (s.fault == "" || s.fault == "silent") {
		session.Status = "expired"
	}
	s.say(w, session)
}

// pay pays in a session, as a buyer does, and gives the webhook that Stripe sends of it.
func (s *stripeShop) pay(t *testing.T, address string) (body string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.sessions[address[strings.LastIndexByte(address, '/')+1:]]
	if session == nil || session.Status != "open" {
		t.Fatalf("%s cannot be paid: %+v", address, session)
	}
	session.Status, session.PaymentStatus = "complete", "paid"
	if session.Amount == 0 {
		session.PaymentStatus = "no_payment_required"
	}
	text, err := json.Marshal(session)
	must(t, err)
	return fmt.Sprintf(`{"id":"evt_%s","object":"event","type":"checkout.session.completed","created":1796000100,"data":{"object":%s}}`, session.ID, text)
}

// price is what a session at an address asks for in all.
func (s *stripeShop) price(t *testing.T, address string) int64 {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.sessions[address[strings.LastIndexByte(address, '/')+1:]]
	if session == nil {
		t.Fatalf("%s is no session", address)
	}
	return session.Amount
}

func (s *stripeShop) breaks(how string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.asked = how, 0
}

// asks tells how often it was asked to open a session since it breaks as it does now.
func (s *stripeShop) asks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// states counts the sessions by their state.
func (s *stripeShop) states() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for _, session := range s.sessions {
		n[session.Status]++
	}
	return n
}

// tell sends a webhook as Stripe signs it, and gives the status.
func (s *stripeShop) tell(t *testing.T, hook, secret, body string) int {
	t.Helper()
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hook, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Stripe-Signature", signed.Header)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	return res.StatusCode
}
