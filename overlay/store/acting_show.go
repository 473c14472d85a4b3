package store

import (
	"context"

	"mediad/overlay"
)

func (a Acting) GetShow(ctx context.Context, show string) (overlay.Show, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Show, error) { return a.s.GetShow(ctx, show) })
}

// ShowNow gives a show with what is pinned in it.
func (a Acting) ShowNow(ctx context.Context, show string) (now overlay.Show, pins []overlay.Pin, err error) {
	if err := a.ofShow(ctx, overlay.Read, show); err != nil {
		return now, nil, err
	}
	return a.s.ShowNow(ctx, show)
}

func (a Acting) ListShows(ctx context.Context, room, before string, limit int) ([]overlay.Show, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() ([]overlay.Show, error) { return a.s.ListShows(ctx, room, before, limit) })
}

// FindShows gives a page of the shows that the actor sees.
func (a Acting) FindShows(ctx context.Context, which Shows, before string, limit int) ([]overlay.Show, error) {
	in, err := a.scope(ctx, overlay.Read, which.Org)
	which.In = in
	return allowed(err, func() ([]overlay.Show, error) { return a.s.FindShows(ctx, which, before, limit) })
}

func (a Acting) PlanShow(ctx context.Context, room string, plan overlay.Plan, once Once) (overlay.Show, error) {
	return allowed(a.inRoom(ctx, overlay.Run, room), func() (overlay.Show, error) { return a.s.PlanShow(ctx, room, plan, a.who.Name, once) })
}

func (a Acting) ChangeShow(ctx context.Context, show string, c ShowChange) (overlay.Show, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Show, error) { return a.s.ChangeShow(ctx, show, c, a.who.Name) })
}

// BeginDeletion is for owners where there may be a recording. A show that is only planned
// is taken back by whoever plans shows.
func (a Acting) BeginDeletion(ctx context.Context, show string) (overlay.Show, error) {
	err := a.ofShow(ctx, overlay.Own, show)
	if overlay.CodeOf(err) == overlay.Forbidden {
		if found, lost := a.s.GetShow(ctx, show); lost == nil && found.State == overlay.ShowPlanned {
			err = a.ofShow(ctx, overlay.Run, show)
		}
	}
	return allowed(err, func() (overlay.Show, error) { return a.s.BeginDeletion(ctx, show, a.who.Name) })
}

func (a Acting) Broadcasts(ctx context.Context, show string) ([]overlay.Broadcast, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Broadcast, error) { return a.s.Broadcasts(ctx, show) })
}

func (a Acting) HostsAfter(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Event, error) { return a.s.HostsAfter(ctx, show, pos, limit) })
}

func (a Acting) HostsBefore(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Event, error) { return a.s.HostsBefore(ctx, show, pos, limit) })
}

func (a Acting) GetLineup(ctx context.Context, show string) (overlay.Lineup, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Lineup, error) { return a.s.GetLineup(ctx, show) })
}

func (a Acting) SetLineup(ctx context.Context, show string, n overlay.NewLineup) (overlay.Lineup, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Lineup, error) { return a.s.SetLineup(ctx, show, n, a.who.Name) })
}

func (a Acting) ChangeLine(ctx context.Context, show, product string, c overlay.LineChange) (overlay.Lineup, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, show), func() (overlay.Lineup, error) { return a.s.ChangeLine(ctx, show, product, c, a.who.Name) })
}

func (a Acting) Watched(ctx context.Context, show string) (overlay.Watched, error) {
	return allowed(a.ofShow(ctx, overlay.Figures, show), func() (overlay.Watched, error) { return a.s.Watched(ctx, show) })
}

// ShowFigures gives the figures of those shows of which the actor may see them.
func (a Acting) ShowFigures(ctx context.Context, shows []string) (map[string]overlay.ShowFigures, error) {
	return a.s.ShowFigures(ctx, a.who.Scope(overlay.Figures), shows)
}

func (a Acting) PlaceLine(ctx context.Context, show, product string, to overlay.Place) (overlay.Lineup, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, show), func() (overlay.Lineup, error) { return a.s.PlaceLine(ctx, show, product, to, a.who.Name) })
}

func (a Acting) RemoveLine(ctx context.Context, show, product string, rev *int64) (overlay.Lineup, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, show), func() (overlay.Lineup, error) { return a.s.RemoveLine(ctx, show, product, rev, a.who.Name) })
}

func (a Acting) ShowClicks(ctx context.Context, show string) (int64, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (int64, error) { return a.s.ShowClicks(ctx, show) })
}

func (a Acting) Clicks(ctx context.Context, r ClickRange, after string, limit int) ([]overlay.Click, error) {
	return allowed(a.ofShow(ctx, overlay.Figures, r.Show), func() ([]overlay.Click, error) { return a.s.Clicks(ctx, r, after, limit) })
}

func (a Acting) CountClicks(ctx context.Context, r ClickRange) ([]overlay.ClickCount, error) {
	return allowed(a.ofShow(ctx, overlay.Figures, r.Show), func() ([]overlay.ClickCount, error) { return a.s.CountClicks(ctx, r) })
}
