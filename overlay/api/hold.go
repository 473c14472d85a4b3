package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/checkout"
	"mediad/overlay/clicks"
)

// holdBody is a hold as its buyer sees it.
type holdBody struct {
	ID       string            `json:"id" doc:"Whoever knows it may give the units back"`
	State    overlay.HoldState `json:"state" doc:"active: the units are yours until expires_at; paid; expiring: the checkout is being ended; released: the units are free again"`
	Quantity int64             `json:"quantity"`
	Expires  time.Time         `json:"expires_at"`
	Checkout string            `json:"checkout_url,omitempty" doc:"Where to pay; while the hold is active"`
}

type holdAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         holdBody
}

func answerHold(h overlay.Hold) *holdAnswer {
	b := holdBody{ID: h.ID, State: h.State, Quantity: h.Quantity, Expires: h.Expires}
	if h.State == overlay.HoldActive {
		b.Checkout = h.Address
	}
	return &holdAnswer{"no-store", b}
}

// viewerKey finds in a context who asks, without a name.
type viewerKey struct{}

func withViewer(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, viewerKey{}, viewer(r)))
}

func (a *API) holds(h huma.API) {
	tags := []string{"viewers"}
	const path = "/c/holds/{hold}"
	register(a, h, huma.Operation{OperationID: "hold", Method: http.MethodPost, Path: "/c/{show}/holds", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Hold units for a buyer, and open a checkout for them", Errors: []int{404, 409, 413, 422, 503}, MaxBodyBytes: overlay.MaxHoldBody, Middlewares: huma.Middlewares{withRemote, withViewer},
		Description: "For products of which units are given to the show, sold by a shop that holds units (stock allocated-hold). The body is JSON, and may be sent as text/plain, so that pages of other sites need no preflight request:\n\n" +
			"`{\"variant\":\"01HX…\",\"quantity\":1,\"click\":\"01K4…\"}`\n\n" +
			"variant is the id of a product or of a variant. The units are the buyer's until expires_at, or as long as the checkout can be paid. 409 with the type sold-out: so many are not free; with the type limit: so many are not for one buyer, or not at the price of an offer. While an offer is open, its price holds by itself; `offer` names the one that the buyer means, and is refused while its price does not hold."}, a.hold)
	register(a, h, huma.Operation{OperationID: "get-hold", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "Read a hold", Errors: []int{404}}, func(ctx context.Context, in *inHold) (*holdAnswer, error) {
		h, err := a.viewers.GetHold(ctx, in.Hold)
		return answerHold(h), err
	})
	register(a, h, huma.Operation{OperationID: "release-hold", Method: http.MethodDelete, Path: path, Tags: tags, DefaultStatus: http.StatusOK,
		Summary: "Give a hold back. Its units are free when the shop has confirmed that nobody can pay any more", Errors: []int{404, 503}}, a.releaseHold)
}

type inHold struct {
	Hold string `path:"hold"`
}

func (a *API) releaseHold(ctx context.Context, in *inHold) (*holdAnswer, error) {
	if a.o.Holds == nil {
		return nil, noHolds()
	}
	h, err := a.o.Holds.Release(ctx, in.Hold)
	return answerHold(h), err
}

func noHolds() error {
	return overlay.Errorf(overlay.NotFound, "no units of this are held for buyers in this show")
}

func (a *API) hold(ctx context.Context, in *struct {
	Show    string `path:"show"`
	Key     string `header:"Idempotency-Key" maxLength:"255" doc:"A text of your choice. The same request of the same browser (or of the same viewer) with the same key gets the same hold"`
	Viewer  string `query:"viewer" doc:"16 hexadecimal digits that the page draws when it opens. Without a key, the same viewer gets the same hold again while it is open and not paid, and never two; with another quantity, another one in its place"`
	RawBody []byte `contentType:"text/plain"`
}) (*holdAnswer, error) {
	w, err := overlay.ParseHoldWish(in.RawBody)
	if err != nil {
		return nil, err
	}
	// Those who come too late are told from memory: a million of them may come at once.
	product, variant := w.Variant, ""
	if p, ok := overlay.VariantProduct(w.Variant); ok {
		product, variant = p, w.Variant
	}
	if a.o.Holds == nil {
		return nil, noHolds()
	}
	if err := a.forViewers(ctx, in.Show); err != nil {
		return nil, err
	}
	who, _ := ctx.Value(viewerKey{}).(clicks.Viewer)
	id := a.viewers.HoldID(in.Show, in.Key, whoAsks(who)...)
	if before, err := a.heldBefore(ctx, id, in.RawBody); before != nil || err != nil {
		return before, err
	}
	var mine overlay.Hold
	repeat := ""
	if id == "" { // else the key says what is the same
		repeat = a.repeat(in.Show, product, variant, who)
		mine, _ = a.o.Holds.Mine(ctx, repeat)
	}
	if mine.ID == "" && a.viewers.SoldOut(in.Show, product, variant, w.Quantity) {
		return nil, overlay.NothingLeft(w.Quantity)
	}
	p, variant, err := a.forHold(ctx, in.Show, w)
	out := overlay.CodeOf(err) == overlay.SoldOut
	if err != nil && (!out || mine.ID == "") {
		return nil, err
	}
	sold, err := a.viewers.Checkouts(ctx, p.Org, p.ID)
	if err != nil {
		return nil, err
	}
	at, err := a.offerFor(ctx, in.Show, p, variant, w.Offer, w.Quantity, mine)
	if err != nil {
		return nil, err
	}
	chosen := ""
	if at != nil && !at.Held && w.Offer == "" {
		at = nil
	}
	if at != nil {
		chosen = at.Shop
	}
	shop, ok := sold.Holding(variant, chosen)
	if !ok {
		return nil, overlay.Errorf(overlay.NotFound, "no shop holds units of this for buyers")
	}
	if w.Click != "" { // the order of a unit of this show is this show's, and never another's
		from, err := a.viewers.ClickedIn(ctx, w.Click)
		if err != nil {
			return nil, err
		}
		if from != "" && from != in.Show {
			w.Click = ""
		}
	}
	if w.Click == "" {
		w.Click = a.o.Clicks.Count(in.Show, p, variant, "", who)
	}
	purchase, err := a.purchase(ctx, in.Show, shop, p.For(variant), w.Click)
	if err != nil {
		return nil, err
	}
	purchase.Asked = asked64(in.RawBody)
	wish := checkout.Wish{ID: id, Repeat: repeat, Out: out, Show: in.Show, Product: p.ID, Variant: variant, Quantity: w.Quantity, Purchase: purchase, From: buyer(who)}
	if at != nil {
		wish.Purchase.Price, wish.Offer, wish.Buyer = at.Price, at.ID, a.buyerOf(in.Show, who)
	}
	h, err := a.o.Holds.Hold(ctx, shop, wish)
	if err != nil {
		return nil, err
	}
	return answerHold(h), nil
}

// asked64 tells two bodies apart.
func asked64(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// heldBefore gives the hold of an earlier request with the same key; nil: there is none.
func (a *API) heldBefore(ctx context.Context, id string, body []byte) (*holdAnswer, error) {
	if id == "" {
		return nil, nil
	}
	h, err := a.viewers.GetHold(ctx, id)
	switch {
	case overlay.CodeOf(err) == overlay.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case h.Purchase.Asked != asked64(body):
		return nil, overlay.Errorf(overlay.Invalid, "Idempotency-Key: was used for another request; use a new one")
	case h.State == overlay.HoldActive && h.Address == "": // it is being made, or the process died meanwhile
		if h, err = a.o.Holds.Resume(ctx, id); err != nil {
			return nil, err
		}
	}
	return answerHold(h), nil
}

// whoAsks tells buyers apart who chose the same key: by the number that their page drew,
// else by what their requests tell. A request is often sent again because the network has
// changed, and then only the number is the same.
func whoAsks(v clicks.Viewer) []string {
	if v.Number != 0 {
		return []string{"viewer", strconv.FormatUint(v.Number, 16)}
	}
	return []string{buyer(v).Address.String(), v.Mark}
}

// repeat names a viewer and what they ask for, so that a link that is followed twice keeps
// no second unit; "": the page has drawn no number for its viewer. Without it, alike phones
// behind one address would be one buyer, and one of them would pay in the checkout of
// the other. Of the addresses that proxies tell, the first one is the viewer's; the others
// may be different each time.
func (a *API) repeat(show, product, variant string, v clicks.Viewer) string {
	if v.Number == 0 {
		return ""
	}
	from := buyer(v).Address
	mark := strings.SplitN(v.Mark, "\n", 3) // as viewer writes it
	if client, _, _ := strings.Cut(mark[1], ","); client != "" {
		if at, err := netip.ParseAddr(strings.TrimSpace(client)); err == nil {
			from = at
		}
		mark[1] = ""
	}
	return a.viewers.BuyerKey(show, "again", product, variant, strconv.FormatUint(v.Number, 16), overlay.Network(from).String(), strings.Join(mark, "\n"))
}

func buyer(v clicks.Viewer) checkout.Buyer {
	if !v.Address.IsValid() {
		v.Address = netip.IPv4Unspecified()
	}
	return checkout.Buyer{Address: v.Address, Mark: v.Mark}
}

// forHold gives the product that a buyer means, as the show sells it.
func (a *API) forHold(ctx context.Context, show string, w overlay.HoldWish) (p overlay.Product, variant string, err error) {
	now, variant, err := a.offered(ctx, show, w.Variant)
	if err != nil {
		return now, "", err
	}
	p, most, err := a.viewers.GoodsIn(ctx, show, now.ID)
	switch {
	case err != nil:
		return p, "", err
	case variant == "" && len(p.Variants) > 0:
		return p, "", overlay.Errorf(overlay.Invalid, "variant: the product comes in variants; choose one of them")
	case most > 0 && w.Quantity > most:
		return p, "", overlay.Errorf(overlay.Limit, "One buyer gets at most %d of this.", most)
	case p.For(variant).Stock == overlay.StockOut:
		return p, variant, overlay.NothingLeft(1)
	}
	return p, variant, nil
}

// purchase is what the checkout says of the product, at its price in the show (I10), and
// where the buyer comes back to.
func (a *API) purchase(ctx context.Context, show string, shop overlay.Shop, p overlay.Product, click string) (overlay.HeldPurchase, error) {
	out := overlay.HeldPurchase{Title: p.Title, SKU: p.SKU, Price: p.Price, Currency: p.Currency, Image: a.image(p.Image), Click: click, Success: shop.Config.SuccessURL, Cancel: shop.Config.CancelURL}
	found, err := a.viewers.GetShow(ctx, show)
	if err != nil {
		return out, err
	}
	back := a.origin(ctx).String() + "/watch/" + found.Room
	if out.Success == "" {
		out.Success = back
	}
	if out.Cancel == "" {
		out.Cancel = back
	}
	return out, nil
}
