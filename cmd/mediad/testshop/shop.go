// Package testshop is a shop for tests and demos in which no money moves. It speaks as
// real shops do: Shopify's cart permalinks and signed webhooks, Stripe's Payment Links,
// Checkout Sessions and events, and Standard Webhooks. It can also fail as they do, and
// its own books say what a ledger must come to.
//
// It knows nothing of the server that it tells: in go requests of buyers, out go
// webhooks.
package testshop

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Dialect is what a shop speaks.
type Dialect string

// The dialects.
const (
	Plain   Dialect = "plain" // Standard Webhooks
	Shopify Dialect = "shopify"
	Stripe  Dialect = "stripe"
)

// Good is something that the shop sells.
type Good struct {
	SKU      string
	Ref      string // the shop's own number of it (Shopify's variant)
	Title    string
	Price    int64 // minor units
	Currency string
}

// Options of a Shop.
type Options struct {
	Dialect Dialect
	Goods   []Good
	// Base is the address at which buyers reach the shop, without a slash at its end.
	Base string
	// Hook is where webhooks go, and Secret is what they are signed with.
	Hook, Secret string
	// APIKey is asked for by Stripe's interface.
	APIKey string
	// Back is where a buyer is led after paying; "": nowhere.
	Back string
	// Retry is how long the shop waits before it tells something again that was not
	// taken; it doubles each time. 0: 5 s.
	Retry time.Duration
	Seed  uint64 // of the faults
	Log   *slog.Logger
}

// Shop is safe for concurrent use.
type Shop struct {
	o    Options
	post *http.Client

	mu       sync.Mutex
	faults   Faults
	random   *rand.Rand
	sessions map[string]*session
	orders   []*order
	answers  map[string]answer // of Stripe's interface, by Idempotency-Key
	number   int64             // the last one that was given to anything

	told sync.WaitGroup // the deliveries that are on their way
	busy chan struct{}  // a place for each request that is under way
}

// session is a checkout that a buyer has opened.
type session struct {
	id       string
	good     Good
	quantity int64
	click    string
	metadata map[string]string
	amount   int64 // minor units
	currency string
	email    string
	expires  time.Time
	expired  bool
	order    *order // nil: nothing is paid
	success  string // where a buyer is led after paying
}

func (s *session) open(now time.Time) bool {
	return s.order == nil && !s.expired && now.Before(s.expires)
}

// order is one of the shop's books.
type order struct {
	id       string
	session  *session
	paidAt   time.Time
	refunded int64
	canceled bool
}

// maxSessions bounds what a shop remembers; the demo's is open to anybody.
const maxSessions = 100_000

// New makes a shop. Deliveries begin with the first order.
func New(o Options) (*Shop, error) {
	switch {
	case !slices.Contains([]Dialect{Plain, Shopify, Stripe}, o.Dialect):
		return nil, fmt.Errorf("test shop: %q is no dialect: plain, shopify and stripe are", o.Dialect)
	case o.Base == "" || o.Hook == "" || o.Secret == "":
		return nil, errors.New("test shop: an address of the shop, one for webhooks and a secret are needed")
	}
	o.Log = cmp.Or(o.Log, slog.Default())
	o.Retry = cmp.Or(o.Retry, 5*time.Second)
	return &Shop{
		o: o, post: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: mostPosts}},
		random: rand.New(rand.NewPCG(o.Seed, 1)), sessions: map[string]*session{}, answers: map[string]answer{}, number: 1000, busy: make(chan struct{}, mostPosts),
	}, nil
}

// Handler answers buyers, and Stripe's interface.
func (s *Shop) Handler() http.Handler {
	mux := http.NewServeMux()
	switch s.o.Dialect {
	case Plain:
		mux.HandleFunc("GET /buy/{sku}", s.buy)
	case Shopify:
		mux.HandleFunc("GET /cart/{what}", s.cart)
	case Stripe:
		mux.HandleFunc("GET /b/{sku}", s.paymentLink)
		s.routeAPI(mux)
	}
	mux.HandleFunc("GET /pay/{id}", s.page)
	mux.HandleFunc("POST /pay/{id}", s.pays)
	return mux
}

// next gives a number that nothing else has. The caller holds mu.
func (s *Shop) next() int64 { s.number++; return s.number }

// begin opens a checkout. The caller holds mu.
func (s *Shop) begin(made session) (*session, error) {
	if len(s.sessions) >= maxSessions {
		return nil, errors.New("the test shop is full; start it again")
	}
	if made.expires.IsZero() {
		made.expires = time.Now().Add(24 * time.Hour)
	}
	made.id = fmt.Sprintf("%s%d%06x", map[Dialect]string{Plain: "c", Shopify: "cn", Stripe: "cs_test_"}[s.o.Dialect], s.next(), s.random.Uint32()&0xffffff)
	s.sessions[made.id] = &made
	if s.o.Dialect == Stripe {
		time.AfterFunc(time.Until(made.expires), func() { s.expireLate(&made) })
	}
	return &made, nil
}

// expireLate tells of a session whose time is over, as Stripe does.
func (s *Shop) expireLate(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.order == nil && !c.expired {
		c.expired = true
		s.tell(s.event("checkout.session.expired", s.sessionObject(c)))
	}
}

func (s *Shop) find(match func(Good) bool) (Good, bool) {
	at := slices.IndexFunc(s.o.Goods, match)
	if at < 0 {
		return Good{}, false
	}
	return s.o.Goods[at], true
}

// Errors of Pay, Refund and Cancel.
var (
	ErrClosed  = errors.New("this checkout is closed: nobody can pay in it any more")
	ErrUnknown = errors.New("there is no such checkout or order")
	ErrAmount  = errors.New("more cannot go back than was paid")
)

// Pay pays in a checkout, and tells so. A second payment changes nothing.
func (s *Shop) Pay(id, email string) (orderID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.sessions[id]
	switch {
	case !ok:
		return "", ErrUnknown
	case c.order != nil:
		return c.order.id, nil
	case !c.open(time.Now()):
		return "", ErrClosed
	}
	c.email = strings.TrimSpace(email)
	n := s.next()
	c.order = &order{id: map[Dialect]string{Plain: fmt.Sprintf("T-%d", n), Shopify: fmt.Sprint(820000000000 + n), Stripe: fmt.Sprintf("pi_%d", n)}[s.o.Dialect], session: c, paidAt: time.Now()}
	s.orders = append(s.orders, c.order)
	s.tell(s.paid(c.order))
	return c.order.id, nil
}

// Refund gives money of an order back, in minor units, and tells so.
func (s *Shop) Refund(orderID string, amount int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.ordered(orderID)
	if err != nil {
		return err
	}
	if amount <= 0 || amount > o.session.amount-o.refunded {
		return ErrAmount
	}
	o.refunded += amount
	s.tell(s.refunded(o, amount))
	return nil
}

// Cancel takes an order back, with all of its money, and tells so.
func (s *Shop) Cancel(orderID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.ordered(orderID)
	if err != nil || o.canceled {
		return err
	}
	if left := o.session.amount - o.refunded; left > 0 {
		o.refunded += left
		s.tell(s.refunded(o, left))
	}
	o.canceled = true
	if write, ok := s.cancelled(o); ok {
		s.tell(write())
	}
	return nil
}

func (s *Shop) ordered(id string) (*order, error) {
	at := slices.IndexFunc(s.orders, func(o *order) bool { return o.id == id })
	if at < 0 {
		return nil, ErrUnknown
	}
	return s.orders[at], nil
}

// Booked is an order in the shop's books: the truth that a ledger must come to.
type Booked struct {
	Order    string
	Click    string
	SKU      string
	Quantity int64
	Amount   int64
	Refunded int64
	Canceled bool
	Currency string
}

// Books lists all orders, the oldest first.
func (s *Shop) Books() []Booked {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Booked, 0, len(s.orders))
	for _, o := range s.orders {
		c := o.session
		out = append(out, Booked{o.id, c.click, c.good.SKU, c.quantity, c.amount, o.refunded, o.canceled, c.currency})
	}
	return out
}
