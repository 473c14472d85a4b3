package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// running is an offer that is open already, as the store may take it.
func running(show, product, shop string) overlay.NewOffer {
	now := time.Now().UTC().Truncate(time.Millisecond)
	return overlay.NewOffer{Offer: overlay.Offer{Show: show, Product: product, Shop: shop, Price: 3990, Announced: now.Add(-10 * time.Second), Starts: now.Add(-time.Second), Ends: now.Add(5 * time.Minute)}}
}

// TestOfferHeld: where units are held, a checkout has the price of the offer as long as it
// is open, and its limits; a buyer who means the offer is told why it does not hold.
func TestOfferHeld(t *testing.T) {
	ctx := t.Context()
	b := newBox(t, 10)
	status, text := b.send2(t, http.MethodPost, "/api/v1/shows/"+b.show+"/offers", `{"product":"CORN","price":3990,"duration":60,"limit_total":3,"limit_buyer":2}`)
	var o overlay.Offer
	must(t, json.Unmarshal([]byte(text), &o))
	if status != http.StatusCreated || !o.Held || o.State != overlay.OfferAnnounced || o.Starts.Sub(o.Announced) != 10*time.Second || o.Ends.Sub(o.Starts) != time.Minute {
		t.Fatalf("%d %s", status, text)
	}
	path := "/go/" + b.show + "/" + b.product
	if status, to, page := b.walk(t, "li", http.MethodGet, path+"?offer="+o.ID); status != http.StatusConflict || to != "" || !strings.Contains(page, "The offer is not open now") {
		t.Errorf("before its opening: %d %q %s", status, to, page)
	}
	h := b.ask(t, "li", http.MethodPost, "/c/"+b.show+"/holds", fmt.Sprintf(`{"variant":%q,"offer":%q}`, b.product, o.ID))
	if h.status != http.StatusConflict || !strings.HasPrefix(h.Detail, "The offer opens at") {
		t.Errorf("before its opening: %+v", h)
	}
	if h := b.hold(t, "early", 1); h.status != http.StatusCreated || b.shop.price(t, h.Checkout) != 4990 {
		t.Errorf("at the usual price: %+v", h)
	}
	if status, text := b.send2(t, http.MethodDelete, "/api/v1/shows/"+b.show+"/offers/"+o.ID, ""); status != http.StatusNoContent {
		t.Errorf("taken back: %d %s", status, text)
	}
	if _, _, page := b.walk(t, "li", http.MethodGet, path+"?offer="+o.ID); !strings.Contains(page, "The offer is not open now") {
		t.Errorf("ended: %s", page)
	}
	n := running(b.show, b.product, o.Shop)
	n.Held, n.Total, n.Buyer = true, 3, 2
	open, err := b.store.CreateOffer(ctx, n, "test", store.Once{})
	must(t, err)
	var live struct {
		Offers []struct {
			ID           string
			Open         bool
			Price, Left  int64
			Starts, Ends int64
		}
	}
	_, text = b.send2(t, http.MethodGet, "/c/"+b.show+"/live.json", "")
	must(t, json.Unmarshal([]byte(text), &live))
	if len(live.Offers) != 1 || !live.Offers[0].Open || live.Offers[0].Price != 3990 || live.Offers[0].Left != 3 || live.Offers[0].Ends != open.Ends.UnixMilli() {
		t.Errorf("%s", text)
	}
	first := b.hold(t, "li", 2)
	if first.status != http.StatusCreated || b.shop.price(t, first.Checkout) != 2*3990 {
		t.Errorf("%+v", first)
	}
	b.refused(t, b.hold(t, "li", 1), "limit")
	b.refused(t, b.ask(t, "wang", http.MethodPost, "/c/"+b.show+"/holds", fmt.Sprintf(`{"variant":%q,"quantity":2,"offer":%q}`, b.product, open.ID)), "limit")
	status, to, _ := b.walk(t, "wang", http.MethodGet, path+"?offer="+open.ID)
	if status != http.StatusSeeOther || b.shop.price(t, to) != 3990 {
		t.Errorf("the last one: %d %q", status, to)
	}
	until(t, "it is known that none is left", func() bool {
		status, _, page := b.walk(t, "zhao", http.MethodGet, path+"?offer="+open.ID)
		return status == http.StatusConflict && strings.Contains(page, "The offer is not open now")
	})
	until(t, "the usual price holds", func() bool {
		status, to, _ := b.walk(t, "qian", http.MethodGet, path)
		return status == http.StatusSeeOther && b.shop.price(t, to) == 4990
	})
}

// TestOfferNeedsItsPrice: an offer whose price no shop would ask for is refused in words.
func TestOfferNeedsItsPrice(t *testing.T) {
	ctx := t.Context()
	s := newServer(t, time.Second)
	p := s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY"}`).ID
	begin, err := s.store.BeginBroadcast(ctx, "corn", time.Now())
	must(t, err)
	_, err = s.store.Pin(ctx, "corn", p, overlay.At{}, store.Once{})
	must(t, err)
	ask := func(more string) (int, string) {
		t.Helper()
		return s.send2(t, http.MethodPost, "/api/v1/shows/"+begin.Show+"/offers", `{"product":"CORN","price":3990,"duration":60`+more+`}`)
	}
	refused := func(more, why string) {
		t.Helper()
		if status, text := ask(more); status < 400 || status >= 500 || !strings.Contains(text, why) {
			t.Errorf("%s: %d %s", more, status, text)
		}
	}
	refused(``, "the seller has no shop here")
	link := s.open(t, `{"name":"Tea","kind":"link","config":{"template":"https://tea.example/{sku}?c={click}"}}`)
	refused(``, "code: is missing; the shop Tea asks for the usual price")
	refused(`,"code":"FLASH"`, "code: the link to the shop Tea has no place for it; write {code}")
	s.made(t, http.MethodPatch, "/api/v1/shops/"+link, `{"config":{"template":"https://tea.example/{sku}?c={click}&d={code}"}}`)
	refused(`,"code":"FLASH","limit_buyer":1`, "limit_buyer: the shop Tea does not tell who buys")
	cart := s.open(t, `{"name":"Cart","kind":"shopify","config":{"domain":"cart.example"}}`)
	refused(`,"code":"FLASH","shop":"`+cart+`"`, "The shop that was asked for does not sell it.")
	s.made(t, http.MethodPut, "/api/v1/shops/"+cart+"/listings/"+p, `{"ref":"71"}`)
	if status, text := ask(`,"code":"FLASH","shop":"` + cart + `"`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, text)
	}
	all, err := s.store.Offers(ctx, begin.Show, "", 10)
	must(t, err)
	must(t, s.store.EndOffer(ctx, begin.Show, all[0].ID, "test"))
	path := "/go/" + begin.Show + "/" + p
	if _, to, _ := s.visit(t, path); strings.Contains(to, "FLASH") {
		t.Errorf("a code after the end: %s", to)
	}
	for _, c := range []struct{ shop, to string }{{cart, "https://cart.example/cart/71:1?discount=FLASH&"}, {link, "https://tea.example/CORN?c="}} {
		n := running(begin.Show, p, c.shop)
		n.Code = "FLASH"
		o, err := s.store.CreateOffer(ctx, n, "test", store.Once{})
		must(t, err)
		for _, address := range []string{path, path + "?offer=" + o.ID} {
			if status, to, page := s.visit(t, address); status != http.StatusFound || !strings.HasPrefix(to, c.to) || !strings.Contains(to, "FLASH") {
				t.Errorf("%s: %d %q %s", address, status, to, page)
			}
		}
		must(t, s.store.EndOffer(ctx, begin.Show, o.ID, "test"))
		if status, to, page := s.visit(t, path+"?offer="+o.ID); status != http.StatusConflict || to != "" || !strings.Contains(page, "The offer is not open now") {
			t.Errorf("after its end: %d %q", status, to)
		}
		if _, to, _ := s.visit(t, path); strings.Contains(to, "FLASH") {
			t.Errorf("a code after the end: %s", to)
		}
	}
	if status, _, page := s.visit(t, path+"?offer=nothing"); status != http.StatusNotFound || !strings.Contains(page, "The offer is not open now") {
		t.Errorf("%d %s", status, page)
	}
}
