package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
)

// NewHold gives a hold a name that nobody guesses, and its time.
func (s *Store) NewHold(shop string, quantity int64, p overlay.HeldPurchase) overlay.Hold {
	now := s.now().UTC().Truncate(time.Millisecond)
	return overlay.Hold{ID: rand.Text(), Shop: shop, Quantity: quantity, Purchase: p, Created: now, Expires: now.Add(overlay.HoldTime)}
}

// HoldID gives the id of a hold that the same buyer gets for the same key, and that nobody
// else can guess; "": there is no key.
func (s *Store) HoldID(show, key string, who ...string) string {
	if key == "" {
		return ""
	}
	sum := s.secret.hash("hold", strings.Join(append(who, show, key), "\x00"))
	return base32.StdEncoding.EncodeToString(sum[:15]) // 24 letters; those drawn by chance have 26
}

const selectHold = `SELECT id, allocation, shop, quantity, state, purchase, coalesce(session, ''), coalesce(address, ''), created_at, expires_at, coalesce(offer, ''), coalesce(buyer, '') FROM hold `

func scanHold(row scanner) (h overlay.Hold, err error) {
	var purchase string
	var created, expires int64
	if err = row.Scan(&h.ID, &h.Allocation, &h.Shop, &h.Quantity, &h.State, &purchase, &h.Session, &h.Address, &created, &expires, &h.Offer, &h.Buyer); err != nil {
		return h, err
	}
	h.Created, h.Expires = at0(created), at0(expires)
	return h, json.Unmarshal([]byte(purchase), &h.Purchase)
}

func holdOf(ctx context.Context, q querier, id string) (overlay.Hold, error) {
	h, err := scanHold(q.QueryRowContext(ctx, selectHold+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return h, overlay.Errorf(overlay.NotFound, "there is no such hold")
	}
	if err != nil {
		return h, fmt.Errorf("find hold: %w", err)
	}
	return h, nil
}

// GetHold gives a hold.
func (s *Store) GetHold(ctx context.Context, id string) (overlay.Hold, error) {
	return holdOf(ctx, s.reader, id)
}

// OpenedHold notes the checkout of a hold, whatever has become of the hold meanwhile.
func (s *Store) OpenedHold(ctx context.Context, id, session, address string) (h overlay.Hold, err error) {
	err = s.write(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `UPDATE hold SET session = ?, address = ? WHERE id = ?`, session, address, id); err != nil {
			return fmt.Errorf("note checkout: %w", err)
		}
		h, err = holdOf(ctx, t, id)
		return err
	})
	return h, err
}

// LetGo gives a hold back: its checkout is to be ended now.
func (s *Store) LetGo(ctx context.Context, id string) (h overlay.Hold, err error) {
	err = s.write(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `UPDATE hold SET state = 'expiring', ask_at = ? WHERE id = ? AND state IN ('active', 'expiring')`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("give hold back: %w", err)
		}
		h, err = holdOf(ctx, t, id)
		return err
	})
	return h, err
}

// DueHolds gives holds whose checkouts are to be ended, the longest due first. From now on
// they are expiring, not active.
func (s *Store) DueHolds(ctx context.Context, limit int) (due []overlay.Hold, err error) {
	now := s.now().UnixMilli()
	const open = `WHERE state IN ('active', 'expiring') AND ask_at <= ? ORDER BY ask_at LIMIT ?`
	if due, err = collect(ctx, s.reader, scanHold, selectHold+open, now, limit); err != nil || len(due) == 0 {
		return nil, err
	}
	err = s.write(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `UPDATE hold SET state = 'expiring' WHERE state = 'active' AND ask_at <= ?`, now); err != nil {
			return fmt.Errorf("end holds: %w", err)
		}
		due, err = collect(ctx, t, scanHold, selectHold+open, now, limit)
		return err
	})
	return due, err
}

// AskLater has the checkout of a hold asked again at another time.
func (s *Store) AskLater(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `UPDATE hold SET ask_at = ? WHERE id = ? AND state = 'expiring'`, at.UnixMilli(), id)
		return err
	})
}

// ReleaseHold makes the units of a hold free: its checkout has said that nobody can pay in
// it any more, or there never was one (I2).
func (s *Store) ReleaseHold(ctx context.Context, id string) error {
	return s.write(ctx, func(t *tx) error {
		h, err := holdOf(ctx, t, id)
		if err != nil {
			return err
		}
		return t.release(ctx, h)
	})
}

// release makes the units of a hold free. Orders that were paid when none was left come
// before anybody else (I4).
func (t *tx) release(ctx context.Context, h overlay.Hold) error {
	if h.State != overlay.HoldActive && h.State != overlay.HoldExpiring {
		return nil
	}
	if err := t.setHold(ctx, h, overlay.HoldReleased); err != nil {
		return err
	}
	given, err := t.giveOrders(ctx, h.Allocation, h.Quantity)
	if err != nil {
		return err
	}
	ok, err := t.move(ctx, h.Allocation, -h.Quantity, given)
	if err == nil && !ok {
		err = fmt.Errorf("the units of hold %s are not held", h.ID)
	}
	return err
}

// setHold ends a hold. Who might have asked again is forgotten.
func (t *tx) setHold(ctx context.Context, h overlay.Hold, state overlay.HoldState) error {
	h.Purchase.Repeat = ""
	purchase, err := json.Marshal(h.Purchase)
	if err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `UPDATE hold SET state = ?, purchase = ? WHERE id = ?`, state, string(purchase), h.ID); err != nil {
		return fmt.Errorf("change hold: %w", err)
	}
	return nil
}

// endHold releases the hold of a checkout that a shop says has ended unpaid.
func (t *tx) endHold(ctx context.Context, shop, id string) error {
	h, err := holdOf(ctx, t, id)
	if overlay.CodeOf(err) == overlay.NotFound || err == nil && h.Shop != shop {
		return nil
	}
	if err != nil {
		return err
	}
	return t.release(ctx, h)
}

// noCheckouts refuses to delete a room while buyers may be paying for units of its shows.
// Those of more than an hour ago wait for money that takes days, or for a shop that does
// not answer.
func (t *tx) noCheckouts(ctx context.Context, room string) error {
	var open int
	err := t.QueryRowContext(ctx, `SELECT count(*) FROM hold h JOIN allocation a ON a.id = h.allocation JOIN show s ON s.id = a.show
		WHERE s.room = ? AND h.state IN ('active', 'expiring') AND h.created_at > ?`, room, t.now.Add(-time.Hour).UnixMilli()).Scan(&open)
	if err != nil {
		return fmt.Errorf("find open checkouts: %w", err)
	}
	if open > 0 {
		return overlay.Errorf(overlay.Conflict, "%d buyers have open checkouts of the room's shows; try again in some minutes", open)
	}
	return nil
}

// GoodsIn gives a product as a show sells it now: as it tells of it, or, once the show has
// ended, as the catalogue has it. most is how many one buyer gets; 0: there is no limit.
func (s *Store) GoodsIn(ctx context.Context, show, id string) (p overlay.Product, most int64, err error) {
	found, err := getShow(ctx, s.reader, show)
	if err != nil {
		return p, 0, err
	}
	line, _, err := lineOf(ctx, s.reader, show, id)
	if err != nil {
		return p, 0, err
	}
	if found.State != overlay.ShowEnded {
		if p, told, err := goods(ctx, s.reader, show, id); told || err != nil {
			return p, line.MaxPerOrder, err
		}
	}
	p, err = product(ctx, s.reader, id, 0)
	return p, line.MaxPerOrder, err
}

// checkCounts recounts at a start.
func (s *Store) checkCounts(ctx context.Context) error {
	wrong, err := s.Recount(ctx)
	if err != nil {
		return fmt.Errorf("count the units of shows: %w", err)
	}
	if wrong > 0 {
		s.logger.Error("the units of allocations did not agree with their holds and orders, and were counted again", "allocations", wrong)
	}
	return nil
}

// Recount sets what is held and sold of each allocation to what its holds and orders say,
// and gives how many were wrong. They are changed in one transaction, so that is none.
func (s *Store) Recount(ctx context.Context) (wrong int64, err error) {
	const held = `(SELECT CAST(coalesce(sum(h.quantity), 0) AS BIGINT) FROM hold h WHERE h.allocation = allocation.id AND h.state IN ('active', 'expiring'))`
	const sold = `(SELECT CAST(coalesce(sum(u.sold), 0) AS BIGINT) FROM order_unit u WHERE u.allocation = allocation.id)`
	var n int64
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM allocation WHERE held <> `+held+` OR allocation.sold <> `+sold).Scan(&n)
	if err != nil || n == 0 {
		return 0, err
	}
	err = s.note(ctx, func(t *tx) error {
		res, err := t.ExecContext(ctx, `UPDATE allocation SET held = `+held+`, sold = `+sold+`, total = CASE WHEN total < `+held+` + `+sold+` THEN `+held+` + `+sold+` ELSE total END
			WHERE held <> `+held+` OR allocation.sold <> `+sold)
		if err != nil {
			return err
		}
		wrong, err = res.RowsAffected()
		return err
	})
	return wrong, err
}
