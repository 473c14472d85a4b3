package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/testshop"
)

// orderKills is how often the server dies while it sells: MEDIAD_ORDER_KILLS.
func orderKills() int {
	n, err := strconv.Atoi(os.Getenv("MEDIAD_ORDER_KILLS"))
	if err != nil || n < 1 {
		return 2
	}
	return n
}

// TestOrderKills: the server is killed with SIGKILL while buyers hold units and pay at a
// shop. No hold that was answered and no order is lost, none is invented, and no unit is
// sold twice.
func TestOrderKills(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { testOrderKills(t, nil) })
	t.Run("PostgreSQL", func(t *testing.T) {
		_, database := startPostgres(t, "a-password-of-postgres")
		testOrderKills(t, []string{database})
	})
}

// sale is a child that sells units at a shop.
type sale struct {
	*child
	shop  *testshop.Shop
	holds string // where buyers ask
	order string // what they say

	mu sync.Mutex
	// Guarded by mu.
	held    map[string]bool // by id; true: it was paid
	unknown int             // requests that were not answered
	late    int             // that were refused
}

func testOrderKills(t *testing.T, env []string) {
	units := 500 * (orderKills() + 1) // more than buyers get between two kills: none comes too late
	var stripe http.Handler
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { stripe.ServeHTTP(w, r) }))
	t.Cleanup(at.Close)
	s := &sale{child: newChild(t, map[string]any{"kind": "dir"}, append(env, "STRIPE_API_BASE="+at.URL), "tea"), held: map[string]bool{}}
	s.start()
	host, err := url.Parse(at.URL)
	if err != nil {
		t.Fatal(err)
	}
	var product, show, shop, given struct{ ID, Hook string }
	s.does("/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY"}`, &product)
	s.does("/shows", `{"room":"tea","title":"Corn"}`, &show)
	if status := s.call(http.MethodPut, "/api/v1/shows/"+show.ID+"/lineup", fmt.Sprintf(`{"items":[{"product":"CORN","reveal_at":%q}]}`, time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)), nil); status != http.StatusOK {
		t.Fatalf("line-up: %d", status)
	}
	const secret, key = "whsec_of_a_test", "sk_test_1"
	s.does("/shops", fmt.Sprintf(`{"name":"Tea","kind":"stripe-session","stock":"allocated-hold","config":{"hosts":[%q]},"secrets":{"api_key":%q,"webhook":%q}}`, host.Host, key, secret), &shop)
	s.does("/shows/"+show.ID+"/allocations", fmt.Sprintf(`{"product":"CORN","total":%d}`, units), &given)
	s.shop, err = testshop.New(testshop.Options{Dialect: testshop.Stripe, Base: at.URL, Hook: shop.Hook, Secret: secret, APIKey: key, Retry: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	stripe = s.shop.Handler()
	s.holds, s.order = "http://"+s.http+"/c/"+show.ID+"/holds", fmt.Sprintf(`{"variant":%q}`, product.ID)

	over := make(chan struct{})
	var buyers sync.WaitGroup
	for n := range 6 {
		buyers.Go(func() { s.buys(n, over) })
	}
	for range orderKills() {
		before := s.answered()
		eventually(t, "buyers are served", time.Minute, func() bool { return s.answered() >= before+10 })
		sleep(t.Context(), time.Duration(rand.IntN(300))*time.Millisecond)
		s.stop(syscall.SIGKILL)
		s.start()
	}
	before := s.answered()
	eventually(t, "buyers are served after the last start", time.Minute, func() bool { return s.answered() >= before+10 })
	close(over)
	buyers.Wait()
	if s.late > 0 {
		t.Errorf("%d buyers were refused, though units were left", s.late)
	}
	s.check(show.ID)
}

func (s *sale) does(path, body string, into any) {
	s.t.Helper()
	if status := s.call(http.MethodPost, "/api/v1"+path, body, into); status != http.StatusCreated {
		s.t.Fatalf("%s: %d", path, status)
	}
}

func (s *sale) answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held)
}

// buys asks for units again and again, each time as another buyer, and pays for every
// other one.
func (s *sale) buys(n int, over <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-over:
			return
		default:
		}
		hold, checkout, status := s.asks(fmt.Sprintf("buyer %d of %d", i, n))
		s.mu.Lock()
		switch status {
		case http.StatusCreated:
			s.held[hold] = i%2 == 0
		case http.StatusConflict:
			s.late++
		default:
			s.unknown++
		}
		s.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
		if status == http.StatusCreated && i%2 == 0 {
			if _, err := s.shop.Pay(path.Base(checkout), "buyer@shop.example"); err != nil {
				s.t.Errorf("a checkout of a hold that was answered cannot be paid: %v", err)
			}
		}
	}
}

// asks is one request of a buyer; 0: it was not answered.
func (s *sale) asks(who string) (hold, checkout string, status int) {
	r, err := http.NewRequest(http.MethodPost, s.holds, strings.NewReader(s.order))
	if err != nil {
		return "", "", 0
	}
	r.Header.Set("User-Agent", who)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", "", 0
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	var h struct {
		ID       string
		Checkout string `json:"checkout_url"`
	}
	if err != nil || json.Unmarshal(text, &h) != nil {
		return "", "", 0
	}
	return h.ID, h.Checkout, res.StatusCode
}

// sold is an order as the API gives it.
type sold struct {
	Name        string
	Unallocated int64
}

// orders reads all orders of a show, page by page.
func (s *sale) orders(show string) (all []sold, ok bool) {
	for cursor := ""; ; {
		var list struct {
			Items []sold
			Next  string
		}
		if s.call(http.MethodGet, "/api/v1/orders?limit=100&show="+show+"&cursor="+url.QueryEscape(cursor), "", &list) != http.StatusOK {
			return all, false
		}
		all = append(all, list.Items...)
		if cursor = list.Next; cursor == "" {
			return all, true
		}
	}
}

// check compares the server's holds and orders with what buyers and the shop know.
func (s *sale) check(show string) {
	s.t.Helper()
	books := map[string]bool{}
	for _, b := range s.shop.Books() {
		books[b.Order] = true
	}
	orders := 0
	eventually(s.t, "all orders", time.Minute, func() bool {
		all, ok := s.orders(show)
		orders = len(all)
		for _, o := range all {
			if !books[o.Name] || o.Unallocated != 0 {
				s.t.Errorf("order %s: in the shop's books: %t; %d units are missing", o.Name, books[o.Name], o.Unallocated)
			}
		}
		return ok && (orders >= len(books) || s.t.Failed())
	})
	if orders != len(books) {
		s.t.Errorf("%d orders, %d in the shop's books", orders, len(books))
	}
	paid := 0
	for id, is := range s.held {
		want := "active"
		if is {
			want = "paid"
			paid++
		}
		var h struct{ State string }
		eventually(s.t, "a hold is "+want, time.Minute, func() bool {
			status, text, err := s.get(s.t.Context(), "/c/holds/"+id)
			return err == nil && status == http.StatusOK && json.Unmarshal(text, &h) == nil && h.State == want
		})
	}
	var stock struct {
		Items []struct{ Total, Held, Sold int }
	}
	s.call(http.MethodGet, "/api/v1/shows/"+show+"/allocations", "", &stock)
	now := stock.Items[0]
	if open := len(s.held) - paid; paid != len(books) || now.Sold != paid || now.Held < open || now.Held > open+s.unknown || now.Held+now.Sold > now.Total {
		s.t.Errorf("%+v; %d were paid, %d are in the books, %d are open, %d were not answered", now, paid, len(books), open, s.unknown)
	}
	s.t.Logf("%d holds were answered, %d of them paid; %d requests were not answered; %+v", len(s.held), paid, s.unknown, now)
}
