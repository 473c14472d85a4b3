package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectFestival = `SELECT slug, org, title, description, picture, starts_at, ends_at, timezone, created_at FROM festival `

func scanFestival(row scanner) (f overlay.Festival, err error) {
	var starts, ends, created int64
	err = row.Scan(&f.Slug, &f.Org, &f.Title, &f.Description, &f.Picture, &starts, &ends, &f.Timezone, &created)
	f.Starts, f.Ends, f.Created = at0(starts), at0(ends), at0(created)
	return f, err
}

func festival(ctx context.Context, q querier, slug string) (overlay.Festival, error) {
	f, err := scanFestival(q.QueryRowContext(ctx, selectFestival+`WHERE slug = ?`, slug))
	if errors.Is(err, sql.ErrNoRows) {
		return f, overlay.Errorf(overlay.NotFound, "there is no such festival")
	}
	if err != nil {
		return f, fmt.Errorf("find festival: %w", err)
	}
	return f, nil
}

// Festival gives a festival by its slug.
func (s *Store) Festival(ctx context.Context, slug string) (overlay.Festival, error) {
	return festival(ctx, s.reader, slug)
}

// Festivals lists at most limit festivals that organisations of a scope hold, behind a slug.
func (s *Store) Festivals(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Festival, error) {
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, scanFestival, selectFestival+`WHERE `+where+` AND slug > ? ORDER BY slug LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list festivals: %w", err)
	}
	return all, nil
}

// CreateFestival makes a festival.
func (s *Store) CreateFestival(ctx context.Context, f overlay.Festival, actor string, o Once) (made overlay.Festival, err error) {
	if f, err = f.Checked(); err != nil {
		return f, err
	}
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "festivals/"+f.Org, o, func() (string, overlay.Festival, error) {
			f := f
			f.Created = at0(t.now.UnixMilli())
			var taken, has int
			if err := t.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM festival WHERE slug = ?), (SELECT count(*) FROM festival WHERE org = ?)`, f.Slug, f.Org).Scan(&taken, &has); err != nil {
				return "", f, fmt.Errorf("count festivals: %w", err)
			}
			if taken > 0 {
				return "", f, overlay.Errorf(overlay.Conflict, "slug: there is a festival of this name; choose another one")
			}
			if has >= overlay.MaxFestivals {
				return "", f, overlay.Errorf(overlay.Conflict, "the organisation has %d festivals, the most that it may have; delete one first", has)
			}
			if err := t.useShowPicture(ctx, f.Picture); err != nil {
				return "", f, err
			}
			_, err := t.ExecContext(ctx, `INSERT INTO festival(slug, org, title, description, picture, starts_at, ends_at, timezone, created_at) VALUES (?,?,?,?,?,?,?,?,?)`,
				f.Slug, f.Org, f.Title, f.Description, f.Picture, f.Starts.UnixMilli(), f.Ends.UnixMilli(), f.Timezone, t.now.UnixMilli())
			if err != nil {
				return "", f, fmt.Errorf("add festival: %w", err)
			}
			return f.Slug, f, t.auditIn(ctx, f.Org, actor, "festival.create", f.Slug)
		}, func(slug string) (overlay.Festival, error) { return festival(ctx, t, slug) })
		return err
	})
	return made, err
}

// ChangeFestival changes a festival, all fields or none.
func (s *Store) ChangeFestival(ctx context.Context, slug string, c overlay.FestivalChange, actor string) (after overlay.Festival, err error) {
	err = s.write(ctx, func(t *tx) error {
		before, err := festival(ctx, t, slug)
		if err != nil {
			return err
		}
		if after, err = before.Changed(c); err != nil || after == before {
			return err
		}
		if after.Picture != before.Picture {
			if err := t.useShowPicture(ctx, after.Picture); err != nil {
				return err
			}
		}
		_, err = t.ExecContext(ctx, `UPDATE festival SET title = ?, description = ?, picture = ?, starts_at = ?, ends_at = ?, timezone = ? WHERE slug = ?`,
			after.Title, after.Description, after.Picture, after.Starts.UnixMilli(), after.Ends.UnixMilli(), after.Timezone, slug)
		if err != nil {
			return fmt.Errorf("change festival: %w", err)
		}
		return t.auditIn(ctx, after.Org, actor, "festival.change", slug)
	})
	return after, err
}

// DeleteFestival deletes a festival. Rooms, shows and figures of its merchants stay theirs.
func (s *Store) DeleteFestival(ctx context.Context, slug, actor string) error {
	return s.write(ctx, func(t *tx) error {
		f, err := festival(ctx, t, slug)
		if err != nil {
			return err
		}
		for _, rows := range []string{`DELETE FROM festival_room WHERE festival = ?`, `DELETE FROM festival_part WHERE festival = ?`, `DELETE FROM festival WHERE slug = ?`} {
			if _, err := t.ExecContext(ctx, rows, slug); err != nil {
				return fmt.Errorf("delete festival: %w", err)
			}
		}
		return t.auditIn(ctx, f.Org, actor, "festival.delete", slug)
	})
}
