package store

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// PlanShow plans a show of a room ahead.
func (s *Store) PlanShow(ctx context.Context, slug string, plan overlay.Plan, actor string, o Once) (overlay.Show, error) {
	var show overlay.Show
	err := s.write(ctx, func(t *tx) (err error) {
		show, err = once(ctx, t, "shows", o, func() (string, overlay.Show, error) {
			plan, err := plan.Checked(t.now)
			if err != nil {
				return "", overlay.Show{}, err
			}
			room, err := roomBySlug(ctx, t, slug)
			if err != nil {
				return "", overlay.Show{}, err
			}
			var planned int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM show WHERE room = ? AND state = 'planned'`, room.ID).Scan(&planned); err != nil {
				return "", overlay.Show{}, fmt.Errorf("count planned shows: %w", err)
			}
			if planned >= overlay.MaxPlanned {
				return "", overlay.Show{}, overlay.Errorf(overlay.Conflict, "the room has %d planned shows, and more are not allowed; delete some first", planned)
			}
			made, err := t.planShow(ctx, room, plan)
			if err != nil {
				return "", overlay.Show{}, err
			}
			return made.ID, made, t.audit(ctx, actor, "show.plan", made.ID)
		}, func(id string) (overlay.Show, error) { return getShow(ctx, t, id) })
		return err
	})
	return show, err
}

// planShow adds a planned show.
func (t *tx) planShow(ctx context.Context, room overlay.Room, plan overlay.Plan) (overlay.Show, error) {
	show := plan.On(overlay.Show{ID: t.s.newID(), Room: room.Slug, Title: room.Title, Org: room.Org, State: overlay.ShowPlanned, Rev: 1, By: t.by, Changed: at0(t.now.UnixMilli())})
	if err := t.useShowPicture(ctx, show.Picture); err != nil {
		return show, err
	}
	_, err := t.ExecContext(ctx, `INSERT INTO show(id, room, title, org, state, created_at, starts_at, timezone, picture, rehearsal, plan_rev, plan_by, plan_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		show.ID, room.ID, show.Title, show.Org, show.State, t.now.UnixMilli(), millis(show.Starts), show.Timezone, show.Picture, truth(show.Rehearsal), show.Rev, byText(show.By), millis(show.Changed))
	if err != nil {
		return show, fmt.Errorf("plan show: %w", err)
	}
	t.changed = true
	return show, nil
}

// truth is how a truth is kept.
func truth(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// replan lays a plan over a show, and records who did. A plan that was made on another
// revision is a conflict.
func (t *tx) replan(ctx context.Context, show overlay.Show, plan overlay.Plan, actor string) (overlay.Show, error) {
	plan, err := plan.Checked(t.now)
	if err != nil {
		return show, err
	}
	if plan.Rev != nil && *plan.Rev != show.Rev {
		return show, overlay.Errorf(overlay.Conflict, "rev: the plan of the show has been changed since (it is at %d); read it again", show.Rev)
	}
	after := plan.On(show)
	if after == show {
		return show, nil
	}
	if plan.Planned() && show.State != overlay.ShowPlanned {
		return show, overlay.Errorf(overlay.Conflict, "the show has begun: only its title, its picture and how long it is kept can change")
	}
	if after.Picture != show.Picture {
		if err := t.useShowPicture(ctx, after.Picture); err != nil {
			return show, err
		}
	}
	renamed, only := after.Title != show.Title, show
	only.Title = after.Title
	replanned := after != only
	if after.By = t.by; after.By.Name == "" {
		after.By.Name = actor
	}
	after.Rev, after.Changed = show.Rev+1, at0(t.now.UnixMilli())
	_, err = t.ExecContext(ctx, `UPDATE show SET title = ?, starts_at = ?, timezone = ?, picture = ?, rehearsal = ?, plan_rev = ?, plan_by = ?, plan_at = ? WHERE id = ?`,
		after.Title, millis(after.Starts), after.Timezone, after.Picture, truth(after.Rehearsal), after.Rev, byText(after.By), millis(after.Changed), show.ID)
	if err != nil {
		return show, fmt.Errorf("change show: %w", err)
	}
	t.changed = true
	if renamed {
		if err := t.audit(ctx, actor, "show.rename", show.ID, overlay.Altered{Field: "title", From: show.Title, To: after.Title}); err != nil {
			return show, err
		}
	}
	if !replanned {
		return after, nil
	}
	return after, t.audit(ctx, actor, "show.replan", show.ID, overlay.AlteredPlan(show, after)...)
}

// dropPlanned takes back a show that was never on air. It ends, so that docks that
// follow it are told; its line-up goes, and lists leave it out.
func (t *tx) dropPlanned(ctx context.Context, show overlay.Show, actor string) (overlay.Show, error) {
	if _, err := t.endShow(ctx, show, t.now); err != nil {
		return show, err
	}
	if err := t.beginDeletion(ctx, &show); err != nil {
		return show, err
	}
	for _, statement := range []string{`DELETE FROM lineup WHERE show = ?`, `UPDATE offer SET told = 2, due = NULL WHERE show = ?`, `UPDATE show SET deleted_at = deleting_at WHERE id = ?`} {
		if _, err := t.ExecContext(ctx, statement, show.ID); err != nil {
			return show, fmt.Errorf("take back a planned show: %w", err)
		}
	}
	show.State, show.Ended, show.Deleted = overlay.ShowEnded, t.now, t.now
	return show, t.audit(ctx, actor, "show.delete", show.ID)
}

// Shows says which shows to list; "": all.
type Shows struct {
	In    overlay.Scope
	Org   string // with those below it; for what an actor asks
	Room  string // slug
	State overlay.ShowState
	// From and Until bound when a show began or, before that, is planned for; zero: open.
	From, Until time.Time
	Text        string // words of the title, in part or whole
}

// FindShows gives at most limit shows that come before the given id ("": from the
// newest on), newest first. Shows that were taken back before they began are left
// out.
func (s *Store) FindShows(ctx context.Context, which Shows, before string, limit int) ([]overlay.Show, error) {
	room := ""
	if which.Room != "" {
		r, err := s.RoomBySlug(ctx, which.Room)
		if err != nil {
			return nil, err
		}
		room = r.ID
	}
	where, args := s.scoped(which.In, "s.org", "r.slug")
	worded, words := wordedAs(which.Text, "s.title")
	where, args = where+worded, append(args, words...)
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE `+where+` AND r.deleting_at IS NULL AND (? = '' OR s.room = ?) AND (? = '' OR s.state = ?)
		AND NOT (s.deleted_at IS NOT NULL AND s.started_at IS NULL) AND (? = '' OR s.id < ?)
		AND (CAST(? AS BIGINT) IS NULL OR coalesce(s.started_at, s.starts_at) >= ?) AND (CAST(? AS BIGINT) IS NULL OR coalesce(s.started_at, s.starts_at) < ?) ORDER BY s.id DESC LIMIT ?`,
		append(args, room, room, which.State, which.State, before, before, millis(which.From), millis(which.From), millis(which.Until), millis(which.Until), limit)...)
	if err != nil {
		return nil, fmt.Errorf("find shows: %w", err)
	}
	return shows, nil
}
