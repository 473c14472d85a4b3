package store

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// FestivalReport sums up the shows of a festival: those that began in it, in rooms that took
// part. It has all of these shows, with their audience, and nothing of any other.
func (s *Store) FestivalReport(ctx context.Context, f overlay.Festival, by overlay.SummaryBy) (out overlay.Summary, err error) {
	at, parts := s.now(), overlay.SummaryParts{Names: map[string]overlay.SummaryName{}}
	if parts.Shows, err = s.festivalShows(ctx, f, at); err != nil {
		return out, err
	}
	if len(parts.Shows) > overlay.MaxSummaryShows {
		return out, overlay.Errorf(overlay.TooLarge, "more than %d shows began in these days: ask for fewer days", overlay.MaxSummaryShows)
	}
	of, rows := summed{s: s, at: at}, map[string]string{} // by show
	for _, show := range parts.Shows {
		of.whole = append(of.whole, show.ID)
		switch by {
		case overlay.ByRoom:
			rows[show.ID] = show.Room
		case overlay.ByRegion:
			rows[show.ID] = show.Region
		}
	}
	row, seen := map[overlay.SummaryBy]string{overlay.ByHost: `coalesce(o.host, s.org)`, overlay.ByOrg: `o.org`}[by], by
	if row == "" {
		row = `o.show`
	}
	if len(rows) > 0 {
		seen = overlay.ByShow
	}
	if parts.Sales, err = of.sales(ctx, row); err != nil {
		return out, err
	}
	if by == overlay.ByProduct {
		if parts.Lines, err = of.lines(ctx); err != nil {
			return out, err
		}
	}
	if parts.Seen, err = of.seen(ctx, seen); err != nil {
		return out, err
	}
	if len(rows) > 0 {
		for i := range parts.Sales {
			parts.Sales[i].Row = rows[parts.Sales[i].Show]
		}
		for i := range parts.Seen {
			parts.Seen[i].Row = rows[parts.Seen[i].Show]
		}
	}
	if err := s.nameFestival(ctx, f, by, parts); err != nil {
		return out, err
	}
	return overlay.MakeSummary(by, f.Days(), at, parts)
}

// nameFestival names the rows of a report of a festival.
func (s *Store) nameFestival(ctx context.Context, f overlay.Festival, by overlay.SummaryBy, parts overlay.SummaryParts) error {
	switch by {
	case overlay.ByProduct:
		return s.nameProducts(ctx, parts)
	case overlay.ByHost, overlay.ByOrg:
		return s.nameOrgs(ctx, parts.Names)
	case overlay.ByRegion:
		for _, show := range parts.Shows {
			around := ""
			for _, step := range overlay.RegionSteps(show.Region) {
				parts.Names[step] = overlay.SummaryName{Name: step, Org: around}
				around = step
			}
		}
	case overlay.ByRoom:
		_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
			var slug string
			var n overlay.SummaryName
			err = row.Scan(&slug, &n.Name, &n.Org)
			parts.Names[slug] = n
			return none, err
		}, `SELECT r.slug, r.title, r.org FROM room r WHERE r.id IN (SELECT room FROM festival_room WHERE festival = ?)`, f.Slug)
		if err != nil {
			return fmt.Errorf("name the rooms of a festival: %w", err)
		}
	}
	return nil
}

// festivalShows gives the shows of a festival. A show that had ended before its room took
// part, or that began after the room had left, is none of them.
func (s *Store) festivalShows(ctx context.Context, f overlay.Festival, at time.Time) ([]overlay.SummaryShow, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (x overlay.SummaryShow, err error) {
		var started, onAir int64
		err = row.Scan(&x.ID, &x.Title, &x.Room, &x.Org, &started, &x.Views, &x.ReplayViews, &x.Viewers, &x.ReplayViewers, &onAir, &x.Region)
		x.Started, x.OnAir, x.Whole = at0(started), time.Duration(onAir)*time.Millisecond, true
		return x, err
	}, `SELECT s.id, s.title, r.slug, s.org, s.started_at, coalesce(w.views, 0), coalesce(w.replay_views, 0), coalesce(w.viewers, 0), coalesce(w.replay_viewers, 0),
			CAST((SELECT coalesce(sum(coalesce(b.ended_at, ?) - b.begun_at), 0) FROM broadcast b WHERE b.show = s.id) AS BIGINT),
			coalesce((SELECT nullif(p.region, '') FROM festival_room k JOIN festival_part p ON p.id = k.part WHERE k.festival = ? AND k.room = s.room ORDER BY k.since DESC LIMIT 1), o.region, '')
		FROM show s JOIN room r ON r.id = s.room JOIN org o ON o.id = s.org LEFT JOIN show_watched w ON w.show = s.id
		WHERE s.rehearsal = 0 AND s.started_at >= ? AND s.started_at < ? AND EXISTS (SELECT 1 FROM festival_room k WHERE k.festival = ? AND k.room = s.room
			AND (s.ended_at IS NULL OR s.ended_at > k.since) AND (k.until IS NULL OR s.started_at < k.until))
		ORDER BY s.started_at, s.id LIMIT ?`, at.UnixMilli(), f.Slug, f.Starts.UnixMilli(), f.Ends.UnixMilli(), f.Slug, overlay.MaxSummaryShows+1)
	if err != nil {
		return nil, fmt.Errorf("find the shows of a festival: %w", err)
	}
	return all, nil
}
