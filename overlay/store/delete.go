package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// DeleteRoom deletes a room with all that hangs on it. From now on there is no
// such room: its key opens nothing, its shows' replays are gone. What is stored
// of them goes in the background as with BeginDeletion; the rows of the room, its
// shows, events, pins, cues and clicks follow (SweepDeleted), and only then is
// the slug free again. A room on air is a Conflict.
func (s *Store) DeleteRoom(ctx context.Context, slug, actor string) error {
	return s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		var open int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM broadcast WHERE room = ? AND ended_at IS NULL`, room.ID).Scan(&open); err != nil {
			return fmt.Errorf("find open broadcasts: %w", err)
		}
		if open > 0 {
			return overlay.Errorf(overlay.Conflict, "the room is on air, or waits for its publisher; end its show first (POST /api/v1/rooms/%s/end)", slug)
		}
		shows, err := collect(ctx, t, scanShow, selectShow+`WHERE s.room = ? ORDER BY s.id`, room.ID)
		if err != nil {
			return fmt.Errorf("find shows of room: %w", err)
		}
		for _, show := range shows {
			if show.State != overlay.ShowEnded {
				if _, err := t.endShow(ctx, show, t.now); err != nil {
					return err
				}
			}
			if err := t.beginDeletion(ctx, &show); err != nil {
				return err
			}
		}
		// A key is looked for by its hash, which no id is.
		if _, err := t.ExecContext(ctx, `UPDATE room SET deleting_at = ?, key_hash = ?, key_sealed = '' WHERE id = ?`, t.now.UnixMilli(), []byte(room.ID), room.ID); err != nil {
			return fmt.Errorf("mark room for deletion: %w", err)
		}
		t.changed = true
		return t.audit(ctx, actor, "room.delete", slug)
	})
}

// DeleteProduct deletes a product (by id or SKU) with its revisions, pins and
// clicks, whose rows follow in the background. Its SKU is free at once. One that
// an open show has pinned, or that is to be pinned later, is a Conflict.
func (s *Store) DeleteProduct(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		p, err := product(ctx, t, id, 0)
		if err != nil {
			return err
		}
		shown, err := collect(ctx, t, scanShow, selectShow+`JOIN pin p ON p.show = s.id WHERE p.product = ? AND p.unpinned_at IS NULL AND s.state <> 'ended' ORDER BY s.id`, p.ID)
		if err != nil {
			return fmt.Errorf("find shows of product: %w", err)
		}
		if len(shown) > 0 {
			return overlay.Errorf(overlay.Conflict, "the product is pinned in the room %q; take it down first", shown[0].Room)
		}
		var scheduled int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM cue WHERE product = ? AND status = 'scheduled'`, p.ID).Scan(&scheduled); err != nil {
			return fmt.Errorf("find cues of product: %w", err)
		}
		if scheduled > 0 {
			return overlay.Errorf(overlay.Conflict, "the product is to be pinned later; take that cue back first")
		}
		for _, statement := range []string{`DELETE FROM pin WHERE product = ?`, `DELETE FROM product_rev WHERE product = ?`, `DELETE FROM click_count WHERE product = ?`} {
			if _, err := t.ExecContext(ctx, statement, p.ID); err != nil {
				return fmt.Errorf("delete product: %w", err)
			}
		}
		// Without revisions it is found no more; an id is nobody's SKU.
		if _, err := t.ExecContext(ctx, `UPDATE product SET sku = id, deleted_at = ? WHERE id = ?`, t.now.UnixMilli(), p.ID); err != nil {
			return fmt.Errorf("delete product: %w", err)
		}
		t.changed = true
		return t.audit(ctx, actor, "product.delete", p.SKU)
	})
}
