package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectCoupon = `SELECT c.id, c.show, c.label, c.code, c.shop, c.shown, c.starts_at, c.ends_at, c.limit_total, c.got, c.ended_at FROM coupon c `

func scanCoupon(row scanner) (c overlay.Coupon, err error) {
	var shown int64
	var starts, ends, ended sql.NullInt64
	err = row.Scan(&c.ID, &c.Show, &c.Label, &c.Code, &c.Shop, &shown, &starts, &ends, &c.Total, &c.Got, &ended)
	c.Shown, c.Starts, c.Ends, c.Ended = shown != 0, moment(starts), moment(ends), ended.Valid
	return c, err
}

func coupons(ctx context.Context, q querier, where string, args ...any) ([]overlay.Coupon, error) {
	all, err := collect(ctx, q, scanCoupon, selectCoupon+where, args...)
	if err != nil {
		return nil, fmt.Errorf("find coupons: %w", err)
	}
	return all, nil
}

// Coupons gives the coupons of a show behind an id, oldest first.
func (s *Store) Coupons(ctx context.Context, show, after string, limit int) ([]overlay.Coupon, error) {
	return coupons(ctx, s.reader, `WHERE c.show = ? AND c.id > ? ORDER BY c.id LIMIT ?`, show, after, limit)
}

func coupon(ctx context.Context, q querier, show, id string) (overlay.Coupon, error) {
	c, err := scanCoupon(q.QueryRowContext(ctx, selectCoupon+`WHERE c.id = ? AND c.show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return c, overlay.Errorf(overlay.NotFound, "the show has no such coupon")
	}
	if err != nil {
		return c, fmt.Errorf("find coupon: %w", err)
	}
	return c, nil
}

// Coupon gives a coupon of a show.
func (s *Store) Coupon(ctx context.Context, show, id string) (overlay.Coupon, error) {
	return coupon(ctx, s.reader, show, id)
}

// shownCoupons gives the coupons that viewers see, in the order in which they were made.
func shownCoupons(ctx context.Context, q querier, show string) ([]overlay.CouponCard, error) {
	all, err := coupons(ctx, q, `WHERE c.show = ? AND c.shown = 1 ORDER BY c.id`, show)
	if err != nil {
		return nil, err
	}
	cards := make([]overlay.CouponCard, len(all))
	for i, c := range all {
		cards[i] = c.Card()
	}
	return cards, nil
}

// CouponsShown gives the coupons that a state of the show has now.
func (s *Store) CouponsShown(ctx context.Context, show string) ([]overlay.CouponCard, error) {
	return shownCoupons(ctx, s.reader, show)
}

// CreateCoupon makes a coupon of a show that has not ended. It has the shop that takes its
// code; where it names none, that is the oldest of its seller that does.
func (s *Store) CreateCoupon(ctx context.Context, c overlay.Coupon, actor string, o Once) (made overlay.Coupon, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "coupons/"+c.Show, o, func() (string, overlay.Coupon, error) {
			id, err := t.addCoupon(ctx, c, actor)
			if err != nil {
				return "", c, err
			}
			made, err := coupon(ctx, t, c.Show, id)
			return id, made, err
		}, func(id string) (overlay.Coupon, error) { return coupon(ctx, t, c.Show, id) })
		return err
	})
	return made, err
}

func (t *tx) addCoupon(ctx context.Context, c overlay.Coupon, actor string) (id string, err error) {
	show, err := t.openShow(ctx, c.Show)
	if err != nil {
		return "", err
	}
	if c, err = c.Checked(t.now); err != nil {
		return "", err
	}
	if c.Shop, err = t.couponShop(ctx, show.Org, c); err != nil {
		return "", err
	}
	var others int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM coupon WHERE show = ? AND ended_at IS NULL`, c.Show).Scan(&others); err != nil {
		return "", fmt.Errorf("count coupons: %w", err)
	}
	if others >= overlay.MaxKeptCoupons {
		return "", overlay.Errorf(overlay.Conflict, "the show has %d coupons already; end one of them first", others)
	}
	id = t.s.newID()
	_, err = t.ExecContext(ctx, `INSERT INTO coupon(id, show, label, code, shop, shown, starts_at, ends_at, limit_total, got, due) VALUES (?,?,?,?,?,0,?,?,?,0,?)`,
		id, c.Show, c.Label, c.Code, c.Shop, millis(c.Starts), millis(c.Ends), c.Total, millis(c.Ends))
	if err != nil {
		return "", fmt.Errorf("create coupon: %w", err)
	}
	if c.Shown {
		c.ID = id
		if err := t.showCoupon(ctx, show, c); err != nil {
			return "", err
		}
	}
	return id, t.auditIn(ctx, show.Org, actor, "coupon.create", c.Label)
}

// openShow gives a show that has not ended.
func (t *tx) openShow(ctx context.Context, id string) (overlay.Show, error) {
	show, err := getShow(ctx, t, id)
	if err == nil && show.State == overlay.ShowEnded {
		err = overlay.Errorf(overlay.Conflict, "the show has ended")
	}
	return show, err
}

// couponShop gives the shop that takes the code of a coupon: the one that it names, or the
// oldest of the organisation that does.
func (t *tx) couponShop(ctx context.Context, org string, c overlay.Coupon) (string, error) {
	all, err := t.s.openShops(ctx, orHome(org))
	if err != nil {
		return "", err
	}
	var refused error
	for _, shop := range all {
		if c.Shop != "" && shop.ID != c.Shop {
			continue
		}
		err := c.TakenBy(shop)
		if err == nil {
			return shop.ID, nil
		}
		if refused == nil {
			refused = err
		}
	}
	switch {
	case refused != nil:
		return "", refused
	case c.Shop != "":
		return "", overlay.Errorf(overlay.NotFound, "there is no such shop")
	}
	return "", overlay.Errorf(overlay.Conflict, "the show's organisation has no shop here that would take the code; add the shop in which its products are paid for")
}

// ShowCoupon shows a coupon to viewers, or hides it.
func (s *Store) ShowCoupon(ctx context.Context, show, id string, shown bool, actor string) (after overlay.Coupon, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := t.openShow(ctx, show)
		if err != nil {
			return err
		}
		c, err := coupon(ctx, t, show, id)
		if err != nil {
			return err
		}
		deed := "coupon.show"
		switch {
		case c.Shown == shown:
			after = c
			return nil
		case !shown:
			deed = "coupon.hide"
			err = t.hideCoupon(ctx, found, c, false)
		case c.Over(t.now):
			err = overlay.Errorf(overlay.Conflict, "the coupon has ended already")
		default:
			err = t.showCoupon(ctx, found, c)
		}
		if err != nil {
			return err
		}
		if after, err = coupon(ctx, t, show, id); err != nil {
			return err
		}
		return t.auditIn(ctx, found.Org, actor, deed, c.Label)
	})
	return after, err
}

// EndCoupon ends a coupon: nobody gets it any more. Who has its code keeps it.
func (s *Store) EndCoupon(ctx context.Context, show, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		c, err := coupon(ctx, t, show, id)
		if err != nil {
			return err
		}
		if c.Over(t.now) {
			return overlay.Errorf(overlay.Conflict, "the coupon has ended already")
		}
		if err := t.hideCoupon(ctx, found, c, true); err != nil {
			return err
		}
		return t.auditIn(ctx, found.Org, actor, "coupon.end", c.Label)
	})
}

// showCoupon tells viewers of a coupon.
func (t *tx) showCoupon(ctx context.Context, show overlay.Show, c overlay.Coupon) error {
	shown, err := shownCoupons(ctx, t, show.ID)
	if err != nil {
		return err
	}
	if len(shown) >= overlay.MaxCoupons {
		return overlay.Errorf(overlay.Conflict, "%d coupons are shown already; hide one of them first", len(shown))
	}
	free, ok, err := t.take(ctx, show.ID, "")
	if err != nil {
		return err
	}
	if !ok {
		return &overlay.TooSoon{Until: free, Limit: t.s.pace}
	}
	if _, err := t.ExecContext(ctx, `UPDATE coupon SET shown = 1 WHERE id = ?`, c.ID); err != nil {
		return fmt.Errorf("show coupon: %w", err)
	}
	card := c.Card()
	_, err = t.append(ctx, show, draft{kind: overlay.KindCouponShow, body: overlay.Body{Coupon: &card}})
	return err
}

// hideCoupon takes a coupon away from viewers who see it; ends: for good.
func (t *tx) hideCoupon(ctx context.Context, show overlay.Show, c overlay.Coupon, ends bool) error {
	var ended any
	if ends {
		ended = t.now.UnixMilli()
	}
	_, err := t.ExecContext(ctx, `UPDATE coupon SET shown = 0, ended_at = CAST(?1 AS BIGINT), due = CASE WHEN CAST(?1 AS BIGINT) IS NULL THEN due END WHERE id = ?2`, ended, c.ID)
	if err != nil {
		return fmt.Errorf("hide coupon: %w", err)
	}
	if t.changed = true; !c.Shown || show.State == overlay.ShowEnded {
		return nil
	}
	_, err = t.append(ctx, show, draft{kind: overlay.KindCouponHide, body: overlay.Body{Coupon: &overlay.CouponCard{ID: c.ID}}})
	return err
}

// endCoupons ends coupons of a show: those whose time is over, or, at its end, all.
func (t *tx) endCoupons(ctx context.Context, show overlay.Show, all bool) error {
	due := t.now.UnixMilli()
	list, err := coupons(ctx, t, `WHERE c.show = ? AND c.ended_at IS NULL AND (c.due <= ? OR ? = 1) ORDER BY c.id`, show.ID, due, truth(all))
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := t.hideCoupon(ctx, show, c, true); err != nil {
			return err
		}
	}
	return nil
}

// wantedCoupon is a buyer's wish for a coupon, on its way to the database.
type wantedCoupon struct {
	show, id, buyer string
	earned          bool // with points: it need not be shown
	coupon          overlay.Coupon
	refused         error
	answer          chan error // has room for one
}

// TakeCoupon gives a buyer a coupon with its code, and counts that, once for each buyer. Of
// several who ask at the same time, one transaction counts all: many do when it is shown.
func (s *Store) TakeCoupon(ctx context.Context, show, id, buyer string) (overlay.Coupon, error) {
	w := &wantedCoupon{show: show, id: id, buyer: buyer, answer: make(chan error, 1)}
	_, err := s.coupons.ask(ctx, w, w.answer, maxWaiting, s.giveCoupons)
	return w.coupon, err
}

func (s *Store) giveCoupons(batch []*wantedCoupon) {
	err := s.write(context.Background(), func(t *tx) error {
		for _, w := range batch {
			if err := t.giveCoupon(t.ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range batch {
		if err == nil && w.refused != nil {
			w.answer <- w.refused
			continue
		}
		w.answer <- err
	}
}

func (t *tx) giveCoupon(ctx context.Context, w *wantedCoupon) (err error) {
	w.refused = nil
	if w.coupon, err = coupon(ctx, t, w.show, w.id); err != nil {
		if overlay.CodeOf(err) == overlay.NotFound {
			w.refused, err = err, nil
		}
		return err
	}
	var has int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM coupon_got WHERE coupon = ? AND buyer = ?`, w.id, w.buyer).Scan(&has); err != nil {
		return fmt.Errorf("find who has a coupon: %w", err)
	}
	c := w.coupon
	c.Shown = c.Shown || w.earned
	if w.refused = c.Gives(t.now, has > 0); w.refused != nil || has > 0 {
		return nil
	}
	if _, err := t.ExecContext(ctx, `INSERT INTO coupon_got(coupon, buyer, at) VALUES (?,?,?)`, w.id, w.buyer, t.now.UnixMilli()); err != nil {
		return fmt.Errorf("give coupon: %w", err)
	}
	if _, err := t.ExecContext(ctx, `UPDATE coupon SET got = got + 1 WHERE id = ?`, w.id); err != nil {
		return fmt.Errorf("count coupon: %w", err)
	}
	w.coupon.Got++
	return nil
}
