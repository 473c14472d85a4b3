package overlay

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Limits of webhooks.
const (
	MaxWebhooks    = 20 // of an organisation
	maxWebhookName = 80
)

// WebhookTest is what a test tells. It goes to whoever asked for it.
const WebhookTest = "webhook.test"

// WebhookTypes lists what a webhook may be told of: what happens to orders, in shows and
// to products over the picture. Events of a show have their names of the log.
func WebhookTypes() []string {
	return []string{
		OrderTold(OrderStatePaid), OrderTold(OrderStatePending), OrderTold(OrderStateFailed), OrderTold(OrderStateRefunded), OrderTold(OrderStateCancelled), OrderMatched,
		string(KindShowStart), string(KindShowPause), string(KindShowEnd),
		string(KindProductPin), string(KindProductUpdate), string(KindProductUnpin),
	}
}

// ToldOf tells whether webhooks are told of events of this kind.
func (k Kind) ToldOf() bool { return slices.Contains(WebhookTypes(), string(k)) }

// OrderMatched tells which show an order came from, where that was told later than the
// order.
const OrderMatched = "order.matched"

// OrderTold is the type of what tells of an order in a state.
func OrderTold(s OrderState) string { return "order." + string(s) }

// OrderNews says of which types a change of an order is; before is the zero value of one
// that is new. A refund without its order is none: the order is to come. Where the shop
// tells of the money behind the cancellation, the cancellation is told once more: whoever
// delivers what is paid must not end with that.
func OrderNews(before, after Order) (types []string) {
	paid := after.PaidAt != nil && (before.PaidAt == nil || after.Gross != before.Gross)
	if paid {
		types = append(types, OrderTold(OrderStatePaid))
	}
	switch s := after.State; {
	case s == before.State && !(paid && s == OrderStateCancelled):
	case s == OrderStatePending, s == OrderStateFailed, s == OrderStateCancelled:
		types = append(types, OrderTold(s))
	}
	if after.PaidAt != nil && (after.Refunded != before.Refunded || after.Over != before.Over) {
		types = append(types, OrderTold(OrderStateRefunded))
	}
	if len(types) == 0 && before.ID != "" && after.Show != before.Show && after.State != OrderStateParked {
		types = append(types, OrderMatched)
	}
	return types
}

// ToldOrder is what is told of an order: all of it, as it is then, and nothing of its
// buyer.
type ToldOrder struct {
	Order
	Lines []SoldLine `json:"lines"`
}

// ToldEvent is what is told of an event of a show.
type ToldEvent struct {
	Show    string    `json:"show"`
	Title   string    `json:"title"`
	Room    string    `json:"room"`
	Org     string    `json:"org"`
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"at"` // the moment that it is meant for
	Product *Card     `json:"product,omitempty"`
}

// WebhookBody gives what is sent, as Standard Webhooks lays it out.
func WebhookBody(kind string, at time.Time, data any) (string, error) {
	text, err := encode(struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      any       `json:"data"`
	}{kind, at.UTC(), data})
	return string(text), err
}

// OffBecause says why a webhook is off.
type OffBecause string

// The reasons.
const (
	OffByHand  OffBecause = "owner"   // somebody has switched it off
	OffFailing OffBecause = "failing" // it took nothing for WebhookPatience
	OffGone    OffBecause = "gone"    // the server there said that it is gone for good (410)
	OffFull    OffBecause = "full"    // too much waited for it
	OffSecret  OffBecause = "secret"  // its secret is lost: the server has a new secret.key
)

// Webhook is an address of another server that is told what happens in an organisation,
// and in those below it.
type Webhook struct {
	ID      string     `json:"id"`
	Org     string     `json:"org"`
	URL     string     `json:"url"`
	Name    string     `json:"name,omitempty" doc:"What you call it"`
	Types   []string   `json:"types" doc:"What it is told of"`
	Rev     int64      `json:"rev"`
	Created time.Time  `json:"created"`
	On      bool       `json:"on"`
	Off     OffBecause `json:"off_because,omitempty" enum:"owner,failing,gone,full,secret" doc:"owner: somebody has switched it off; failing: it took nothing for three days; gone: the server there answered 410; full: too much waited for it; secret: make a new secret"`
	OffAt   *time.Time `json:"off_at,omitempty"`
	// FormerUntil is how long the secret before the present one signs beside it.
	FormerUntil  *time.Time `json:"former_secret_until,omitempty" doc:"Until when the former secret signs, too"`
	Waiting      int        `json:"waiting" doc:"How much waits for it, at most 1000 are counted"`
	FailingSince *time.Time `json:"failing_since,omitempty" doc:"It has taken nothing since then"`
	TakenAt      *time.Time `json:"taken_at,omitempty" doc:"When it took something last, to the minute"`
	Problem      string     `json:"problem,omitempty" doc:"What was wrong with the last try that failed; missing: the last one was taken"`
}

// Called is what people call it: its name, or the host of its address. The whole address
// may have a secret in it.
func (w Webhook) Called() string {
	if w.Name != "" {
		return w.Name
	}
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// Checked gives the webhook made regular, or an Error that names the field. plain: an
// address without TLS will do.
func (w Webhook) Checked(plain bool) (Webhook, error) {
	w.Name, w.URL = strings.TrimSpace(w.Name), strings.TrimSpace(w.URL)
	if err := checkText("name", w.Name, maxWebhookName, false); err != nil {
		return w, err
	}
	if w.URL == "" {
		return w, Errorf(Invalid, "url: is missing")
	}
	if err := checkURL("url", w.URL); err != nil {
		return w, err
	}
	u, err := url.Parse(w.URL)
	switch {
	case err != nil:
		return w, Errorf(Invalid, "url: cannot be read")
	case u.Scheme != "https" && !plain:
		return w, Errorf(Invalid, "url: must begin with https://, since what is told there has your orders in it")
	case u.Fragment != "" || strings.Contains(w.URL, "#"):
		return w, Errorf(Invalid, "url: must not have a # in it")
	}
	types := w.Types
	w.Types = []string{}
	for _, kind := range WebhookTypes() { // in their order, each once
		if slices.Contains(types, kind) {
			w.Types = append(w.Types, kind)
		}
	}
	for _, kind := range types {
		if !slices.Contains(WebhookTypes(), kind) {
			return w, Errorf(Invalid, "types: %q is none; there are %s", Plain(kind, 40), strings.Join(WebhookTypes(), ", "))
		}
	}
	if len(w.Types) == 0 {
		return w, Errorf(Invalid, "types: name at least one of %s", strings.Join(WebhookTypes(), ", "))
	}
	return w, nil
}

// WebhookChange changes a webhook; nil leaves a field as it is.
type WebhookChange struct {
	Rev   int64 // the revision that it was made on; 0: any
	URL   *string
	Name  *string
	Types *[]string
	On    *bool
}

// Changed gives the webhook as it is after a change at a moment.
func (w Webhook) Changed(c WebhookChange, plain bool, at time.Time) (Webhook, error) {
	if c.Rev != 0 && c.Rev != w.Rev {
		return w, Errorf(Conflict, "rev: the webhook is at revision %d; somebody has changed it since revision %d", w.Rev, c.Rev)
	}
	set(&w.URL, c.URL)
	set(&w.Name, c.Name)
	set(&w.Types, c.Types)
	switch {
	case c.On == nil || *c.On == w.On:
	case *c.On && w.Off == OffSecret:
		return w, Errorf(Conflict, "on: the secret of this webhook is lost; make a new one, which switches it on")
	case *c.On:
		w.On, w.Off, w.OffAt = true, "", nil
	default:
		w.On, w.Off, w.OffAt = false, OffByHand, &at
	}
	w.Rev++
	return w.Checked(plain)
}

// DeliveryState is how it stands with what a webhook is told.
type DeliveryState string

// The states.
const (
	DeliveryWaiting DeliveryState = "waiting" // it is due, or will be
	DeliveryTaken   DeliveryState = "taken"   // the server there has answered 2xx
	DeliveryFailed  DeliveryState = "failed"  // it was tried for a day, and is not tried any more
)

// Delivery is a thing that a webhook is told.
type Delivery struct {
	ID       string        `json:"id"`
	Webhook  string        `json:"webhook"`
	Message  string        `json:"message" doc:"What the header webhook-id has: the same at each try, and after a replay"`
	Type     string        `json:"type"`
	Subject  string        `json:"subject" doc:"The order or the show that it is about"`
	State    DeliveryState `json:"state" enum:"waiting,taken,failed" doc:"failed: it was tried for a day, and is not tried any more"`
	Tries    int           `json:"tries" doc:"How often it was tried, since it was queued or replayed last"`
	Next     *time.Time    `json:"next,omitempty" doc:"When it is tried again; missing: it does not wait"`
	Created  time.Time     `json:"created"`
	Ended    *time.Time    `json:"ended,omitempty"`
	Last     *Attempt      `json:"last,omitempty" doc:"How the last try went"`
	Attempts []Attempt     `json:"-"`
}

// DeliveryStory is a delivery with what is sent, and how its tries went.
type DeliveryStory struct {
	Delivery
	Attempts []Attempt       `json:"attempts" doc:"The last 12 tries, the first of them first"`
	Body     json.RawMessage `json:"body" doc:"What is sent"`
}

// Attempt is one try to tell something.
type Attempt struct {
	At      time.Time `json:"at"`
	Took    int64     `json:"took_ms"`
	Status  int       `json:"status,omitempty" doc:"The HTTP status of the answer; missing: there was no answer"`
	Problem string    `json:"problem,omitempty" doc:"What was wrong; missing: it was taken"`
	Answer  string    `json:"answer,omitempty" doc:"The first bytes of the answer"`
}

// Bounds of what is kept of the tries of a delivery.
const (
	MaxAttempts = 12
	MaxAnswer   = 300 // bytes of an answer
)
