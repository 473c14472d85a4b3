package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// A product as a show tells of it has rows of its own (show_product), each with a
// revision, of which the greatest holds. Revisions of a product in its shows and in
// the catalogue are one sequence, since caches keep each of them for ever: a
// revision that says the same as the catalogue's has its number.

// goods gives the product as the show told of it last; ok is false if it never did.
func goods(ctx context.Context, q querier, show, product string) (p overlay.Product, ok bool, err error) {
	p, err = scanProduct(q.QueryRowContext(ctx, `SELECT body FROM show_product WHERE show = ? AND product = ? ORDER BY rev DESC LIMIT 1`, show, product))
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("find product of show: %w", err)
	}
	return p, true, nil
}

// lineOf gives the line of a product in a show; ok is false if it has none.
func lineOf(ctx context.Context, q querier, show, product string) (l overlay.Line, ok bool, err error) {
	l, err = scanLine(q.QueryRowContext(ctx, selectLine+`WHERE l.show = ? AND l.product = ?`, show, product))
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	if err != nil {
		return l, false, fmt.Errorf("find line of product: %w", err)
	}
	return l, true, nil
}

// offer gives a product as the show tells of it from now on. Before the show begins
// that is the catalogue's, at the line's price; from then on it is what was told
// first, as far as nobody has changed it.
func (t *tx) offer(ctx context.Context, show overlay.Show, id string) (overlay.Product, error) {
	now, err := product(ctx, t, id, 0)
	if err != nil {
		return now, err
	}
	last, ok, err := goods(ctx, t, show.ID, id)
	if err != nil {
		return last, err
	}
	if ok && show.State != overlay.ShowPlanned {
		return t.keep(ctx, show, now, last.Refreshed(now), last)
	}
	line, there, err := lineOf(ctx, t, show.ID, id)
	if err != nil {
		return now, err
	}
	want := now
	if there {
		want = line.Goods
	}
	return t.keep(ctx, show, now, want, last)
}

// keep notes how a show tells of a product, unless the last one, which has no
// revision if there is none, says the same. now is the catalogue's.
func (t *tx) keep(ctx context.Context, show overlay.Show, now, want, last overlay.Product) (overlay.Product, error) {
	given, err := allocationsOf(ctx, t, show.ID, want.ID)
	if err != nil {
		return want, err
	}
	want = want.Allotted(given)
	if last.Rev > 0 && want.Same(last) {
		return last, nil
	}
	if want.Rev = now.Rev; !want.Same(now) || now.Rev <= last.Rev {
		if want.Rev, err = t.nextRev(ctx, now.ID, now.Rev+1); err != nil {
			return want, err
		}
	}
	body, err := json.Marshal(want)
	if err != nil {
		return want, err
	}
	if _, err := t.ExecContext(ctx, `INSERT INTO show_product(show, product, rev, body) VALUES (?,?,?,?)`, show.ID, want.ID, want.Rev, string(body)); err != nil {
		return want, fmt.Errorf("keep product of show: %w", err)
	}
	return want, nil
}

// tellChanged tells the open shows that have a product of its next revision, which
// somebody has made. In a show that has begun, what differs is laid over what the
// show keeps; the price of a line stays.
func (t *tx) tellChanged(ctx context.Context, before, after overlay.Product) error {
	shows, err := collect(ctx, t, scanShow, selectShow+`WHERE s.state <> 'ended' AND s.id IN (SELECT show FROM show_product WHERE product = ?1
		UNION SELECT show FROM lineup WHERE product = ?1 AND rev IS NOT NULL UNION SELECT show FROM pin WHERE product = ?1 AND unpinned_at IS NULL) ORDER BY s.id`, after.ID)
	if err != nil {
		return fmt.Errorf("find shows of product: %w", err)
	}
	for _, show := range shows {
		last, ok, err := goods(ctx, t, show.ID, after.ID)
		if err != nil {
			return err
		}
		line, there, err := lineOf(ctx, t, show.ID, after.ID)
		if err != nil {
			return err
		}
		want := last
		switch {
		case show.State == overlay.ShowPlanned:
			want = after
		case !ok && there:
			want = line.Goods
		case !ok: // pinned by a program that kept nothing
			want = before
		}
		if !ok && !there {
			last = before
		}
		if show.State != overlay.ShowPlanned {
			want = want.With(before, after).Refreshed(after)
		}
		if there {
			want = line.On(want)
		}
		if err := t.retell(ctx, show, after, want, last); err != nil {
			return err
		}
	}
	return nil
}

// retell keeps how a show tells of a product now, and tells viewers if it is pinned.
// now is the catalogue's product, last what the show told before.
func (t *tx) retell(ctx context.Context, show overlay.Show, now, want, last overlay.Product) error {
	kept, err := t.keep(ctx, show, now, want, last)
	if err != nil || kept.Rev == last.Rev {
		return err
	}
	var up int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM pin WHERE show = ? AND product = ? AND unpinned_at IS NULL`, show.ID, kept.ID).Scan(&up); err != nil {
		return fmt.Errorf("find pin of product: %w", err)
	}
	if up == 0 {
		return nil
	}
	return t.tellUpdate(ctx, show, last, kept)
}

// fixLines keeps for a show that begins, or goes on, the revisions that its products
// have now, in the lines that keep none.
func (t *tx) fixLines(ctx context.Context, show string) error {
	if _, err := t.ExecContext(ctx, `UPDATE lineup SET rev = (SELECT rev FROM product WHERE id = lineup.product) WHERE show = ? AND rev IS NULL`, show); err != nil {
		return fmt.Errorf("keep the products of the line-up: %w", err)
	}
	return nil
}

// ProductIn gives a product at a revision as a show told of it, or the catalogue has
// it.
func (s *Store) ProductIn(ctx context.Context, show, id string, rev int64) (overlay.Product, error) {
	p, err := scanProduct(s.reader.QueryRowContext(ctx, `SELECT body FROM show_product WHERE show = ? AND product = ? AND rev = ?`, show, id, rev))
	if errors.Is(err, sql.ErrNoRows) {
		return product(ctx, s.reader, id, rev)
	}
	if err != nil {
		return p, fmt.Errorf("find revision of product: %w", err)
	}
	return p, nil
}

// Revealed gives the lines of a show that viewers may know of: those that have been
// pinned, and those whose time to be revealed has come at a moment; zero: now. What was
// granted by another organisation is not revealed any more when the grant has ended.
func (s *Store) Revealed(ctx context.Context, show string, at time.Time) (lines []overlay.Line, err error) {
	if at.IsZero() {
		at = s.now()
	}
	lines, err = collect(ctx, s.reader, scanLine, selectLine+`WHERE l.show = ? AND (l.reveal_at <= ? AND `+told(`(SELECT org FROM show WHERE id = l.show)`, `?`)+` OR EXISTS (SELECT 1 FROM pin WHERE show = l.show AND product = l.product)) ORDER BY l.pos`,
		show, at.UnixMilli(), at.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("find what is revealed: %w", err)
	}
	return lines, allotted(ctx, s.reader, show, lines)
}
