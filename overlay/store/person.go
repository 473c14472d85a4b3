package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectPerson = `SELECT id, email, name, created_at, password FROM person `

// Account is a person with the hash of the password.
type Account struct {
	overlay.Person
	Password string // hashed with argon2id
}

func scanAccount(row scanner) (a Account, err error) {
	var created int64
	err = row.Scan(&a.ID, &a.Email, &a.Name, &created, &a.Password)
	a.Created = at0(created)
	return a, err
}

// AccountByEmail finds a person by address; NotFound: nobody has it.
func (s *Store) AccountByEmail(ctx context.Context, email string) (Account, error) {
	return account(ctx, s.reader, `WHERE email = ?`, email)
}

func account(ctx context.Context, q querier, where, arg string) (Account, error) {
	a, err := scanAccount(q.QueryRowContext(ctx, selectPerson+where, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return a, overlay.Errorf(overlay.NotFound, "there is no such person")
	}
	if err != nil {
		return a, fmt.Errorf("find person: %w", err)
	}
	return a, nil
}

// OwnerIsSetUp tells whether the first organisation has an owner: then SetUpOwner is a Conflict.
func (s *Store) OwnerIsSetUp(ctx context.Context) (bool, error) { return ownerIsSetUp(ctx, s.reader) }

func ownerIsSetUp(ctx context.Context, q querier) (bool, error) {
	var owners int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM membership WHERE org = ? AND role = ?`, overlay.HomeOrg, overlay.Owner).Scan(&owners); err != nil {
		return false, fmt.Errorf("count owners: %w", err)
	}
	return owners > 0, nil
}

// SetUpOwner makes the first owner of the first organisation, and signs that person in;
// from then on the organisation has the name of the shop, unless that is "". It is done
// once: with an owner there it is a Conflict.
func (s *Store) SetUpOwner(ctx context.Context, p overlay.Person, password, shop string, by overlay.Actor) (made overlay.Person, cookie string, err error) {
	cookie = randomKey()
	err = s.write(ctx, func(t *tx) error {
		there, err := ownerIsSetUp(ctx, t)
		if err != nil {
			return err
		}
		if there {
			return overlay.Errorf(overlay.Conflict, "an owner is set up already: sign in with address and password")
		}
		a, err := account(ctx, t, `WHERE email = ?`, p.Email)
		if overlay.CodeOf(err) == overlay.NotFound {
			a.Person, err = t.addPerson(ctx, p, password)
		} else if err == nil {
			err = t.setPassword(ctx, a.ID, password)
		}
		if err != nil {
			return err
		}
		made = a.Person
		if err := t.addMember(ctx, made.ID, overlay.HomeOrg, overlay.Owner); err != nil {
			return err
		}
		if err := t.auditIn(ctx, overlay.HomeOrg, by.Name, "owner.set_up", p.Email); err != nil {
			return err
		}
		if shop != "" {
			if _, err := t.changeOrg(ctx, overlay.HomeOrg, overlay.OrgChange{Name: &shop}, by); err != nil {
				return err
			}
		}
		return t.openSession(ctx, made.ID, cookie)
	})
	return made, cookie, err
}

func (t *tx) addPerson(ctx context.Context, p overlay.Person, password string) (overlay.Person, error) {
	p.ID, p.Created = t.s.newID(), t.now
	_, err := t.ExecContext(ctx, `INSERT INTO person(id, email, name, password, created_at) VALUES (?,?,?,?,?)`, p.ID, p.Email, p.Name, password, t.now.UnixMilli())
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	return p, nil
}

// setPassword also ends all sessions of the person, and a link that sets another
// password: somebody else may have them.
func (t *tx) setPassword(ctx context.Context, person, password string) error {
	if _, err := t.ExecContext(ctx, `UPDATE person SET password = ? WHERE id = ?`, password, person); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM session WHERE person = ?`, person); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return t.forgetReset(ctx, person)
}

// ChangePassword sets a person's password, ends all sessions, and opens a new one.
func (s *Store) ChangePassword(ctx context.Context, who overlay.Actor, password string) (cookie string, err error) {
	cookie = randomKey()
	err = s.write(ctx, func(t *tx) error {
		if err := t.setPassword(ctx, who.Person, password); err != nil {
			return err
		}
		if err := t.auditIn(ctx, "", who.Name, "password.change", who.Name); err != nil {
			return err
		}
		return t.openSession(ctx, who.Person, cookie)
	})
	return cookie, err
}
