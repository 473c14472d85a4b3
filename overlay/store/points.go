package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
)

// A ticket is when a viewer came to a show, signed: nothing is written for viewers who watch.

// PointTicket makes the ticket of a viewer who comes now.
func (s *Store) PointTicket(show, viewer string) string {
	at := strconv.FormatInt(s.now().UnixMilli(), 36)
	return at + "_" + s.signTicket(show, viewer, at)
}

// TicketTime reads a ticket; false: it is not one of this viewer in this show.
func (s *Store) TicketTime(show, viewer, ticket string) (time.Time, bool) {
	at, sum, _ := strings.Cut(ticket, "_")
	ms, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !hmac.Equal([]byte(sum), []byte(s.signTicket(show, viewer, at))) {
		return time.Time{}, false
	}
	return time.UnixMilli(ms).UTC(), true
}

func (s *Store) signTicket(show, viewer, at string) string {
	return fmt.Sprintf("%x", s.secret.hash("point ticket", show+"\x00"+viewer+"\x00"+at)[:16])
}

// PointCode is the code of a viewer's shared links in a show. It does not tell the viewer's
// number, and nobody makes that of another.
func (s *Store) PointCode(show, viewer string) string {
	n := new(big.Int).SetBytes(s.secret.hash("point code", show+"\x00"+viewer)).Text(36)
	return n[len(n)-12:]
}

// PointFriend notes that somebody came by a shared link: each buyer once. Only shows with an
// open reward note it, and nobody is a friend of their own.
func (s *Store) PointFriend(ctx context.Context, show, viewer, code, buyer string) error {
	if overlay.ParseRef(code) == "" || code == s.PointCode(show, viewer) {
		return nil
	}
	open, err := s.RewardsOpen(ctx, show)
	if err != nil || len(open) == 0 {
		return err
	}
	return s.behind(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO point_friend(show, code, buyer) SELECT id, CAST(? AS TEXT), CAST(? AS TEXT) FROM show WHERE id = ? ON CONFLICT (show, code, buyer) DO NOTHING`, code, buyer, show)
		if err != nil {
			return fmt.Errorf("note who came by a link: %w", err)
		}
		return nil
	})
}

// PointRates gives those of the room of a show.
func (s *Store) PointRates(ctx context.Context, show string) (overlay.PointRates, error) {
	return pointRates(ctx, s.reader, show)
}

func pointRates(ctx context.Context, q querier, show string) (overlay.PointRates, error) {
	var body sql.NullString
	rates := overlay.DefaultPoints()
	err := q.QueryRowContext(ctx, `SELECT p.body FROM show s LEFT JOIN point_setting p ON p.room = s.room WHERE s.id = ?`, show).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return rates, overlay.Errorf(overlay.NotFound, "there is no such show")
	case err != nil:
		return rates, fmt.Errorf("read the rates of points: %w", err)
	case body.Valid:
		err = json.Unmarshal([]byte(body.String), &rates)
	}
	return rates, err
}

// SetPointRates sets them, for all shows of the room.
func (s *Store) SetPointRates(ctx context.Context, show string, rates overlay.PointRates, actor string) error {
	if err := rates.Checked(); err != nil {
		return err
	}
	text, err := json.Marshal(rates)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		if before, err := pointRates(ctx, t, show); err != nil || before == rates {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO point_setting(room, body) SELECT room, CAST(? AS TEXT) FROM show WHERE id = ? ON CONFLICT (room) DO UPDATE SET body = excluded.body`, string(text), show)
		if err != nil {
			return fmt.Errorf("set the rates of points: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "points.rates", found.Room)
	})
}

// Points gives those of a viewer who came at a time, with the rewards of the show.
func (s *Store) Points(ctx context.Context, show, viewer string, since time.Time) (overlay.Points, error) {
	p, err := s.pointsOf(ctx, s.reader, show, viewer, since, s.now())
	if err != nil {
		return p, err
	}
	p.Open, err = s.RewardsOpen(ctx, show)
	return p, err
}

func (s *Store) pointsOf(ctx context.Context, q querier, show, viewer string, since, now time.Time) (p overlay.Points, err error) {
	if p.Rates, err = pointRates(ctx, q, show); err != nil {
		return p, err
	}
	on, err := collect(ctx, q, scanBroadcast, selectBroadcast+`WHERE b.show = ? ORDER BY b.begun_at, b.epoch`, show)
	if err != nil {
		return p, fmt.Errorf("find when a show was on air: %w", err)
	}
	p.Minutes = overlay.MinutesOnAir(on, since, now)
	err = q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM comment WHERE viewer = ?1 AND show = ?2 AND deleted_at IS NULL AND shadow = 0),
		(SELECT count(*) FROM point_friend WHERE show = ?2 AND code = ?3)`, viewer, show, s.PointCode(show, viewer)).Scan(&p.Comments, &p.Friends)
	if err != nil {
		return p, fmt.Errorf("count points: %w", err)
	}
	taken, err := collect(ctx, q, func(row scanner) (id string, err error) {
		var points int64
		err = row.Scan(&id, &points)
		p.Spent += points
		return id, err
	}, `SELECT t.reward, t.points FROM reward_taken t JOIN reward w ON w.id = t.reward WHERE w.show = ? AND t.viewer = ? ORDER BY t.reward`, show, viewer)
	if err != nil {
		return p, fmt.Errorf("find spent points: %w", err)
	}
	p.Taken = append([]string{}, taken...)
	p.Points = p.Rates.Points(p.Earned)
	return p, nil
}
