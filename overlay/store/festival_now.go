package store

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// FestivalPlace is a room of a festival, with whose it is and where.
type FestivalPlace struct {
	Slug, Title  string
	Org, OrgName string
	Region       string
	Since        time.Time // since when it takes part
}

// regionOf is the region of a part p of a festival, with the organisation o of its room.
const regionOf = `coalesce(nullif(p.region, ''), o.region, '')`

// FestivalPlaces gives the rooms that take part in a festival now.
func (s *Store) FestivalPlaces(ctx context.Context, slug string) ([]FestivalPlace, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (p FestivalPlace, err error) {
		var since int64
		err = row.Scan(&p.Slug, &p.Title, &p.Org, &p.OrgName, &p.Region, &since)
		p.Since = at0(since)
		return p, err
	}, `SELECT r.slug, r.title, o.id, o.name, `+regionOf+`, k.since FROM festival_room k JOIN festival_part p ON p.id = k.part JOIN room r ON r.id = k.room JOIN org o ON o.id = r.org
		WHERE k.festival = ? AND k.until IS NULL AND r.deleting_at IS NULL ORDER BY r.title, r.slug LIMIT ?`, slug, overlay.MaxFestivalRooms)
	if err != nil {
		return nil, fmt.Errorf("find rooms of a festival: %w", err)
	}
	return all, nil
}

const inFestival = `s.rehearsal = 0 AND s.deleting_at IS NULL AND r.deleting_at IS NULL AND EXISTS (SELECT 1 FROM festival_room k WHERE k.festival = ? AND k.room = s.room AND k.until IS NULL) `

// FestivalOpen gives the shows of a festival's rooms that are on air, or off it for a moment.
// Rehearsals are left out.
func (s *Store) FestivalOpen(ctx context.Context, slug string) ([]overlay.Show, error) {
	all, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE `+inFestival+`AND (s.state = 'live' OR s.state = 'paused' AND s.paused_at > ?) ORDER BY s.id LIMIT ?`,
		slug, s.now().Add(-overlay.ShowGrace).UnixMilli(), overlay.MaxFestivalRooms)
	if err != nil {
		return nil, fmt.Errorf("find shows of a festival that are on: %w", err)
	}
	return all, nil
}

// FestivalPlanned gives at most limit shows of a festival's rooms that are planned in it and
// can still begin, the next one first. Rehearsals are left out.
func (s *Store) FestivalPlanned(ctx context.Context, f overlay.Festival, limit int) ([]overlay.Show, error) {
	all, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE `+inFestival+`AND s.state = 'planned' AND s.starts_at > ? AND s.starts_at >= ? AND s.starts_at < ? ORDER BY s.starts_at, s.id LIMIT ?`,
		f.Slug, s.now().Add(-overlay.PlannedLate).UnixMilli(), f.Starts.UnixMilli(), f.Ends.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("find planned shows of a festival: %w", err)
	}
	return all, nil
}

// FestivalProduct is a product that viewers have seen in a show of a festival that has ended,
// as the catalogue has it today.
type FestivalProduct struct {
	Show, Room string
	Product    overlay.Product
}

// FestivalShown gives at most limit products that were pinned in shows of a festival that
// have ended, those of the latest shows first; a product of several shows may come several times.
func (s *Store) FestivalShown(ctx context.Context, f overlay.Festival, limit int) ([]FestivalProduct, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (p FestivalProduct, err error) {
		var body []byte
		if err := row.Scan(&p.Show, &p.Room, &body); err != nil {
			return p, err
		}
		p.Product, err = scanProduct(one{body})
		return p, err
	}, `SELECT s.id, r.slug, v.body FROM (SELECT DISTINCT n.show, n.product FROM pin n JOIN show s ON s.id = n.show JOIN room r ON r.id = s.room
			WHERE `+inFestival+`AND s.state = 'ended' AND s.started_at >= ? AND s.started_at < ?) x
		JOIN show s ON s.id = x.show JOIN room r ON r.id = s.room JOIN product p ON p.id = x.product AND p.deleted_at IS NULL JOIN product_rev v ON v.product = p.id AND v.rev = p.rev
		ORDER BY s.started_at DESC, s.id, p.id LIMIT ?`, f.Slug, f.Starts.UnixMilli(), f.Ends.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("find what a festival has shown: %w", err)
	}
	return all, nil
}

// FestivalNow is what is on in a festival.
type FestivalNow struct {
	Festival overlay.Festival
	Places   []FestivalPlace
	Open     []overlay.Show // on air, or off it for a moment
	Planned  []overlay.Show
}

// FestivalNow gives what is on in a festival, with at most so many planned shows.
func (s *Store) FestivalNow(ctx context.Context, f overlay.Festival, planned int) (now FestivalNow, err error) {
	now.Festival = f
	if now.Places, err = s.FestivalPlaces(ctx, f.Slug); err != nil {
		return now, err
	}
	if now.Open, err = s.FestivalOpen(ctx, f.Slug); err != nil {
		return now, err
	}
	now.Planned, err = s.FestivalPlanned(ctx, f, planned)
	return now, err
}
