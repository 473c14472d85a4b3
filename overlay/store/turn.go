package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

const (
	// orderMoment is the moment of the picture at which an order o was decided: that of its
	// click. Of one that somebody gave to a show by hand, or whose click is not known, it is
	// when it was paid.
	orderMoment = `CASE WHEN o.by_hand = 1 THEN coalesce(o.paid_at, 0) ELSE coalesce(o.moment, o.paid_at, 0) END`

	// presenterThen gives who presented a show at a moment, '' if nobody did: show and at are
	// SQL for them. Moments before the first turn are of its host.
	presenterThen = `coalesce((SELECT d.host FROM show_host d WHERE d.show = %[1]s AND d.from_at <= %[2]s ORDER BY d.from_at DESC LIMIT 1),
		(SELECT d.host FROM show_host d WHERE d.show = %[1]s ORDER BY d.from_at LIMIT 1), '')`
)

// presenterOfOrder gives who presented at the moment of an order o.
var presenterOfOrder = fmt.Sprintf(presenterThen, `o.show`, orderMoment)

// noteMoments keeps at orders which moment of the picture their clicks were of: clicks are
// swept, and orders stay.
func (t *tx) noteMoments(ctx context.Context, orders string) error {
	_, err := t.ExecContext(ctx, `UPDATE shop_order SET moment = (SELECT coalesce(k.moment, k.at) FROM click k WHERE k.id = shop_order.click)
		WHERE moment IS NULL AND click IS NOT NULL AND id IN `+t.s.dialect.List()+` AND EXISTS (SELECT 1 FROM click k WHERE k.id = shop_order.click)`, orders)
	if err != nil {
		return fmt.Errorf("keep the moments of orders: %w", err)
	}
	return nil
}

func turnsOf(ctx context.Context, q querier, show string) (turns []overlay.TurnAt, told []int64, err error) {
	turns, err = collect(ctx, q, func(row scanner) (x overlay.TurnAt, err error) {
		var from, at int64
		err = row.Scan(&x.Host, &from, &at)
		if told = append(told, at); from > 0 {
			x.From = at0(from)
		}
		return x, err
	}, `SELECT host, from_at, told_at FROM show_host WHERE show = ? ORDER BY from_at`, show)
	if err != nil {
		return nil, nil, fmt.Errorf("read the turns of a show: %w", err)
	}
	return turns, told, nil
}

// hostNames gives the names of all hosts of a show, also of those who are deleted.
func hostNames(ctx context.Context, q querier, show string) (map[string]string, error) {
	names := map[string]string{}
	_, err := collect(ctx, q, func(row scanner) (none struct{}, err error) {
		var id, name string
		err = row.Scan(&id, &name)
		names[id] = name
		return none, err
	}, `SELECT id, name FROM host WHERE id IN (SELECT host FROM show_host WHERE show = ?1 UNION SELECT host FROM show_roster WHERE show = ?1)`, show)
	if err != nil {
		return nil, fmt.Errorf("read the names of hosts: %w", err)
	}
	return names, nil
}

// Roster tells who may present a show, and who did when.
func (s *Store) Roster(ctx context.Context, show string) (overlay.Roster, error) {
	return roster(ctx, s.reader, show)
}

func roster(ctx context.Context, q querier, show string) (out overlay.Roster, err error) {
	if _, err = getShow(ctx, q, show); err != nil {
		return out, err
	}
	out = overlay.Roster{Show: show, Turns: []overlay.Turn{}}
	out.Hosts, err = collect(ctx, q, func(row scanner) (h overlay.RosterHost, err error) { return h, row.Scan(&h.ID, &h.Name) },
		`SELECT h.id, h.name FROM show_roster r JOIN host h ON h.id = r.host WHERE r.show = ? AND h.deleted_at IS NULL ORDER BY r.place, h.id`, show)
	if err != nil {
		return out, fmt.Errorf("read the roster of a show: %w", err)
	}
	if out.Hosts == nil {
		out.Hosts = []overlay.RosterHost{}
	}
	names, err := hostNames(ctx, q, show)
	if err != nil {
		return out, err
	}
	turns, told, err := turnsOf(ctx, q, show)
	if err != nil {
		return out, err
	}
	stamp := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	for i, t := range turns {
		turn := overlay.Turn{Host: t.Host, Name: names[t.Host], From: stamp(t.From)}
		if told[i] > 0 {
			turn.Told = stamp(at0(told[i]))
		}
		if i+1 < len(turns) {
			turn.To = stamp(turns[i+1].From)
		}
		out.Turns, out.Presenting = append(out.Turns, turn), t.Host
	}
	return out, nil
}

// SetRoster says who may present a show, in order. turns, where they are not nil, say who
// did when: what was sold follows them, in lines of today where it was another's.
func (s *Store) SetRoster(ctx context.Context, show string, hosts []string, turns []overlay.TurnAt, actor string) (out overlay.Roster, err error) {
	if turns, err = overlay.CheckTurns(turns); err != nil {
		return out, err
	}
	if len(hosts) > overlay.MostRoster {
		return out, overlay.Errorf(overlay.Invalid, "hosts: at most %d are kept", overlay.MostRoster)
	}
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		of, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		for _, id := range hosts {
			if _, err := t.hostOf(ctx, of, id); err != nil {
				return err
			}
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM show_roster WHERE show = ?`, show); err != nil {
			return fmt.Errorf("empty the roster of a show: %w", err)
		}
		for i, id := range hosts {
			if slices.Contains(hosts[:i], id) {
				return overlay.Errorf(overlay.Invalid, "hosts: names one twice")
			}
			if _, err := t.ExecContext(ctx, `INSERT INTO show_roster(show, host, place) VALUES (?,?,?)`, show, id, i); err != nil {
				return fmt.Errorf("keep the roster of a show: %w", err)
			}
		}
		if turns != nil {
			for _, turn := range turns {
				if turn.Host == "" || slices.Contains(hosts, turn.Host) {
					continue
				}
				return overlay.Errorf(overlay.Invalid, "turns: name a host who is not among hosts")
			}
			if err := t.setTurns(ctx, show, turns); err != nil {
				return err
			}
			if err := t.settleShow(ctx, show, true); err != nil {
				return err
			}
		}
		if err := t.auditIn(ctx, of.Org, actor, "show.hosts", of.Title); err != nil {
			return err
		}
		out, err = roster(ctx, t, show)
		return err
	})
	return out, err
}

// hostOf gives a host of the organisation of a show.
func (t *tx) hostOf(ctx context.Context, show overlay.Show, id string) (overlay.Presenter, error) {
	p, err := presenter(ctx, t, id)
	if err == nil && p.Org != show.Org {
		err = overlay.Errorf(overlay.Invalid, "host: is of another organisation than the show")
	}
	return p, err
}

// setTurns writes who presents from when on, instead of what was known.
func (t *tx) setTurns(ctx context.Context, show string, turns []overlay.TurnAt) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM show_host WHERE show = ?`, show); err != nil {
		return fmt.Errorf("forget the turns of a show: %w", err)
	}
	for _, turn := range turns {
		if err := t.addTurn(ctx, show, turn); err != nil {
			return err
		}
	}
	return t.notePresenter(ctx, show)
}

func (t *tx) addTurn(ctx context.Context, show string, turn overlay.TurnAt) error {
	var from int64
	if !turn.From.IsZero() {
		from = turn.From.UnixMilli()
	}
	_, err := t.ExecContext(ctx, `INSERT INTO show_host(show, from_at, host, told_at) VALUES (?,?,?,?) ON CONFLICT (show, from_at) DO UPDATE SET host = excluded.host, told_at = excluded.told_at`,
		show, from, turn.Host, t.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep a turn of a show: %w", err)
	}
	return nil
}

// notePresenter keeps at the show who presents last.
func (t *tx) notePresenter(ctx context.Context, show string) error {
	_, err := t.ExecContext(ctx, `UPDATE show SET presenter = (SELECT CASE WHEN host = '' THEN NULL ELSE host END FROM show_host WHERE show = ?1 ORDER BY from_at DESC LIMIT 1) WHERE id = ?1`, show)
	if err != nil {
		return fmt.Errorf("set the host of a show: %w", err)
	}
	return nil
}

// pictureNow is the moment of the picture that the host of a show sees made now: viewers
// see it later by the delay that cues have, too.
func (t *tx) pictureNow(ctx context.Context, show string) (time.Time, error) {
	var delay sql.NullInt64
	err := t.QueryRowContext(ctx, `SELECT r.cue_delay FROM show s JOIN room r ON r.id = s.room WHERE s.id = ?`, show).Scan(&delay)
	if err != nil {
		return t.now, fmt.Errorf("read the delay of cues: %w", err)
	}
	return at0(t.now.UnixMilli() + delay.Int64), nil
}

// Present says that a host of the roster presents from now on. Before a show is on air it
// says who begins.
func (s *Store) Present(ctx context.Context, show, host, actor string) (out overlay.Roster, err error) {
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		of, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		if of.State == overlay.ShowEnded {
			return overlay.Errorf(overlay.Conflict, "the show has ended: set the times of its hosts instead")
		}
		was, err := roster(ctx, t, show)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(was.Hosts, func(h overlay.RosterHost) bool { return h.ID == host })
		if i < 0 {
			return overlay.Errorf(overlay.Invalid, "host: is not in the roster of this show")
		}
		if out = was; was.Presenting == host && len(was.Turns) > 0 {
			return nil
		}
		if len(was.Turns) >= overlay.MostTurns {
			return overlay.Errorf(overlay.Conflict, "the show has had %d turns of hosts, which is the most that are kept", overlay.MostTurns)
		}
		if err := t.handOver(ctx, of, host, len(was.Turns) == 0); err != nil {
			return err
		}
		if err := t.auditIn(ctx, of.Org, actor, "show.host", was.Hosts[i].Name); err != nil {
			return err
		}
		out, err = roster(ctx, t, show)
		return err
	})
	return out, err
}

// handOver begins the turn of a host. The first one of a show has also what was before it.
func (t *tx) handOver(ctx context.Context, show overlay.Show, host string, first bool) error {
	if first || show.State == overlay.ShowPlanned {
		if err := t.setTurns(ctx, show.ID, []overlay.TurnAt{{Host: host}}); err != nil {
			return err
		}
		return t.settleShow(ctx, show.ID, false)
	}
	from, err := t.pictureNow(ctx, show.ID)
	if err != nil {
		return err
	}
	if err := t.addTurn(ctx, show.ID, overlay.TurnAt{Host: host, From: from}); err != nil {
		return err
	}
	return t.notePresenter(ctx, show.ID)
}

// TakeBackTurn takes back the last hand-over, which was to this host and not long ago.
func (s *Store) TakeBackTurn(ctx context.Context, show, host, actor string) (out overlay.Roster, err error) {
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		of, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		was, err := roster(ctx, t, show)
		if err != nil {
			return err
		}
		if len(was.Turns) == 0 || was.Presenting != host {
			return overlay.Errorf(overlay.Conflict, "this host does not present any more")
		}
		last := was.Turns[len(was.Turns)-1]
		if last.Told == nil || t.now.Sub(*last.Told) > overlay.UndoTurn {
			return overlay.Errorf(overlay.Conflict, "the hand-over is too long ago to be taken back: set the times of the hosts instead")
		}
		var from int64
		if last.From != nil {
			from = last.From.UnixMilli()
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM show_host WHERE show = ? AND from_at = ?`, show, from); err != nil {
			return fmt.Errorf("take a turn back: %w", err)
		}
		if err := t.notePresenter(ctx, show); err != nil {
			return err
		}
		if err := t.settleShow(ctx, show, true); err != nil {
			return err
		}
		if err := t.auditIn(ctx, of.Org, actor, "show.host_back", last.Name); err != nil {
			return err
		}
		out, err = roster(ctx, t, show)
		return err
	})
	return out, err
}
