package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
)

// open adds a shop, and gives its id.
func (s *server) open(t testing.TB, body string) string {
	t.Helper()
	return s.made(t, http.MethodPost, "/api/v1/shops", body).ID
}

type made struct{ ID, Go string }

// made sends what makes or changes something.
func (s *server) made(t testing.TB, method, path, body string) (m made) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + s.vars["token"]}}
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, text, err)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// visit goes to an address as a viewer without JavaScript does.
func (s *server) visit(t testing.TB, path string) (status int, to, page string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), string(text)
}

// TestToTheShop: a viewer goes to the checkout of a shop of the seller, and nowhere else;
// what the shop then tells, signed, is an order of the show, the product and the cue.
func TestToTheShop(t *testing.T) {
	s := newSale(t)
	corn := s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY","link":"https://elsewhere.example/corn"}`).ID
	must(t, s.streams.begin(t.Context(), "corn"))
	pin := s.made(t, http.MethodPost, "/api/v1/rooms/corn/pins", `{"product":"CORN"}`).ID
	show := s.streams.live["corn"].Show
	path := "/go/" + show + "/" + corn

	status, to, page := s.visit(t, path)
	if status != http.StatusForbidden || to != "" || !strings.Contains(page, "Not on sale here yet") || strings.Contains(page, "elsewhere.example") {
		t.Errorf("a link to nobody's host: %d %q %s", status, to, page)
	}
	seen := func() string {
		var live struct{ Pinned []made }
		_, _, text := s.visit(t, "/c/"+show+"/live.json")
		must(t, json.Unmarshal([]byte(text), &live))
		return live.Pinned[0].Go
	}
	if address := seen(); address != "" {
		t.Errorf("the card offers %q, which leads nowhere", address)
	}
	s.made(t, http.MethodPut, "/api/v1/shops/"+s.shop+"/listings/CORN", `{}`)
	if address := seen(); address != path {
		t.Errorf("the card offers %q", address)
	}
	cart := s.open(t, `{"name":"Cart","kind":"shopify","config":{"domain":"cart.example"}}`)
	s.made(t, http.MethodPut, "/api/v1/shops/"+cart+"/listings/"+corn, `{"ref":"7088"}`)
	if status, to, _ := s.visit(t, path+"?shop="+cart); status != http.StatusFound || !strings.HasPrefix(to, "https://cart.example/cart/7088:1?attributes%5Bmd_click%5D=") {
		t.Errorf("the shop that was chosen: %d %q", status, to)
	}
	for _, other := range []string{"https://evil.example/", "x", strings.ToLower(cart)} {
		if status, to, _ := s.visit(t, path+"?shop="+other); status != http.StatusNotFound || to != "" {
			t.Errorf("shop=%s: %d %q", other, status, to)
		}
	}
	status, to, _ = s.visit(t, path)
	click, ok := strings.CutPrefix(to, "https://tea.example/p/CORN?c=")
	if status != http.StatusFound || !ok || !overlay.ValidID(click) {
		t.Fatalf("the first shop: %d %q", status, to)
	}
	must(t, s.streams.count.Flush(t.Context()))
	body := fmt.Sprintf(`{"type":"order.paid","timestamp":%q,"data":{"order":"1001","amount":4990,"currency":"CNY","click":%q,"lines":[{"sku":"CORN","quantity":1,"amount":4990}]}}`, time.Now().UTC().Format(time.RFC3339), click)
	if got := s.tell(t, "m1", body, s.secret); got != http.StatusNoContent {
		t.Fatalf("the webhook: %d", got)
	}
	var list struct{ Items []overlay.Order }
	_, text := s.send2(t, http.MethodGet, "/api/v1/orders?show="+show, "")
	must(t, json.Unmarshal([]byte(text), &list))
	if len(list.Items) != 1 || list.Items[0].Product != corn || list.Items[0].Cue != pin || list.Items[0].Replay || list.Items[0].Host != overlay.HomeOrg || list.Items[0].Net != 4990 {
		t.Errorf("the order: %s", text)
	}
}

// TestWhoClicked: a page says with each click whose it is, by the number of its beacons. The
// report counts viewers who clicked, not clicks; what is no such number is no viewer.
func TestWhoClicked(t *testing.T) {
	s := newSale(t)
	corn := s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY","link":"https://tea.example/corn"}`).ID
	tea := s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"TEA","title":"Tea","price":4990,"currency":"CNY","link":"https://tea.example/tea"}`).ID
	must(t, s.streams.begin(t.Context(), "corn"))
	s.made(t, http.MethodPost, "/api/v1/rooms/corn/pins", `{"product":"CORN"}`)
	s.made(t, http.MethodPost, "/api/v1/rooms/corn/pins", `{"product":"TEA"}`)
	show := s.streams.live["corn"].Show
	for _, path := range []string{corn + "?viewer=8f3a61c07be4d215", tea + "?viewer=8f3a61c07be4d215", corn + "?viewer=0f3a61c07be4d215", corn + "?viewer=me", corn + "?viewer=me", tea} {
		if status, to, _ := s.visit(t, "/go/"+show+"/"+path); status != http.StatusFound || strings.Contains(to, "viewer") {
			t.Errorf("%s: %d %q", path, status, to)
		}
	}
	must(t, s.streams.count.Flush(t.Context()))
	var r overlay.Report
	_, text := s.send2(t, http.MethodGet, "/api/v1/shows/"+show+"/report", "")
	must(t, json.Unmarshal([]byte(text), &r))
	if *r.Total.Clicks != 5 || r.Total.Clickers == nil || *r.Total.Clickers != 4 { // two that say who they are, and two clicks that do not
		t.Errorf("the report: %s", text)
	}
}

// BenchmarkGo measures the way to the shop: of a seller without shops, which leads to the
// product's link, beside that of a seller with shops in the same run.
func BenchmarkGo(b *testing.B) {
	s := benchServer(b)
	for _, with := range []string{"link", "shop"} {
		if with == "shop" {
			s.open(b, `{"name":"Tea","kind":"link","config":{"hosts":["tea.example"]}}`)
		}
		b.Run(with, func(b *testing.B) {
			for b.Loop() {
				if status, to, page := s.visit(b, s.vars["go"]); status != http.StatusFound {
					b.Fatalf("%d %q %s", status, to, page)
				}
			}
		})
	}
}

func benchServer(b *testing.B) *server {
	b.Helper()
	s := newServer(b, time.Second, func(*api.Options) {})
	corn := s.made(b, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY","link":"https://tea.example/corn?c={click}"}`).ID
	if err := s.streams.begin(b.Context(), "corn"); err != nil {
		b.Fatal(err)
	}
	s.made(b, http.MethodPost, "/api/v1/rooms/corn/pins", `{"product":"CORN"}`)
	s.vars["go"] = "/go/" + s.streams.live["corn"].Show + "/" + corn
	return s
}
