package store

import (
	"context"
	"fmt"
	"slices"

	"mediad/overlay"
)

// NewMerchant is who takes part in a festival and has no account yet.
type NewMerchant struct {
	Person   overlay.Person
	Password string // hashed
	Shop     string
	Currency string // "": the server's
}

// RegisterMerchant makes the account, the organisation and the first room of whoever holds the link of an
// invitation, takes part in the festival with them, and signs the person in. It uses the link up.
func (s *Store) RegisterMerchant(ctx context.Context, link string, m NewMerchant) (out overlay.Participation, cookie string, err error) {
	cookie = randomKey()
	err = s.write(ctx, func(t *tx) error {
		invited, err := s.festivalInvitation(ctx, t, link)
		if err != nil {
			return err
		}
		// An organisation of somebody else on this server brings in nobody whom its operator does not know.
		own, err := grants(ctx, t, overlay.Grant{Org: overlay.HomeOrg})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(own, func(g overlay.Grant) bool { return g.Org == invited.Festival.Org }) {
			return overlay.Errorf(overlay.Forbidden, "this festival is for shops that have an account on this server; ask whoever runs the server for one")
		}
		if _, err := account(ctx, t, `WHERE email = ?`, m.Person.Email); err == nil {
			return overlay.Errorf(overlay.Conflict, "email: there is an account with this address; sign in with it, and open the link again")
		} else if overlay.CodeOf(err) != overlay.NotFound {
			return err
		}
		person, err := t.addPerson(ctx, m.Person, m.Password)
		if err != nil {
			return err
		}
		checked, err := overlay.Org{Name: m.Shop, Region: invited.Part.Region, Currency: m.Currency}.Checked()
		if err != nil {
			return err
		}
		org, err := t.addOrg(ctx, checked)
		if err != nil {
			return err
		}
		if err := t.addMember(ctx, person.ID, org.ID, overlay.Owner); err != nil {
			return err
		}
		if err := t.auditIn(ctx, org.ID, person.Email, "org.create", org.ID); err != nil {
			return err
		}
		slug, err := t.freeSlug(ctx, overlay.SlugOf(m.Shop))
		if err != nil {
			return err
		}
		room, err := t.addRoom(ctx, NewRoom{Slug: slug, Title: m.Shop, Org: org.ID}, "")
		if err != nil {
			return err
		}
		if out, err = t.acceptFestival(ctx, link, org.ID, []string{room.Slug}, person.Email); err != nil {
			return err
		}
		return t.openSession(ctx, person.ID, cookie)
	})
	return out, cookie, err
}

// freeSlug gives a slug that no room has: this one, or one with a number behind it.
func (t *tx) freeSlug(ctx context.Context, slug string) (string, error) {
	for n := 1; n < 1000; n++ {
		free, taken := slug, 0
		if n > 1 {
			free = fmt.Sprint(slug, "-", n)
		}
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM room WHERE slug = ?`, free).Scan(&taken); err != nil {
			return "", fmt.Errorf("find a slug: %w", err)
		}
		if taken == 0 {
			return free, nil
		}
	}
	return "", overlay.Errorf(overlay.Conflict, "shop: a thousand rooms have that name; choose another one")
}
