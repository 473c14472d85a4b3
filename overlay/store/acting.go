package store

import (
	"context"

	"mediad/overlay"
)

// Acting is the store as an actor may use it. What people and machines ask for goes
// through it: each method refuses what the actor has no right to, and finds nothing of
// organisations in which the actor has no role, whatever the caller has checked before.
// What the server does on its own account, and what viewers see, takes the Store itself.
type Acting struct {
	s   *Store
	who overlay.Actor
}

// As gives the store as an actor may use it.
func (s *Store) As(who overlay.Actor) Acting { return Acting{s, who} }

// allowed does what is allowed; err says why it is not.
func allowed[T any](err error, do func() (T, error)) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return do()
}

// inRoom refuses what the actor may not do in a room.
func (a Acting) inRoom(ctx context.Context, do overlay.Action, slug string) error {
	room, err := a.s.RoomBySlug(ctx, slug)
	if err != nil {
		return err
	}
	return a.who.Check(do, room.Org, room.Slug)
}

// ofShow refuses what the actor may not do with a show.
func (a Acting) ofShow(ctx context.Context, do overlay.Action, id string) error {
	show, err := a.s.GetShow(ctx, id)
	if err != nil {
		return err
	}
	return a.who.Check(do, show.Org, show.Room)
}

// ofOrg refuses what the actor may not do in an organisation.
func (a Acting) ofOrg(ctx context.Context, do overlay.Action, id string) error {
	org, err := a.s.Org(ctx, id)
	if err != nil {
		return err
	}
	return a.who.Check(do, org.ID, "")
}

// ProductFor finds a product, by id or SKU, among those that the actor sees, and refuses
// what it may not do with it.
func (a Acting) ProductFor(ctx context.Context, do overlay.Action, id string) (overlay.Product, error) {
	p, err := a.s.ScopedProduct(ctx, a.who.OrgScope(overlay.Read), id)
	if err != nil {
		return p, err
	}
	return p, a.granted(do, p.Org, "product")
}

// granted refuses what the actor may not do with what it sees. What it sees by no role of
// its own is granted to an organisation of its own, and may only be read.
func (a Acting) granted(do overlay.Action, owner, what string) error {
	switch {
	case a.who.May(overlay.Read, owner):
		return a.who.Check(do, owner, "")
	case do == overlay.Read:
		return nil
	}
	return overlay.Errorf(overlay.Forbidden, "the %s belongs to another organisation: it is granted to yours to be shown, not to be changed", what)
}

// scope is what the actor sees in a list of what belongs to rooms: of an organisation and
// all below it, or, "", of all in which it may do this.
func (a Acting) scope(ctx context.Context, do overlay.Action, org string) (overlay.Scope, error) {
	mine := a.who.Scope(do)
	if org == "" {
		return mine, nil
	}
	if err := a.ofOrg(ctx, do, org); err != nil {
		return overlay.Scope{}, err
	}
	below, err := grants(ctx, a.s.reader, overlay.Grant{Org: org})
	orgs := make([]string, len(below))
	for i, g := range below {
		orgs[i] = g.Org
	}
	return mine.Within(orgs), err
}

// within refuses a scope that is wider than the actor's own.
func (a Acting) within(do overlay.Action, in overlay.Scope) error {
	if in.All && !a.who.Everywhere(do) {
		return overlay.Errorf(overlay.Forbidden, "your role may not do this: it needs the right %q everywhere", do)
	}
	for _, org := range in.Orgs {
		if err := a.who.Check(do, org, ""); err != nil {
			return err
		}
	}
	return nil
}
