package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// Invitation is what a link stands for.
type Invitation struct {
	ID, Email string
	Org       string       // "": the link sets a new password
	OrgName   string       // likewise; only of one that was read
	Role      overlay.Role // "": likewise
	By        string
	Expires   time.Time
	Posted    *overlay.Posted // how the letter goes that brings it; nil: there is none
}

// Invite makes an invitation of somebody to a role in an organisation, in place of one
// that is open, and returns the text for its link, once: only its hash is kept.
func (s *Store) Invite(ctx context.Context, org, email string, role overlay.Role, by overlay.Actor) (made Invitation, link string, err error) {
	return s.invite(ctx, org, email, role, by, Sending{}, Once{})
}

// invited is an invitation as it is answered once.
type invited struct {
	Made Invitation
	Link string
}

func (s *Store) invite(ctx context.Context, org, email string, role overlay.Role, by overlay.Actor, how Sending, o Once) (made Invitation, link string, err error) {
	if email, err = overlay.CheckEmail(email); err != nil {
		return made, "", err
	}
	if err := overlay.CheckRole(role); err != nil {
		return made, "", err
	}
	if err := overlay.CheckLanguage(how.Language); err != nil {
		return made, "", err
	}
	return s.linkOnce(ctx, "orgs/"+org+"/members", o, func(t *tx) (i Invitation, link string, err error) {
		if err := t.forgetInvitations(ctx, `org = ? AND email = ?`, org, email); err != nil {
			return i, "", err
		}
		var n int
		if err := t.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM membership WHERE org = ?1) + (SELECT count(*) FROM invitation WHERE org = ?1 AND expires_at > ?2)`, org, t.now.UnixMilli()).Scan(&n); err != nil {
			return i, "", fmt.Errorf("count members: %w", err)
		}
		if n >= maxMembers {
			return i, "", overlay.Errorf(overlay.Conflict, "the organisation has %d members and invitations, the most that it may have", n)
		}
		i = Invitation{Email: email, Org: org, Role: role, By: by.Name, Expires: t.now.Add(overlay.InvitationLife)}
		link = randomKey()
		if i.ID, err = t.addInvitation(ctx, i, link); err != nil {
			return i, "", err
		}
		if i.Posted, err = t.sendLink(ctx, overlay.InvitationLetter, org, i, link, how); err != nil {
			return i, "", err
		}
		return i, link, t.auditIn(ctx, org, by.Name, "member.invite", email)
	})
}

// linkOnce makes a link once for each key; the same request again gets the same link.
func (s *Store) linkOnce(ctx context.Context, scope string, o Once, make func(t *tx) (Invitation, string, error)) (Invitation, string, error) {
	var out invited
	err := s.write(ctx, func(t *tx) (err error) {
		out, err = onceSealed(ctx, t, scope, o, func() (string, invited, error) {
			i, link, err := make(t)
			return i.ID, invited{i, link}, err
		})
		return err
	})
	return out.Made, out.Link, err
}

// AllowReset makes a link with which a member of an organisation sets a new password.
// Whoever allows it could come in as that person, so it is forbidden where the person
// has a role in which by is no owner.
func (s *Store) AllowReset(ctx context.Context, org, person string, by overlay.Actor) (made Invitation, link string, err error) {
	return s.allowReset(ctx, org, person, by, Sending{}, Once{})
}

func (s *Store) allowReset(ctx context.Context, org, person string, by overlay.Actor, how Sending, o Once) (Invitation, string, error) {
	return s.linkOnce(ctx, "orgs/"+org+"/members/"+person+"/reset", o, func(t *tx) (made Invitation, link string, err error) {
		a, err := account(ctx, t, `WHERE id = ?`, person)
		if err != nil {
			return made, "", err
		}
		all, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT org FROM membership WHERE person = ?`, person)
		if err != nil {
			return made, "", fmt.Errorf("find roles: %w", err)
		}
		member := false
		for _, id := range all {
			member = member || id == org
		}
		if !member {
			return made, "", overlay.Errorf(overlay.NotFound, "the organisation has no such member")
		}
		for _, id := range all {
			if !by.May(overlay.People, id) {
				return made, "", overlay.Errorf(overlay.Forbidden, "the person has a role in another organisation, too: an owner of both must do this")
			}
		}
		if err := t.forgetReset(ctx, a.ID); err != nil {
			return made, "", err
		}
		made = Invitation{Email: a.Email, By: by.Name, Expires: t.now.Add(overlay.ResetLife)}
		link = randomKey()
		if made.ID, err = t.addInvitation(ctx, made, link); err != nil {
			return made, "", err
		}
		if made.Posted, err = t.sendLink(ctx, overlay.ResetLetter, org, made, link, how); err != nil {
			return made, "", err
		}
		return made, link, t.auditIn(ctx, org, by.Name, "password.allow_reset", a.Email)
	})
}

func (t *tx) addInvitation(ctx context.Context, i Invitation, link string) (id string, err error) {
	id = t.s.newID()
	_, err = t.ExecContext(ctx, `INSERT INTO invitation(hash, id, email, org, role, created_by, created_at, expires_at) VALUES (?,?,?,?,?,?,?,?)`,
		t.s.secret.hash("invitation", link), id, i.Email, orNull(i.Org), orNull(string(i.Role)), i.By, t.now.UnixMilli(), i.Expires.UnixMilli())
	if err != nil {
		return "", fmt.Errorf("add invitation: %w", err)
	}
	return id, nil
}

// forgetInvitations deletes those that a condition names, links for new passwords that
// have ended, and invitations that have ended so long ago that they are not listed.
func (t *tx) forgetInvitations(ctx context.Context, where string, args ...any) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM invitation WHERE `+where, args...); err != nil {
		return fmt.Errorf("forget invitations: %w", err)
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM invitation WHERE expires_at <= ? AND (org IS NULL OR expires_at <= ?)`, t.now.UnixMilli(), t.now.Add(-overlay.InvitationKept).UnixMilli()); err != nil {
		return fmt.Errorf("forget invitations: %w", err)
	}
	return nil
}

// forgetReset deletes the link with which a person could set a new password.
func (t *tx) forgetReset(ctx context.Context, person string) error {
	return t.forgetInvitations(ctx, `org IS NULL AND email = (SELECT email FROM person WHERE id = ?)`, person)
}

// forgetLinksBy deletes the links that a person made for organisations that the person
// does not own any more, also for those below one that the person has left. A link that
// sets a new password would need a look at all roles of its person, so it ends in any case.
func (t *tx) forgetLinksBy(ctx context.Context, email string) error {
	a, err := account(ctx, t, `WHERE email = ?`, email)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil // a token made them, or the command line
	}
	if err != nil {
		return err
	}
	grants, err := personGrants(ctx, t, a.ID)
	if err != nil {
		return err
	}
	by := overlay.Actor{Grants: grants}
	return t.forgetLinks(ctx, email, func(l link) bool { return l.org == "" || !by.May(overlay.People, l.org) })
}

// forgetLinksOf deletes the links that a token made. Names of tokens are for one
// organisation: links elsewhere are those of another token.
func (t *tx) forgetLinksOf(ctx context.Context, token overlay.Token) error {
	own, err := grants(ctx, t, overlay.Grant{Org: token.Org, Role: overlay.Owner})
	if err != nil {
		return err
	}
	by := overlay.Actor{Grants: own}
	return t.forgetLinks(ctx, token.Name, func(l link) bool {
		if l.org != "" {
			return by.May(overlay.People, l.org)
		}
		return slices.ContainsFunc(l.roles, func(org string) bool { return by.May(overlay.People, org) })
	})
}

// forgetLinksOfOthers deletes the links of all who do not own any more what they invite to:
// where organisations move, those above them lose them.
func (t *tx) forgetLinksOfOthers(ctx context.Context) error {
	all, err := collect(ctx, t, func(row scanner) (by string, err error) { return by, row.Scan(&by) }, `SELECT DISTINCT created_by FROM invitation WHERE org IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("find links: %w", err)
	}
	for _, by := range all {
		if err := t.forgetLinksBy(ctx, by); err != nil {
			return err
		}
	}
	return nil
}

// link is an invitation, or a link that sets a new password: then org is "", and roles
// are the organisations of its person.
type link struct {
	id, email, org string
	roles          []string
}

// forgetLinks deletes those links that somebody made for which ended says so.
func (t *tx) forgetLinks(ctx context.Context, by string, ended func(link) bool) error {
	all, err := collect(ctx, t, func(row scanner) (l link, err error) { return l, row.Scan(&l.id, &l.email, &l.org) }, `SELECT id, email, coalesce(org,'') FROM invitation WHERE created_by = ?`, by)
	if err != nil {
		return fmt.Errorf("find links: %w", err)
	}
	for _, l := range all {
		if l.org == "" {
			l.roles, err = collect(ctx, t, func(row scanner) (org string, err error) { return org, row.Scan(&org) },
				`SELECT m.org FROM membership m JOIN person p ON p.id = m.person WHERE p.email = ?`, l.email)
			if err != nil {
				return fmt.Errorf("find roles: %w", err)
			}
		}
		if !ended(l) {
			continue
		}
		if err := t.forgetInvitations(ctx, `id = ?`, l.id); err != nil {
			return err
		}
	}
	return nil
}

// Invitation gives what a link stands for; NotFound: it is not known, was used, or has
// ended.
func (s *Store) Invitation(ctx context.Context, link string) (Invitation, error) {
	return invitation(ctx, s.reader, s.secret.hash("invitation", link), s.now())
}

func invitation(ctx context.Context, q querier, hash []byte, now time.Time) (i Invitation, err error) {
	var expires int64
	err = q.QueryRowContext(ctx, `SELECT i.id, i.email, coalesce(i.org,''), coalesce(o.name,''), coalesce(i.role,''), i.created_by, i.expires_at
		FROM invitation i LEFT JOIN org o ON o.id = i.org WHERE i.hash = ? AND i.expires_at > ?`, hash, now.UnixMilli()).Scan(&i.ID, &i.Email, &i.Org, &i.OrgName, &i.Role, &i.By, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return i, overlay.Errorf(overlay.NotFound, "the link was used already, or its time is over: ask for a new one")
	}
	if err != nil {
		return i, fmt.Errorf("find invitation: %w", err)
	}
	i.Expires = at0(expires)
	return i, nil
}

// Accept uses up a link, and signs the person in. name and password (its hash) are for
// whoever has no account yet, and for a link that sets a new password; known says that
// the caller has checked the password of an account that is there.
func (s *Store) Accept(ctx context.Context, link, name, password string, known bool) (p overlay.Person, cookie string, err error) {
	cookie = randomKey()
	hash := s.secret.hash("invitation", link)
	err = s.write(ctx, func(t *tx) error {
		i, err := invitation(ctx, t, hash, t.now)
		if err != nil {
			return err
		}
		a, err := account(ctx, t, `WHERE email = ?`, i.Email)
		switch missing := overlay.CodeOf(err) == overlay.NotFound; {
		case missing && i.Org != "" && !known:
			a.Person, err = t.addPerson(ctx, overlay.Person{Email: i.Email, Name: name}, password)
		case err == nil && i.Org == "":
			err = t.setPassword(ctx, a.ID, password)
		case err == nil && !known:
			err = overlay.Errorf(overlay.Conflict, "there is an account with this address now; try again with its password")
		}
		if err != nil {
			return err
		}
		if p = a.Person; i.Org != "" {
			if err := t.join(ctx, p, i); err != nil {
				return err
			}
		} else if err := t.auditIn(ctx, "", p.Email, "password.reset", p.Email); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM invitation WHERE hash = ?`, hash); err != nil {
			return fmt.Errorf("use up invitation: %w", err)
		}
		return t.openSession(ctx, p.ID, cookie)
	})
	return p, cookie, err
}

// join gives the person the role of an invitation. The last owner stays one.
func (t *tx) join(ctx context.Context, p overlay.Person, i Invitation) error {
	var role overlay.Role
	err := t.QueryRowContext(ctx, `SELECT role FROM membership WHERE person = ? AND org = ?`, p.ID, i.Org).Scan(&role)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find member: %w", err)
	}
	if role == overlay.Owner && i.Role != overlay.Owner {
		if err := t.notLast(ctx, i.Org); err != nil {
			return err
		}
	}
	if err := t.addMember(ctx, p.ID, i.Org, i.Role); err != nil {
		return err
	}
	if role == overlay.Owner && i.Role != overlay.Owner {
		if err := t.forgetLinksBy(ctx, p.Email); err != nil {
			return err
		}
	}
	return t.auditIn(ctx, i.Org, p.Email, "member.join", string(i.Role))
}
