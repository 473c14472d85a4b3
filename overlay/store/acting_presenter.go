package store

import (
	"context"

	"mediad/overlay"
)

// What hosts get is the owners' affair.

// Presenter gives a host of an organisation that the actor owns.
func (a Acting) Presenter(ctx context.Context, id string) (overlay.Presenter, error) {
	p, err := a.s.Presenter(ctx, id)
	if err != nil {
		return p, err
	}
	return allowed(a.who.Check(overlay.Own, p.Org, ""), func() (overlay.Presenter, error) { return p, nil })
}

// Presenters gives a page of hosts.
func (a Acting) Presenters(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Presenter, error) {
	return allowed(a.within(overlay.Own, in), func() ([]overlay.Presenter, error) { return a.s.Presenters(ctx, in, after, limit) })
}

func (a Acting) CreatePresenter(ctx context.Context, p overlay.Presenter, once Once) (overlay.Presenter, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, p.Org), func() (overlay.Presenter, error) { return a.s.CreatePresenter(ctx, p, a.who.Name, once) })
}

func (a Acting) ChangePresenter(ctx context.Context, id string, c overlay.PresenterChange) (overlay.Presenter, error) {
	_, err := a.Presenter(ctx, id)
	return allowed(err, func() (overlay.Presenter, error) { return a.s.ChangePresenter(ctx, id, c, a.who.Name) })
}

func (a Acting) DeletePresenter(ctx context.Context, id string) error {
	if _, err := a.Presenter(ctx, id); err != nil {
		return err
	}
	return a.s.DeletePresenter(ctx, id, a.who.Name)
}

// ShowPresenter gives the id of the host of a show.
func (a Acting) ShowPresenter(ctx context.Context, show string) (string, error) {
	return allowed(a.ofShow(ctx, overlay.Own, show), func() (string, error) { return a.s.ShowPresenter(ctx, show) })
}

// SetShowPresenter says who hosts a show.
func (a Acting) SetShowPresenter(ctx context.Context, show, host string, sold bool) error {
	if err := a.ofShow(ctx, overlay.Own, show); err != nil {
		return err
	}
	return a.s.SetShowPresenter(ctx, show, host, sold, a.who.Name)
}

// Roster tells who may present a show, and who did when.
func (a Acting) Roster(ctx context.Context, show string) (overlay.Roster, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Roster, error) { return a.s.Roster(ctx, show) })
}

// SetRoster says who may present a show, and who did when: that is who gets a share.
func (a Acting) SetRoster(ctx context.Context, show string, hosts []string, turns []overlay.TurnAt) (overlay.Roster, error) {
	return allowed(a.ofShow(ctx, overlay.Own, show), func() (overlay.Roster, error) { return a.s.SetRoster(ctx, show, hosts, turns, a.who.Name) })
}

// Present hands a show over to a host of its roster.
func (a Acting) Present(ctx context.Context, show, host string) (overlay.Roster, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Roster, error) { return a.s.Present(ctx, show, host, a.who.Name) })
}

// TakeBackTurn takes the last hand-over back.
func (a Acting) TakeBackTurn(ctx context.Context, show, host string) (overlay.Roster, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Roster, error) { return a.s.TakeBackTurn(ctx, show, host, a.who.Name) })
}

// Statement gives the account of a host of a month.
func (a Acting) Statement(ctx context.Context, host, month, zone string, most int) (overlay.Statement, error) {
	_, err := a.Presenter(ctx, host)
	return allowed(err, func() (overlay.Statement, error) { return a.s.Statement(ctx, host, month, zone, most) })
}
