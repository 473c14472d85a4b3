package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mediad/overlay"
)

// minutesWatched adds what viewers did in minutes of the picture. Minutes that the show did
// not have are left out: dates of the picture are what players say.
func minutesWatched(rows string) string {
	return `INSERT INTO show_minute(show, replay, minute, watched_ms, peak, views, effective, likes, impressions, clicks)
		SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), CAST(c.value->>2 AS BIGINT), CAST(c.value->>3 AS BIGINT), CAST(c.value->>4 AS BIGINT), CAST(c.value->>5 AS BIGINT),
			CAST(c.value->>6 AS BIGINT), CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT), 0 FROM ` + rows + `
		WHERE EXISTS (SELECT 1 FROM show s WHERE s.id = c.value->>0 AND s.rehearsal = 0 AND (CAST(c.value->>1 AS BIGINT) = 1
			OR CAST(c.value->>2 AS BIGINT) >= s.started_at / 60000 - 1 AND CAST(c.value->>2 AS BIGINT) <= coalesce(s.ended_at / 60000 + 1, CAST(c.value->>2 AS BIGINT))))
		ON CONFLICT (show, replay, minute) DO UPDATE SET watched_ms = show_minute.watched_ms + excluded.watched_ms, views = show_minute.views + excluded.views,
			effective = show_minute.effective + excluded.effective, likes = show_minute.likes + excluded.likes, impressions = show_minute.impressions + excluded.impressions,
			peak = CASE WHEN excluded.peak > show_minute.peak THEN excluded.peak ELSE show_minute.peak END`
}

// minutesClicked adds clicks of shows that are on to their minutes; given picks the clicks.
func minutesClicked(given string) string {
	return `INSERT INTO show_minute(show, replay, minute, watched_ms, peak, views, effective, likes, impressions, clicks)
		SELECT c.value->>1, 0, CAST(c.value->>4 AS BIGINT) / 60000, 0, 0, 0, 0, 0, 0, count(*)` + given + `
		AND EXISTS (SELECT 1 FROM show s WHERE s.id = c.value->>1 AND s.started_at <= CAST(c.value->>4 AS BIGINT) AND (s.ended_at IS NULL OR s.ended_at > CAST(c.value->>4 AS BIGINT)))
		GROUP BY 1, 3 ON CONFLICT (show, replay, minute) DO UPDATE SET clicks = show_minute.clicks + excluded.clicks`
}

// Minutes tells what viewers did and bought in each minute of a show, and the SKUs of what
// was over its picture.
func (s *Store) Minutes(ctx context.Context, id string) (out overlay.ShowMinutes, skus map[string]string, err error) {
	show, err := s.GetShow(ctx, id)
	if err != nil {
		return out, nil, err
	}
	at, skus := s.now(), map[string]string{}
	if show.Rehearsal || show.Started.IsZero() {
		return overlay.MinutesOf(show, at, nil, nil, nil), skus, nil
	}
	seen, err := s.watching(ctx, id)
	if err != nil {
		return out, nil, err
	}
	said, err := s.commented(ctx, show)
	if err != nil {
		return out, nil, err
	}
	seen = append(seen, said...)
	sold, err := s.soldAt(ctx, show, at, overlay.Everything(), time.Minute)
	if err != nil {
		return out, nil, err
	}
	shown, err := collect(ctx, s.reader, func(row scanner) (x overlay.ShownSpan, err error) {
		var from int64
		var to sql.NullInt64
		var sku string
		err = row.Scan(&x.Product, &sku, &from, &to)
		skus[x.Product], x.From = sku, time.UnixMilli(from)
		if x.To = at; to.Valid {
			x.To = time.UnixMilli(to.Int64)
		}
		return x, err
	}, `SELECT x.product, coalesce(p.sku, ''), x.pinned_at, x.unpinned_at FROM pin x JOIN product p ON p.id = x.product WHERE x.show = ? ORDER BY x.n LIMIT ?`, id, maxReportRows)
	if err != nil {
		return out, nil, fmt.Errorf("find what was over the picture: %w", err)
	}
	return overlay.MinutesOf(show, at, seen, sold, shown), skus, nil
}

// watching reads what viewers did in the first minutes of a show's picture, and of its recording.
func (s *Store) watching(ctx context.Context, show string) ([]overlay.Watching, error) {
	var all []overlay.Watching
	for _, replay := range []bool{false, true} {
		part, err := collect(ctx, s.reader, func(row scanner) (x overlay.Watching, err error) {
			var ms int64
			err = row.Scan(&x.N, &ms, &x.Peak, &x.Views, &x.Effective, &x.Likes, &x.Impressions, &x.Clicks)
			x.Replay, x.Time = replay, time.Duration(ms)*time.Millisecond
			return x, err
		}, `SELECT minute, watched_ms, peak, views, effective, likes, impressions, clicks FROM show_minute WHERE show = ? AND replay = ? ORDER BY minute LIMIT ?`, show, truth(replay), overlay.MostMinutes)
		if err != nil {
			return nil, fmt.Errorf("read the minutes of a show: %w", err)
		}
		all = append(all, part...)
	}
	return all, nil
}

// commented counts the comments of the first minutes of a show's picture, while it was on.
func (s *Store) commented(ctx context.Context, show overlay.Show) ([]overlay.Watching, error) {
	until := int64(1) << 62
	if !show.Ended.IsZero() {
		until = show.Ended.UnixMilli()
	}
	all, err := collect(ctx, s.reader, func(row scanner) (x overlay.Watching, err error) { return x, row.Scan(&x.N, &x.Comments) },
		`SELECT at / 60000, count(*) FROM comment WHERE show = ? AND at >= ? AND at <= ? AND sent_at <= ? AND shadow = 0 AND deleted_at IS NULL GROUP BY 1 ORDER BY 1 LIMIT ?`,
		show.ID, show.Started.UnixMilli(), until, until, overlay.MostMinutes)
	if err != nil {
		return nil, fmt.Errorf("count the comments of a show by minutes: %w", err)
	}
	return all, nil
}

// minutesSummed tells live and replay apart, by the minutes of a show. One from before these
// were kept has none.
func (s *Store) minutesSummed(ctx context.Context, show string, to *overlay.Seen) error {
	type part struct{ replay, ms, peak, effective, likes, impressions int64 }
	parts, err := collect(ctx, s.reader, func(row scanner) (x part, err error) {
		return x, row.Scan(&x.replay, &x.ms, &x.peak, &x.effective, &x.likes, &x.impressions)
	}, `SELECT replay, CAST(sum(watched_ms) AS BIGINT), max(peak), CAST(sum(effective) AS BIGINT), CAST(sum(likes) AS BIGINT), CAST(sum(impressions) AS BIGINT)
		FROM show_minute WHERE show = ? GROUP BY replay HAVING sum(watched_ms) > 0 ORDER BY replay`, show)
	if err != nil || len(parts) == 0 {
		return err
	}
	var ms, effective int64
	at := s.now().UnixMilli()
	err = s.reader.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(coalesce(b.ended_at, s.ended_at, ?) - b.begun_at), 0) AS BIGINT) FROM broadcast b JOIN show s ON s.id = b.show WHERE b.show = ?`, at, show).Scan(&ms)
	if err != nil {
		return fmt.Errorf("sum up the broadcasts of a show: %w", err)
	}
	onAir, none := ms/1000, [4]int64{}
	to.Live.OnAir = &onAir
	for _, c := range []*overlay.Crowd{&to.Live, &to.Replay} {
		c.Watched, c.Effective, c.Likes, c.Impressions = &none[0], &none[1], &none[2], &none[3]
	}
	for _, p := range parts {
		c, watched := &to.Live, p.ms/1000
		if p.replay != 0 {
			c = &to.Replay
		} else {
			c.Peak = &p.peak
		}
		c.Watched, c.Effective, c.Likes, c.Impressions = &watched, &p.effective, &p.likes, &p.impressions
		effective += p.effective
	}
	to.Total.Effective = &effective
	return nil
}
