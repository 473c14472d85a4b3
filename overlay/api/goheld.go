package api

import (
	"context"
	"net/http"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/store"
)

// holdingShop gives the shop of a seller that holds units of what a show has units of. A
// request may choose one.
func (a *API) holdingShop(ctx context.Context, show string, p overlay.Product, variant string, sold store.Checkouts, chosen string) (overlay.Shop, error) {
	none := overlay.Errorf(overlay.NotFound, "%s cannot be bought here yet. The show has no units of it.", p.Title)
	shop, ok := sold.Holding(variant, chosen)
	if a.o.Holds == nil || !ok {
		return overlay.Shop{}, none
	}
	given, err := a.viewers.Given(ctx, show, p.ID, variant)
	if err == nil && !given {
		err = none
	}
	return shop, err
}

// goHeld leads a buyer to a checkout of their own, with a unit held for them; false: the
// show has no units of what they want that a shop holds. It works without JavaScript, so it
// is a link: what only looks at links gets no unit.
func (a *API) goHeld(w http.ResponseWriter, r *http.Request, show string, p overlay.Product, variant string, at *overlay.Offer, mine overlay.Hold) bool {
	ctx := r.Context()
	sold, err := a.viewers.Checkouts(ctx, p.Org, p.ID)
	if err != nil {
		return false // the other way says so
	}
	chosen := r.URL.Query().Get("shop")
	if at != nil {
		chosen = at.Shop
	}
	shop, err := a.holdingShop(ctx, show, p, variant, sold, chosen)
	switch {
	case overlay.CodeOf(err) == overlay.NotFound:
		return false
	case err != nil:
		a.goNowhere(w, r, p, err)
		return true
	}
	if onlyLooks(r) {
		w.WriteHeader(http.StatusNoContent)
		return true
	}
	address, err := a.heldAddress(r, show, shop, p, variant, at, mine)
	if err != nil {
		a.goNowhere(w, r, p, err)
		return true
	}
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusSeeOther) // for another viewer it is another checkout
	return true
}

func (a *API) heldAddress(r *http.Request, show string, shop overlay.Shop, p overlay.Product, variant string, at *overlay.Offer, mine overlay.Hold) (string, error) {
	ctx := context.WithValue(r.Context(), comingKey{}, comingIn(r))
	if a.forViewers(ctx, show) != nil {
		return "", overlay.Errorf(overlay.Conflict, "This is a rehearsal. Here a buyer gets a checkout with a unit that is held.")
	}
	if mine.ID == "" && a.viewers.SoldOut(show, p.ID, variant, 1) {
		return "", overlay.NothingLeft(1)
	}
	bought := p.ID
	if variant != "" {
		bought = variant
	}
	p, variant, err := a.forHold(ctx, show, overlay.HoldWish{Variant: bought, Quantity: 1})
	out := overlay.CodeOf(err) == overlay.SoldOut
	if err != nil && (!out || mine.ID == "") {
		return "", err
	}
	who := viewer(r)
	purchase, err := a.purchase(ctx, show, shop, p.For(variant), a.o.Clicks.Count(show, p.For(variant), variant, "", who))
	if err != nil {
		return "", err
	}
	wish := checkout.Wish{Show: show, Product: p.ID, Variant: variant, Quantity: 1, Purchase: purchase, From: buyer(who), Repeat: a.repeat(show, p.ID, variant, who), Out: out}
	if at != nil {
		wish.Purchase.Price, wish.Offer, wish.Buyer = at.Price, at.ID, a.buyerOf(show, who)
	}
	h, err := a.o.Holds.Hold(ctx, shop, wish)
	return h.Address, err
}
