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

// AddWatched adds sums to those of shows, all or none; Peak is not added: the greater
// one holds. The actions of hosts go first. Shows that are gone, and products that the
// show has not revealed, are left out.
func (s *Store) AddWatched(ctx context.Context, sums []overlay.Watched) error {
	var totals [][8]any
	var seen [][3]any
	var came [][2]any
	var minutes [][9]any
	for _, w := range sums {
		totals = append(totals, [8]any{w.Show, w.Likes, w.Time.Milliseconds(), w.Peak, w.Views, w.Depth, w.Shares, w.Came})
		for _, n := range w.Numbers {
			came = append(came, [2]any{w.Show, strconv.FormatUint(n>>1, 10)}) // as a text: JSON's numbers are not exact
		}
		for product, n := range w.Impressions {
			seen = append(seen, [3]any{w.Show, product, n})
		}
		for at, of := range w.Minutes {
			minutes = append(minutes, [9]any{w.Show, truth(at.Replay), at.N, of.Time.Milliseconds(), of.Peak, of.Views, of.Effective, of.Likes, of.Impressions})
		}
	}
	add := func(ctx context.Context, t *tx, rows any, query string, args ...any) error {
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, query, append([]any{string(text)}, args...)...)
		return err
	}
	rows := s.dialect.Rows()
	err := s.behind(ctx, func(t *tx) error {
		err := add(ctx, t, totals, `INSERT INTO show_watched(show, likes, watched_ms, peak, views, depth, replay_views, shares, came)
			SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), CAST(c.value->>2 AS BIGINT), CAST(c.value->>3 AS BIGINT), CAST(c.value->>4 AS BIGINT), CAST(c.value->>5 AS BIGINT),
				CASE WHEN EXISTS (SELECT 1 FROM show WHERE id = c.value->>0 AND ended_at IS NOT NULL) THEN CAST(c.value->>4 AS BIGINT) ELSE 0 END,
				CAST(c.value->>6 AS BIGINT), CAST(c.value->>7 AS BIGINT) FROM `+rows+`
			WHERE EXISTS (SELECT 1 FROM show WHERE id = c.value->>0)
			ON CONFLICT (show) DO UPDATE SET likes = show_watched.likes + excluded.likes, watched_ms = show_watched.watched_ms + excluded.watched_ms,
				shares = show_watched.shares + excluded.shares, came = show_watched.came + excluded.came,
				views = show_watched.views + excluded.views, replay_views = show_watched.replay_views + excluded.replay_views,
				depth = CASE WHEN excluded.depth > show_watched.depth THEN excluded.depth ELSE show_watched.depth END,
				peak = CASE WHEN excluded.peak > show_watched.peak THEN excluded.peak ELSE show_watched.peak END`)
		if err == nil && len(came) > 0 {
			err = add(ctx, t, came, `INSERT INTO show_viewer(show, number, replay)
				SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), CASE WHEN EXISTS (SELECT 1 FROM show WHERE id = c.value->>0 AND ended_at IS NOT NULL) THEN 1 ELSE 0 END FROM `+rows+`
				WHERE EXISTS (SELECT 1 FROM show WHERE id = c.value->>0) ON CONFLICT (show, number) DO NOTHING`)
			if err == nil {
				err = t.keepLowest(ctx, sums)
			}
		}
		if err == nil {
			err = t.keepViewers(ctx, sums)
		}
		if err == nil && len(minutes) > 0 {
			err = add(ctx, t, minutes, minutesWatched(rows))
		}
		if err != nil || len(seen) == 0 {
			return err
		}
		return add(ctx, t, seen, `INSERT INTO show_impression(show, product, impressions)
			SELECT c.value->>0, c.value->>1, CAST(c.value->>2 AS BIGINT) FROM `+rows+`
			WHERE EXISTS (SELECT 1 FROM pin WHERE show = c.value->>0 AND product = c.value->>1)
				OR EXISTS (SELECT 1 FROM lineup WHERE show = c.value->>0 AND product = c.value->>1 AND reveal_at <= ?)
			ON CONFLICT (show, product) DO UPDATE SET impressions = show_impression.impressions + excluded.impressions`, t.now.UnixMilli())
	})
	if err != nil {
		return fmt.Errorf("keep the sums of audiences: %w", err)
	}
	return nil
}

// keepLowest deletes the numbers of viewers beyond those that are kept.
func (t *tx) keepLowest(ctx context.Context, sums []overlay.Watched) error {
	for _, w := range sums {
		if len(w.Numbers) == 0 {
			continue
		}
		_, err := t.ExecContext(ctx, `DELETE FROM show_viewer WHERE show = ? AND number >= (SELECT number FROM show_viewer WHERE show = ? ORDER BY number LIMIT 1 OFFSET ?)`, w.Show, w.Show, overlay.LowNumbers)
		if err != nil {
			return err
		}
	}
	return nil
}

// keepViewers writes how many different viewers shows have had, which summaries of many
// shows add up: to count them anew would read each of their numbers.
func (t *tx) keepViewers(ctx context.Context, sums []overlay.Watched) error {
	for _, w := range sums {
		if len(w.Numbers) == 0 && w.Views == 0 && w.Depth == 0 {
			continue
		}
		_, _, viewers, later, err := crowdOf(ctx, t, w.Show)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE show_watched SET viewers = ?, replay_viewers = ? WHERE show = ?`, viewers, later, w.Show); err != nil {
			return err
		}
	}
	return nil
}

// crowdOf counts the views and the different viewers of a show, and those of its recording.
func crowdOf(ctx context.Context, q querier, show string) (views, replayViews, viewers, replayViewers int64, err error) {
	var n overlay.LowViewers
	err = q.QueryRowContext(ctx, `SELECT views, replay_views, depth FROM show_watched WHERE show = ?`, show).Scan(&views, &replayViews, &n.Depth)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, 0, 0, nil
	}
	if err != nil {
		return 0, 0, 0, 0, fmt.Errorf("read the views of a show: %w", err)
	}
	var later int64
	err = q.QueryRowContext(ctx, `SELECT count(*), coalesce(max(number), 0), count(CASE WHEN replay <> 0 THEN 1 END) FROM show_viewer WHERE show = ? AND number <= ?`, show, int64(1<<63-1)>>n.Depth).Scan(&n.N, &n.Highest, &later)
	if err != nil {
		return 0, 0, 0, 0, fmt.Errorf("count the viewers of a show: %w", err)
	}
	viewers = min(n.Viewers(), views) // whoever draws low numbers makes no more of them than of views
	if n.N > 0 {
		replayViewers = int64(float64(viewers) * float64(later) / float64(n.N))
	}
	return views, replayViews, viewers, replayViewers, nil
}

// RevealedIDs gives the products that a show has revealed to its viewers so far: those that
// were pinned, and those of its line-up whose time has come.
func (s *Store) RevealedIDs(ctx context.Context, show string) (map[string]bool, error) {
	list, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT product FROM pin WHERE show = ?1 UNION SELECT product FROM lineup WHERE show = ?1 AND reveal_at <= ?2`, show, s.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("find what a show has revealed: %w", err)
	}
	ids := make(map[string]bool, len(list))
	for _, id := range list {
		ids[id] = true
	}
	return ids, nil
}

// Watched gives the sums over the audience of a show.
func (s *Store) Watched(ctx context.Context, show string) (overlay.Watched, error) {
	w := overlay.Watched{Show: show, Impressions: map[string]int64{}}
	var ms int64
	err := s.reader.QueryRowContext(ctx, `SELECT likes, shares, came, watched_ms, peak FROM show_watched WHERE show = ?`, show).Scan(&w.Likes, &w.Shares, &w.Came, &ms, &w.Peak)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return w, fmt.Errorf("read the sums of a show's audience: %w", err)
	}
	w.Time = time.Duration(ms) * time.Millisecond
	type seen struct {
		product string
		n       int64
	}
	list, err := collect(ctx, s.reader, func(row scanner) (p seen, err error) { return p, row.Scan(&p.product, &p.n) },
		`SELECT product, impressions FROM show_impression WHERE show = ?`, show)
	if err != nil {
		return w, fmt.Errorf("read the impressions of a show: %w", err)
	}
	for _, p := range list {
		w.Impressions[p.product] = p.n
	}
	return w, nil
}
