package testshop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Stripe's interface, as far as checkouts need it: https://docs.stripe.com/api/checkout/sessions.

// answer is one that was given; the same Idempotency-Key gets it again.
type answer struct {
	status int
	body   []byte
}

// Stripe closes a session by itself within these bounds.
const (
	soonest = 30 * time.Minute
	latest  = 24 * time.Hour
)

const maxForm = 1 << 16

func (s *Shop) routeAPI(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/checkout/sessions", s.api(s.createSession))
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", s.api(s.getSession))
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", s.api(s.expireSession))
}

// api checks the key, and answers as slowly and as badly as the faults say.
func (s *Shop) api(do func(*http.Request) (int, object)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		slow, fails := s.faults.APISlow, s.random.Float64() < s.faults.APIFail
		s.mu.Unlock()
		time.Sleep(slow)
		user, _, _ := r.BasicAuth()
		bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		key := r.Method + r.URL.Path + " " + r.Header.Get("Idempotency-Key")
		again := r.Header.Get("Idempotency-Key") != ""
		switch {
		case s.o.APIKey == "" || bearer != s.o.APIKey && user != s.o.APIKey:
			write(w, http.StatusUnauthorized, refusal("Invalid API Key provided"))
			return
		case fails:
			write(w, http.StatusInternalServerError, object{"error": object{"type": "api_error", "message": "Something went wrong on our end"}})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			write(w, http.StatusBadRequest, refusal("The form cannot be read"))
			return
		}
		s.mu.Lock()
		a, ok := s.answers[key]
		if !ok || !again {
			status, body := do(r)
			text, err := json.Marshal(body)
			if err != nil {
				status, text = http.StatusInternalServerError, nil
			}
			a = answer{status, text}
			if again && len(s.answers) < maxSessions {
				s.answers[key] = a
			}
		}
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body) // the client has gone otherwise
	}
}

func write(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone otherwise
}

func refusal(words string) object {
	return object{"error": object{"type": "invalid_request_error", "message": words}}
}

func (s *Shop) createSession(r *http.Request) (int, object) {
	form := r.PostForm
	number := func(name string) int64 {
		n, err := strconv.ParseInt(form.Get(name), 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	price := "line_items[0][price_data]"
	made := session{click: form.Get("client_reference_id"), success: form.Get("success_url"), metadata: map[string]string{}, quantity: number("line_items[0][quantity]"),
		currency: strings.ToUpper(form.Get(price + "[currency]")), good: Good{Title: form.Get(price + "[product_data][name]"), Price: number(price + "[unit_amount]")}}
	made.good.SKU = form.Get(price + "[product_data][metadata][sku]")
	made.amount = made.quantity * made.good.Price
	for name := range form {
		if key, ok := strings.CutPrefix(name, "metadata["); ok {
			made.metadata[strings.TrimSuffix(key, "]")] = form.Get(name)
		}
	}
	if at := number("expires_at"); at != 0 {
		made.expires = time.Unix(at, 0)
		if wait := time.Until(made.expires); wait < soonest-time.Minute || wait > latest {
			return http.StatusBadRequest, refusal("The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from Checkout Session creation.")
		}
	}
	switch {
	case form.Get("mode") != "payment":
		return http.StatusBadRequest, refusal("You must provide a valid `mode`: payment is what this shop knows.")
	case made.quantity < 1 || made.good.Price < 1 || made.good.Title == "" || len(made.currency) != 3:
		return http.StatusBadRequest, refusal("Missing required param: line_items[0].")
	}
	c, err := s.begin(made)
	if err != nil {
		return http.StatusTooManyRequests, refusal(err.Error())
	}
	return http.StatusOK, s.sessionObject(c)
}

func (s *Shop) getSession(r *http.Request) (int, object) {
	c, ok := s.sessions[r.PathValue("id")]
	if !ok {
		return http.StatusNotFound, refusal(fmt.Sprintf("No such checkout.session: '%s'", r.PathValue("id")))
	}
	return http.StatusOK, s.sessionObject(c)
}

func (s *Shop) expireSession(r *http.Request) (int, object) {
	c, ok := s.sessions[r.PathValue("id")]
	switch {
	case !ok:
		return http.StatusNotFound, refusal(fmt.Sprintf("No such checkout.session: '%s'", r.PathValue("id")))
	case !c.open(time.Now()):
		return http.StatusBadRequest, refusal("Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of " + s.status(c) + ".")
	}
	c.expired = true
	s.tell(s.event("checkout.session.expired", s.sessionObject(c)))
	return http.StatusOK, s.sessionObject(c)
}

func (s *Shop) status(c *session) string {
	switch {
	case c.order != nil:
		return "complete"
	case !c.open(time.Now()):
		return "expired"
	}
	return "open"
}

// sessionObject writes a session. The caller holds mu.
func (s *Shop) sessionObject(c *session) object {
	o := object{"id": c.id, "object": "checkout.session", "mode": "payment", "status": s.status(c), "payment_status": "unpaid", "amount_total": c.amount, "currency": lower(c.currency),
		"client_reference_id": nil, "metadata": c.metadata, "expires_at": c.expires.Unix(), "url": nil, "payment_intent": nil, "success_url": c.success, "livemode": false}
	if c.click != "" {
		o["client_reference_id"] = c.click
	}
	if c.order != nil {
		o["payment_status"], o["payment_intent"], o["customer_details"] = "paid", c.order.id, object{"email": c.email}
	} else if s.status(c) == "open" {
		o["url"] = s.o.Base + "/pay/" + c.id
	}
	return o
}

func lower(currency string) string { return strings.ToLower(currency) }
