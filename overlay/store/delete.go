package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// DeleteRoom deletes a room and everything that belongs to it. From now on the
// room cannot be found, its key is refused, and the replays of its shows are
// gone. Their stored media is deleted in the background, as with BeginDeletion.
// The rows of the room, its shows, events, pins, cues and clicks follow
// (SweepDeleted), and the slug is free after that. A room on air is a Conflict.
func (s *Store) DeleteRoom(ctx context.Context, slug, actor string) error {
	defer s.known.forget(slug)
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
		if err := t.noCheckouts(ctx, room.ID); err != nil {
			return err
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
		// Keys are found by their hash. An id is no hash, so no key finds this
		// room.
		if _, err := t.ExecContext(ctx, `UPDATE room SET deleting_at = ?, key_hash = ?, key_sealed = '' WHERE id = ?`, t.now.UnixMilli(), []byte(room.ID), room.ID); err != nil {
			return fmt.Errorf("mark room for deletion: %w", err)
		}
		t.changed = true
		return t.audit(ctx, actor, "room.delete", slug)
	})
}

// DeleteProduct deletes a product (by id or SKU) with its revisions and pins;
// the rows of its clicks follow in the background. Its SKU is free at once. A
// product that an open show has pinned or in its line-up, or that a scheduled cue
// will pin, is a Conflict.
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
			return overlay.Errorf(overlay.Conflict, "the product is scheduled to be pinned; cancel that cue first")
		}
		planned, err := collect(ctx, t, scanShow, selectShow+`JOIN lineup l ON l.show = s.id WHERE l.product = ? AND s.state <> 'ended' ORDER BY s.id`, p.ID)
		if err != nil {
			return fmt.Errorf("find line-ups of product: %w", err)
		}
		if len(planned) > 0 {
			return overlay.Errorf(overlay.Conflict, "the product is in the line-up of the show %q of the room %q; take it out first", planned[0].Title, planned[0].Room)
		}
		var held int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM allocation WHERE product = ? AND held > 0`, p.ID).Scan(&held); err != nil {
			return fmt.Errorf("find allocations of product: %w", err)
		}
		if held > 0 {
			return overlay.Errorf(overlay.Conflict, "units of the product are held in open checkouts; wait until they are paid or have ended")
		}
		if err := t.unindex(ctx, p.ID); err != nil {
			return err
		}
		if err := t.leavePools(ctx, p.ID); err != nil {
			return err
		}
		for _, statement := range []string{`DELETE FROM pin WHERE product = ?`, `DELETE FROM lineup WHERE product = ?`, `DELETE FROM show_product WHERE product = ?`, `DELETE FROM product_rev WHERE product = ?`, `DELETE FROM click_count WHERE product = ?`,
			`DELETE FROM waiting_update WHERE product = ?`, `DELETE FROM show_impression WHERE product = ?`, `DELETE FROM listing WHERE product = ?`} {
			if _, err := t.ExecContext(ctx, statement, p.ID); err != nil {
				return fmt.Errorf("delete product: %w", err)
			}
		}
		// Without revisions nobody finds it any more. Its id takes the place of its
		// SKU, since no product has an id as SKU.
		if _, err := t.ExecContext(ctx, `UPDATE product SET sku = id, deleted_at = ? WHERE id = ?`, t.now.UnixMilli(), p.ID); err != nil {
			return fmt.Errorf("delete product: %w", err)
		}
		t.changed = true
		t.touched(p.Org, p.ID, false)
		return t.audit(ctx, actor, "product.delete", p.SKU)
	})
}
