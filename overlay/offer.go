package overlay

import (
	"cmp"
	"strings"
	"time"
)

// MinCountdown is the shortest time from the announcement of an offer to its opening.
const MinCountdown = 10 * time.Second

// Limits of an offer. Those of its times are what sellers know from other places that
// sell live: a countdown of seconds, and an offer of minutes.
const (
	maxCountdown  = 300 * time.Second
	minOffer      = time.Minute
	maxOffer      = 20 * time.Minute
	maxOfferUnits = 1_000_000
	maxOfferBuyer = 100
	maxOfferCode  = 100 // bytes
	// MaxOffers is how many offers of a show may be open or coming at once: the state
	// that each segment repeats has all that are announced.
	MaxOffers = 3
)

// CodeMark is the place in a shop's template that takes the code of an offer.
const CodeMark = "{code}"

// OfferState is how far an offer has come.
type OfferState string

// The states of offers.
const (
	OfferPlanned   OfferState = "planned"   // viewers do not know of it yet
	OfferAnnounced OfferState = "announced" // its countdown runs
	OfferOpen      OfferState = "open"      // its price holds
	OfferEnded     OfferState = "ended"
)

// Offer is a price for a short time. All of its times are absolute, so that a restart
// changes none, and all that hear of it count down to the same moment.
type Offer struct {
	ID      string `json:"id"`
	Show    string `json:"show"`
	Product string `json:"product"`
	Variant string `json:"variant,omitempty" doc:"Missing: all of the product"`
	// As is the variant by which the shop sells it at this price.
	As       string     `json:"as,omitempty" doc:"The variant that buyers get while it is open, where the shop sells it at this price under a variant of its own"`
	Price    int64      `json:"price" doc:"In minor units"`
	Usual    *int64     `json:"usual,omitempty" doc:"The usual price in the show when the offer was made; missing: not known, of an offer from before this was kept"`
	Currency string     `json:"currency"`
	Code     string     `json:"code,omitempty" doc:"The shop's discount code, which buyers are sent with"`
	Shop     string     `json:"shop" doc:"The shop that sells at this price"`
	Held     bool       `json:"held" doc:"Units are held for buyers, so both limits are kept to the unit. Otherwise the shop decides"`
	State    OfferState `json:"state"`
	// Announced is when viewers hear of it.
	Announced time.Time `json:"announced_at"`
	Starts    time.Time `json:"starts_at"`
	Ends      time.Time `json:"ends_at"`
	// Ended is when it ended before its time; zero: it did not.
	Ended  time.Time `json:"ended_at,omitzero" doc:"When it ended, if that was before its time"`
	Reason string    `json:"reason,omitempty" doc:"Why it ended before its time"`
	// Total and Buyer are how many units all buyers, and one buyer, get; 0: no limit.
	Total int64 `json:"limit_total,omitempty"`
	Buyer int64 `json:"limit_buyer,omitempty"`
	Taken int64 `json:"taken" doc:"Units in checkouts that can still be paid, and those that were paid"`
	Sold  int64 `json:"sold" doc:"Units of paid orders"`
}

// At gives the offer with its state at a moment. The server's clock alone decides.
func (o Offer) At(now time.Time) Offer {
	switch {
	case !o.Ended.IsZero() || !now.Before(o.Ends):
		o.State = OfferEnded
	case !now.Before(o.Starts):
		o.State = OfferOpen
	case !now.Before(o.Announced):
		o.State = OfferAnnounced
	default:
		o.State = OfferPlanned
	}
	return o
}

// Left is how many units are free; known is false where there is no limit.
func (o Offer) Left() (left int64, known bool) {
	return max(0, o.Total-o.Taken), o.Total > 0
}

// For tells whether the offer is one of a variant, or of all of a product that has it.
func (o Offer) For(product, variant string) bool {
	return o.Product == product && (o.Variant == "" || o.Variant == variant)
}

// NewOffer is an offer that somebody asks for.
type NewOffer struct {
	Offer
	Countdown time.Duration // from its announcement to its opening; 0: the shortest
	Length    time.Duration
}

// Ahead is how long before its opening an offer has to be announced: longer than the
// picture takes to the last viewer, or some would see the price when it is over.
func (l Latency) Ahead(delay time.Duration) time.Duration {
	behind := 5 * time.Second // of low, and balanced: with a stall
	if l == MassLatency {
		behind = 15 * time.Second
	}
	return max(MinCountdown, behind+delay)
}

// Timed gives the offer its moments. ahead is how long before its opening viewers have to
// hear of it.
func (n NewOffer) Timed(now time.Time, ahead time.Duration) (NewOffer, error) {
	now = now.UTC().Truncate(time.Millisecond)
	if n.Countdown == 0 {
		n.Countdown = ahead.Truncate(time.Second)
		if n.Countdown < ahead {
			n.Countdown += time.Second
		}
	}
	switch {
	case n.Countdown < MinCountdown || n.Countdown > maxCountdown:
		return n, Errorf(Invalid, "countdown: must be from %d to %d seconds", int(MinCountdown.Seconds()), int(maxCountdown.Seconds()))
	case n.Countdown < ahead:
		return n, Errorf(Invalid, "countdown: must be at least %d seconds in this room, because the picture reaches the last viewers that late", int((ahead + time.Second - 1).Seconds()))
	case n.Length < minOffer || n.Length > maxOffer:
		return n, Errorf(Invalid, "duration: must be from %d to %d seconds", int(minOffer.Seconds()), int(maxOffer.Seconds()))
	}
	if n.Starts.IsZero() {
		n.Starts = now.Add(n.Countdown)
	}
	n.Starts = n.Starts.UTC().Truncate(time.Millisecond)
	if n.Starts.Sub(now) < ahead {
		return n, Errorf(Invalid, "starts_at: must be at least %d seconds from now, because the picture reaches the last viewers that late", int((ahead + time.Second - 1).Seconds()))
	}
	if n.Starts.Sub(now) > maxAhead {
		return n, Errorf(Invalid, "starts_at: is more than a year ahead")
	}
	n.Announced, n.Ends = n.Starts.Add(-n.Countdown), n.Starts.Add(n.Length)
	if n.Announced.Before(now) {
		n.Announced = now
	}
	return n, nil
}

// Checked refuses an offer that nobody can mean. p is the product as the show sells it.
func (n NewOffer) Checked(p Product) (NewOffer, error) {
	n.Code = strings.TrimSpace(n.Code)
	for _, v := range []string{n.Variant, n.As} {
		if v != "" && !p.Has(v) {
			return n, Errorf(NotFound, "there is no such variant of the product")
		}
	}
	usual := p.For(n.Variant)
	switch {
	case n.Price < 0 || n.Price > maxPrice:
		return n, Errorf(Invalid, "price: must be an integer in minor units from 0 to %d", int64(maxPrice))
	case n.Price >= usual.Price:
		return n, Errorf(Invalid, "price: must be below the price in the show, which is %d in minor units", usual.Price)
	case n.As != "" && p.For(n.As).Price != n.Price:
		return n, Errorf(Invalid, "as: the shop sells this variant for %d in minor units, not for the price of the offer", p.For(n.As).Price)
	case n.Total < 0 || n.Total > maxOfferUnits:
		return n, Errorf(Invalid, "limit_total: must be an integer from 1 to %d", maxOfferUnits)
	case n.Buyer < 0 || n.Buyer > maxOfferBuyer:
		return n, Errorf(Invalid, "limit_buyer: must be an integer from 1 to %d", maxOfferBuyer)
	case len(n.Code) > maxOfferCode:
		return n, Errorf(Invalid, "code: has %d bytes, at most %d are allowed", len(n.Code), maxOfferCode)
	}
	for _, v := range p.Variants {
		if n.Variant == "" && n.Price >= p.For(v.ID).Price {
			return n, Errorf(Invalid, "price: must be below the price of each variant, and that of %s is %d in minor units", p.For(v.ID).SKU, p.For(v.ID).Price)
		}
	}
	if n.As != "" && n.Variant == "" {
		return n, Errorf(Invalid, "variant: is missing; name the one in whose place buyers get the other")
	}
	n.Currency, n.Usual = usual.Currency, &usual.Price
	return n, checkPlain("code", n.Code, false)
}

// OfferCard is the in-band form of an offer. Its times are absolute, in milliseconds of
// Unix time; the price is in force between them, and no cue says so then.
type OfferCard struct {
	ID       string `json:"id"`
	Product  string `json:"product,omitempty"`
	Variant  string `json:"variant,omitempty"`
	Price    *int64 `json:"price,omitempty"`
	Currency string `json:"currency,omitempty"`
	Digits   *int   `json:"digits,omitempty"`
	Starts   int64  `json:"starts,omitempty"`
	Ends     int64  `json:"ends,omitempty"`
	Total    int64  `json:"total,omitempty"`
	Buyer    int64  `json:"per_buyer,omitempty"`
}

// Card gives the in-band form of the offer: without its code, which is got by a click.
func (o Offer) Card() OfferCard {
	return OfferCard{ID: o.ID, Product: o.Product, Variant: o.Variant, Price: &o.Price, Currency: o.Currency, Digits: digitsOf(o.Currency),
		Starts: o.Starts.UnixMilli(), Ends: o.Ends.UnixMilli(), Total: o.Total, Buyer: o.Buyer}
}

// Takes refuses a buyer who asks for the price of the offer when it does not hold.
func (o Offer) Takes() error {
	switch o.State {
	case OfferOpen:
		return nil
	case OfferEnded:
		return Errorf(Conflict, "The offer has ended.")
	}
	return Errorf(Conflict, "The offer opens at %s (UTC).", o.Starts.UTC().Format(time.TimeOnly))
}

// Fits refuses more units than the offer has, in all and for one buyer; taken and own are
// those that are gone already.
func (o Offer) Fits(quantity, taken, own int64) error {
	if o.Total > 0 && taken+quantity > o.Total {
		return Errorf(Limit, "Too few are left at the price of the offer.")
	}
	if o.Buyer > 0 && own+quantity > o.Buyer {
		return Errorf(Limit, "One buyer gets at most %d at the price of the offer.", o.Buyer)
	}
	return nil
}

// SoldBy refuses, in words, an offer whose price a shop would not ask for: a card must not
// promise what the checkout does not give. link and ref are how the shop knows what is
// sold. The shop itself is not asked whether it knows the code.
func (o Offer) SoldBy(shop Shop, link, ref string) error {
	switch {
	case o.Code == "" && o.As != "":
		return nil
	case o.Code == "":
		return Errorf(Invalid, "code: is missing; the shop %s asks for the usual price, unless buyers come with a discount code, or for a variant of its own (as)", shop.Name)
	case shop.Kind == ShopStripeLink, shop.Kind == ShopShopify && ref != "":
		return nil
	case shop.Kind == ShopShopify:
		return Errorf(Invalid, "code: the shop %s takes it only in a cart; list the product there with the number that Shopify has for the variant", shop.Name)
	case !strings.Contains(cmp.Or(link, shop.Config.Template), CodeMark):
		return Errorf(Invalid, "code: the link to the shop %s has no place for it; write %s into the link or the template, such as https://tea.example/p/{sku}?discount=%s", shop.Name, CodeMark, CodeMark)
	}
	return nil
}
