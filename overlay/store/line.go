package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// ChangeLine changes the line of a product (id or SKU) in a show that has not ended.
// A price changes at once, also in mid-show: this is how a host changes it.
func (s *Store) ChangeLine(ctx context.Context, show, product string, c overlay.LineChange, actor string) (overlay.Lineup, error) {
	var after overlay.Lineup
	err := s.write(ctx, func(t *tx) error {
		before, err := t.openLineup(ctx, show, c.Rev)
		if err != nil {
			return err
		}
		at := before.At(product)
		if at < 0 {
			return overlay.Errorf(overlay.NotFound, "the product is not in the line-up")
		}
		line, err := before.Lines[at].Changed(c, at+1)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE lineup SET price = CAST(? AS BIGINT), max_per_order = CAST(? AS BIGINT), button_label = ?, note = ?, reveal_at = CAST(? AS BIGINT) WHERE show = ? AND product = ?`,
			line.Price, numberOrNull(uint64(line.MaxPerOrder)), orNull(line.ButtonLabel), orNull(line.Note), millis(line.Reveal), show, line.Product)
		if err != nil {
			return fmt.Errorf("change line: %w", err)
		}
		if err := t.reprice(ctx, before, []overlay.Line{line}); err != nil {
			return err
		}
		now, _, err := lineOf(ctx, t, show, line.Product)
		if err != nil {
			return err
		}
		change := overlay.LineupChanged{By: actor, Line: before.Line}
		if err := t.lineupChanged(ctx, show, change.Of(before.Lines[at].Goods, now.Goods)); err != nil {
			return err
		}
		if after, err = lineup(ctx, t, show); err != nil {
			return err
		}
		price := overlay.AlteredPrice(before.Lines[at].Goods, now.Goods)
		if price.From == price.To {
			return nil
		}
		of, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		return t.auditIn(ctx, of.Org, actor, "lineup.price", now.Goods.SKU, price)
	})
	return after, err
}

// reprice tells viewers of products whose price in a show changes with new lines, and
// keeps those that viewers may know of without a pin.
func (t *tx) reprice(ctx context.Context, before overlay.Lineup, lines []overlay.Line) error {
	show, err := getShow(ctx, t, before.Show)
	if err != nil {
		return err
	}
	for _, line := range lines {
		old := overlay.Line{}
		if at := before.At(line.Product); at >= 0 {
			old = before.Lines[at]
		}
		last, told, err := goods(ctx, t, show.ID, line.Product)
		if err != nil {
			return err
		}
		if told && !old.SamePrice(line) {
			if err := t.repriceLine(ctx, show, line, last); err != nil {
				return err
			}
		} else if !told && !line.Reveal.IsZero() {
			if _, err := t.offer(ctx, show, line.Product); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) repriceLine(ctx context.Context, show overlay.Show, line overlay.Line, last overlay.Product) error {
	now, err := product(ctx, t, line.Product, 0)
	if err != nil {
		return err
	}
	want := last
	if show.State == overlay.ShowPlanned {
		want = now
	}
	if line.Price == nil {
		want.Price, want.ListPrice = now.Price, now.ListPrice
	}
	return t.retell(ctx, show, now, line.On(want), last)
}
