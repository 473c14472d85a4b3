package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// maxLoose is how many pictures of one organisation may wait for a product.
const maxLoose = 1000

// AddImage notes a picture before its bytes are stored. It counts as unused until a
// product uses it, so nothing is left of an upload that a crash interrupts.
func (s *Store) AddImage(ctx context.Context, i overlay.Image, actor string) error {
	return s.write(ctx, func(t *tx) error {
		var loose int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM image WHERE unused_at IS NOT NULL AND state <> 'deleting' AND org = ?`, i.Org).Scan(&loose); err != nil {
			return fmt.Errorf("count unused pictures: %w", err)
		}
		if loose >= maxLoose {
			return overlay.Errorf(overlay.TooMany, "%d pictures of the organisation wait for a product already; give them to products, or try again tomorrow", loose)
		}
		_, err := t.ExecContext(ctx, `INSERT INTO image(id, org, state, width, height, bytes, created_by, created_at, unused_at) VALUES (?,?,'new',?,?,?,?,?,?)`,
			i.ID, i.Org, i.Width, i.Height, i.Bytes, actor, t.now.UnixMilli(), t.now.UnixMilli())
		if err != nil {
			return fmt.Errorf("add picture: %w", err)
		}
		return nil
	})
}

// KeepImage notes that the bytes of a picture are stored, and gives it. A repeated
// request gets the picture of the first.
func (s *Store) KeepImage(ctx context.Context, id string, o Once) (kept overlay.Image, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		kept, err = once(ctx, t, "images", o, func() (string, overlay.Image, error) {
			if _, err := t.ExecContext(ctx, `UPDATE image SET state = 'kept' WHERE id = ? AND state = 'new'`, id); err != nil {
				return "", overlay.Image{}, fmt.Errorf("keep picture: %w", err)
			}
			i, err := image(ctx, t, id)
			return id, i, err
		}, func(id string) (overlay.Image, error) { return image(ctx, t, id) })
		return err
	})
	return kept, err
}

func image(ctx context.Context, q querier, id string) (i overlay.Image, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, org, width, height, bytes FROM image WHERE id = ?`, id).Scan(&i.ID, &i.Org, &i.Width, &i.Height, &i.Bytes)
	if err != nil {
		return i, fmt.Errorf("find picture: %w", err)
	}
	i.Path, i.Small = overlay.ImagePath(i.ID), overlay.SmallImagePath(i.ID)
	return i, nil
}

// checkImages refuses a picture that is new to a product and not there.
func (t *tx) checkImages(ctx context.Context, before, after overlay.Product) error {
	had := before.OwnImages()
	for _, id := range after.OwnImages() {
		if slices.Contains(had, id) {
			continue
		}
		var n int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM image WHERE id = ? AND state = 'kept'`, id).Scan(&n); err != nil {
			return fmt.Errorf("find picture: %w", err)
		}
		if n == 0 {
			return overlay.Errorf(overlay.Invalid, "image: there is no picture %s on this server; upload it (again)", overlay.ImagePath(id))
		}
	}
	return nil
}

// useImages notes which pictures a product uses. Imports bring products here, too.
func (t *tx) useImages(ctx context.Context, p overlay.Product) error {
	for _, id := range p.OwnImages() {
		if _, err := t.ExecContext(ctx, `UPDATE image SET unused_at = NULL WHERE id = ? AND unused_at IS NOT NULL AND state <> 'deleting'`, id); err != nil {
			return fmt.Errorf("use picture: %w", err)
		}
		if _, err := t.ExecContext(ctx, `INSERT INTO image_use(image, product) VALUES (?,?) ON CONFLICT DO NOTHING`, id, p.ID); err != nil {
			return fmt.Errorf("use picture: %w", err)
		}
	}
	return nil
}

// useShowPicture keeps the uploaded picture of a show, or of a festival, from the sweep, and refuses one
// that is not there.
func (t *tx) useShowPicture(ctx context.Context, picture string) error {
	id, _, ok := overlay.ImageOf(picture)
	if !ok {
		return nil
	}
	done, err := t.ExecContext(ctx, `UPDATE image SET unused_at = NULL WHERE id = ? AND state = 'kept'`, id)
	if err != nil {
		return fmt.Errorf("use picture: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return overlay.Errorf(overlay.Invalid, "image: there is no picture %s on this server; upload it (again)", picture)
}

// imagesAtOnce is how many pictures one step of a sweep looks at.
const imagesAtOnce = 200

// JudgeImages looks at the pictures behind one, in the order of their ids, and notes
// which of them no product, no show and no festival uses any more. It gives the last one; "": it has seen all.
func (s *Store) JudgeImages(ctx context.Context, behind string) (last string, err error) {
	ids, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM image WHERE id > ? AND unused_at IS NULL AND state = 'kept' ORDER BY id LIMIT ?`, behind, imagesAtOnce)
	if err != nil {
		return "", fmt.Errorf("find pictures: %w", err)
	}
	var loose []string
	for _, id := range ids {
		used, err := imageUsed(ctx, s.reader, id)
		if err != nil {
			return "", err
		}
		if !used {
			loose = append(loose, id)
		}
	}
	for _, id := range loose {
		err := s.atLeisure(ctx, func(t *tx) error {
			used, err := imageUsed(ctx, t, id)
			if err != nil || used {
				return err
			}
			_, err = t.ExecContext(ctx, `UPDATE image SET unused_at = ? WHERE id = ? AND unused_at IS NULL`, t.now.UnixMilli(), id)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("judge picture: %w", err)
		}
	}
	if len(ids) < imagesAtOnce {
		return "", nil
	}
	return ids[len(ids)-1], nil
}

// imageUsed tells whether a product uses a picture as it is now, or as a show that has
// not ended tells of it, or whether it is the picture of a show.
func imageUsed(ctx context.Context, q querier, id string) (bool, error) {
	bodies, err := collect(ctx, q, func(row scanner) (body []byte, err error) { return body, row.Scan(&body) },
		`SELECT r.body FROM image_use u JOIN product p ON p.id = u.product JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE u.image = ?1
		 UNION ALL SELECT v.body FROM image_use u JOIN show_product v ON v.product = u.product JOIN show s ON s.id = v.show WHERE u.image = ?1 AND s.state <> 'ended'`, id)
	if err != nil {
		return false, fmt.Errorf("find who uses a picture: %w", err)
	}
	for _, body := range bodies {
		var p overlay.Product
		if err := json.Unmarshal(body, &p); err != nil {
			return false, err
		}
		if slices.Contains(p.OwnImages(), id) {
			return true, nil
		}
	}
	var shows int
	if err := q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM show WHERE picture IN (?1, ?2) AND deleted_at IS NULL) + (SELECT count(*) FROM festival WHERE picture IN (?1, ?2))`, overlay.ImagePath(id), overlay.SmallImagePath(id)).Scan(&shows); err != nil {
		return false, fmt.Errorf("find who uses a picture: %w", err)
	}
	return shows > 0, nil
}

// UnusedImages gives pictures behind one, in the order of their ids, that nothing has
// used for a time, and from now on none can. Their bytes are to be deleted, and then
// ForgetImage called.
func (s *Store) UnusedImages(ctx context.Context, since time.Duration, behind string) ([]string, error) {
	before := s.now().Add(-since).UnixMilli()
	// A product that uses one again at this moment has taken away unused_at.
	if _, err := s.sweep(ctx, `UPDATE image SET state = 'deleting' WHERE id IN (SELECT id FROM image WHERE id > ? AND unused_at < ? AND state <> 'deleting' ORDER BY id LIMIT ?)`, behind, before, imagesAtOnce); err != nil {
		return nil, err
	}
	ids, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM image WHERE id > ? AND unused_at IS NOT NULL AND state = 'deleting' ORDER BY id LIMIT ?`, behind, imagesAtOnce)
	if err != nil {
		return nil, fmt.Errorf("find unused pictures: %w", err)
	}
	return ids, nil
}

// ForgetImage deletes the row of a picture whose bytes are deleted.
func (s *Store) ForgetImage(ctx context.Context, id string) error {
	if _, err := s.sweep(ctx, `DELETE FROM image_use WHERE image = ?`, id); err != nil {
		return err
	}
	_, err := s.sweep(ctx, `DELETE FROM image WHERE id = ? AND state = 'deleting'`, id)
	return err
}
