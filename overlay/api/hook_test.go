package api_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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

func newSale(t *testing.T) *sale {
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
func (s *sale) tell(t *testing.T, id, body string, key []byte) int {
	t.Helper()
	at := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/hooks/"+s.shop, bytes.NewReader([]byte(body)))
	must(t, err)
	req.Header = http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	return res.StatusCode
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
	}
	orders := func(query string) (items []overlay.Order) {
		var list struct{ Items []overlay.Order }
		_, text := s.send2(t, http.MethodGet, "/api/v1/orders"+query, "")
		must(t, json.Unmarshal([]byte(text), &list))
		return list.Items
	}
	all := orders("?unmatched=true")
	if len(all) != 1 || all[0].Gross != 9980 || all[0].Refunded != 3000 || all[0].Net != 6980 || all[0].State != overlay.OrderStatePartly {
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
