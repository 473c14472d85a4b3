package api

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/clicks"
)

// goShop is the way to the shop: it mints a click and redirects to the checkout of a shop
// of the seller, or, where the seller has no shops, to the product's link. The address
// comes from the shops and the catalogue, never from the request.
func (a *API) goShop(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "origin")
	show := r.PathValue("show")
	p, variant, err := a.offered(r.Context(), show, r.PathValue("variant"))
	var at *overlay.Offer
	var mine overlay.Hold
	if err == nil && a.o.Holds != nil {
		mine, _ = a.o.Holds.Mine(r.Context(), a.repeat(show, p.ID, variant, viewer(r)))
	}
	if err == nil {
		at, err = a.offerFor(r.Context(), show, p, variant, r.URL.Query().Get("offer"), 1, mine)
	}
	if err == nil && (at == nil || at.Held) && a.goHeld(w, r, show, p, variant, at, mine) {
		return
	}
	var to way
	var coupon string
	if err == nil {
		to, coupon, err = a.wayOf(r, p, variant, at, a.couponOf(r, show))
	}
	if err != nil {
		a.goNowhere(w, r, p, err)
		return
	}
	// One in a rehearsal is tried, and does not count.
	click := ""
	rehearsal := a.forViewers(r.Context(), show) != nil
	if !rehearsal && !onlyLooks(r) {
		click = a.o.Clicks.Count(show, p.For(variant), variant, coupon, viewer(r))
	}
	address, err := to(click)
	if err != nil {
		a.goNowhere(w, r, p, err)
		return
	}
	// Not http.Redirect, which would rewrite the link's path.
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusFound)
}

// onlyLooks tells a request that no buyer has made: a browser that fetches ahead, a page
// that has the link as a picture, a program that checks links or shows what is behind
// them. It is no click, and keeps no unit.
func onlyLooks(r *http.Request) bool {
	if r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") == "no-cors" {
		return true
	}
	for _, purpose := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if r.Header.Get(purpose) != "" {
			return true
		}
	}
	agent := strings.ToLower(r.UserAgent())
	return slices.ContainsFunc(lookers, func(name string) bool { return strings.Contains(agent, name) })
}

// lookers are parts of the names of programs that look at links for others. Crawlers tell
// an address that explains them.
var lookers = []string{"(+http", "; +http", "bot/", "bot-linkexpanding", "telegrambot", "whatsapp/", "facebookexternalhit", "facebot", "skypeuripreview", "bingpreview"}

// way gives the address to which a click leads.
type way func(click string) (string, error)

// wayOf finds where a product, or a variant of it, is bought, at the price of an offer if
// there is one. A request may choose one of the seller's shops; an offer has its own. The
// code of a coupon goes along where its shop sells the product, and no offer has one: with is
// its id then.
func (a *API) wayOf(r *http.Request, p overlay.Product, variant string, at *overlay.Offer, coupon overlay.Coupon) (to way, with string, err error) {
	sold, err := a.viewers.Checkouts(r.Context(), p.Org, p.ID)
	if err != nil {
		return nil, "", err
	}
	chosen := ""
	if r.URL.RawQuery != "" {
		chosen = r.URL.Query().Get("shop")
	}
	code := ""
	if at != nil {
		if chosen, code = at.Shop, at.Code; at.As != "" {
			variant = at.As
		}
	}
	if len(sold.Shops) == 0 && chosen == "" {
		bought := p.For(variant)
		if bought.Link == "" {
			return nil, "", overlay.Errorf(overlay.NotFound, "%s cannot be bought here yet: the shop has given no link.", p.Title)
		}
		return func(click string) (string, error) { return bought.WithClick(click), nil }, "", nil
	}
	var found checkout.Way
	if chosen == "" && coupon.Shop != "" {
		found, err = checkout.Find(sold.Shops, sold.Listings, p, variant, coupon.Shop)
	}
	if found.Shop.ID == "" {
		found, err = checkout.Find(sold.Shops, sold.Listings, p, variant, chosen)
	}
	if code == "" && found.Shop.ID == coupon.Shop {
		code, with = coupon.Code, coupon.ID
	}
	if err != nil {
		return nil, "", overlay.Errorf(overlay.CodeOf(err), "%s cannot be bought here yet. %s", p.Title, err.Error())
	}
	return func(click string) (string, error) {
		return found.Address(checkout.Purchase{Quantity: 1, Click: click, Coupon: code})
	}, with, nil
}

// offered finds what a viewer asks for: a product by id or SKU, or a variant. A
// variant that is gone leads to its product.
func (a *API) offered(ctx context.Context, show, id string) (p overlay.Product, variant string, err error) {
	if product, ok := overlay.VariantProduct(id); ok {
		p, err = a.viewers.Offered(ctx, show, product)
		if err == nil && p.ID == product {
			if !p.Has(id) {
				id = ""
			}
			return p, id, nil
		}
		if err != nil && overlay.CodeOf(err) != overlay.NotFound {
			return p, "", err
		}
	}
	p, err = a.viewers.Offered(ctx, show, id)
	return p, "", err
}

// viewer tells viewers apart as far as a request without a cookie does. Behind a
// proxy all have its address. Our pages add the number that they drew for their beacons.
func viewer(r *http.Request) clicks.Viewer {
	from, _ := netip.ParseAddrPort(r.RemoteAddr)
	mark := strings.Join([]string{r.UserAgent(), r.Header.Get("X-Forwarded-For"), r.Header.Get("Accept-Language")}, "\n")
	v := clicks.Viewer{Address: from.Addr(), Mark: mark}
	if r.URL.RawQuery != "" {
		q := r.URL.Query()
		v.Number, v.Ref = overlay.ParseViewer(q.Get("viewer")), overlay.ParseRef(q.Get("ref"))
		if at, err := strconv.ParseFloat(q.Get("at"), 64); err == nil {
			v.Date, v.Place = overlay.PictureMoment(at, time.Now())
		}
	}
	return v
}
