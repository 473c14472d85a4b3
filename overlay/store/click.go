package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"mediad/overlay"
)

// AddClicks keeps clicks and counts them, all or none. The actions of hosts
// go first. A click whose show or product is gone is left out, and one in a rehearsal.
func (s *Store) AddClicks(ctx context.Context, clicks []overlay.Click) error {
	moments, err := s.momentsOf(ctx, clicks)
	if err != nil {
		return err
	}
	rows := make([][10]any, len(clicks))
	for i, c := range clicks {
		rows[i] = [10]any{c.ID, c.Show, c.Product, c.Rev, c.At.UnixMilli(), orNull(c.Variant), strconv.FormatUint(c.Clicker()>>1, 10), orNull(c.Coupon), orNull(c.Ref), moments[i]} // a text: JSON's numbers are not exact
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	late := 0
	err = s.behind(ctx, func(t *tx) error {
		given := ` FROM ` + s.dialect.Rows() + ` WHERE EXISTS (SELECT 1 FROM show WHERE id = c.value->>1 AND rehearsal = 0)
			AND EXISTS (SELECT 1 FROM product WHERE id = c.value->>2 AND deleted_at IS NULL)`
		_, err := t.ExecContext(ctx, `INSERT INTO click(id, show, product, rev, at, variant, coupon, ref, moment)
			SELECT c.value->>0, c.value->>1, c.value->>2, CAST(c.value->>3 AS BIGINT), CAST(c.value->>4 AS BIGINT), c.value->>5, c.value->>7, c.value->>8, CAST(c.value->>9 AS BIGINT)`+given, string(text))
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO click_count(show, product, clicks, counted, replay) SELECT c.value->>1, c.value->>2, count(*), count(*),
			count((SELECT 1 FROM show WHERE id = c.value->>1 AND ended_at <= CAST(c.value->>4 AS BIGINT)))`+given+
			` GROUP BY 1, 2 ON CONFLICT (show, product) DO UPDATE SET clicks = click_count.clicks + excluded.clicks, counted = click_count.counted + excluded.counted, replay = click_count.replay + excluded.replay`, string(text))
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO show_clicker(show, number, replay) SELECT c.value->>1, CAST(c.value->>6 AS BIGINT),
			CASE WHEN EXISTS (SELECT 1 FROM show WHERE id = c.value->>1 AND ended_at <= CAST(c.value->>4 AS BIGINT)) THEN 1 ELSE 0 END`+given+
			` ON CONFLICT (show, number) DO NOTHING`, string(text))
		if err != nil {
			return err
		}
		if _, err = t.ExecContext(ctx, minutesClicked(given), string(text)); err != nil {
			return err
		}
		shows := map[string]bool{}
		for _, c := range clicks {
			if shows[c.Show] {
				continue
			}
			shows[c.Show] = true
			_, err := t.ExecContext(ctx, `DELETE FROM show_clicker WHERE show = ?1 AND number >= (SELECT number FROM show_clicker WHERE show = ?1 ORDER BY number LIMIT 1 OFFSET ?2)`, c.Show, overlay.LowNumbers)
			if err != nil {
				return err
			}
		}
		late, err = t.attributeLate(ctx, clicks)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep clicks: %w", err)
	}
	if late > 0 {
		s.orderNews.Add(1)
	}
	return nil
}

// ClickRange picks clicks of a show.
type ClickRange struct {
	Show    string
	Product string    // id; "": of all
	From    time.Time // zero: from the first
	To      time.Time // before it; zero: to the last
}

func (r ClickRange) where() (string, []any) {
	to := int64(1) << 62
	if !r.To.IsZero() {
		to = r.To.UnixMilli()
	}
	var from int64
	if !r.From.IsZero() {
		from = r.From.UnixMilli()
	}
	return `show = ?1 AND at >= ?2 AND at < ?3 AND (?4 = '' OR product = ?4)`, []any{r.Show, from, to, r.Product}
}

// Clicks gives at most limit clicks of a range that come after the given one
// ("": from the first on), oldest first.
func (s *Store) Clicks(ctx context.Context, r ClickRange, after string, limit int) ([]overlay.Click, error) {
	where, args := r.where()
	// An id contains its time, so the cursor works even after its click is
	// swept.
	var place int64
	if after != "" {
		at, ok := overlay.IDTime(after)
		if !ok {
			return nil, overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
		}
		place = at.UnixMilli()
	}
	clicks, err := collect(ctx, s.reader, func(row scanner) (c overlay.Click, err error) {
		var at int64
		err = row.Scan(&c.ID, &c.Show, &c.Product, &c.Rev, &at, &c.Variant, &c.Coupon, &c.Ref)
		c.At = time.UnixMilli(at).UTC()
		return c, err
	}, `SELECT id, show, product, rev, at, coalesce(variant, ''), coalesce(coupon, ''), coalesce(ref, '') FROM click WHERE `+where+` AND at >= ?5 AND (at > ?5 OR id > ?6) ORDER BY at, id LIMIT ?7`,
		append(args, place, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list clicks: %w", err)
	}
	return clicks, nil
}

// ClickedIn gives the show of a click; "": it is not kept, or not yet.
func (s *Store) ClickedIn(ctx context.Context, click string) (show string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT show FROM click WHERE id = ?`, click).Scan(&show)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find click: %w", err)
	}
	return show, nil
}

// CountClicks counts the clicks of a range by product, most first. Without a
// time range, clicks whose rows are swept count too.
func (s *Store) CountClicks(ctx context.Context, r ClickRange) ([]overlay.ClickCount, error) {
	where, args := r.where()
	query := `SELECT product, count(*) AS clicks FROM click WHERE ` + where + ` GROUP BY product`
	if r.From.IsZero() && r.To.IsZero() {
		query, args = `SELECT product, clicks FROM click_count WHERE show = ?1 AND (?2 = '' OR product = ?2)`, []any{r.Show, r.Product}
	}
	counts, err := collect(ctx, s.reader, func(row scanner) (c overlay.ClickCount, err error) {
		return c, row.Scan(&c.Product, &c.Clicks)
	}, query+` ORDER BY clicks DESC, product`, args...)
	if err != nil {
		return nil, fmt.Errorf("count clicks: %w", err)
	}
	return counts, nil
}

// ShowClicks counts the clicks of a show.
func (s *Store) ShowClicks(ctx context.Context, show string) (n int64, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(clicks), 0) AS BIGINT) FROM click_count WHERE show = ?`, show).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count clicks: %w", err)
	}
	return n, nil
}

// clickersOf counts the different viewers who clicked in a show, and those who clicked in its
// recording; nil: clicks from before viewers were counted are among them. Beyond 16,384 it is
// an estimate.
func (s *Store) clickersOf(ctx context.Context, show string) (all, later *int64, err error) {
	var clicks, counted, replayed int64
	var n overlay.LowViewers
	err = s.reader.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(clicks), 0) AS BIGINT), CAST(coalesce(sum(counted), 0) AS BIGINT) FROM click_count WHERE show = ?`, show).Scan(&clicks, &counted)
	if err == nil {
		err = s.reader.QueryRowContext(ctx, `SELECT count(*), coalesce(max(number), 0), count(CASE WHEN replay <> 0 THEN 1 END) FROM show_clicker WHERE show = ?`, show).Scan(&n.N, &n.Highest, &replayed)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("count the viewers who clicked: %w", err)
	}
	if counted < clicks {
		return nil, nil, nil
	}
	total, part := min(n.Viewers(), clicks), int64(0) // whoever draws low numbers makes no more of them than of clicks
	if n.N > 0 {
		part = int64(float64(total) * float64(replayed) / float64(n.N))
	}
	return &total, &part, nil
}
