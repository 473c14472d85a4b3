// Package checkout speaks with the shops in which products are paid for: it makes the
// addresses that viewers go to, and reads what shops tell of orders. Each kind of shop
// is an adaptor of two functions of values. The package asks nobody and keeps nothing;
// what it reads is checked, and signed by the shop.
package checkout

import (
	"net/url"
	"strconv"
	"strings"

	"mediad/overlay"
)

// Listing is how a shop knows a product, or a variant of it.
type Listing struct {
	// Link is the product's own address in the shop: any page, or a Payment Link.
	Link string
	// Ref is the shop's own name of the variant (shopify: its number).
	Ref string
	SKU string
}

// Purchase is what a viewer is about to buy.
type Purchase struct {
	Quantity int64  // 1 or more
	Click    string // empty: nothing is counted
	Coupon   string
}

// Address gives the address at which a viewer pays, or an Error that says what the shop
// must set. It leads to one of the shop's own hosts, always.
func Address(shop overlay.Shop, l Listing, buy Purchase) (string, error) {
	var address string
	var err error
	switch shop.Kind {
	case overlay.ShopLink:
		address, err = linkAddress(shop, l, buy)
	case overlay.ShopShopify:
		address, err = shopifyAddress(shop, l, buy)
	case overlay.ShopStripeLink:
		address, err = stripeLinkAddress(l, buy)
	default:
		return "", overlay.Errorf(overlay.Invalid, "A shop of kind %s has no fixed address: each buyer gets a checkout of their own.", shop.Kind)
	}
	if err != nil {
		return "", err
	}
	if !shop.Leads(address) {
		host := address
		if u, err := url.Parse(address); err == nil {
			host = u.Host
		}
		return "", overlay.Errorf(overlay.Forbidden, "The product leads to %s, which is not among the hosts of the shop %s. Add the host to the shop, or correct the product's link.", host, shop.Name)
	}
	return address, nil
}

// linkAddress fills the product's own link, or else the shop's template. What is filled
// in is escaped for the place in which it stands.
func linkAddress(shop overlay.Shop, l Listing, buy Purchase) (string, error) {
	template := l.Link
	if template == "" {
		template = shop.Config.Template
	}
	if template == "" {
		return "", overlay.Errorf(overlay.NotFound, "Neither the product nor the shop %s has a link.", shop.Name)
	}
	path, query, asked := strings.Cut(template, "?")
	fill := func(s string, escape func(string) string) string {
		return strings.NewReplacer(
			overlay.ClickMark, escape(buy.Click), overlay.SKUMark, escape(l.SKU),
			overlay.VariantMark, escape(l.Ref), overlay.QuantityMark, strconv.FormatInt(buy.Quantity, 10), overlay.CodeMark, escape(buy.Coupon)).Replace(s)
	}
	address := fill(path, url.PathEscape)
	if asked {
		address += "?" + fill(query, url.QueryEscape)
	}
	return address, nil
}

// with adds parameters to an address that may have some.
func with(address string, params ...string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", overlay.Errorf(overlay.Invalid, "The link is no address.")
	}
	var more []string
	for i := 0; i+1 < len(params); i += 2 {
		if params[i+1] != "" {
			more = append(more, url.QueryEscape(params[i])+"="+url.QueryEscape(params[i+1]))
		}
	}
	if u.RawQuery != "" {
		more = append([]string{u.RawQuery}, more...)
	}
	u.RawQuery = strings.Join(more, "&")
	return u.String(), nil
}
