package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// sweepRows is how many rows one transaction of a sweep deletes.
const sweepRows = 500

// SweepClicks deletes clicks from before a moment, the oldest clicks beyond
// limit, and the clicks of deleted products; it returns how many. Counts by show
// and product stay. A zero moment or limit means no bound.
func (s *Store) SweepClicks(ctx context.Context, before time.Time, limit int) (swept int, err error) {
	var kept int
	if err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM click`).Scan(&kept); err != nil {
		return 0, fmt.Errorf("count clicks: %w", err)
	}
	for {
		n := sweepRows
		if over := kept - swept - limit; limit > 0 && over > 0 {
			n = min(n, over)
			// Ids sort by time.
			n, err = s.sweep(ctx, `DELETE FROM click WHERE id IN (SELECT id FROM click ORDER BY id LIMIT ?)`, n)
		} else if n = 0; !before.IsZero() {
			n, err = s.sweep(ctx, `DELETE FROM click WHERE id IN (SELECT id FROM (SELECT id, at FROM click ORDER BY id LIMIT ?) first WHERE at < ?)`, sweepRows, before.UnixMilli())
		}
		if swept += n; err != nil || n == 0 {
			return swept, err
		}
	}
}

// SweepDeleted deletes the remaining rows of deleted products, and of deleted
// rooms whose media is gone, in small transactions behind all others. It may
// be interrupted anywhere and called again. It also writes when tokens were used.
func (s *Store) SweepDeleted(ctx context.Context) error {
	return errors.Join(s.sweepProducts(ctx), s.sweepRooms(ctx), s.sweepComments(ctx), s.sweepVotes(ctx), s.writeUses(ctx))
}

func (s *Store) sweepProducts(ctx context.Context) error {
	gone, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM product WHERE deleted_at IS NOT NULL ORDER BY id`)
	if err != nil {
		return fmt.Errorf("find deleted products: %w", err)
	}
	for _, id := range gone {
		if err := s.sweepProduct(ctx, id); err != nil {
			return err
		}
		if _, err := s.sweep(ctx, `DELETE FROM product WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sweepRooms(ctx context.Context) error {
	rooms, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM room r WHERE deleting_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM broadcast WHERE room = r.id) ORDER BY id`)
	if err != nil {
		return fmt.Errorf("find deleted rooms: %w", err)
	}
	for _, room := range rooms {
		shows, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM show WHERE room = ? ORDER BY id`, room)
		if err != nil {
			return fmt.Errorf("find shows of deleted room: %w", err)
		}
		for _, show := range shows {
			if err := s.sweepShow(ctx, show); err != nil {
				return err
			}
		}
		for _, rows := range []string{`DELETE FROM chat_mute WHERE room = ?`, `DELETE FROM chat_setting WHERE room = ?`, `DELETE FROM point_setting WHERE room = ?`, `DELETE FROM festival_room WHERE room = ?`, `DELETE FROM room WHERE id = ?`} {
			if _, err := s.sweep(ctx, rows, room); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepShow deletes a show with all rows that belong to it.
func (s *Store) sweepShow(ctx context.Context, show string) error {
	for _, rows := range []string{
		deleteComments,
		`DELETE FROM click WHERE id IN (SELECT id FROM click WHERE show = ? LIMIT ?)`,
		`DELETE FROM event WHERE show = ?1 AND pos IN (SELECT pos FROM event WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM cue WHERE id IN (SELECT id FROM cue WHERE show = ? LIMIT ?)`,
		`DELETE FROM pin WHERE n IN (SELECT n FROM pin WHERE show = ? LIMIT ?)`,
		`DELETE FROM lineup WHERE show = ?1 AND pos IN (SELECT pos FROM lineup WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM show_product WHERE show = ?1 AND product IN (SELECT product FROM show_product WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM waiting_update WHERE show = ?1 AND product IN (SELECT product FROM waiting_update WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM show_host WHERE (show, from_at) IN (SELECT show, from_at FROM show_host WHERE show = ? LIMIT ?)`,
		`DELETE FROM show_roster WHERE (show, host) IN (SELECT show, host FROM show_roster WHERE show = ? LIMIT ?)`,
		`DELETE FROM show_minute WHERE (show, replay, minute) IN (SELECT show, replay, minute FROM show_minute WHERE show = ? LIMIT ?)`,
		`DELETE FROM show_watched WHERE show IN (SELECT show FROM show_watched WHERE show = ? LIMIT ?)`,
		`DELETE FROM show_viewer WHERE show = ?1 AND number IN (SELECT number FROM show_viewer WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM show_clicker WHERE show = ?1 AND number IN (SELECT number FROM show_clicker WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM show_impression WHERE show = ?1 AND product IN (SELECT product FROM show_impression WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM hold WHERE id IN (SELECT id FROM hold WHERE allocation IN (SELECT id FROM allocation WHERE show = ?) LIMIT ?)`,
		`DELETE FROM order_unit WHERE allocation IN (SELECT allocation FROM order_unit WHERE allocation IN (SELECT id FROM allocation WHERE show = ?) LIMIT ?)`,
		`DELETE FROM offer WHERE id IN (SELECT id FROM offer WHERE show = ? LIMIT ?)`,
		`DELETE FROM reward_taken WHERE (reward, viewer) IN (SELECT reward, viewer FROM reward_taken WHERE reward IN (SELECT id FROM reward WHERE show = ?) LIMIT ?)`,
		`DELETE FROM reward WHERE id IN (SELECT id FROM reward WHERE show = ? LIMIT ?)`,
		`DELETE FROM point_friend WHERE show = ?1 AND (code, buyer) IN (SELECT code, buyer FROM point_friend WHERE show = ?1 LIMIT ?2)`,
		`DELETE FROM coupon_got WHERE (coupon, buyer) IN (SELECT coupon, buyer FROM coupon_got WHERE coupon IN (SELECT id FROM coupon WHERE show = ?) LIMIT ?)`,
		`DELETE FROM coupon WHERE id IN (SELECT id FROM coupon WHERE show = ? LIMIT ?)`,
		deleteVotes,
		`DELETE FROM poll WHERE id IN (SELECT id FROM poll WHERE show = ? LIMIT ?)`,
		`DELETE FROM reminder WHERE id IN (SELECT id FROM reminder WHERE show = ? LIMIT ?)`,
		`DELETE FROM show_reminder WHERE show IN (SELECT show FROM show_reminder WHERE show = ? LIMIT ?)`,
		`DELETE FROM allocation WHERE id IN (SELECT id FROM allocation WHERE show = ? LIMIT ?)`,
		`DELETE FROM click_count WHERE show = ?1 AND product IN (SELECT product FROM click_count WHERE show = ?1 LIMIT ?2)`,
	} {
		for n := 1; n > 0; {
			var err error
			if n, err = s.sweep(ctx, rows, show, sweepRows); err != nil {
				return err
			}
		}
	}
	_, err := s.sweep(ctx, `DELETE FROM show WHERE id = ?`, show)
	return err
}

const deleteComments = `DELETE FROM comment WHERE id IN (SELECT id FROM comment WHERE show = ? LIMIT ?)`

// sweepComments deletes the comments of shows whose recording is deleted: people wrote them,
// and they are kept no longer than what they are about.
func (s *Store) sweepComments(ctx context.Context) error {
	shows, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM show s WHERE deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM comment WHERE show = s.id) ORDER BY id`)
	if err != nil {
		return fmt.Errorf("find comments of deleted shows: %w", err)
	}
	for _, show := range shows {
		for n := 1; n > 0; {
			if n, err = s.sweep(ctx, deleteComments, show, sweepRows); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepProduct deletes the clicks of a product. It finds them on a connection
// for reading, since a search through all clicks must not delay hosts.
func (s *Store) sweepProduct(ctx context.Context, product string) error {
	for last := ""; ; {
		ids, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
			`SELECT id FROM click WHERE product = ? AND id > ? ORDER BY id LIMIT ?`, product, last, sweepRows)
		if err != nil {
			return fmt.Errorf("find clicks of a deleted product: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		last = ids[len(ids)-1]
		rows := make([][1]string, len(ids))
		for i, id := range ids {
			rows[i][0] = id
		}
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		if _, err := s.sweep(ctx, `DELETE FROM click WHERE id IN (SELECT c.value->>0 FROM `+s.dialect.Rows()+`)`, string(text)); err != nil {
			return err
		}
	}
}

// sweep carries out one statement, behind all other writers.
func (s *Store) sweep(ctx context.Context, statement string, args ...any) (n int, err error) {
	err = s.atLeisure(ctx, func(t *tx) error {
		r, err := t.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		rows, err := r.RowsAffected()
		n = int(rows)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	return n, nil
}
