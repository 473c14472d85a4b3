package webhooks

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a store with a shop, and a Sender that runs. 127.0.0.1 stands for the public
// internet, and all else for private networks.
type house struct {
	*store.Store
	t    *testing.T
	shop overlay.Shop
	end  func()
}

func open(t *testing.T, o store.Options, timeout time.Duration) *house {
	t.Helper()
	s, err := store.Open(context.Background(), o)
	must(t, err)
	h := &house{Store: s, t: t}
	h.shop, err = s.CreateShop(t.Context(), overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	sender := New(Options{Queue: s, Public: loopback, UserAgent: "mediad/test", Timeout: timeout, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sender.Run(ctx) }()
	h.end = sync.OnceFunc(func() {
		stop()
		must(t, <-done)
		must(t, s.Close())
	})
	t.Cleanup(h.end)
	return h
}

func loopback(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }

func (h *house) webhook(address string) store.MadeWebhook {
	h.t.Helper()
	made, err := h.CreateWebhook(h.t.Context(), overlay.Webhook{Org: overlay.HomeOrg, URL: address, Types: overlay.WebhookTypes()}, true, "test", store.Once{})
	must(h.t, err)
	return made
}

func (h *house) fact(order, delivery string, kind overlay.OrderFactKind) {
	h.t.Helper()
	must(h.t, h.TakeFacts(h.t.Context(), h.shop, []overlay.OrderFact{{Kind: kind, Delivery: delivery, Order: order, At: time.Now(), Amount: 100, Currency: "CNY", Refund: delivery}}))
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never", what)
		}
	}
}

// ended waits until a delivery was tried once, and gives it.
func (h *house) tried(w, id string) overlay.DeliveryStory {
	h.t.Helper()
	var d overlay.DeliveryStory
	until(h.t, "a try", func() bool {
		var err error
		d, err = h.Delivery(h.t.Context(), w, id)
		must(h.t, err)
		return len(d.Attempts) > 0
	})
	return d
}

// receiver is a server of somebody else, which checks signatures.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	secret   string
	got      []string // webhook-id and body of what was signed well
	unsigned int
}

func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		hook, err := standardwebhooks.NewWebhook(r.secret)
		if err == nil && hook.Verify(body, q.Header) == nil && q.Header.Get("Content-Type") == "application/json" && q.Header.Get("User-Agent") == "mediad/test" {
			r.got = append(r.got, q.Header.Get("webhook-id")+" "+string(body))
		} else {
			r.unsigned++
		}
		r.mu.Unlock()
		if answer != nil {
			answer(w, q)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) set(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = secret
}

func (r *receiver) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// TestSends: what happens arrives, signed, once, and in the order of each order's
// changes; the former secret is good while it holds.
func TestSends(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		h := open(t, o, 10*time.Second)
		r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
		w := h.webhook(r.URL)
		r.set(w.Secret)
		const orders = 25
		for n := range orders {
			order := fmt.Sprint(n)
			h.fact(order, "p"+order, overlay.OrderPending)
			h.fact(order, "a"+order, overlay.OrderPaid)
			h.fact(order, "r"+order, overlay.OrderRefunded)
		}
		until(t, "all deliveries", func() bool { return len(r.taken()) >= 3*orders })
		steps := map[string][]string{}
		ids := map[string]bool{}
		for _, one := range r.taken() {
			id, body, _ := strings.Cut(one, " ")
			ids[id] = true
			_, order, _ := strings.Cut(body, `"name":"`)
			order, _, _ = strings.Cut(order, `"`)
			kind, _, _ := strings.Cut(strings.TrimPrefix(body, `{"type":"`), `"`)
			steps[order] = append(steps[order], kind)
		}
		if len(ids) != 3*orders || len(steps) != orders {
			t.Errorf("%d messages of %d orders", len(ids), len(steps))
		}
		for order, all := range steps {
			if !slices.Equal(all, []string{"order.pending", "order.paid", "order.refunded"}) {
				t.Errorf("order %s came as %v", order, all)
			}
		}
		// The receiver goes on with the former secret, then takes the new one.
		renewed, err := h.RenewWebhookSecret(t.Context(), w.ID, "test", store.Once{})
		must(t, err)
		for n, secret := range []string{w.Secret, renewed.Secret} {
			r.set(secret)
			d, err := h.TestWebhook(t.Context(), w.ID, "test", store.Once{})
			must(t, err)
			if went := h.tried(w.ID, d.ID); went.State != overlay.DeliveryTaken || went.Last.Status != http.StatusNoContent || went.Type != overlay.WebhookTest {
				t.Errorf("test %d: %+v", n, went)
			}
		}
		if got := r.taken(); len(got) != 3*orders+2 || r.unsigned > 0 {
			t.Errorf("%d came signed, %d unsigned", len(got), r.unsigned)
		}
		at, err := h.Webhook(t.Context(), w.ID)
		if must(t, err); at.TakenAt == nil || at.FailingSince != nil || at.Waiting != 0 {
			t.Errorf("%+v", at)
		}
	})
}

// TestFaults: whatever a server does, it is told in words why that is no success, the thing
// waits for another try, nobody is asked who must not be, and others are not held up.
func TestFaults(t *testing.T) {
	h := open(t, store.Options{Dir: t.TempDir()}, 2*time.Second)
	asked := false
	inner := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	must(t, inner.Listener.Close())
	var err error
	inner.Listener, err = net.Listen("tcp", "127.0.0.2:0")
	must(t, err)
	inner.Start()
	t.Cleanup(inner.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	hang := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/500", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "the <b>database</b>\x00 is away", strings.Repeat(" again", 1000))
	})
	mux.HandleFunc("/inner", func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, inner.URL, http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/here", func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, "/good", http.StatusPermanentRedirect)
	})
	mux.HandleFunc("/hang", func(http.ResponseWriter, *http.Request) { <-hang })
	mux.HandleFunc("/drip", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		must(t, http.NewResponseController(w).Flush())
		<-hang
	})
	mux.HandleFunc("/reset", func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		must(t, err)
		must(t, c.(*net.TCPConn).SetLinger(0))
		_ = c.Close()
	})
	mux.HandleFunc("/later", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write(make([]byte, 1<<20)); err == nil { // nobody reads all of it
			<-hang
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	secure := httptest.NewTLSServer(mux)
	t.Cleanup(secure.Close)
	t.Cleanup(func() { close(hang) })
	webhooks := map[string]string{}
	for address, problem := range map[string]string{
		server.URL + "/500": "answers 500 Internal Server Error", server.URL + "/inner": "redirect (307)", server.URL + "/here": "redirect (308)", server.URL + "/hang": "does not answer within 2 seconds", server.URL + "/drip": "does not answer within 2 seconds",
		server.URL + "/reset": "ends the connection", server.URL + "/later": "answers 429", server.URL + "/gone": "answers 410", server.URL + "/good": "",
		inner.URL: "not the public internet", "http://[::1]:9/": "not the public internet", "http://169.254.169.254/": "not the public internet", "http://" + closed.Addr().String(): "no server listens there", secure.URL + "/good": "certificate",
		"https://nobody.invalid/": "no server with this name",
	} {
		webhooks[h.webhook(address).ID] = problem
	}
	h.fact("1", "a", overlay.OrderPaid)
	for id, problem := range webhooks {
		all, err := h.FindDeliveries(t.Context(), store.Deliveries{Webhook: id}, "", 10)
		must(t, err)
		d := h.tried(id, all[0].ID)
		if problem == "" {
			if d.State != overlay.DeliveryTaken || d.Last.Problem != "" {
				t.Errorf("good: %+v", d)
			}
			continue
		}
		at, err := h.Webhook(t.Context(), id)
		must(t, err)
		if d.State != overlay.DeliveryWaiting || d.Next == nil || !strings.Contains(d.Attempts[0].Problem, problem) || at.FailingSince == nil || !strings.Contains(at.Problem, problem) {
			t.Errorf("want %q: %+v, %+v", problem, d, at)
		}
		switch {
		case problem == "answers 410" && (at.On || at.Off != overlay.OffGone):
			t.Errorf("gone: %+v", at)
		case problem == "answers 429" && time.Until(*d.Next) < 50*time.Minute:
			t.Errorf("asked for an hour: %v", d.Next)
		case strings.HasPrefix(problem, "answers 500") && (len(d.Last.Answer) > 2*overlay.MaxAnswer || !strings.HasPrefix(d.Last.Answer, "the <b>database</b>") || strings.Contains(d.Last.Answer, "\x00")):
			t.Errorf("its answer: %q", d.Last.Answer)
		}
	}
	if asked {
		t.Error("a private network was asked")
	}
}

// TestSlowHoldsUpNobody: while many servers hang, another one gets all at once.
func TestSlowHoldsUpNobody(t *testing.T) {
	h := open(t, store.Options{Dir: t.TempDir()}, 30*time.Second)
	hang := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(hang) })
	for range overlay.MaxWebhooks - 1 {
		h.webhook(slow.URL)
	}
	r := newReceiver(t, nil)
	w := h.webhook(r.URL)
	r.set(w.Secret)
	begun := time.Now()
	for n := range 40 {
		h.fact(fmt.Sprint(n), fmt.Sprint(n), overlay.OrderPaid)
	}
	until(t, "all at the one that is quick", func() bool { return len(r.taken()) == 40 })
	if took := time.Since(begun); took > 29*time.Second {
		t.Errorf("it waited for those that hang: %v", took)
	}
}

// TestComesBack: what was not taken comes again, under the same id, in the next try.
func TestComesBack(t *testing.T) {
	h := open(t, store.Options{Dir: t.TempDir()}, 10*time.Second)
	var mu sync.Mutex
	tries := map[string]int{}
	r := newReceiver(t, func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if tries[q.Header.Get("webhook-id")]++; tries[q.Header.Get("webhook-id")] == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	w := h.webhook(r.URL)
	r.set(w.Secret)
	h.fact("1", "a", overlay.OrderPaid)
	all, err := h.FindDeliveries(t.Context(), store.Deliveries{Webhook: w.ID}, "", 10)
	must(t, err)
	until(t, "the second try", func() bool {
		d, err := h.Delivery(t.Context(), w.ID, all[0].ID)
		must(t, err)
		return d.State == overlay.DeliveryTaken && len(d.Attempts) == 2
	})
	if got := r.taken(); len(got) != 2 || got[0] != got[1] {
		t.Errorf("%v", got)
	}
}
