package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
)

// hookOrders is how many orders a shop tells of: MEDIAD_HOOKS.
func hookOrders(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("MEDIAD_HOOKS"))
	if err != nil || n < 50 {
		return 150
	}
	return n
}

// counted is a sale whose show has clicks.
type counted struct {
	*sale
	show   string
	clicks []string
}

func newCounted(t testing.TB, clicks int) *counted {
	t.Helper()
	s := newSale(t)
	product := s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY","link":"https://tea.example/corn"}`).ID
	must(t, s.streams.begin(t.Context(), "corn"))
	c := &counted{sale: s, show: s.streams.live["corn"].Show}
	all := make([]overlay.Click, clicks)
	for n := range all {
		id := s.store.NewID()
		all[n] = overlay.Click{ID: id, Show: c.show, Product: product, Rev: 1, At: time.Now()}
		c.clicks = append(c.clicks, id)
	}
	must(t, s.store.AddClicks(t.Context(), all))
	return c
}

// orders gives what a shop tells of n orders, one after the other: of each third some money
// goes back, of some in two refunds, and each seventh is cancelled.
func (c *counted) orders(n int, from time.Time) (all []told) {
	say := func(id, kind string, at time.Time, data string) {
		all = append(all, told{id, fmt.Sprintf(`{"type":"order.%s","timestamp":%q,"data":{"order":%q,%s}}`, kind, at.UTC().Format(time.RFC3339), strings.SplitN(id, "/", 2)[0], data)})
	}
	for i := range n {
		name, at, amount := fmt.Sprint("order-", i), from.Add(time.Duration(i)*time.Second), 4990+i
		click := ""
		if i < len(c.clicks) {
			click = c.clicks[i]
		}
		say(name+"/paid", "paid", at, fmt.Sprintf(`"amount":%d,"currency":"CNY","click":%q,"buyer":"buyer-%d@shop.example","lines":[{"sku":"CORN","title":"Corn","quantity":1,"amount":4990}]`, amount, click, i%max(n/2, 1)))
		for refund := range []int{1, 0, 0, 2, 0, 0}[i%6] {
			say(fmt.Sprintf("%s/refund-%d", name, refund), "refunded", at.Add(time.Hour), fmt.Sprintf(`"refund":"r%d","amount":%d,"currency":"CNY"`, refund, 700+i))
		}
		if i%7 == 0 {
			say(name+"/cancelled", "cancelled", at.Add(2*time.Hour), `"amount":0`)
		}
	}
	return all
}

// sendAll sends webhooks from several senders at once, and fails where one is not taken.
func (c *counted) sendAll(t testing.TB, all []told, senders int) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	next := make(chan told)
	var sending sync.WaitGroup
	for range senders {
		sending.Go(func() {
			for w := range next {
				if status, err := c.deliver(context.Background(), client, w, c.secret); err != nil || status != http.StatusNoContent {
					t.Errorf("%s: %d %v", w.id, status, err)
				}
			}
		})
	}
	for _, w := range all {
		next <- w
	}
	close(next)
	sending.Wait()
}

// mix counts the webhooks that were told before, the refunds, and those of these that come
// before their orders.
func mix(all []told) (doubles, refunds, early int) {
	seen := map[string]bool{}
	for _, w := range all {
		name, kind, _ := strings.Cut(w.id, "/")
		switch {
		case seen[w.id]:
			doubles++
		case strings.HasPrefix(kind, "refund"):
			if refunds++; !seen[name+"/paid"] {
				early++
			}
		}
		seen[w.id] = true
	}
	return doubles, refunds, early
}

// ledger is all that the server knows of its orders, as text without ids and times of its own.
func (c *counted) ledger(t *testing.T) string {
	t.Helper()
	_, text := c.send2(t, http.MethodGet, "/api/v1/orders.csv", "")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	must(t, err)
	var lines []string
	for _, row := range rows {
		lines = append(lines, strings.Join(slices.Concat(row[2:11], []string{fmt.Sprint(row[11] == c.show), row[16], row[17]}), " "))
	}
	slices.Sort(lines)
	var r overlay.Report
	_, text = c.send2(t, http.MethodGet, "/api/v1/shows/"+c.show+"/report", "")
	must(t, json.Unmarshal([]byte(text), &r))
	for n := range r.Products {
		if r.Products[n].Product != "" {
			r.Products[n].Product = "a product"
		}
	}
	sums, err := json.Marshal([]any{r.Total, r.Live, r.Replay, r.Products, r.Hosts, r.Sellers})
	must(t, err)
	return strings.Join(append(lines, string(sums)), "\n")
}

// TestHooksInAnyOrder: a shop tells of its orders once, one after the other; then, to
// another database, with a fifth told twice, shuffled (so refunds before their orders) and on
// many connections at once. Both end in the same ledger, row by row and sum by sum (I3), on
// either database.
func TestHooksInAnyOrder(t *testing.T) {
	n, from := hookOrders(t), time.Now().Add(time.Minute).Truncate(time.Second)
	ledgers := map[string]string{}
	both := func(name string) func(t *testing.T) {
		return func(t *testing.T) {
			clean := newCounted(t, n)
			clean.sendAll(t, clean.orders(n, from), 1)
			want := clean.ledger(t)
			if !strings.Contains(want, fmt.Sprintf(`"orders":%d,"buyers":%d,`, n, n/2)) || strings.Count(want, "\n") != n+1 {
				t.Fatalf("the clean pass is not of %d orders:\n%s", n, want)
			}
			wild := newCounted(t, n)
			all := wild.orders(n, from)
			dice := rand.New(rand.NewPCG(uint64(n), 5))
			all = append(all, all[:len(all)/5]...)
			dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			doubles, refunds, early := mix(all)
			if doubles != (len(all)-doubles)/5 || refunds == 0 || early < refunds/4 {
				t.Fatalf("of %d webhooks %d are told again, and %d of %d refunds stand before their orders", len(all), doubles, early, refunds)
			}
			begun := time.Now()
			wild.sendAll(t, all, 32)
			t.Logf("%d webhooks of %d orders, %.0f a second; %d of them told again, %d of %d refunds before their orders", len(all), n, float64(len(all))/time.Since(begun).Seconds(), doubles, early, refunds)
			if got := wild.ledger(t); got != want {
				t.Errorf("the clean pass:\n%s\n\nthe wild one:\n%s", want, got)
			}
			ledgers[name] = want
		}
	}
	t.Run("SQLite", both("SQLite"))
	t.Run("PostgreSQL", func(t *testing.T) { onPostgres(t, both("PostgreSQL")) })
	if ledgers["SQLite"] != ledgers["PostgreSQL"] {
		t.Error("the databases differ")
	}
}
