package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"mediad/overlay"
)

// walk asks for a page as a browser does that leaves redirects to its caller.
func (b *box) walk(t *testing.T, who, method, path string, header ...string) (status int, to, page string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.URL+path, nil)
	must(t, err)
	req.Header.Set("User-Agent", who)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, res.Header.Get("Location"), string(text)
}

// TestGoHolds: the link of a card keeps a unit and leads to a checkout with it, without
// JavaScript. Whoever comes too late gets a page that says so. What only looks at links
// keeps nothing.
func TestGoHolds(t *testing.T) {
	b := newBox(t, 1)
	var live struct{ Pinned []made }
	_, text := b.send2(t, http.MethodGet, "/c/"+b.show+"/live.json", "")
	must(t, json.Unmarshal([]byte(text), &live))
	path := "/go/" + b.show + "/" + b.product
	if len(live.Pinned) != 1 || live.Pinned[0].Go != path {
		t.Fatalf("the card offers %+v", live.Pinned)
	}
	for _, looks := range [][]string{{http.MethodHead}, {http.MethodGet, "Sec-Purpose", "prefetch"}} {
		if status, to, _ := b.walk(t, "reader of links", looks[0], path, looks[1:]...); status != http.StatusNoContent || to != "" {
			t.Errorf("%v: %d %q", looks, status, to)
		}
	}
	status, to, page := b.walk(t, "first", http.MethodGet, path)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, b.shop.URL+"/pay/") {
		t.Fatalf("to the checkout: %d %q %s", status, to, page)
	}
	for _, address := range []string{path, path + "?shop="} {
		status, _, page := b.walk(t, "second", http.MethodGet, address)
		if status != http.StatusConflict || !strings.Contains(page, "<h1>Sold out</h1>") || !strings.Contains(page, `href="/watch/corn">Go back to the show<`) {
			t.Errorf("too late: %d %s", status, page)
		}
	}
	if _, _, page := b.walk(t, "second", http.MethodGet, path, "Accept-Language", "fr;q=0.9, zh-CN;q=0.8, en;q=0.5"); !strings.Contains(page, `<html lang="zh">`) || !strings.Contains(page, "<h1>已售罄</h1>") || !strings.Contains(page, ">返回直播间<") {
		t.Errorf("too late, in Chinese: %s", page)
	}
	if status := b.shop.tell(t, b.hook, hookSecret, b.shop.pay(t, to)); status != http.StatusNoContent {
		t.Fatalf("webhook: %d", status)
	}
	_, text = b.send2(t, http.MethodGet, "/api/v1/orders?show="+b.show, "")
	var orders struct{ Items []overlay.Order }
	must(t, json.Unmarshal([]byte(text), &orders))
	if len(orders.Items) != 1 || orders.Items[0].Gross != 4990 || orders.Items[0].Click == "" {
		t.Errorf("orders: %s", text)
	}
	if n := b.shop.states(); n["complete"] != 1 || len(n) != 1 {
		t.Errorf("checkouts: %v", n)
	}
	status, text = b.send2(t, http.MethodPatch, "/api/v1/shows/"+b.show+"/allocations/"+b.allocation, fmt.Sprintf(`{"total":%d}`, 2))
	if status != http.StatusOK {
		t.Fatalf("one more unit: %d %s", status, text)
	}
	if status, to, _ := b.walk(t, "second", http.MethodGet, path); status != http.StatusSeeOther || to == "" {
		t.Errorf("there is one more: %d %q", status, to)
	}
	b.shop.breaks("down")
	b.send2(t, http.MethodPatch, "/api/v1/shows/"+b.show+"/allocations/"+b.allocation, `{"total":3}`)
	if status, to, page := b.walk(t, "third", http.MethodGet, path); status != http.StatusServiceUnavailable || to != "" || !strings.Contains(page, "Nothing was ordered") {
		t.Errorf("the shop is away: %d %q %s", status, to, page)
	}
}
