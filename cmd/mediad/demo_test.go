package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDemoSells: whoever starts the demo can buy in it what the host shows. The test shop
// tells the server of the payment, and the order is in the ledger, with its show.
func TestDemoSells(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, nil, "demo")
	c.runs = "demo"
	c.start()
	web := "http://" + c.http
	var room struct{ Show string }
	var goods struct{ Items []struct{ ID, SKU string } }
	var orders struct {
		Items []struct {
			Show, Product, State, Currency string
			Gross                          int64
		}
	}
	read := func(path string, into any) bool {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer a-token-of-some-length")
		return answered(t, r, func(text []byte) bool { return json.Unmarshal(text, into) == nil })
	}
	until := func(what string, is func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !is(); time.Sleep(100 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s is not there after a minute", what)
			}
		}
	}
	until("the show", func() bool { return read("/c/room/demo.json", &room) && room.Show != "" })
	if !read("/api/v1/products", &goods) || len(goods.Items) == 0 {
		t.Fatal("the demo has no products")
	}
	bought := goods.Items[0]
	for _, p := range goods.Items {
		if p.SKU == "CORN-5KG" { // the first of the script
			bought = p
		}
	}
	var page []byte
	until("the way to the shop", func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web+"/go/"+room.Show+"/"+bought.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		return answered(t, r, func(text []byte) bool { page = text; return bytes.Contains(text, []byte("No money moves")) })
	})
	_, rest, ok := strings.Cut(string(page), `action="`)
	action, _, _ := strings.Cut(rest, `"`)
	if !ok || !strings.HasPrefix(action, web+"/demo/shop/pay/") {
		t.Fatalf("the page of the shop has no form:\n%s", page)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, action, strings.NewReader(url.Values{"email": {"li@shop.example"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !answered(t, r, func(text []byte) bool { return bytes.Contains(text, []byte("Paid")) }) {
		t.Fatal("the payment was not taken")
	}
	until("the order", func() bool {
		return read("/api/v1/orders", &orders) && len(orders.Items) == 1 && orders.Items[0].Show != ""
	})
	o := orders.Items[0]
	if o.State != "paid" || o.Show != room.Show || o.Gross != 1490 || o.Currency != "EUR" || o.Product != bought.ID {
		t.Errorf("the order is %+v, want one of CORN-5KG for 14.90 EUR in the show %s", o, room.Show)
	}
	c.stop(syscall.SIGTERM)
	c.start() // the shop has another secret now, and the same name and products
	until("the shop after a restart", func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web+"/demo/shop/buy/"+bought.SKU, nil)
		if err != nil {
			t.Fatal(err)
		}
		return answered(t, r, func(text []byte) bool { return bytes.Contains(text, []byte("14.90 EUR")) })
	})
	var shops struct{ Items []struct{ Name string } }
	if !read("/api/v1/shops", &shops) || len(shops.Items) != 1 {
		t.Errorf("the demo has the shops %+v, want one", shops.Items)
	}
}

// answered sends a request; is judges an answer with status 200.
func answered(t *testing.T, r *http.Request, is func([]byte) bool) bool {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode == http.StatusOK && is(text)
}
