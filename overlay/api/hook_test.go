package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
)

// sale is a shop that tells of orders by Standard Webhooks.
type sale struct {
	*server
	shop   string
	secret []byte
}

func newSale(t testing.TB) *sale {
	t.Helper()
	s := newServer(t, time.Second, func(*api.Options) {})
	secret := []byte("a key of some twenty bytes")
	_, text := s.send2(t, http.MethodPost, "/api/v1/shops", fmt.Sprintf(`{"name":"Tea","kind":"link","config":{"template":"https://tea.example/p/{sku}?c={click}"},"secrets":{"webhook":"whsec_%s"}}`, base64.StdEncoding.EncodeToString(secret)))
	var made struct {
		ID, Hook string
		Secrets  []string
	}
	must(t, json.Unmarshal([]byte(text), &made))
	if made.ID == "" || !strings.HasSuffix(made.Hook, "/hooks/"+made.ID) || len(made.Secrets) != 1 || strings.Contains(text, base64.StdEncoding.EncodeToString(secret)) {
		t.Fatalf("the shop: %s", text)
	}
	return &sale{s, made.ID, secret}
}

// tell sends a webhook, signed with a key, and gives the status.
func (s *sale) tell(t testing.TB, id, body string, key []byte) int {
	t.Helper()
	status, err := s.deliver(t.Context(), http.DefaultClient, told{id, body}, key)
	must(t, err)
	return status
}

// told is a webhook: its id, and what it says.
type told struct{ id, body string }

// deliver sends a webhook on one of a client's connections.
func (s *sale) deliver(ctx context.Context, client *http.Client, w told, key []byte) (status int, err error) {
	at := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", w.id, at, w.body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/hooks/"+s.shop, strings.NewReader(w.body))
	if err != nil {
		return 0, err
	}
	req.Header = http.Header{"Webhook-Id": {w.id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// TestHook: what a shop tells, signed and more than once, is one order; a forged webhook
// changes nothing; an order that came from no known show is matched by hand, and stays so.
func TestHook(t *testing.T) {
	s := newSale(t)
	paid := fmt.Sprintf(`{"type":"order.paid","timestamp":%q,"data":{"order":"1001","amount":9980,"currency":"CNY","lines":[{"sku":"CORN","quantity":2,"amount":9980}]}}`, time.Now().UTC().Format(time.RFC3339))
	for _, c := range []struct {
		id, body string
		key      []byte
		want     int
	}{
		{"m1", paid, s.secret, http.StatusNoContent},
		{"m1", paid, s.secret, http.StatusNoContent},
		{"m2", paid, []byte("the key of somebody else"), http.StatusUnauthorized},
		{"m3", `{"type":"order.paid","data":{"order":"1002","amount":-1,"currency":"CNY"}}`, s.secret, http.StatusUnprocessableEntity},
		{"m4", `{"type":"product.changed"}`, s.secret, http.StatusNoContent},
		{"m5", strings.Repeat(" ", 1<<20+1), s.secret, http.StatusRequestEntityTooLarge},
		{"m6", strings.ReplaceAll(strings.Replace(paid, "order.paid", "order.refunded", 1), "9980", "3000"), s.secret, http.StatusNoContent},
	} {
		if got := s.tell(t, c.id, c.body, c.key); got != c.want {
			t.Errorf("%s: %d, want %d", c.id, got, c.want)
		}
		var shop struct {
			Heard   *time.Time
			Refused *struct{ Status int }
		}
		_, text := s.send2(t, http.MethodGet, "/api/v1/shops/"+s.shop, "")
		must(t, json.Unmarshal([]byte(text), &shop))
		read := c.want != http.StatusRequestEntityTooLarge // what is not read is no shop's yet
		if shop.Heard == nil || read && (shop.Refused == nil) != (c.want == http.StatusNoContent) || shop.Refused != nil && shop.Refused.Status != c.want {
			t.Errorf("%s: the shop says %s", c.id, text)
		}
	}
	orders := func(query string) (items []overlay.ListedOrder) {
		var list struct{ Items []overlay.ListedOrder }
		_, text := s.send2(t, http.MethodGet, "/api/v1/orders"+query, "")
		must(t, json.Unmarshal([]byte(text), &list))
		return list.Items
	}
	all := orders("?unmatched=true")
	if len(all) != 1 || all[0].Gross != 9980 || all[0].Refunded != 3000 || all[0].Net != 6980 || all[0].State != overlay.OrderStatePartly || all[0].LineCount != 1 || len(all[0].Lines) != 1 || all[0].Lines[0].Quantity != 2 {
		t.Fatalf("orders: %+v", all)
	}
	one := "/api/v1/orders/" + all[0].ID
	if status, text := s.send2(t, http.MethodPut, one+"/show", `{"show":null}`); status != http.StatusOK {
		t.Fatalf("match: %d %s", status, text)
	}
	if left := orders("?unmatched=true"); len(left) != 0 {
		t.Errorf("still unmatched: %+v", left)
	}
	var story overlay.OrderStory
	_, text := s.send2(t, http.MethodGet, one, "")
	must(t, json.Unmarshal([]byte(text), &story))
	if len(story.Facts) != 2 || len(story.Lines) != 1 || story.Lines[0].Quantity != 2 || !story.ByHand {
		t.Errorf("the story: %s", text)
	}
	if status, text := s.send2(t, http.MethodDelete, one+"/show", ""); status != http.StatusOK {
		t.Fatalf("take back: %d %s", status, text)
	}
	if left := orders("?unmatched=true"); len(left) != 1 || left[0].ByHand {
		t.Errorf("taken back, and not among the unmatched: %+v", left)
	}
}

// TestEraseBuyer: an owner erases who bought; neither the order nor any list of orders had
// shown it, and the order stays.
func TestEraseBuyer(t *testing.T) {
	s := newSale(t)
	at := time.Now().UTC().Format(time.RFC3339)
	for n, buyer := range []string{"li@shop.example", "li@shop.example", ""} {
		if status := s.tell(t, fmt.Sprint("m", n), fmt.Sprintf(`{"type":"order.paid","timestamp":%q,"data":{"order":"%d","amount":100,"currency":"CNY","buyer":%q}}`, at, n, buyer), s.secret); status != http.StatusNoContent {
			t.Fatalf("webhook: %d", status)
		}
	}
	var list struct{ Items []overlay.Order }
	_, text := s.send2(t, http.MethodGet, "/api/v1/orders", "")
	must(t, json.Unmarshal([]byte(text), &list))
	unknown, known := "/api/v1/orders/"+list.Items[0].ID, "/api/v1/orders/"+list.Items[1].ID
	of := func(order string) overlay.KeptBuyer {
		var o overlay.OrderStory
		_, text := s.send2(t, http.MethodGet, order, "")
		must(t, json.Unmarshal([]byte(text), &o))
		if strings.Contains(text, "shop.example") || o.Gross != 100 {
			t.Errorf("the order: %s", text)
		}
		return o.Buyer
	}
	if of(unknown) != "" || of(known) != overlay.BuyerKnown {
		t.Errorf("%q and %q are kept", of(unknown), of(known))
	}
	if status, text := s.send2(t, http.MethodDelete, known+"/buyer", ""); status != http.StatusOK || !strings.Contains(text, `"orders":2`) {
		t.Errorf("erased: %d %s", status, text)
	}
	if of(known) != overlay.BuyerErased {
		t.Errorf("%q is kept", of(known))
	}
}

// TestOrdersAsTable: the table has every order once, over all pages, with amounts in units;
// what a spreadsheet would take for a formula is text.
func TestOrdersAsTable(t *testing.T) {
	s := newSale(t)
	shop, err := s.store.Shop(t.Context(), s.shop)
	must(t, err)
	const n = 1001
	var facts []overlay.OrderFact
	for i := range n {
		name := fmt.Sprintf("=HYPERLINK(%d)", i)
		facts = append(facts, overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: time.Now(), Amount: 5, Currency: "CNY", Lines: []overlay.OrderLine{{SKU: "@CORN", Quantity: 2, Amount: 5}}})
	}
	must(t, s.store.TakeFacts(t.Context(), shop, facts))
	status, text := s.send2(t, http.MethodGet, "/api/v1/orders.csv?state=paid", "")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	must(t, err)
	if status != http.StatusOK || !strings.HasPrefix(text, "\ufeffid,") || len(rows) != n+1 {
		t.Fatalf("%d, %d rows: %.200s", status, len(rows), text)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		seen[row[2]] = true
		if !strings.HasPrefix(row[2], "'=HYPERLINK(") || row[5] != "0.05" || row[10] != "2 × @CORN" {
			t.Fatalf("row %q", row)
		}
	}
	if len(seen) != n {
		t.Errorf("%d orders in %d rows", len(seen), n)
	}
	if status, text := s.send2(t, http.MethodGet, "/api/v1/orders.csv?state=parked", ""); status != http.StatusOK || strings.Count(text, "\n") != 1 {
		t.Errorf("none: %d %q", status, text)
	}
	if status, text := s.send2(t, http.MethodGet, "/api/v1/orders.csv?org=nobody", ""); status != http.StatusNotFound {
		t.Errorf("of nobody: %d %q", status, text)
	}
}

// TestOrdersFromFile: a file is tried, brought in and brought in again; what is too large,
// of another shop or no table is refused.
func TestOrdersFromFile(t *testing.T) {
	s := newSale(t)
	send := func(query, file string) (int, overlay.OrderImport, string) {
		status, text := s.send(t, http.MethodPost, "/api/v1/orders/import?"+query, "text/csv", strings.NewReader(file))
		var i overlay.OrderImport
		if status == http.StatusOK {
			must(t, json.Unmarshal(text, &i))
		}
		return status, i, string(text)
	}
	file := "order,amount,currency,paid_at,sku\n7,99.80,CNY,2026-11-30 20:15:00,CORN\n"
	shop := "shop=" + s.shop
	if status, i, text := send(shop+"&dry_run=true", file); status != http.StatusOK || i.Applied || i.New != 1 {
		t.Errorf("tried: %d %s", status, text)
	}
	if status, i, text := send(shop, file+"8,5,CNY,soon,\n"); status != http.StatusOK || i.Applied || i.RejectedN != 1 || i.Rejected[0].Row != 3 {
		t.Errorf("with a row that is wrong: %d %s", status, text)
	}
	for n := range 2 {
		if status, i, text := send(shop, file); status != http.StatusOK || !i.Applied || i.New != 1-n || i.Unchanged != n {
			t.Errorf("brought in: %d %s", status, text)
		}
	}
	if _, text := s.send2(t, http.MethodGet, "/api/v1/orders", ""); strings.Count(text, `"gross":9980`) != 1 {
		t.Errorf("the ledger: %s", text)
	}
	for name, test := range map[string]struct {
		query, file string
		want        int
	}{
		"no shop":       {"", file, http.StatusUnprocessableEntity},
		"another shop":  {"shop=01K00000000000000000000000", file, http.StatusNotFound},
		"no table":      {shop, "{}", http.StatusUnprocessableEntity},
		"no such field": {shop + "&dryrun=true", file, http.StatusBadRequest},
		"too large":     {shop, file + strings.Repeat(" ", 10<<20), http.StatusRequestEntityTooLarge},
	} {
		if status, _, text := send(test.query, test.file); status != test.want {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
}
