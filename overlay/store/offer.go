package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// What is taken of an offer is what its holds have; where no units are held, it is what
// shops have told of paid orders.
const selectOffer = `SELECT o.id, o.show, o.product, o.variant, o.sold_as, o.price, o.currency, o.code, o.shop, o.held, o.announced_at, o.starts_at, o.ends_at, o.ended_at, coalesce(o.reason, ''),
	o.limit_total, o.limit_buyer, o.usual, o.told,
	(SELECT CAST(coalesce(sum(h.quantity), 0) AS BIGINT) FROM hold h WHERE h.offer = o.id AND h.state IN ('active', 'expiring', 'paid')),
	(SELECT CAST(coalesce(sum(coalesce((SELECT sum(l.quantity) FROM order_line l WHERE l.shop_order = x.id AND l.product = o.product), 1)), 0) AS BIGINT) FROM shop_order x
		WHERE x.offer = o.id AND x.paid_at IS NOT NULL AND x.state NOT IN ('cancelled', 'failed'))
	FROM offer o `

// kept is an offer with how far viewers know of it.
type kept struct {
	overlay.Offer
	told int // 1: that it comes; 2: that it has ended
}

func scanOffer(row scanner) (k kept, err error) {
	var held, announced, starts, ends, taken int64
	var ended, usual sql.NullInt64
	o := &k.Offer
	err = row.Scan(&o.ID, &o.Show, &o.Product, &o.Variant, &o.As, &o.Price, &o.Currency, &o.Code, &o.Shop, &held, &announced, &starts, &ends, &ended, &o.Reason,
		&o.Total, &o.Buyer, &usual, &k.told, &taken, &o.Sold)
	o.Held, o.Announced, o.Starts, o.Ends, o.Ended = held != 0, at0(announced), at0(starts), at0(ends), moment(ended)
	if usual.Valid {
		o.Usual = &usual.Int64
	}
	if o.Taken = o.Sold; o.Held {
		o.Taken = taken
	}
	return k, err
}

func offers(ctx context.Context, q querier, now time.Time, where string, args ...any) ([]overlay.Offer, error) {
	all, err := collect(ctx, q, scanOffer, selectOffer+where, args...)
	if err != nil {
		return nil, fmt.Errorf("find offers: %w", err)
	}
	out := make([]overlay.Offer, len(all))
	for i, k := range all {
		out[i] = k.Offer.At(now)
	}
	return out, nil
}

// Offers gives the offers of a show behind an id, oldest first.
func (s *Store) Offers(ctx context.Context, show, after string, limit int) ([]overlay.Offer, error) {
	return offers(ctx, s.reader, s.now(), `WHERE o.show = ? AND o.id > ? ORDER BY o.id LIMIT ?`, show, after, limit)
}

func offer(ctx context.Context, q querier, show, id string) (kept, error) {
	k, err := scanOffer(q.QueryRowContext(ctx, selectOffer+`WHERE o.id = ? AND o.show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return k, overlay.Errorf(overlay.NotFound, "the show has no such offer")
	}
	if err != nil {
		return k, fmt.Errorf("find offer: %w", err)
	}
	return k, nil
}

// Offer gives an offer of a show.
func (s *Store) Offer(ctx context.Context, show, id string) (overlay.Offer, error) {
	k, err := offer(ctx, s.reader, show, id)
	return k.At(s.now()), err
}

// OffersNow gives the offers of a show that viewers know of and that have not ended, in
// the order in which they open. What it gives is shared: nobody may change it. Buyers ask
// for it, so it is remembered for a moment.
func (s *Store) OffersNow(ctx context.Context, show string) ([]overlay.Offer, error) {
	k := &s.checkouts
	all, err := recall(k, func() *map[string]remembered[overlay.Offer] { return &k.offers }, show, time.Now(), func() ([]overlay.Offer, error) {
		return offers(ctx, s.reader, s.now(), `JOIN show s ON s.id = o.show WHERE o.show = ? AND o.told = 1 AND o.ended_at IS NULL AND s.state <> 'ended' ORDER BY o.starts_at, o.id`, show)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	now, open := s.now(), []overlay.Offer(nil)
	for _, o := range all {
		if o = o.At(now); o.State == overlay.OfferAnnounced || o.State == overlay.OfferOpen {
			open = append(open, o)
		}
	}
	return open, nil
}

// CreateOffer takes an offer for a show that has not ended: viewers hear of it at its
// moment, or at once. The offer has its times, and the shop that sells at its price.
func (s *Store) CreateOffer(ctx context.Context, n overlay.NewOffer, actor string, o Once) (made overlay.Offer, err error) {
	defer s.checkouts.forget()
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "offers/"+n.Show, o, func() (string, overlay.Offer, error) {
			id, err := t.addOffer(ctx, n, actor)
			if err != nil {
				return "", n.Offer, err
			}
			k, err := offer(ctx, t, n.Show, id)
			return id, k.At(t.now), err
		}, func(id string) (overlay.Offer, error) {
			k, err := offer(ctx, t, n.Show, id)
			return k.At(t.now), err
		})
		return err
	})
	return made, err
}

func (t *tx) addOffer(ctx context.Context, n overlay.NewOffer, actor string) (id string, err error) {
	show, err := getShow(ctx, t, n.Show)
	if err != nil {
		return "", err
	}
	if show.State == overlay.ShowEnded {
		return "", overlay.Errorf(overlay.Conflict, "the show has ended")
	}
	p, err := t.soldIn(ctx, show, n.Product)
	if err != nil {
		return "", err
	}
	if n, err = n.Checked(p); err != nil {
		return "", err
	}
	if err := t.roomForOffer(ctx, n.Offer); err != nil {
		return "", err
	}
	id, now := t.s.newID(), t.now
	_, err = t.ExecContext(ctx, `INSERT INTO offer(id, show, product, variant, sold_as, price, currency, code, shop, held, announced_at, starts_at, ends_at, limit_total, limit_buyer, usual, told, due, asked)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?,0)`, id, n.Show, p.ID, n.Variant, n.As, n.Price, n.Currency, n.Code, n.Shop, truth(n.Held),
		n.Announced.UnixMilli(), n.Starts.UnixMilli(), n.Ends.UnixMilli(), n.Total, n.Buyer, n.Usual, n.Announced.UnixMilli())
	if err != nil {
		return "", fmt.Errorf("create offer: %w", err)
	}
	t.changed = true
	if !n.Announced.After(now) {
		free, ok, err := t.take(ctx, show.ID, "")
		if err != nil {
			return "", err
		}
		if !ok {
			return "", &overlay.TooSoon{Until: free, Limit: t.s.pace}
		}
		if err := t.announce(ctx, show, id); err != nil {
			return "", err
		}
	}
	return id, t.auditIn(ctx, show.Org, actor, "offer.create", p.For(n.Variant).SKU)
}

// soldIn gives a product as a show sells it.
func (t *tx) soldIn(ctx context.Context, show overlay.Show, id string) (overlay.Product, error) {
	if p, told, err := goods(ctx, t, show.ID, id); told || err != nil {
		return p, err
	}
	line, there, err := lineOf(ctx, t, show.ID, id)
	if err != nil || there {
		return line.Goods, err
	}
	return product(ctx, t, id, 0)
}

// roomForOffer refuses one more offer than viewers can follow, and two prices at the same
// time. Offers of the same time touch each other's, so the last moment of one counts.
func (t *tx) roomForOffer(ctx context.Context, n overlay.Offer) error {
	others, err := offers(ctx, t, t.now, `WHERE o.show = ? AND o.ended_at IS NULL AND o.ends_at > ?`, n.Show, t.now.UnixMilli())
	if err != nil {
		return err
	}
	for _, o := range others {
		same := o.Product == n.Product && (o.Variant == n.Variant || o.Variant == "" || n.Variant == "")
		if same && n.Announced.Before(o.Ends) && o.Announced.Before(n.Ends) {
			return overlay.Errorf(overlay.Conflict, "the product has an offer at this time already; end it first")
		}
	}
	if len(others) >= overlay.MaxOffers {
		return overlay.Errorf(overlay.Conflict, "the show has %d offers that are open or to come; end one of them first", len(others))
	}
	return nil
}

// announce tells viewers of an offer: of its price, its opening and its end.
func (t *tx) announce(ctx context.Context, show overlay.Show, id string) error {
	k, err := offer(ctx, t, show.ID, id)
	if err != nil {
		return err
	}
	var shown int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM pin WHERE show = ? AND product = ?`, show.ID, k.Product).Scan(&shown); err != nil {
		return fmt.Errorf("find pins of product: %w", err)
	}
	if shown == 0 { // it may still be a secret
		return overlay.Errorf(overlay.Conflict, "the product has not been shown yet; pin it first")
	}
	if _, err := t.ExecContext(ctx, `UPDATE offer SET told = 1, due = ends_at WHERE id = ?`, id); err != nil {
		return fmt.Errorf("announce offer: %w", err)
	}
	card := k.Card()
	_, err = t.append(ctx, show, draft{kind: overlay.KindOfferStart, product: k.Product, body: overlay.Body{Offer: &card}})
	return err
}

// EndOffer ends an offer before its time, or takes it back before it opens.
func (s *Store) EndOffer(ctx context.Context, show, id, actor string) error {
	defer s.checkouts.forget()
	return s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		k, err := offer(ctx, t, show, id)
		if err != nil {
			return err
		}
		if k.At(t.now).State == overlay.OfferEnded {
			return overlay.Errorf(overlay.Conflict, "the offer has ended already")
		}
		reason := "ended early"
		if t.now.Before(k.Starts) {
			reason = "taken back"
		}
		if err := t.endOffer(ctx, found, k, reason); err != nil {
			return err
		}
		p, err := t.soldIn(ctx, found, k.Product)
		if err != nil {
			return err
		}
		return t.auditIn(ctx, found.Org, actor, "offer.end", p.For(k.Variant).SKU)
	})
}

// endOffer notes that an offer has ended, and tells viewers who know of it. reason is "" at
// its own time.
func (t *tx) endOffer(ctx context.Context, show overlay.Show, k kept, reason string) error {
	var ended any
	if reason != "" {
		ended = t.now.UnixMilli()
	}
	_, err := t.ExecContext(ctx, `UPDATE offer SET told = 2, due = NULL, ended_at = CAST(? AS BIGINT), reason = ? WHERE id = ?`, ended, orNull(reason), k.ID)
	if err != nil {
		return fmt.Errorf("end offer: %w", err)
	}
	if t.changed = true; k.told != 1 {
		return nil
	}
	_, err = t.append(ctx, show, draft{kind: overlay.KindOfferEnd, product: k.Product, body: overlay.Body{Offer: &overlay.OfferCard{ID: k.ID, Product: k.Product}}})
	return err
}

// tellOffers tells of the offers of an open show that are due: those that are to be
// announced, and those whose time is over.
func (t *tx) tellOffers(ctx context.Context, show overlay.Show) error {
	due, err := collect(ctx, t, scanOffer, selectOffer+`WHERE o.show = ? AND o.due <= ? ORDER BY o.due, o.id`, show.ID, t.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("find due offers: %w", err)
	}
	for _, k := range due {
		if !t.now.Before(k.Ends) {
			err = t.endOffer(ctx, show, k, "")
		} else if err = t.announceLate(ctx, show, k); overlay.CodeOf(err) == overlay.Conflict {
			err = t.endOffer(ctx, show, k, err.Error())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// announceLate announces an offer that was planned. Where the server was down at its
// moment, what is left of its time counts, never a shorter countdown.
func (t *tx) announceLate(ctx context.Context, show overlay.Show, k kept) error {
	if late := t.now.Sub(k.Announced); late > time.Second && k.Starts.Sub(t.now) < overlay.MinCountdown {
		return overlay.Errorf(overlay.Conflict, "the server could not announce it in time")
	}
	return t.announce(ctx, show, k.ID)
}

// endOffers ends what a show that ends has of offers.
func (t *tx) endOffers(ctx context.Context, show overlay.Show) error {
	open, err := collect(ctx, t, scanOffer, selectOffer+`WHERE o.show = ? AND o.told < 2 ORDER BY o.id`, show.ID)
	if err != nil {
		return fmt.Errorf("find open offers: %w", err)
	}
	for _, k := range open {
		reason := "the show ended before"
		if !t.now.Before(k.Ends) {
			reason = ""
		}
		if err := t.endOffer(ctx, show, k, reason); err != nil {
			return err
		}
	}
	return nil
}

// told gives the offers that the state after an event has: viewers know of them.
func toldOffers(ctx context.Context, q querier, show string) ([]overlay.OfferCard, error) {
	all, err := collect(ctx, q, scanOffer, selectOffer+`WHERE o.show = ? AND o.told = 1 ORDER BY o.id`, show)
	if err != nil {
		return nil, fmt.Errorf("find offers of state: %w", err)
	}
	cards := make([]overlay.OfferCard, len(all))
	for i, k := range all {
		cards[i] = k.Card()
	}
	return cards, nil
}

// OffersTold gives the offers that a state of the show has now.
func (s *Store) OffersTold(ctx context.Context, show string) ([]overlay.OfferCard, error) {
	return toldOffers(ctx, s.reader, show)
}
