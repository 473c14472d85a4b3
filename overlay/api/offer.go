package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/clicks"
	"mediad/overlay/store"
)

// InOffer is the part of a request that names an offer.
type InOffer struct {
	InShow
	Offer string `path:"offer" doc:"The offer's id"`
}

type offerAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Offer
}

type offerList struct {
	Body struct {
		Items []overlay.Offer `json:"items" doc:"Oldest first"`
		Next  string          `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// publicOffer is an offer as viewers' pages read it.
type publicOffer struct {
	overlay.OfferCard
	Open bool   `json:"open" doc:"Its price holds now"`
	Left *int64 `json:"left,omitempty" doc:"How many are left at its price; missing: there is no limit"`
}

func publishOffers(all []overlay.Offer) []publicOffer {
	out := []publicOffer{}
	for _, o := range all {
		p := publicOffer{OfferCard: o.Card(), Open: o.State == overlay.OfferOpen}
		if left, known := o.Left(); known {
			p.Left = &left
		}
		out = append(out, p)
	}
	return out
}

func (a *API) offers(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/offers"
	operation(a, h, huma.Operation{OperationID: "list-offers", Method: http.MethodGet, Path: path,
		Summary: "List the offers of a show: prices for a short time", Tags: tags, Errors: []int{404, 422}}, a.listOffers)
	operation(a, h, huma.Operation{OperationID: "create-offer", Method: http.MethodPost, Path: path,
		Summary: "Offer a product, or a variant, at a lower price for some minutes", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 429, 503},
		Description: "Viewers hear of it in the picture (`offer.start`), and count down to its opening. Before that the price is refused, whatever a page shows; the server's clock decides. " +
			"A shop that holds units for buyers sells at the price by itself, and keeps both limits to the unit. Any other shop needs a discount `code` that it knows, or a variant of its own at this price (`as`), and its orders are counted when it tells of them."}, a.createOffer)
	operation(a, h, huma.Operation{OperationID: "get-offer", Method: http.MethodGet, Path: path + "/{offer}",
		Summary: "Read an offer", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InOffer) (*offerAnswer, error) {
		found, err := a.as(ctx).Offer(ctx, in.Show, in.Offer)
		return &offerAnswer{Body: found}, err
	})
	operation(a, h, huma.Operation{OperationID: "end-offer", Method: http.MethodDelete, Path: path + "/{offer}",
		Summary: "End an offer before its time, or take it back before it opens", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503},
		Description: "It stays in the list. Checkouts that are open at its price can still be paid."}, func(ctx context.Context, in *InOffer) (*struct{}, error) {
		return nil, a.as(ctx).EndOffer(ctx, in.Show, in.Offer)
	})
}

func (a *API) listOffers(ctx context.Context, in *struct {
	InShow
	Paging
}) (*offerList, error) {
	all, err := a.as(ctx).Offers(ctx, in.Show, in.Cursor, in.Limit+1)
	out := &offerList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(o overlay.Offer) string { return o.ID })
	return out, err
}

func (a *API) createOffer(ctx context.Context, in *struct {
	InShow
	Once
	Body struct {
		Product   string    `json:"product" doc:"Id or SKU"`
		Variant   string    `json:"variant,omitempty" doc:"Id of a variant; left out: all of the product"`
		As        string    `json:"as,omitempty" doc:"Id of the variant under which the shop sells it at this price, in the place of a code"`
		Price     int64     `json:"price" doc:"In minor units, below the price in the show"`
		Code      string    `json:"code,omitempty" doc:"A discount code that the shop knows"`
		Shop      string    `json:"shop,omitempty" doc:"Id of one of the seller's shops; left out: the one that buyers are led to"`
		Starts    time.Time `json:"starts_at,omitzero" doc:"RFC 3339: when it opens; left out: when the countdown that begins now is over"`
		Countdown int64     `json:"countdown,omitempty" doc:"Seconds from its announcement to its opening, from 10 to 300; left out: the shortest that reaches all viewers of the room"`
		Duration  int64     `json:"duration" doc:"Seconds that it is open, from 60 to 1200"`
		Total     int64     `json:"limit_total,omitempty" doc:"Units for all buyers; left out: no limit"`
		Buyer     int64     `json:"limit_buyer,omitempty" doc:"Units for one buyer; left out: no limit. Only where units are held"`
	}
	RawBody []byte
}) (*offerAnswer, error) {
	b := in.Body
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	p, err := a.as(ctx).ProductOfShow(ctx, show.Org, b.Product)
	if err != nil {
		return nil, err
	}
	if p, _, err = a.viewers.GoodsIn(ctx, in.Show, p.ID); err != nil {
		return nil, err
	}
	n := overlay.NewOffer{Offer: overlay.Offer{Show: in.Show, Product: p.ID, Variant: b.Variant, As: b.As, Price: b.Price, Code: b.Code, Shop: b.Shop, Starts: b.Starts, Total: b.Total, Buyer: b.Buyer},
		Countdown: time.Duration(min(b.Countdown, 1<<20)) * time.Second, Length: time.Duration(min(b.Duration, 1<<20)) * time.Second}
	if n, err = n.Checked(p); err != nil {
		return nil, err
	}
	ahead, err := a.ahead(ctx, show.Room)
	if err != nil {
		return nil, err
	}
	if n, err = n.Timed(time.Now(), ahead); err != nil {
		return nil, err
	}
	if n.Offer, err = a.sellingAt(ctx, n.Offer, p); err != nil {
		return nil, err
	}
	made, err := a.as(ctx).CreateOffer(ctx, n, in.with(in.RawBody))
	return &offerAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/offers/" + made.ID, Body: made}, err
}

// ahead is how long before its opening an offer in a room has to be announced.
func (a *API) ahead(ctx context.Context, slug string) (time.Duration, error) {
	room, err := a.viewers.RoomBySlug(ctx, slug)
	class := room.Latency
	if now := a.o.Broadcasts.Status(slug).OnAir; now != "" {
		class = now
	}
	return class.Ahead(room.CueDelay.Or(a.o.CueDelay)), err
}

// sellingAt gives an offer the shop that sells at its price, or refuses it in words: all
// variants that it is for have to have one.
func (a *API) sellingAt(ctx context.Context, o overlay.Offer, p overlay.Product) (overlay.Offer, error) {
	sold, err := a.viewers.Checkouts(ctx, p.Org, p.ID)
	if err != nil {
		return o, err
	}
	variants := []string{o.Variant}
	if o.Variant == "" && len(p.Variants) > 0 {
		variants = variants[:0]
		for _, v := range p.Variants {
			variants = append(variants, v.ID)
		}
	}
	var one overlay.Offer
	for i, variant := range variants {
		found, err := a.sellingOne(ctx, o, p, variant, sold)
		if err != nil {
			return o, err
		}
		if i > 0 && (found.Shop != one.Shop || found.Held != one.Held) {
			return o, overlay.Errorf(overlay.Invalid, "variant: is missing; the variants are sold by different shops, so each of them needs an offer of its own")
		}
		one = found
	}
	return one, nil
}

func (a *API) sellingOne(ctx context.Context, o overlay.Offer, p overlay.Product, variant string, sold store.Checkouts) (overlay.Offer, error) {
	shop, err := a.holdingShop(ctx, o.Show, p, variant, sold, o.Shop)
	switch {
	case err == nil && (o.Code != "" || o.As != ""):
		return o, overlay.Errorf(overlay.Invalid, "code: the shop %s holds units and asks for the price of the offer by itself; leave out code and as", shop.Name)
	case err == nil:
		o.Shop, o.Held = shop.ID, true
		return o, nil
	case overlay.CodeOf(err) != overlay.NotFound:
		return o, err
	}
	if len(sold.Shops) == 0 {
		return o, overlay.Errorf(overlay.Conflict, "the seller has no shop here, so nobody would ask for the price of the offer; add the shop in which the product is paid for")
	}
	if o.As != "" {
		variant = o.As
	}
	found, err := checkout.Find(sold.Shops, sold.Listings, p, variant, o.Shop)
	if err != nil {
		return o, err
	}
	if err := o.SoldBy(found.Shop, found.Link, found.Ref); err != nil {
		return o, err
	}
	if o.Buyer > 0 {
		return o, overlay.Errorf(overlay.Invalid, "limit_buyer: the shop %s does not tell who buys before they pay; set the limit of the code there", found.Shop.Name)
	}
	o.Shop, o.Held = found.Shop.ID, false
	return o, nil
}

// offerFor gives the offer at whose price a viewer buys now; nil: at the usual price. A
// viewer who names one means its price, and is refused in words while it does not hold. mine is
// the hold that the viewer has open: what it has of an offer is theirs.
func (a *API) offerFor(ctx context.Context, show string, p overlay.Product, variant, named string, quantity int64, mine overlay.Hold) (*overlay.Offer, error) {
	all, err := a.viewers.OffersNow(ctx, show)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		fits := o.Takes()
		if fits == nil {
			had := int64(0)
			if mine.Offer == o.ID {
				had = mine.Quantity
			}
			fits = o.Fits(quantity, o.Taken-had, 0)
		}
		switch {
		case !o.For(p.ID, variant):
		case named == o.ID && fits != nil:
			return nil, fits
		case named == o.ID || named == "" && fits == nil:
			return &o, nil
		}
	}
	if named == "" {
		return nil, nil
	}
	o, err := a.viewers.Offer(ctx, show, named)
	if err != nil || o.State == overlay.OfferPlanned || !o.For(p.ID, variant) {
		return nil, overlay.Errorf(overlay.NotFound, "the show has no such offer")
	}
	if mine.Offer == o.ID && mine.Quantity == quantity {
		return &o, nil
	}
	return &o, o.Takes()
}

// buyerOf tells buyers of an offer apart.
func (a *API) buyerOf(show string, v clicks.Viewer) string {
	return a.viewers.BuyerKey(show, overlay.Network(buyer(v).Address).String(), v.Mark)
}
