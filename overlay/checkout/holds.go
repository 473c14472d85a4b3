package checkout

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mediad/overlay"
)

// Bounds of what is asked of shops.
const (
	opensAtOnce = 64               // sessions that are opened at the same time
	endsAtOnce  = 8                // sessions that are ended at the same time
	endBatch    = 64               // holds that are read at once
	lookEvery   = time.Second      // between two looks for holds whose time is over
	askAgain    = 30 * time.Second // a checkout that did not confirm its end is asked again
)

// HoldStore keeps holds.
type HoldStore interface {
	NewHold(shop string, quantity int64, p overlay.HeldPurchase) overlay.Hold
	Hold(ctx context.Context, show, product, variant string, h overlay.Hold) (overlay.Hold, error)
	GetHold(ctx context.Context, id string) (overlay.Hold, error)
	OpenedHold(ctx context.Context, id, session, address string) (overlay.Hold, error)
	LetGo(ctx context.Context, id string) (overlay.Hold, error)
	DueHolds(ctx context.Context, limit int) ([]overlay.Hold, error)
	AskLater(ctx context.Context, id string, at time.Time) error
	ReleaseHold(ctx context.Context, id string) error
	ShopSecrets(ctx context.Context, id string) (overlay.Shop, map[string]string, error)
	TakeFacts(ctx context.Context, shop overlay.Shop, facts []overlay.OrderFact) error
	OpenHolds(ctx context.Context) ([]overlay.Hold, error)
	SwapHold(ctx context.Context, old, show, product, variant string, h overlay.Hold, try bool) (overlay.Hold, error)
}

// Holds keeps units for buyers: it opens a checkout for each hold, and ends it when the
// hold's time is over. A unit is free again only when its checkout has confirmed that
// nobody can pay in it any more (I2). It is safe for concurrent use.
type Holds struct {
	HoldOptions
	opens chan struct{} // has a place for each session that is being opened
	wake  chan struct{} // has room for one; a hold was given back
	share share

	mu sync.Mutex
	// Guarded by mu.
	busy map[string]chan struct{} // holds that are being made, by id or Wish.Repeat; closed when they are
	open map[string]opened        // by Wish.Repeat
	most int                      // entries of open, before those of long ago are forgotten
}

// HoldOptions are what Holds needs.
type HoldOptions struct {
	Store  HoldStore
	Stripe *Stripe
	Log    *slog.Logger
	Again  time.Duration // a checkout that did not confirm its end is asked again after it; 0: 30 s
}

// NewHolds makes Holds. Run must run, or no hold ends.
func NewHolds(o HoldOptions) *Holds {
	if o.Again == 0 {
		o.Again = askAgain
	}
	return &Holds{HoldOptions: o, opens: make(chan struct{}, opensAtOnce), wake: make(chan struct{}, 1), busy: map[string]chan struct{}{}, open: map[string]opened{}}
}

// Wish is what a buyer wants of a show, and who asks.
type Wish struct {
	Show, Product, Variant string
	Quantity               int64
	Purchase               overlay.HeldPurchase
	From                   Buyer
	Offer, Buyer           string // whose price the purchase has, and who buys; "": the usual price
	ID                     string // of the hold, where the same request has the same; "": a new one
	// Repeat names who asks and what for: whoever asks again while their checkout is open
	// gets no second one. "": it is not known who asks.
	Repeat string
	Out    bool // nothing is free: there are only the units that the buyer has already
}

// Hold keeps units for a buyer and opens their checkout at a shop.
func (k *Holds) Hold(ctx context.Context, shop overlay.Shop, w Wish) (overlay.Hold, error) {
	fresh := k.Store.NewHold(shop.ID, w.Quantity, w.Purchase)
	fresh.Offer, fresh.Buyer, fresh.Purchase.Repeat = w.Offer, w.Buyer, w.Repeat
	switch {
	case w.ID != "":
		fresh.ID = w.ID
		leave, err := k.enter(ctx, w.ID)
		if err != nil {
			return fresh, err
		}
		defer leave()
		before, err := k.Store.GetHold(ctx, w.ID)
		switch {
		case err == nil && before.Purchase.Asked != w.Purchase.Asked:
			return fresh, overlay.Errorf(overlay.Invalid, "Idempotency-Key: was used for another request; use a new one")
		case err == nil: // made since the caller looked
			return k.finish(ctx, before, never)
		case overlay.CodeOf(err) != overlay.NotFound:
			return fresh, err
		}
	case w.Repeat != "":
		leave, err := k.enter(ctx, w.Repeat)
		if err != nil {
			return fresh, err
		}
		defer leave()
		if h, ok := k.mine(ctx, w.Repeat); ok {
			return k.repeated(ctx, w, h, fresh)
		}
	}
	if w.Out {
		return fresh, overlay.NothingLeft(1)
	}
	return k.counted(w.From, func() (overlay.Hold, error) { return k.keep(ctx, w, fresh, k.Store.Hold) })
}

// counted counts a checkout of a buyer.
func (k *Holds) counted(from Buyer, open func() (overlay.Hold, error)) (overlay.Hold, error) {
	if !k.share.take(from, time.Now()) {
		return overlay.Hold{}, overlay.Errorf(overlay.Limit, "You have several open checkouts already. Pay in one of them, or wait some minutes.")
	}
	h, err := open()
	if err != nil {
		k.share.giveBack(from)
	}
	return h, err
}

// keep keeps units as the store does it, and opens their checkout.
func (k *Holds) keep(ctx context.Context, w Wish, h overlay.Hold, as func(ctx context.Context, show, product, variant string, h overlay.Hold) (overlay.Hold, error)) (overlay.Hold, error) {
	h, err := as(ctx, w.Show, w.Product, w.Variant, h)
	if err != nil {
		return h, err
	}
	k.remember(h)
	return k.finish(ctx, h, refused)
}

// finish opens the checkout of a hold that has none yet. none tells from what the shop
// answers that there is none: of a new hold more answers say so than of one for which the
// shop was asked before.
func (k *Holds) finish(ctx context.Context, h overlay.Hold, none func(error) bool) (overlay.Hold, error) {
	if h.State != overlay.HoldActive || h.Address != "" {
		return h, nil
	}
	// The buyer may leave now; the checkout is opened nevertheless, or the hold given back.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*apiTime)
	defer cancel()
	with, err := k.session(ctx, h)
	if err == nil {
		return with, nil
	}
	k.Log.Warn("A checkout could not be opened", "shop", h.Shop, "hold", h.ID, "err", err)
	if none(err) {
		err = k.Store.ReleaseHold(ctx, h.ID)
	} else if _, err = k.Store.LetGo(ctx, h.ID); err == nil {
		k.wakeUp() // the session may be there: it is found and ended
	}
	if err != nil {
		k.Log.Error("A hold without a checkout could not be given back; it ends by itself", "hold", h.ID, "err", err)
	}
	return h, overlay.Errorf(overlay.Unavailable, "The checkout of the shop cannot be opened now. Nothing was ordered; try again in a moment.")
}

// session opens the session of a hold, and notes it.
func (k *Holds) session(ctx context.Context, h overlay.Hold) (overlay.Hold, error) {
	shop, secrets, err := k.Store.ShopSecrets(ctx, h.Shop)
	if err != nil {
		return h, err
	}
	key := secrets[overlay.APIKey]
	if key == "" {
		return h, refusal{overlay.Errorf(overlay.Invalid, "the shop has no api_key"), false}
	}
	select {
	case k.opens <- struct{}{}:
		defer func() { <-k.opens }()
	case <-ctx.Done():
		return h, ctx.Err()
	}
	s, err := k.Stripe.Open(ctx, key, h)
	if err != nil {
		return h, err
	}
	if h, err = k.Store.OpenedHold(ctx, h.ID, s.ID, s.Address); err != nil {
		return h, err
	}
	if !shop.Leads(s.Address) {
		return h, overlay.Errorf(overlay.Forbidden, "the checkout is at an address that is not among the hosts of the shop; add its host to the shop")
	}
	return h, nil
}

// Release gives a hold back for its buyer. Its units are free when the checkout has ended.
func (k *Holds) Release(ctx context.Context, id string) (overlay.Hold, error) {
	h, err := k.Store.LetGo(ctx, id)
	k.wakeUp()
	return h, err
}

func (k *Holds) wakeUp() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Run ends the checkouts of holds whose time is over, until ctx is done.
func (k *Holds) Run(ctx context.Context) error {
	if err := k.Recall(ctx); err != nil && ctx.Err() == nil {
		k.Log.Error("The open checkouts of before the start could not be read; a buyer who asks again gets a second one", "err", err)
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-k.wake:
		}
		if err := k.endDue(ctx); err != nil && ctx.Err() == nil {
			k.Log.Error("holds whose time is over could not be ended; this is tried again", "err", err)
		}
	}
}

func (k *Holds) endDue(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := k.Store.DueHolds(ctx, endBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		var all sync.WaitGroup
		places, failed := make(chan struct{}, endsAtOnce), make(chan error, len(due))
		for _, h := range due {
			places <- struct{}{}
			all.Go(func() {
				defer func() { <-places }()
				if err := k.end(ctx, h); err != nil {
					k.Log.Warn("A checkout did not confirm its end, so its units stay held; it is asked again", "hold", h.ID, "err", err)
					failed <- k.Store.AskLater(ctx, h.ID, time.Now().Add(k.Again))
				}
			})
		}
		all.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// end ends the checkout of a hold, and makes its units free if nobody has paid. An error
// says why it is to be asked again.
func (k *Holds) end(ctx context.Context, h overlay.Hold) error {
	ended, err := k.ended(ctx, h)
	switch {
	case err != nil:
		return err
	case ended:
		return k.Store.ReleaseHold(ctx, h.ID)
	}
	// The money is on its way, or the order is not this hold's.
	return k.Store.AskLater(ctx, h.ID, time.Now().Add(k.Again))
}

// ended ends the checkout of a hold; true: nobody can pay in it any more, and nobody has.
// What it tells of an order is kept. An error says that it may still be paid.
func (k *Holds) ended(ctx context.Context, h overlay.Hold) (bool, error) {
	if h.Session == "" { // opening it was not answered, or the process died: the same again finds it
		with, err := k.session(ctx, h)
		if never(err) && with.Session == "" {
			return true, nil
		}
		if with.Session == "" {
			return false, err
		}
		h = with
	}
	shop, secrets, err := k.Store.ShopSecrets(ctx, h.Shop)
	if err != nil {
		return false, err
	}
	ended, facts, err := k.Stripe.End(ctx, secrets[overlay.APIKey], h.Session)
	if err != nil || len(facts) == 0 {
		return ended, err
	}
	return false, k.Store.TakeFacts(ctx, shop, facts)
}
