package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// feedAgain is when a feed is tried again that could not be fetched for now.
const feedAgain = 10 * time.Minute

const selectFeed = `SELECT f.id, f.org, f.address, coalesce(f.currency,''), f.every, f.next_at, coalesce(f.job,''), f.created_at FROM feed f `

type feedRow struct {
	overlay.Feed
	job string
}

func scanFeed(row scanner) (f feedRow, err error) {
	var every, created int64
	var next sql.NullInt64
	err = row.Scan(&f.ID, &f.Org, &f.URL, &f.Currency, &every, &next, &f.job, &created)
	f.Hours, f.Next, f.Created = int64(time.Duration(every)*time.Millisecond/time.Hour), moment(next), at0(created)
	f.Paused = f.Next.IsZero()
	return f, err
}

// withLast gives a feed with its last import.
func (f feedRow) withLast(ctx context.Context, q querier) (overlay.Feed, error) {
	if f.job == "" {
		return f.Feed, nil
	}
	i, err := scanImport(q.QueryRowContext(ctx, selectImport+`WHERE id = ?`, f.job))
	if errors.Is(err, sql.ErrNoRows) {
		return f.Feed, nil // it is forgotten by now
	}
	if err != nil {
		return f.Feed, fmt.Errorf("find the last import of a feed: %w", err)
	}
	head := i.Head()
	f.Last = &head
	return f.Feed, nil
}

// Feed gives a feed by its id.
func (s *Store) Feed(ctx context.Context, id string) (overlay.Feed, error) {
	return feedOf(ctx, s.reader, id)
}

func feedOf(ctx context.Context, q querier, id string) (overlay.Feed, error) {
	f, err := scanFeed(q.QueryRowContext(ctx, selectFeed+`WHERE f.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f.Feed, overlay.Errorf(overlay.NotFound, "there is no such feed")
	}
	if err != nil {
		return f.Feed, fmt.Errorf("find feed: %w", err)
	}
	return f.withLast(ctx, q)
}

// Feeds lists at most limit feeds of a scope whose id comes after the given one.
func (s *Store) Feeds(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Feed, error) {
	where, args := s.scoped(in, "f.org", "")
	rows, err := collect(ctx, s.reader, scanFeed, selectFeed+`WHERE `+where+` AND f.id > ? ORDER BY f.id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list feeds: %w", err)
	}
	all := make([]overlay.Feed, len(rows))
	for n, f := range rows {
		if all[n], err = f.withLast(ctx, s.reader); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// CreateFeed makes a feed, which is fetched at once, unless it pauses.
func (s *Store) CreateFeed(ctx context.Context, f overlay.Feed, actor string, o Once) (overlay.Feed, error) {
	f, err := f.Checked()
	if err != nil {
		return f, err
	}
	var made overlay.Feed
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "feeds", o, func() (string, overlay.Feed, error) {
			f := f
			if f.ID, f.Created = t.s.newID(), t.now; !f.Paused {
				f.Next = t.now
			}
			var count, same int
			err := t.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN address = ? THEN 1 ELSE 0 END), 0) FROM feed WHERE org = ?`, f.URL, f.Org).Scan(&count, &same)
			switch {
			case err != nil:
				return "", f, fmt.Errorf("count feeds: %w", err)
			case same > 0:
				return "", f, overlay.Errorf(overlay.Conflict, "url: is a feed of the organisation already")
			case count >= overlay.MaxFeeds:
				return "", f, overlay.Errorf(overlay.TooMany, "the organisation has %d feeds already", count)
			}
			_, err = t.ExecContext(ctx, `INSERT INTO feed(id, org, address, currency, every, next_at, created_by, created_at) VALUES (?,?,?,?,?,CAST(? AS BIGINT),?,?)`,
				f.ID, f.Org, f.URL, orNull(f.Currency), f.Every().Milliseconds(), millis(f.Next), actor, t.now.UnixMilli())
			if err != nil {
				return "", f, fmt.Errorf("add feed: %w", err)
			}
			return f.ID, f, t.auditIn(ctx, f.Org, actor, "feed.create", f.ID)
		}, func(id string) (overlay.Feed, error) { return feedOf(ctx, t, id) })
		return err
	})
	return made, err
}

// ChangeFeed changes a feed.
func (s *Store) ChangeFeed(ctx context.Context, id string, c overlay.FeedChange, actor string) (overlay.Feed, error) {
	var after overlay.Feed
	err := s.write(ctx, func(t *tx) error {
		before, err := feedOf(ctx, t, id)
		if err != nil {
			return err
		}
		if after, err = before.Changed(c, t.now); err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE feed SET currency = ?, every = ?, next_at = CAST(? AS BIGINT) WHERE id = ?`, orNull(after.Currency), after.Every().Milliseconds(), millis(after.Next), id)
		if err != nil {
			return fmt.Errorf("change feed: %w", err)
		}
		return t.auditIn(ctx, after.Org, actor, "feed.change", id)
	})
	return after, err
}

// DeleteFeed deletes a feed. Its products stay, and so do its imports.
func (s *Store) DeleteFeed(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		f, err := feedOf(ctx, t, id)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM feed WHERE id = ?`, id); err != nil {
			return fmt.Errorf("delete feed: %w", err)
		}
		return t.auditIn(ctx, f.Org, actor, "feed.delete", id) // an address may have a token in it
	})
}

// StartFeeds begins the imports of the feeds that are due, and tells when the next one is;
// zero: none is. A feed whose last import still goes on waits for it.
func (s *Store) StartFeeds(ctx context.Context) (next time.Time, err error) {
	due, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM feed WHERE next_at <= ? ORDER BY next_at, id LIMIT 100`, s.now().UnixMilli())
	if err != nil {
		return next, fmt.Errorf("find feeds that are due: %w", err)
	}
	for _, id := range due {
		if err := s.note(ctx, func(t *tx) error { return t.startFeed(ctx, id) }); err != nil {
			return next, err
		}
	}
	var first sql.NullInt64
	if err := s.reader.QueryRowContext(ctx, `SELECT min(next_at) FROM feed`).Scan(&first); err != nil {
		return next, fmt.Errorf("find the next feed: %w", err)
	}
	return moment(first), nil
}

func (t *tx) startFeed(ctx context.Context, id string) error {
	f, err := scanFeed(t.QueryRowContext(ctx, selectFeed+`WHERE f.id = ? AND f.next_at <= ?`, id, t.now.UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil // another process has begun it, or somebody has changed it
	}
	if err != nil {
		return fmt.Errorf("find feed: %w", err)
	}
	var busy int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM import_job WHERE id = ? AND ended_at IS NULL AND (state <> 'ready' OR file IS NOT NULL)`, f.job).Scan(&busy); err != nil {
		return fmt.Errorf("find the last import of a feed: %w", err)
	}
	next, job := t.now.Add(feedAgain), f.job
	if busy == 0 {
		made, err := t.createImport(ctx, overlay.Import{Org: f.Org, Source: overlay.CheckedSource(f.URL), Currency: f.Currency, Feed: f.ID}, ImportFile{Name: t.s.newID(), Address: f.URL}, "feed")
		switch {
		case err == nil:
			job, next = made.ID, t.now.Add(f.Every())
		case overlay.CodeOf(err) != overlay.TooMany:
			return err
		}
	}
	if _, err := t.ExecContext(ctx, `UPDATE feed SET job = ?, next_at = ? WHERE id = ?`, orNull(job), next.UnixMilli(), f.ID); err != nil {
		return fmt.Errorf("begin import of feed: %w", err)
	}
	return nil
}
