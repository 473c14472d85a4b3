package store

import (
	"context"

	"mediad/overlay"
)

// Imports gives a page of imports, of organisations whose products the actor may change.
func (a Acting) Imports(ctx context.Context, in overlay.Scope, before string, limit int) ([]overlay.ImportHead, error) {
	return allowed(a.within(overlay.Goods, in), func() ([]overlay.ImportHead, error) { return a.s.Imports(ctx, in, before, limit) })
}

func (a Acting) DropImport(ctx context.Context, id string) error {
	if _, err := a.Import(ctx, id); err != nil {
		return err
	}
	return a.s.DropImport(ctx, id, a.who.Name)
}

// Feed gives a feed of an organisation whose products the actor may change.
func (a Acting) Feed(ctx context.Context, id string) (overlay.Feed, error) {
	f, err := a.s.Feed(ctx, id)
	if err != nil {
		return f, err
	}
	return allowed(a.who.Check(overlay.Goods, f.Org, ""), func() (overlay.Feed, error) { return f, nil })
}

func (a Acting) Feeds(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Feed, error) {
	return allowed(a.within(overlay.Goods, in), func() ([]overlay.Feed, error) { return a.s.Feeds(ctx, in, after, limit) })
}

func (a Acting) CreateFeed(ctx context.Context, f overlay.Feed, once Once) (overlay.Feed, error) {
	return allowed(a.ofOrg(ctx, overlay.Goods, f.Org), func() (overlay.Feed, error) { return a.s.CreateFeed(ctx, f, a.who.Name, once) })
}

func (a Acting) ChangeFeed(ctx context.Context, id string, c overlay.FeedChange) (overlay.Feed, error) {
	_, err := a.Feed(ctx, id)
	return allowed(err, func() (overlay.Feed, error) { return a.s.ChangeFeed(ctx, id, c, a.who.Name) })
}

func (a Acting) DeleteFeed(ctx context.Context, id string) error {
	if _, err := a.Feed(ctx, id); err != nil {
		return err
	}
	return a.s.DeleteFeed(ctx, id, a.who.Name)
}
