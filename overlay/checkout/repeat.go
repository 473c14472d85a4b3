package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

const (
	leastLeft = time.Minute // that a checkout lives on, or whoever asks again gets another
	longAgo   = time.Hour   // a hold whose time is over for so long waits for money that takes days
	fewOpen   = 1024        // entries of open that nobody looks through
)

// opened is a hold that was open when it was seen last.
type opened struct {
	id    string
	until time.Time
}

// enter keeps others out who make the hold of the same name, until leave is called. It
// waits for one who makes it now: there is an answer then.
func (k *Holds) enter(ctx context.Context, name string) (leave func(), err error) {
	for {
		k.mu.Lock()
		other := k.busy[name]
		if other == nil {
			mine := make(chan struct{})
			k.busy[name] = mine
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				defer k.mu.Unlock()
				delete(k.busy, name)
				close(mine)
			}, nil
		}
		k.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the same request: %w", ctx.Err())
		}
	}
}

// remember notes the open hold of a buyer who may ask again.
func (k *Holds) remember(h overlay.Hold) {
	if h.Purchase.Repeat == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.open) >= max(k.most, fewOpen) {
		for repeat, o := range k.open {
			if time.Since(o.until) > longAgo {
				delete(k.open, repeat)
			}
		}
		k.most = 2 * len(k.open)
	}
	k.open[h.Purchase.Repeat] = opened{h.ID, h.Expires}
}

// Recall remembers what was open before the start.
func (k *Holds) Recall(ctx context.Context) error {
	all, err := k.Store.OpenHolds(ctx)
	for _, h := range all {
		k.remember(h)
	}
	return err
}

// Mine gives the hold of a buyer who asks again (Wish.Repeat) that is not paid and not
// over; one that is being made is waited for. It is asked for each click: most buyers have
// none, and cost no look at the database.
func (k *Holds) Mine(ctx context.Context, repeat string) (h overlay.Hold, ok bool) {
	if repeat == "" {
		return h, false
	}
	k.mu.Lock()
	making := k.busy[repeat]
	k.mu.Unlock()
	if making != nil {
		select {
		case <-making:
		case <-ctx.Done():
			return h, false
		}
	}
	return k.mine(ctx, repeat)
}

func (k *Holds) mine(ctx context.Context, repeat string) (h overlay.Hold, ok bool) {
	k.mu.Lock()
	known := k.open[repeat]
	k.mu.Unlock()
	if known.id == "" {
		return h, false
	}
	h, err := k.Store.GetHold(ctx, known.id)
	if err == nil && (h.State == overlay.HoldActive || h.State == overlay.HoldExpiring) {
		return h, true
	}
	if err == nil || overlay.CodeOf(err) == overlay.NotFound {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.open[repeat] == known {
			delete(k.open, repeat)
		}
	}
	return overlay.Hold{}, false
}

// Resume gives the hold of an earlier request, with its checkout: that is opened now if the
// process died before.
func (k *Holds) Resume(ctx context.Context, id string) (overlay.Hold, error) {
	leave, err := k.enter(ctx, id)
	if err != nil {
		return overlay.Hold{}, err
	}
	defer leave()
	h, err := k.Store.GetHold(ctx, id)
	if err != nil {
		return h, err
	}
	return k.finish(ctx, h, never)
}

// repeated answers a buyer who has an open hold of what they ask for: with that, or, where
// they want another number or get a lower price, with another in its place. They never
// have both, and between the two nobody else gets the units.
func (k *Holds) repeated(ctx context.Context, w Wish, old, fresh overlay.Hold) (overlay.Hold, error) {
	same := old.Quantity == w.Quantity && old.Purchase.Currency == w.Purchase.Currency && old.Purchase.Price <= w.Purchase.Price
	if same && old.State == overlay.HoldActive && time.Until(old.Expires) >= leastLeft {
		return k.finish(ctx, old, never)
	}
	_, err := k.Store.SwapHold(ctx, old.ID, w.Show, w.Product, w.Variant, fresh, true)
	if w.Out && w.Quantity > old.Quantity {
		err = overlay.NothingLeft(w.Quantity)
	}
	if err != nil {
		if same && old.State == overlay.HoldActive {
			return k.finish(ctx, old, never) // what is left of its time
		}
		return old, err
	}
	return k.counted(w.From, func() (overlay.Hold, error) { return k.instead(ctx, w, old, fresh) })
}

// instead ends an open checkout and opens another one in its place.
func (k *Holds) instead(ctx context.Context, w Wish, old, fresh overlay.Hold) (overlay.Hold, error) {
	ctx = context.WithoutCancel(ctx) // a checkout that is ended must not seem to be open
	ended, err := k.ended(ctx, old)
	switch {
	case err != nil:
		k.Log.Warn("A checkout in whose place its buyer wants another did not confirm its end", "hold", old.ID, "err", err)
		if _, err := k.Release(ctx, old.ID); err != nil {
			return old, err
		}
		return old, overlay.Errorf(overlay.Unavailable, "Your open checkout cannot be changed now. Try again in a moment.")
	case ended:
		return k.keep(ctx, w, fresh, func(ctx context.Context, show, product, variant string, h overlay.Hold) (overlay.Hold, error) {
			h, err := k.Store.SwapHold(ctx, old.ID, show, product, variant, h, false)
			if err != nil {
				_, gone := k.Release(ctx, old.ID)
				err = errors.Join(err, gone)
			}
			return h, err
		})
	case w.Out:
		return old, overlay.NothingLeft(1)
	}
	return k.keep(ctx, w, fresh, k.Store.Hold) // it was paid: this is another purchase
}
