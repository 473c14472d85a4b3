package store

import (
	"context"

	"mediad/overlay"
)

// Retentions tells for how long an organisation keeps what is kept about people.
func (a Acting) Retentions(ctx context.Context, org string) (Retentions, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, org), func() (Retentions, error) { return a.s.Retentions(ctx, org) })
}

// SetRetentions sets that, and whom viewers ask.
func (a Acting) SetRetentions(ctx context.Context, org string, k overlay.Keeping, days map[overlay.PersonalKind]int64, contact *string) (Retentions, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, org), func() (Retentions, error) { return a.s.SetRetentions(ctx, org, k, days, contact, a.who.Name) })
}

// PersonData gives all that an organisation keeps of one person.
func (a Acting) PersonData(ctx context.Context, org string, h overlay.Handle) (overlay.PersonData, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, org), func() (overlay.PersonData, error) { return a.s.PersonData(ctx, org, h) })
}

// ErasePerson erases it.
func (a Acting) ErasePerson(ctx context.Context, org string, h overlay.Handle) (e overlay.ErasedPerson, said map[string][]string, err error) {
	if err := a.ofOrg(ctx, overlay.Own, org); err != nil {
		return e, nil, err
	}
	return a.s.ErasePerson(ctx, org, h, a.who.Name)
}
