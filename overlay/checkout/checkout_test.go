package checkout

import (
	"net/url"
	"strings"
	"testing"

	"mediad/overlay"
)

const click = "01J8ZQ4M7WT0Q5N3V9D2K6XYAB"

func shop(kind overlay.ShopKind, c overlay.ShopConfig) overlay.Shop {
	return overlay.Shop{Name: "Tea", Kind: kind, Config: c}
}

func TestAddress(t *testing.T) {
	link := shop(overlay.ShopLink, overlay.ShopConfig{Template: "https://tea.example/p/{sku}?v={variant}&n={quantity}&c={click}"})
	shopify := shop(overlay.ShopShopify, overlay.ShopConfig{Domain: "tea.example"})
	stripe := shop(overlay.ShopStripeLink, overlay.ShopConfig{})
	for name, test := range map[string]struct {
		shop overlay.Shop
		l    Listing
		buy  Purchase
		want string
	}{
		"template":           {link, Listing{SKU: "A/B 茶", Ref: "x&y"}, Purchase{2, click, ""}, "https://tea.example/p/A%2FB%20%E8%8C%B6?v=x%26y&n=2&c=" + click},
		"the product's own":  {link, Listing{Link: "https://tea.example/corn?from={click}#top", SKU: "A"}, Purchase{1, click, ""}, "https://tea.example/corn?from=" + click + "#top"},
		"permalink":          {shopify, Listing{Ref: "70881412"}, Purchase{3, click, ""}, "https://tea.example/cart/70881412:3?attributes%5Bmd_click%5D=" + click},
		"with a coupon":      {shopify, Listing{Ref: "70881412"}, Purchase{1, click, "TEN OFF"}, "https://tea.example/cart/70881412:1?discount=TEN+OFF&attributes%5Bmd_click%5D=" + click},
		"nothing is counted": {shopify, Listing{Ref: "7"}, Purchase{1, "", ""}, "https://tea.example/cart/7:1"},
		"Payment Link":       {stripe, Listing{Link: "https://buy.stripe.com/abc?locale=de"}, Purchase{1, click, ""}, "https://buy.stripe.com/abc?locale=de&client_reference_id=" + click},
	} {
		if got, err := Address(test.shop, test.l, test.buy); got != test.want || err != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// TestAddressStays: whatever a product, a variant or a click says, viewers reach the shop's hosts alone.
func TestAddressStays(t *testing.T) {
	evil := []string{"https://evil.example/", "//evil.example", "@evil.example/", `\\evil.example`, "evil.example", "javascript:alert(1)", "https://tea.example@evil.example/",
		"https://tea.example.evil.example/", "https://evil.example\\@tea.example/", "/..//evil.example", "https://TEA.example:444/", "ftp://tea.example/", "https://tea.example\t.evil.example/", "\nhttps://evil.example/"}
	for _, s := range []overlay.Shop{
		shop(overlay.ShopLink, overlay.ShopConfig{Template: "https://tea.example/{sku}/{variant}?{click}"}),
		shop(overlay.ShopShopify, overlay.ShopConfig{Domain: "tea.example"}),
		shop(overlay.ShopStripeLink, overlay.ShopConfig{}),
	} {
		for _, e := range evil {
			for _, l := range []Listing{{Link: e, Ref: "1"}, {SKU: e, Ref: e}, {Link: "https://tea.example" + e, Ref: "1"}} {
				for _, buy := range []Purchase{{1, e, e}, {1, click, ""}} {
					address, err := Address(s, l, buy)
					if err != nil {
						continue
					}
					u, err := url.Parse(address)
					if err != nil || u.Host != "tea.example" && u.Host != "buy.stripe.com" || u.Scheme != "https" || u.User != nil || strings.ContainsAny(address, "\\\n\t ") {
						t.Errorf("%s, %+v, %+v: %q", s.Kind, l, buy, address)
					}
				}
			}
		}
	}
}
