package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/store"
)

const (
	aViewer   = "?viewer=00f1e2d3c4b5a697"
	another   = "?viewer=1111111111111111"
	ofAPerson = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36"
)

func (b *box) units(t *testing.T, want string) {
	t.Helper()
	if _, text := b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/allocations", ""); !strings.Contains(text, want) {
		t.Errorf("want %s: %s", want, text)
	}
}

// TestGoTwice: a viewer who follows the link of a card again, or twice at once, gets the
// checkout that is open, though nothing else is left. Another viewer of the same
// make does not, nor does a page that does not say who asks.
func TestGoTwice(t *testing.T) {
	b := newBox(t, 3)
	path := "/go/" + b.show + "/" + b.product
	var mu sync.Mutex
	var all sync.WaitGroup
	seen := map[string]int{}
	for range 8 {
		all.Go(func() {
			status, to, page := b.walk(t, ofAPerson, http.MethodGet, path+aViewer)
			if status != http.StatusSeeOther {
				t.Errorf("twice at once: %d %s", status, page)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[to]++
		})
	}
	all.Wait()
	if len(seen) != 1 {
		t.Fatalf("the checkouts of one viewer: %v", seen)
	}
	b.units(t, `"held":1,`)
	if _, one, _ := b.walk(t, "by proxies", http.MethodGet, path+aViewer, "X-Forwarded-For", "192.0.2.7, 198.51.100.1"); one == "" {
		t.Error("a viewer behind proxies gets none")
	} else if _, two, _ := b.walk(t, "by proxies", http.MethodGet, path+aViewer, "X-Forwarded-For", "192.0.2.7, 198.51.100.2"); two != one {
		t.Errorf("by another proxy: %q, want %q", two, one)
	}
	if status, to, _ := b.walk(t, ofAPerson, http.MethodGet, path+another); status != http.StatusSeeOther || seen[to] != 0 {
		t.Errorf("another viewer: %d %q", status, to)
	}
	b.units(t, `"held":3,`)
	for _, again := range []string{aViewer, another} {
		if status, _, page := b.walk(t, ofAPerson, http.MethodGet, path+again); status != http.StatusSeeOther {
			t.Errorf("again, when nothing is left: %d %s", status, page)
		}
	}
	for who, link := range map[string]string{ofAPerson: path, "another browser": path + aViewer} {
		if status, _, _ := b.walk(t, who, http.MethodGet, link); status != http.StatusConflict {
			t.Errorf("%s, %s: %d", who, link, status)
		}
	}
	var checkoutOf string
	for to := range seen {
		checkoutOf = to
	}
	b.shop.tell(t, b.hook, hookSecret, b.shop.pay(t, checkoutOf))
	if status, to, _ := b.walk(t, ofAPerson, http.MethodGet, path+aViewer); status != http.StatusConflict {
		t.Errorf("when the first is paid, it is another purchase: %d %q", status, to)
	}
	b.units(t, `"held":2,"sold":1`)
}

// TestGoWithoutViewer: without a number of the viewer two alike phones behind one address
// would be one buyer, so each request is one of its own.
func TestGoWithoutViewer(t *testing.T) {
	b := newBox(t, 3)
	_, one, _ := b.walk(t, ofAPerson, http.MethodGet, "/go/"+b.show+"/"+b.product)
	_, two, _ := b.walk(t, ofAPerson, http.MethodGet, "/go/"+b.show+"/"+b.product)
	if one == "" || two == "" || one == two {
		t.Errorf("two buyers who look alike: %q and %q", one, two)
	}
}

// TestLookersHoldNothing: what no buyer has asked for keeps no unit.
func TestLookersHoldNothing(t *testing.T) {
	b := newBox(t, 1)
	path := "/go/" + b.show + "/" + b.product + aViewer
	for _, header := range [][]string{{"Sec-Purpose", "prefetch;prerender"}, {"Purpose", "prefetch"}, {"X-Moz", "prefetch"}, {"X-Purpose", "preview"}, {"Sec-Fetch-Mode", "no-cors"},
		{"User-Agent", "WhatsApp/2.23.20.0 A"}, {"User-Agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"}, {"User-Agent", "TelegramBot (like TwitterBot)"},
		{"User-Agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, {"User-Agent", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"}} {
		if status, to, _ := b.walk(t, ofAPerson, http.MethodGet, path, header...); status != http.StatusNoContent || to != "" {
			t.Errorf("%v: %d %q", header, status, to)
		}
	}
	b.units(t, `"held":0,`)
	if status, _, page := b.walk(t, ofAPerson, http.MethodGet, path, "Sec-Fetch-Mode", "navigate", "Purpose", ""); status != http.StatusSeeOther {
		t.Errorf("a buyer: %d %s", status, page)
	}
}

func (b *box) wants(t *testing.T, quantity int) held {
	t.Helper()
	return b.ask(t, "buyer", http.MethodPost, "/c/"+b.show+"/holds"+aViewer, fmt.Sprintf(`{"variant":%q,"quantity":%d}`, b.product, quantity))
}

// TestAnotherQuantity: a buyer who wants another number gets another hold in the place of
// the first, never both. Where that cannot be, the first stays as it is.
func TestAnotherQuantity(t *testing.T) {
	b := newBox(t, 2)
	one := b.wants(t, 1)
	if again := b.wants(t, 1); again != one || one.status != http.StatusCreated {
		t.Errorf("the same again: %+v, %+v", one, again)
	}
	rival := b.hold(t, "rival", 1)
	b.refused(t, b.wants(t, 2), "sold-out")
	if again := b.wants(t, 1); again != one || b.shop.states()["open"] != 2 {
		t.Errorf("what could not be changed stays: %+v", again)
	}
	b.ask(t, "rival", http.MethodDelete, "/c/holds/"+rival.ID, "")
	b.become(t, rival, overlay.HoldReleased)
	two := b.wants(t, 2)
	if two.status != http.StatusCreated || two.ID == one.ID || b.shop.price(t, two.Checkout) != 2*4990 {
		t.Fatalf("two: %+v", two)
	}
	b.become(t, one, overlay.HoldReleased)
	b.units(t, `"held":2,"sold":0`)
	if n := b.shop.states(); n["open"] != 1 {
		t.Errorf("checkouts: %v", n)
	}
	b.shop.breaks("down")
	if h := b.wants(t, 1); h.status != http.StatusServiceUnavailable {
		t.Errorf("the shop is away: %+v", h)
	}
	b.units(t, `"held":2,"sold":0`)
	b.shop.breaks("")
	b.become(t, two, overlay.HoldReleased)
	if h := b.wants(t, 1); h.status != http.StatusCreated {
		t.Errorf("afterwards: %+v", h)
	}
}

// TestLowerPrice: whoever asks again when the price has fallen gets the lower one, also for
// the last unit; when it has risen, what they were promised.
func TestLowerPrice(t *testing.T) {
	b := newBox(t, 1)
	price := func(n int) {
		t.Helper()
		if status, text := b.send2(t, http.MethodPatch, "/api/v1/products/"+b.product, fmt.Sprintf(`{"price":%d}`, n)); status != http.StatusOK {
			t.Fatalf("price: %d %s", status, text)
		}
	}
	one := b.wants(t, 1)
	price(6000)
	if again := b.wants(t, 1); again != one {
		t.Errorf("a higher price: %+v, %+v", one, again)
	}
	price(3000)
	lower := b.wants(t, 1)
	if lower.ID == one.ID || b.shop.price(t, lower.Checkout) != 3000 || b.shop.states()["open"] != 1 {
		t.Errorf("a lower price: %+v, %v", lower, b.shop.states())
	}
	b.units(t, `"held":1,"sold":0`)
}

// TestAgainAfterRestart: another process answers a buyer who asks again, and a request that
// is sent again, as the one that died would have, also if it died before the checkout was
// opened.
func TestAgainAfterRestart(t *testing.T) {
	b := newBox(t, 3)
	ctx := t.Context()
	_, to, _ := b.walk(t, ofAPerson, http.MethodGet, "/go/"+b.show+"/"+b.product+aViewer)
	body := fmt.Sprintf(`{"variant":%q}`, b.product)
	keyed := b.askWith(t, "keyed", http.MethodPost, "/c/"+b.show+"/holds", body, "a key")
	open, err := b.store.OpenHolds(ctx)
	must(t, err)
	for _, h := range open {
		if h.Address == to {
			next := checkout.NewHolds(checkout.HoldOptions{Store: b.store, Stripe: checkout.NewStripe(b.shop.URL)})
			must(t, next.Recall(ctx))
			if mine, ok := next.Mine(ctx, h.Purchase.Repeat); !ok || mine.Address != to {
				t.Errorf("after a restart: %+v", mine)
			}
		}
	}
	b.forgetCheckouts(t)
	if _, again, page := b.walk(t, ofAPerson, http.MethodGet, "/go/"+b.show+"/"+b.product+aViewer); again != to {
		t.Errorf("the checkout was not noted: %q, want %q; %s", again, to, page)
	}
	if again := b.askWith(t, "keyed", http.MethodPost, "/c/"+b.show+"/holds", body, "a key"); again != keyed || keyed.status != http.StatusCreated {
		t.Errorf("the same request: %+v, want %+v", again, keyed)
	}
	b.forgetCheckouts(t)
	b.shop.breaks("key") // that tells nothing of what was opened before
	if again := b.askWith(t, "keyed", http.MethodPost, "/c/"+b.show+"/holds", body, "a key"); again.status != http.StatusServiceUnavailable {
		t.Errorf("the shop is not to be asked: %+v", again)
	}
	b.units(t, `"held":2,"sold":0`)
}

// forgetCheckouts leaves the holds as a process does that died before it noted their
// checkouts.
func (b *box) forgetCheckouts(t *testing.T) {
	t.Helper()
	open, err := b.store.OpenHolds(t.Context())
	must(t, err)
	for _, h := range open {
		_, err := b.store.OpenedHold(t.Context(), h.ID, "", "")
		must(t, err)
	}
}

// TestOfferTwice: the last unit of an offer is the same viewer's when they ask again, and
// its price stays theirs.
func TestOfferTwice(t *testing.T) {
	b := newBox(t, 5)
	n := running(b.show, b.product, b.hook[strings.LastIndexByte(b.hook, '/')+1:])
	n.Held, n.Total = true, 1
	made, err := b.store.CreateOffer(t.Context(), n, "test", store.Once{})
	must(t, err)
	o := made.ID
	path := "/go/" + b.show + "/" + b.product + aViewer
	_, first, page := b.walk(t, ofAPerson, http.MethodGet, path+"&offer="+o)
	if first == "" {
		t.Fatal(page)
	}
	for _, link := range []string{path, path + "&offer=" + o} {
		if _, to, page := b.walk(t, ofAPerson, http.MethodGet, link); to != first || b.shop.price(t, to) != 3990 {
			t.Errorf("again: %q, want %q; %s", to, first, page)
		}
	}
	if status, text := b.send2(t, http.MethodDelete, "/api/v1/shows/"+b.show+"/offers/"+o, ""); status != http.StatusNoContent {
		t.Fatal(text)
	}
	for _, link := range []string{path, path + "&offer=" + o} {
		if _, to, page := b.walk(t, ofAPerson, http.MethodGet, link); to != first {
			t.Errorf("when it has ended: %q, want %q; %s", to, first, page)
		}
	}
	var text string
	_, text = b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/offers/"+o, "")
	var now overlay.Offer
	must(t, json.Unmarshal([]byte(text), &now))
	if now.Taken != 1 {
		t.Errorf("taken: %s", text)
	}
}

// TestGiftWithoutWebhook: an order of what costs nothing, of which no webhook came, is found
// as any other is.
func TestGiftWithoutWebhook(t *testing.T) {
	b := newBox(t, 1)
	if status, text := b.send2(t, http.MethodPatch, "/api/v1/products/"+b.product, `{"price":0}`); status != http.StatusOK {
		t.Fatal(text)
	}
	h := b.wants(t, 1)
	b.shop.pay(t, h.Checkout)
	b.ask(t, "buyer", http.MethodDelete, "/c/holds/"+h.ID, "")
	b.become(t, h, overlay.HoldPaid)
	b.units(t, `"held":0,"sold":1`)
}

// TestKeyFromAnotherNetwork: a request that is sent again because the network has changed is
// the same one, where the page says who asks.
func TestKeyFromAnotherNetwork(t *testing.T) {
	b := newBox(t, 5)
	from := func(address, viewer string) (h held) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/c/"+b.show+"/holds"+viewer, strings.NewReader(fmt.Sprintf(`{"variant":%q}`, b.product)))
		must(t, err)
		req.Header = http.Header{"Content-Type": {"text/plain"}, "Idempotency-Key": {"a key"}, "X-Forwarded-For": {address}}
		res, err := http.DefaultClient.Do(req)
		must(t, err)
		must(t, json.NewDecoder(res.Body).Decode(&h))
		must(t, res.Body.Close())
		return h
	}
	home := from("192.0.2.7", aViewer)
	if away := from("198.51.100.9", aViewer); home.ID == "" || away.ID != home.ID {
		t.Errorf("%+v and %+v", home, away)
	}
	if other := from("192.0.2.7", another); other.ID == "" || other.ID == home.ID {
		t.Errorf("another viewer: %+v", other)
	}
	b.units(t, `"held":2,`)
}

// TestClickOfAnotherShow: what is bought with a unit of a show came from that show, whatever
// click its page names.
func TestClickOfAnotherShow(t *testing.T) {
	b := newBox(t, 1)
	ctx := t.Context()
	other, err := b.store.PlanShow(ctx, "corn", overlay.Plan{Title: "Another"}, "test", store.Once{})
	must(t, err)
	click := overlay.Click{ID: b.store.NewID(), Show: other.ID, Product: b.product, Rev: 1, At: time.Now().UTC()}
	must(t, b.store.AddClicks(ctx, []overlay.Click{click}))
	h := b.ask(t, "buyer", http.MethodPost, "/c/"+b.show+"/holds", fmt.Sprintf(`{"variant":%q,"click":%q}`, b.product, click.ID))
	b.shop.tell(t, b.hook, hookSecret, b.shop.pay(t, h.Checkout))
	_, text := b.send2(t, http.MethodGet, "/api/v1/orders?show="+b.show, "")
	var orders struct{ Items []overlay.Order }
	must(t, json.Unmarshal([]byte(text), &orders))
	if len(orders.Items) != 1 || orders.Items[0].Click == click.ID {
		t.Errorf("orders of the show: %s", text)
	}
}
