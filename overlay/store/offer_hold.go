package store

import (
	"encoding/json"
	"fmt"

	"mediad/overlay"
)

// BuyerKey tells buyers apart for the limit of an offer, as far as a request without a
// cookie does, and says nothing of who they are.
func (s *Store) BuyerKey(show string, who ...string) string {
	text, _ := json.Marshal(who) // strings always encode
	return fmt.Sprintf("%x", s.secret.hash("offer buyer", show+string(text))[:12])
}

// pastLimits gives the holds of a batch that their offers refuse, each with the refusal:
// it is not open now, or too few are left, in all or for the buyer. Whoever takes of an
// offer writes its row first, so two transactions never count at the same time.
func (t *tx) pastLimits(batch []*wish) (map[*wish]error, error) {
	refused, seen := map[*wish]error{}, map[string]*offerCount{}
	for _, w := range batch {
		id := w.hold.Offer
		if id == "" {
			continue
		}
		c := seen[id]
		if c == nil {
			var err error
			if c, err = t.countOffer(id); err != nil {
				return nil, err
			}
			seen[id] = c
		}
		own, known := c.own[w.hold.Buyer]
		if !known && c.offer.Buyer > 0 {
			err := t.QueryRowContext(t.ctx, `SELECT CAST(coalesce(sum(quantity), 0) AS BIGINT) FROM hold WHERE offer = ? AND buyer = ? AND state IN ('active', 'expiring', 'paid')`, id, w.hold.Buyer).Scan(&own)
			if err != nil {
				return nil, fmt.Errorf("count units of buyer: %w", err)
			}
		}
		err := c.offer.At(t.now).Takes()
		if err == nil {
			err = c.offer.Fits(w.hold.Quantity, c.offer.Taken, own)
		}
		if err != nil {
			refused[w] = err
			continue
		}
		c.own[w.hold.Buyer] = own + w.hold.Quantity
		c.offer.Taken += w.hold.Quantity
	}
	return refused, nil
}

// offerCount is an offer with what a batch has taken of it so far.
type offerCount struct {
	offer overlay.Offer
	own   map[string]int64 // by buyer
}

func (t *tx) countOffer(id string) (*offerCount, error) {
	var show string
	if err := t.QueryRowContext(t.ctx, `UPDATE offer SET asked = asked + 1 WHERE id = ? RETURNING show`, id).Scan(&show); err != nil {
		return nil, fmt.Errorf("take of offer: %w", err)
	}
	k, err := offer(t.ctx, t, show, id)
	return &offerCount{k.Offer, map[string]int64{}}, err
}
