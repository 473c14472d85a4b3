package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"mediad/overlay"
)

// maxMembers is how many people and open invitations an organisation has.
const maxMembers = 500

// Members lists at most limit people of an organisation by address, and after them the
// invitations, behind a cursor of MemberCursor: those that hold, and those that have ended
// without an answer, for some time.
func (s *Store) Members(ctx context.Context, id, after string, limit int) (all []overlay.Member, err error) {
	// 0 is before 1: people first.
	invited, email, _ := strings.Cut(after, ":")
	all, err = collect(ctx, s.reader, func(row scanner) (m overlay.Member, err error) {
		var expires, at, next int64
		var p overlay.Posted
		err = row.Scan(&m.Invited, &m.ID, &m.Email, &m.Name, &m.Role, &expires, &p.State, &p.Problem, &at, &next)
		if p.State != "" {
			p.At = at0(at)
			if next > 0 && p.Problem != "" { // none while it is on its way
				p.Next = at0(next)
			}
			m.Posted = &p
		}
		if m.Invited {
			m.Expires = at0(expires)
		}
		return m, err
	}, `SELECT e.invited = '1', e.id, e.email, e.name, e.role, e.expires, CASE l.state WHEN 'sending' THEN 'waiting' ELSE coalesce(l.state, '') END, coalesce(l.problem,''), coalesce(l.tried_at, l.created_at, 0), CASE l.state WHEN 'waiting' THEN l.next_at ELSE 0 END FROM (
			SELECT '0' AS invited, p.id AS id, p.email AS email, p.name AS name, m.role AS role, 0 AS expires,
				(SELECT max(id) FROM letter WHERE kind = 'reset' AND org = ?1 AND email = p.email AND created_at > ?6) AS letter FROM membership m JOIN person p ON p.id = m.person WHERE m.org = ?1
			UNION ALL SELECT '1', i.id, i.email, '', i.role, i.expires_at, (SELECT max(id) FROM letter WHERE invitation = i.id) FROM invitation i WHERE i.org = ?1 AND i.expires_at > ?2) AS e LEFT JOIN letter l ON l.id = e.letter
		WHERE e.invited > ?3 OR (e.invited = ?3 AND e.email > ?4) ORDER BY e.invited, e.email LIMIT ?5`, id, s.now().Add(-overlay.InvitationKept).UnixMilli(), invited, email, limit, s.now().Add(-overlay.ResetLife).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return all, nil
}

// MemberCursor is where a page of members ends.
func MemberCursor(m overlay.Member) string {
	if m.Invited {
		return "1:" + m.Email
	}
	return "0:" + m.Email
}

// addMember gives a person a role, in place of the one in the same organisation. A link
// that sets a new password was given by somebody who owned all organisations of the
// person. That need no longer be true, so it ends.
func (t *tx) addMember(ctx context.Context, person, org string, role overlay.Role) error {
	_, err := t.ExecContext(ctx, `INSERT INTO membership(person, org, role, created_at) VALUES (?,?,?,?) ON CONFLICT(person, org) DO UPDATE SET role = excluded.role`,
		person, org, role, t.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	return t.forgetReset(ctx, person)
}

// ChangeRole gives a member of an organisation another role, at once. The last owner
// stays one: a Conflict.
func (s *Store) ChangeRole(ctx context.Context, org, id string, role overlay.Role, by overlay.Actor) (m overlay.Member, err error) {
	if err := overlay.CheckRole(role); err != nil {
		return m, err
	}
	err = s.write(ctx, func(t *tx) error {
		m = overlay.Member{ID: id}
		err := t.QueryRowContext(ctx, `SELECT p.email, p.name, m.role FROM membership m JOIN person p ON p.id = m.person WHERE m.org = ? AND m.person = ?`, org, id).Scan(&m.Email, &m.Name, &m.Role)
		if errors.Is(err, sql.ErrNoRows) {
			return overlay.Errorf(overlay.NotFound, "the organisation has no such member")
		}
		if err != nil {
			return fmt.Errorf("find member: %w", err)
		}
		if m.Role == role {
			return nil
		}
		if m.Role == overlay.Owner {
			if err := t.notLast(ctx, org); err != nil {
				return err
			}
		}
		before := m.Role
		m.Role = role
		if err := t.addMember(ctx, id, org, role); err != nil {
			return err
		}
		if before == overlay.Owner {
			if err := t.forgetLinksBy(ctx, m.Email); err != nil {
				return err
			}
		}
		return t.auditIn(ctx, org, by.Name, "member.role", m.Email, overlay.Altered{Field: "role", From: string(before), To: string(role)})
	})
	return m, err
}

// RemoveMember takes a person, or an invitation, out of an organisation. The last owner
// stays: a Conflict.
func (s *Store) RemoveMember(ctx context.Context, org, id string, by overlay.Actor) error {
	return s.write(ctx, func(t *tx) error {
		var email string
		var role overlay.Role
		err := t.QueryRowContext(ctx, `SELECT email, role FROM invitation WHERE org = ? AND id = ?`, org, id).Scan(&email, &role)
		if err == nil {
			if _, err := t.ExecContext(ctx, `DELETE FROM invitation WHERE org = ? AND id = ?`, org, id); err != nil {
				return fmt.Errorf("take invitation back: %w", err)
			}
			return t.auditIn(ctx, org, by.Name, "invitation.cancel", email)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("find invitation: %w", err)
		}
		err = t.QueryRowContext(ctx, `SELECT p.email, m.role FROM membership m JOIN person p ON p.id = m.person WHERE m.org = ? AND m.person = ?`, org, id).Scan(&email, &role)
		if errors.Is(err, sql.ErrNoRows) {
			return overlay.Errorf(overlay.NotFound, "the organisation has no such member")
		}
		if err != nil {
			return fmt.Errorf("find member: %w", err)
		}
		if role == overlay.Owner {
			if err := t.notLast(ctx, org); err != nil {
				return err
			}
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM membership WHERE org = ? AND person = ?`, org, id); err != nil {
			return fmt.Errorf("remove member: %w", err)
		}
		// Nor does the person come back by a link that was open.
		if err := t.forgetInvitations(ctx, `org = ? AND email = ?`, org, email); err != nil {
			return err
		}
		if err := t.forgetLinksBy(ctx, email); err != nil {
			return err
		}
		return t.auditIn(ctx, org, by.Name, "member.remove", email)
	})
}

func (t *tx) notLast(ctx context.Context, org string) error {
	var owners int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM membership WHERE org = ? AND role = ?`, org, overlay.Owner).Scan(&owners); err != nil {
		return fmt.Errorf("count owners: %w", err)
	}
	if owners < 2 {
		return overlay.Errorf(overlay.Conflict, "this is the last owner of the organisation; invite another one first")
	}
	return nil
}
