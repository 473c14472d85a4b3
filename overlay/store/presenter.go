package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectPresenter = `SELECT id, org, name, commission, created_at FROM host `

func scanPresenter(row scanner) (p overlay.Presenter, err error) {
	var created int64
	err = row.Scan(&p.ID, &p.Org, &p.Name, &p.Commission, &created)
	p.Created = at0(created)
	return p, err
}

func presenter(ctx context.Context, q querier, id string) (overlay.Presenter, error) {
	p, err := scanPresenter(q.QueryRowContext(ctx, selectPresenter+`WHERE id = ? AND deleted_at IS NULL`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, overlay.Errorf(overlay.NotFound, "there is no such host")
	}
	if err != nil {
		return p, fmt.Errorf("find host: %w", err)
	}
	return p, nil
}

// Presenter gives a host by its id.
func (s *Store) Presenter(ctx context.Context, id string) (overlay.Presenter, error) {
	return presenter(ctx, s.reader, id)
}

// Presenters gives hosts of a scope behind an id, oldest first.
func (s *Store) Presenters(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Presenter, error) {
	where, args := s.scoped(in, "org", "")
	all, err := collect(ctx, s.reader, scanPresenter, selectPresenter+`WHERE `+where+` AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", err)
	}
	return all, nil
}

// CreatePresenter makes a host.
func (s *Store) CreatePresenter(ctx context.Context, p overlay.Presenter, actor string, o Once) (made overlay.Presenter, err error) {
	if p, err = p.Checked(); err != nil {
		return p, err
	}
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "hosts/"+p.Org, o, func() (string, overlay.Presenter, error) {
			p := p
			p.ID, p.Created = t.s.newID(), at0(t.now.UnixMilli())
			_, err := t.ExecContext(ctx, `INSERT INTO host(id, org, name, commission, created_at) VALUES (?,?,?,?,?)`, p.ID, p.Org, p.Name, p.Commission, t.now.UnixMilli())
			if err != nil {
				return "", p, fmt.Errorf("add host: %w", err)
			}
			return p.ID, p, t.auditIn(ctx, p.Org, actor, "host.create", p.Name)
		}, func(id string) (overlay.Presenter, error) { return presenter(ctx, t, id) })
		return err
	})
	return made, err
}

// ChangePresenter changes a host. Another share holds for orders that come from now on.
func (s *Store) ChangePresenter(ctx context.Context, id string, c overlay.PresenterChange, actor string) (p overlay.Presenter, err error) {
	err = s.write(ctx, func(t *tx) error {
		if p, err = presenter(ctx, t, id); err != nil {
			return err
		}
		if c.Name != nil {
			p.Name = *c.Name
		}
		if c.Commission != nil {
			p.Commission = *c.Commission
		}
		if p, err = p.Checked(); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE host SET name = ?, commission = ? WHERE id = ?`, p.Name, p.Commission, id); err != nil {
			return fmt.Errorf("change host: %w", err)
		}
		return t.auditIn(ctx, p.Org, actor, "host.change", p.Name)
	})
	return p, err
}

// DeletePresenter takes a host off the list. What is booked stays booked.
func (s *Store) DeletePresenter(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		p, err := presenter(ctx, t, id)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE host SET deleted_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("delete host: %w", err)
		}
		return t.auditIn(ctx, p.Org, actor, "host.delete", p.Name)
	})
}

// ShowPresenter gives the id of the host of a show; "": it has none.
func (s *Store) ShowPresenter(ctx context.Context, show string) (id string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT h.id FROM host h WHERE h.id = s.presenter AND h.deleted_at IS NULL), '') FROM show s WHERE s.id = ?`, show).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	if err != nil {
		return "", fmt.Errorf("find the host of a show: %w", err)
	}
	return id, nil
}

// settled is how many orders are settled at a time.
const settled = 500

// SetShowPresenter says who hosts a show; "": nobody who gets a share. Of a show that is on
// air that is from now on, and of another the whole of it. sold: all of a show that is on
// air, too.
func (s *Store) SetShowPresenter(ctx context.Context, show, host string, sold bool, actor string) error {
	defer s.orderNews.Add(1)
	return s.write(ctx, func(t *tx) error {
		of, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		name := ""
		if host != "" {
			p, err := t.hostOf(ctx, of, host)
			if err != nil {
				return err
			}
			name = p.Name
			_, err = t.ExecContext(ctx, `INSERT INTO show_roster(show, host, place) SELECT ?1, ?2, coalesce((SELECT max(place) + 1 FROM show_roster WHERE show = ?1), 0) WHERE true ON CONFLICT (show, host) DO NOTHING`, show, host)
			if err != nil {
				return fmt.Errorf("keep the roster of a show: %w", err)
			}
		}
		turns, _, err := turnsOf(ctx, t, show)
		if err != nil {
			return err
		}
		if !sold {
			err = t.handOver(ctx, of, host, len(turns) == 0)
		} else if err = t.setTurns(ctx, show, []overlay.TurnAt{{Host: host}}); err == nil {
			err = t.settleShow(ctx, show, true)
		}
		if err != nil {
			return err
		}
		return t.auditIn(ctx, of.Org, actor, "show.host", name)
	})
}

// settleShow settles all orders of a show; again is as of settle.
func (t *tx) settleShow(ctx context.Context, show string, again bool) error {
	for after := ""; ; {
		ids, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM shop_order WHERE show = ? AND id > ? ORDER BY id LIMIT ?`, show, after, settled)
		if err != nil {
			return fmt.Errorf("find the orders of a show: %w", err)
		}
		if err := t.settle(ctx, again, ids...); err != nil {
			return err
		}
		if len(ids) < settled {
			return nil
		}
		after = ids[len(ids)-1]
	}
}
