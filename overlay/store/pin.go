package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

// Pin shows a product (by id or SKU) over the picture of a room. The id in the
// answer is the cue's and the pin's. Where overlay.MaxPinned products are
// pinned already, the oldest is taken down. A product that is pinned already
// becomes the newest. Where it has a line in the line-up, that is the present one
// from then on.
func (s *Store) Pin(ctx context.Context, room, productID string, at overlay.At, once Once) (overlay.CueInfo, error) {
	return s.ask(ctx, room, "pins/"+room, at, once, func(t *tx, _ overlay.Room) (request, error) {
		p, err := product(ctx, t, productID, 0)
		return request{kind: overlay.KindProductPin, product: p.ID}, err
	})
}

// Unpin takes a product down; id is the id of the pin, or the id or SKU of
// the product.
func (s *Store) Unpin(ctx context.Context, room, id string, at overlay.At) (overlay.CueInfo, error) {
	return s.ask(ctx, room, "", at, Once{}, func(t *tx, room overlay.Room) (request, error) { return t.pinToTakeDown(ctx, room, id) })
}

func (t *tx) pinToTakeDown(ctx context.Context, room overlay.Room, id string) (request, error) {
	r := request{kind: overlay.KindProductUnpin}
	err := t.QueryRowContext(ctx, `SELECT product FROM pin WHERE id = ?`, id).Scan(&r.product)
	if err == nil {
		return r, nil
	} else if !errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("find pin: %w", err)
	}
	if c, err := cueInfo(ctx, t, room.Slug, id); err == nil && c.Status == overlay.CueScheduled {
		return r, overlay.Errorf(overlay.Conflict, "the pin is only scheduled; cancel it with DELETE …/cues/%s", id)
	}
	p, err := product(ctx, t, id, 0)
	if overlay.CodeOf(err) == overlay.NotFound {
		return r, overlay.Errorf(overlay.NotFound, "there is no such pin")
	}
	r.product = p.ID
	return r, err
}

// Repin shows a product that was just taken down, and TakeBack takes down one that was
// just shown. Both make line, a product or "", the present line again, so that who takes
// back a mistake finds the line-up where it was.
func (s *Store) Repin(ctx context.Context, room, productID, line string, once Once) (overlay.CueInfo, error) {
	return s.ask(ctx, room, "pins/"+room, overlay.At{}, once, func(t *tx, _ overlay.Room) (request, error) {
		p, err := product(ctx, t, productID, 0)
		return request{kind: overlay.KindProductPin, product: p.ID, line: &line}, err
	})
}

// TakeBack is told of at Repin.
func (s *Store) TakeBack(ctx context.Context, room, id, line string) (overlay.CueInfo, error) {
	return s.ask(ctx, room, "", overlay.At{}, Once{}, func(t *tx, room overlay.Room) (request, error) {
		r, err := t.pinToTakeDown(ctx, room, id)
		r.line = &line
		return r, err
	})
}

// pinned gives the pins of a show with their products as the show tells of them, or,
// once it has ended, as they are now.
func pinned(ctx context.Context, q querier, show string) ([]overlay.Pin, error) {
	list, err := collect(ctx, q, func(row scanner) (overlay.Pin, error) {
		p := overlay.Pin{Show: show}
		var at sql.NullInt64
		var body []byte
		if err := row.Scan(&p.ID, &at, &body); err != nil {
			return p, err
		}
		p.At = moment(at)
		var err error
		p.Product, err = scanProduct(one{body})
		return p, err
	}, `SELECT i.id, i.pinned_at, coalesce((SELECT body FROM waiting_update WHERE show = i.show AND product = i.product), (SELECT body FROM show_product WHERE show = i.show AND product = i.product AND s.state <> 'ended' ORDER BY rev DESC LIMIT 1), r.body)
		FROM pin i JOIN show s ON s.id = i.show JOIN product p ON p.id = i.product JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
	    WHERE i.show = ? AND i.unpinned_at IS NULL ORDER BY i.n`, show)
	if err != nil {
		return nil, fmt.Errorf("read pins of show %s: %w", show, err)
	}
	return list, nil
}

// one is a row of one column whose value has been read already.
type one struct{ body []byte }

func (o one) Scan(dest ...any) error {
	*dest[0].(*[]byte) = o.body
	return nil
}

// Offered gives a product as it is now, by id or SKU, if it has been pinned in
// the show at any time, or revealed. An id wins over a SKU that is the same.
func (s *Store) Offered(ctx context.Context, show, id string) (overlay.Product, error) {
	p, err := scanProduct(s.reader.QueryRowContext(ctx, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE (p.id = ?1 OR p.sku = ?1) AND (EXISTS (SELECT 1 FROM pin WHERE product = p.id AND show = ?2)
			OR EXISTS (SELECT 1 FROM lineup WHERE product = p.id AND show = ?2 AND reveal_at <= ?3) AND `+told(`(SELECT org FROM show WHERE id = ?2)`, `?3`)+`) ORDER BY p.id = ?1 DESC LIMIT 1`, id, show, s.now().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Product{}, overlay.Errorf(overlay.NotFound, "there is no such product in this show")
	}
	if err != nil {
		return overlay.Product{}, fmt.Errorf("find offered product: %w", err)
	}
	return p, nil
}

// ShownProducts gives all products that were pinned in a show, as they are today, by
// id.
func (s *Store) ShownProducts(ctx context.Context, show string) (map[string]overlay.Product, error) {
	list, err := collect(ctx, s.reader, scanProduct, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE p.id IN (SELECT product FROM pin WHERE show = ?)`, show)
	if err != nil {
		return nil, fmt.Errorf("list the products of a show: %w", err)
	}
	given, err := allocationsOf(ctx, s.reader, show, "")
	if err != nil {
		return nil, err
	}
	out := make(map[string]overlay.Product, len(list))
	for _, p := range list {
		out[p.ID] = p.Allotted(given)
	}
	return out, nil
}

// pin makes the change and appends its events; d has the cue's id and times.
func (t *tx) pin(ctx context.Context, show overlay.Show, d draft) (overlay.Event, error) {
	now, err := product(ctx, t, d.product, 0)
	if err != nil {
		return overlay.Event{}, err
	}
	if err := t.mayShow(ctx, show, now); err != nil {
		return overlay.Event{}, err
	}
	p, err := t.offer(ctx, show, d.product)
	if err != nil {
		return overlay.Event{}, err
	}
	if _, err := t.takeDown(ctx, show, d.product); err != nil {
		return overlay.Event{}, err
	}
	up, err := pinned(ctx, t, show.ID)
	if err != nil {
		return overlay.Event{}, err
	}
	for ; len(up) >= overlay.MaxPinned; up = up[1:] {
		oldest := draft{at: d.at, notBefore: d.notBefore, product: up[0].Product.ID}
		if _, err := t.unpin(ctx, show, oldest); err != nil {
			return overlay.Event{}, err
		}
	}
	_, err = t.ExecContext(ctx, `INSERT INTO pin(id, show, product, pinned_at) VALUES (?,?,?,?)`, d.id, show.ID, p.ID, t.now.UnixMilli())
	if err != nil {
		return overlay.Event{}, fmt.Errorf("pin: %w", err)
	}
	if err := t.forgetWaiting(ctx, show.ID, p.ID); err != nil {
		return overlay.Event{}, err
	}
	card := overlay.PinCard(p)
	d.kind, d.body = overlay.KindProductPin, overlay.Body{Product: &card}
	return t.append(ctx, show, d)
}

func (t *tx) unpin(ctx context.Context, show overlay.Show, d draft) (overlay.Event, error) {
	n, err := t.takeDown(ctx, show, d.product)
	if err != nil {
		return overlay.Event{}, err
	}
	if n == 0 {
		return overlay.Event{}, overlay.Errorf(overlay.NotFound, "the product is not pinned")
	}
	if err := t.forgetWaiting(ctx, show.ID, d.product); err != nil {
		return overlay.Event{}, err
	}
	d.kind, d.body = overlay.KindProductUnpin, overlay.Body{Product: &overlay.Card{ID: d.product}}
	return t.append(ctx, show, d)
}

func (t *tx) takeDown(ctx context.Context, show overlay.Show, productID string) (int64, error) {
	res, err := t.ExecContext(ctx, `UPDATE pin SET unpinned_at = ? WHERE show = ? AND product = ? AND unpinned_at IS NULL`,
		t.now.UnixMilli(), show.ID, productID)
	if err != nil {
		return 0, fmt.Errorf("unpin: %w", err)
	}
	return res.RowsAffected()
}
