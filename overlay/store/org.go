package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

const selectOrg = `SELECT id, name, kind, coalesce(parent,''), coalesce(region,''), coalesce(currency,''), coalesce(timezone,''), coalesce(language,''), created_at FROM org `

func scanOrg(row scanner) (o overlay.Org, err error) {
	var created int64
	err = row.Scan(&o.ID, &o.Name, &o.Kind, &o.Parent, &o.Region, &o.Currency, &o.Timezone, &o.Language, &created)
	o.Created = at0(created)
	return o, err
}

func at0(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Org gives an organisation by its id.
func (s *Store) Org(ctx context.Context, id string) (overlay.Org, error) {
	return org(ctx, s.reader, id)
}

func org(ctx context.Context, q querier, id string) (overlay.Org, error) {
	o, err := scanOrg(q.QueryRowContext(ctx, selectOrg+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return o, overlay.Errorf(overlay.NotFound, "there is no such organisation")
	}
	if err != nil {
		return o, fmt.Errorf("find organisation: %w", err)
	}
	return o, nil
}

// Orgs lists at most limit organisations of a scope whose id comes after the given one.
func (s *Store) Orgs(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Org, error) {
	where, args := s.scoped(in, "id", "")
	all, err := collect(ctx, s.reader, scanOrg, selectOrg+`WHERE `+where+` AND id > ? ORDER BY id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return all, nil
}

// CreateOrg makes an organisation. A person who makes one without a parent becomes its
// owner: nobody else could let anybody in.
func (s *Store) CreateOrg(ctx context.Context, o overlay.Org, by overlay.Actor, k Once) (overlay.Org, error) {
	o, err := o.Checked()
	if err != nil {
		return o, err
	}
	var made overlay.Org
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "orgs", k, func() (string, overlay.Org, error) {
			o, err := t.addOrg(ctx, o)
			if err != nil {
				return "", o, err
			}
			if o.Parent == "" && by.Person != "" {
				if err := t.addMember(ctx, by.Person, o.ID, overlay.Owner); err != nil {
					return "", o, err
				}
			}
			return o.ID, o, t.auditIn(ctx, o.ID, by.Name, "org.create", o.ID)
		}, func(id string) (overlay.Org, error) { return org(ctx, t, id) })
		return err
	})
	return made, err
}

func (t *tx) addOrg(ctx context.Context, o overlay.Org) (overlay.Org, error) {
	o.ID, o.Created = t.s.newID(), t.now
	if err := t.fits(ctx, o); err != nil {
		return o, err
	}
	_, err := t.ExecContext(ctx, `INSERT INTO org(id, name, kind, parent, region, currency, timezone, language, created_at) VALUES (?,?,?,?,?,?,?,?,?)`,
		o.ID, o.Name, o.Kind, orNull(o.Parent), orNull(o.Region), orNull(o.Currency), orNull(o.Timezone), orNull(string(o.Language)), t.now.UnixMilli())
	if err != nil {
		return o, fmt.Errorf("add organisation: %w", err)
	}
	return o, nil
}

// ChangeOrg changes an organisation, all fields or none, and records who did.
func (s *Store) ChangeOrg(ctx context.Context, id string, change overlay.OrgChange, by overlay.Actor) (overlay.Org, error) {
	var after overlay.Org
	err := s.write(ctx, func(t *tx) (err error) {
		after, err = t.changeOrg(ctx, id, change, by)
		return err
	})
	return after, err
}

func (t *tx) changeOrg(ctx context.Context, id string, change overlay.OrgChange, by overlay.Actor) (after overlay.Org, err error) {
	before, err := org(ctx, t, id)
	if err != nil {
		return after, err
	}
	if after, err = before.Changed(change); err != nil || after == before {
		return after, err
	}
	if after.Parent != before.Parent {
		if err := t.fits(ctx, after); err != nil {
			return after, err
		}
	}
	_, err = t.ExecContext(ctx, `UPDATE org SET name = ?, kind = ?, parent = ?, region = ?, currency = ?, timezone = ?, language = ? WHERE id = ?`,
		after.Name, after.Kind, orNull(after.Parent), orNull(after.Region), orNull(after.Currency), orNull(after.Timezone), orNull(string(after.Language)), id)
	if err != nil {
		return after, fmt.Errorf("change organisation: %w", err)
	}
	if after.Parent != before.Parent {
		if err := t.forgetLinksOfOthers(ctx); err != nil {
			return after, err
		}
	}
	return after, t.auditIn(ctx, id, by.Name, "org.change", id, overlay.AlteredOrg(before, after)...)
}

// fits refuses an organisation whose parent is not there, is itself or below it, or
// with which the tree would be too deep.
func (t *tx) fits(ctx context.Context, o overlay.Org) error {
	above := 0
	for parent := o.Parent; parent != ""; above++ {
		if parent == o.ID {
			return overlay.Errorf(overlay.Conflict, "parent: an organisation cannot be a part of itself")
		}
		p, err := org(ctx, t, parent)
		if overlay.CodeOf(err) == overlay.NotFound {
			return overlay.Errorf(overlay.Invalid, "parent: there is no such organisation")
		}
		if err != nil {
			return err
		}
		parent = p.Parent
	}
	below, err := t.levels(ctx, o.ID)
	if err != nil {
		return err
	}
	if above+below > overlay.MaxOrgDepth {
		return overlay.Errorf(overlay.Conflict, "parent: at most %d organisations may stand one below the other", overlay.MaxOrgDepth)
	}
	return nil
}

// levels gives the number of levels of an organisation with those below it.
func (t *tx) levels(ctx context.Context, id string) (n int, err error) {
	err = t.QueryRowContext(ctx, `WITH RECURSIVE below(id, level) AS (SELECT id, 1 FROM org WHERE id = ?
		UNION ALL SELECT o.id, b.level + 1 FROM org o JOIN below b ON o.parent = b.id WHERE b.level < 100) SELECT coalesce(max(level), 1) FROM below`, id).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("look at the organisations below: %w", err)
	}
	return n, nil
}

// grants gives a role in an organisation and in all below it; org "" is every one.
func grants(ctx context.Context, q querier, g overlay.Grant) ([]overlay.Grant, error) {
	if g.Org == "" || len(g.Rooms) > 0 {
		return []overlay.Grant{g}, nil
	}
	all, err := collect(ctx, q, func(row scanner) (overlay.Grant, error) {
		one := overlay.Grant{Role: g.Role}
		return one, row.Scan(&one.Org)
	}, `WITH RECURSIVE below(id) AS (SELECT id FROM org WHERE id = ? UNION SELECT o.id FROM org o JOIN below b ON o.parent = b.id) SELECT id FROM below ORDER BY id`, g.Org)
	if err != nil {
		return nil, fmt.Errorf("find organisations: %w", err)
	}
	return all, nil
}
