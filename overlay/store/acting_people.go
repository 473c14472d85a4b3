package store

import (
	"context"

	"mediad/overlay"
)

func (a Acting) Org(ctx context.Context, org string) (overlay.Org, error) {
	return allowed(a.ofOrg(ctx, overlay.Read, org), func() (overlay.Org, error) { return a.s.Org(ctx, org) })
}

// Orgs gives a page of the organisations in which the actor has a role.
func (a Acting) Orgs(ctx context.Context, after string, limit int) ([]overlay.Org, error) {
	return a.s.Orgs(ctx, a.who.OrgScope(overlay.Read), after, limit)
}

// CreateOrg adds an organisation below another, or, for who runs the server, beside all.
func (a Acting) CreateOrg(ctx context.Context, o overlay.Org, once Once) (overlay.Org, error) {
	return allowed(a.below(ctx, o.Parent), func() (overlay.Org, error) { return a.s.CreateOrg(ctx, o, a.who, once) })
}

// ChangeOrg changes an organisation, and may hang it below another.
func (a Acting) ChangeOrg(ctx context.Context, org string, c overlay.OrgChange) (overlay.Org, error) {
	return allowed(a.mayChange(ctx, org, c), func() (overlay.Org, error) { return a.s.ChangeOrg(ctx, org, c, a.who) })
}

func (a Acting) mayChange(ctx context.Context, id string, c overlay.OrgChange) error {
	org, err := a.s.Org(ctx, id)
	if err != nil {
		return err
	}
	if err := a.who.Check(overlay.People, org.ID, ""); err != nil || c.Parent == nil || *c.Parent == org.Parent {
		return err
	}
	return a.below(ctx, *c.Parent)
}

// below refuses an organisation that stands where the actor may not put one.
func (a Acting) below(ctx context.Context, parent string) error {
	if parent != "" {
		return a.ofOrg(ctx, overlay.People, parent)
	}
	if !a.who.May(overlay.Operate, overlay.HomeOrg) {
		return overlay.Errorf(overlay.Forbidden, "parent: name an organisation that you own; only owners of the first organisation add one beside it")
	}
	return nil
}

// Audit gives a page of who did what, of organisations whose people the actor keeps.
func (a Acting) Audit(ctx context.Context, q AuditQuery) ([]overlay.Audited, error) {
	return allowed(a.within(overlay.People, q.In), func() ([]overlay.Audited, error) { return a.s.Audit(ctx, q) })
}

func (a Acting) Members(ctx context.Context, org, after string, limit int) ([]overlay.Member, error) {
	return allowed(a.ofOrg(ctx, overlay.People, org), func() ([]overlay.Member, error) { return a.s.Members(ctx, org, after, limit) })
}

func (a Acting) Invite(ctx context.Context, org, email string, role overlay.Role, how Sending, once Once) (made Invitation, link string, err error) {
	if err := a.ofOrg(ctx, overlay.People, org); err != nil {
		return made, "", err
	}
	return a.s.invite(ctx, org, email, role, a.who, how, once)
}

func (a Acting) AllowReset(ctx context.Context, org, person string, how Sending, once Once) (made Invitation, link string, err error) {
	if err := a.ofOrg(ctx, overlay.People, org); err != nil {
		return made, "", err
	}
	return a.s.allowReset(ctx, org, person, a.who, how, once)
}

func (a Acting) ChangeRole(ctx context.Context, org, id string, role overlay.Role) (overlay.Member, error) {
	return allowed(a.ofOrg(ctx, overlay.People, org), func() (overlay.Member, error) { return a.s.ChangeRole(ctx, org, id, role, a.who) })
}

func (a Acting) RemoveMember(ctx context.Context, org, id string) error {
	if err := a.ofOrg(ctx, overlay.People, org); err != nil {
		return err
	}
	return a.s.RemoveMember(ctx, org, id, a.who)
}

// Tokens gives a page of tokens, of organisations whose people the actor keeps.
func (a Acting) Tokens(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Token, error) {
	return allowed(a.within(overlay.People, in), func() ([]overlay.Token, error) { return a.s.Tokens(ctx, in, after, limit) })
}

// Token gives a token; one for all organisations only to who keeps the people of all.
func (a Acting) Token(ctx context.Context, id string) (overlay.Token, error) {
	t, err := a.s.Token(ctx, id)
	switch {
	case err != nil:
		return t, err
	case t.Org == "" && !a.who.Everywhere(overlay.People):
		return overlay.Token{}, overlay.Errorf(overlay.NotFound, "there is no such token")
	case t.Org == "":
		return t, nil
	}
	return allowed(a.who.Check(overlay.People, t.Org, ""), func() (overlay.Token, error) { return t, nil })
}

func (a Acting) CreateToken(ctx context.Context, n overlay.Token, once Once) (made overlay.Token, token string, err error) {
	if err := a.ofOrg(ctx, overlay.People, n.Org); err != nil {
		return made, "", err
	}
	return a.s.createToken(ctx, n, a.who.Name, once)
}

func (a Acting) RevokeToken(ctx context.Context, id string) error {
	if _, err := a.Token(ctx, id); err != nil {
		return err
	}
	return a.s.RevokeToken(ctx, id, a.who.Name)
}

// MailCounts counts letters, for who runs the server.
func (a Acting) MailCounts(ctx context.Context) (MailCounts, error) {
	if !a.who.May(overlay.Operate, overlay.HomeOrg) {
		return MailCounts{}, overlay.Errorf(overlay.Forbidden, "only owners of the first organisation see how the sending of mail goes")
	}
	return a.s.MailCounts(ctx)
}
