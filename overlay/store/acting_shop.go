package store

import (
	"context"

	"mediad/overlay"
)

// Shop gives a shop of an organisation whose products the actor may change.
func (a Acting) Shop(ctx context.Context, id string) (overlay.Shop, error) {
	return a.shopFor(ctx, overlay.Goods, id)
}

func (a Acting) shopFor(ctx context.Context, do overlay.Action, id string) (overlay.Shop, error) {
	shop, err := a.s.Shop(ctx, id)
	if err != nil {
		return shop, err
	}
	return allowed(a.who.Check(do, shop.Org, ""), func() (overlay.Shop, error) { return shop, nil })
}

// Shops gives a page of shops, of organisations whose products the actor may change.
func (a Acting) Shops(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Shop, error) {
	return allowed(a.within(overlay.Goods, in), func() ([]overlay.Shop, error) { return a.s.Shops(ctx, in, after, limit) })
}

// CreateShop makes a shop. Where money goes is the owners' affair.
func (a Acting) CreateShop(ctx context.Context, shop overlay.Shop, secrets map[string]string, once Once) (overlay.Shop, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, shop.Org), func() (overlay.Shop, error) { return a.s.CreateShop(ctx, shop, secrets, a.who.Name, once) })
}

func (a Acting) ChangeShop(ctx context.Context, id string, c overlay.ShopChange) (overlay.Shop, error) {
	_, err := a.shopFor(ctx, overlay.Own, id)
	return allowed(err, func() (overlay.Shop, error) { return a.s.ChangeShop(ctx, id, c, a.who.Name) })
}

func (a Acting) DeleteShop(ctx context.Context, id string) error {
	if _, err := a.shopFor(ctx, overlay.Own, id); err != nil {
		return err
	}
	return a.s.DeleteShop(ctx, id, a.who.Name)
}

// Listings gives a page of how a shop knows products.
func (a Acting) Listings(ctx context.Context, shop, product, after string, limit int) ([]overlay.Listing, error) {
	_, err := a.Shop(ctx, shop)
	return allowed(err, func() ([]overlay.Listing, error) { return a.s.Listings(ctx, shop, product, after, limit) })
}

// SetListing says how a shop knows a product, or a variant of it.
func (a Acting) SetListing(ctx context.Context, l overlay.Listing) (overlay.Listing, error) {
	_, err := a.Shop(ctx, l.Shop)
	return allowed(err, func() (overlay.Listing, error) { return a.s.SetListing(ctx, l, a.who.Name) })
}

// DeleteListing lets a shop know a product, or a variant of it, no more.
func (a Acting) DeleteListing(ctx context.Context, l overlay.Listing) error {
	if _, err := a.Shop(ctx, l.Shop); err != nil {
		return err
	}
	return a.s.DeleteListing(ctx, l, a.who.Name)
}

// ShopToFill gives a shop whose orders the actor may bring in by hand.
func (a Acting) ShopToFill(ctx context.Context, id string) (overlay.Shop, error) {
	return a.shopFor(ctx, overlay.Own, id)
}

// ImportOrders brings what a file says of a shop's orders into the ledger.
func (a Acting) ImportOrders(ctx context.Context, shop overlay.Shop, orders []overlay.FiledOrder, found overlay.OrderImport) (overlay.OrderImport, error) {
	shop, err := a.shopFor(ctx, overlay.Own, shop.ID)
	return allowed(err, func() (overlay.OrderImport, error) { return a.s.ImportOrders(ctx, shop, orders, found, a.who.Name) })
}

// FindOrders gives a page of orders, of organisations whose figures the actor may see.
func (a Acting) FindOrders(ctx context.Context, q Orders, before string, limit int) ([]overlay.Order, error) {
	return allowed(a.within(overlay.Figures, q.In), func() ([]overlay.Order, error) { return a.s.FindOrders(ctx, q, before, limit) })
}

// ListOrders is FindOrders, with the first lines of each.
func (a Acting) ListOrders(ctx context.Context, q Orders, before string, limit int) ([]overlay.ListedOrder, error) {
	return allowed(a.within(overlay.Figures, q.In), func() ([]overlay.ListedOrder, error) { return a.s.ListOrders(ctx, q, before, limit) })
}

// OrdersWithLines is FindOrders, with the lines of each.
func (a Acting) OrdersWithLines(ctx context.Context, q Orders, before string, limit int) ([]overlay.OrderStory, error) {
	return allowed(a.within(overlay.Figures, q.In), func() ([]overlay.OrderStory, error) { return a.s.OrdersWithLines(ctx, q, before, limit) })
}

// Order gives an order with its lines and its facts.
func (a Acting) Order(ctx context.Context, id string) (overlay.OrderStory, error) {
	o, err := a.s.Order(ctx, id)
	if err != nil {
		return o, err
	}
	return allowed(a.who.Check(overlay.Figures, o.Org, ""), func() (overlay.OrderStory, error) { return o, nil })
}

// MayReport refuses who may see nothing of a show's report.
func (a Acting) MayReport(ctx context.Context, show string) error {
	_, _, err := a.reported(ctx, show)
	return err
}

// reported says whose orders the actor may see in the report of a show: all for who may
// see the figures of its room, with the audience's; or else those of shops of its own,
// where they sold in the show.
func (a Acting) reported(ctx context.Context, show string) (in overlay.Scope, whole bool, err error) {
	refused := a.ofShow(ctx, overlay.Figures, show)
	if refused == nil {
		return overlay.Everything(), true, nil
	}
	in = overlay.Scope{Orgs: a.who.Scope(overlay.Figures).Orgs}
	sold, err := a.s.SoldIn(ctx, show, in)
	if err == nil && !sold {
		err = refused
	}
	return in, false, err
}

// Report makes the report of a show, as far as the actor may see it.
func (a Acting) Report(ctx context.Context, show string) (overlay.Report, error) {
	in, whole, err := a.reported(ctx, show)
	return allowed(err, func() (overlay.Report, error) { return a.s.Report(ctx, show, in, whole) })
}

// Minutes tells what viewers did and bought in each minute of a show.
func (a Acting) Minutes(ctx context.Context, show string) (out overlay.ShowMinutes, skus map[string]string, err error) {
	if err = a.ofShow(ctx, overlay.Figures, show); err != nil {
		return out, nil, err
	}
	return a.s.Minutes(ctx, show)
}

// Moments tells which pictures of a show sold what, as far as the actor may see it.
func (a Acting) Moments(ctx context.Context, show string) (out overlay.ShowMoments, skus map[string]string, err error) {
	if err = a.ofShow(ctx, overlay.Figures, show); err != nil {
		return out, nil, err
	}
	return a.s.Moments(ctx, show, overlay.Everything())
}

// MayFigures refuses who may not see the figures of a show.
func (a Acting) MayFigures(ctx context.Context, show string) error {
	return a.ofShow(ctx, overlay.Figures, show)
}

// UnmatchOrder takes back what was said by hand of where an order came from.
func (a Acting) UnmatchOrder(ctx context.Context, id string) (overlay.Order, error) {
	o, err := a.s.Order(ctx, id)
	if err != nil {
		return o.Order, err
	}
	return allowed(a.who.Check(overlay.Own, o.Org, ""), func() (overlay.Order, error) { return a.s.UnmatchOrder(ctx, id, a.who.Name) })
}

// EraseBuyer forgets who bought: of an order, and of all of the same buyer.
func (a Acting) EraseBuyer(ctx context.Context, id string) (int64, error) {
	o, err := a.s.Order(ctx, id)
	if err != nil {
		return 0, err
	}
	return allowed(a.who.Check(overlay.Own, o.Org, ""), func() (int64, error) { return a.s.EraseBuyer(ctx, id, a.who.Name) })
}

// MatchOrder says by hand which show an order came from; "": from none.
func (a Acting) MatchOrder(ctx context.Context, id, show string) (overlay.Order, error) {
	o, err := a.s.Order(ctx, id)
	if err != nil {
		return o.Order, err
	}
	if err := a.who.Check(overlay.Own, o.Org, ""); err != nil {
		return o.Order, err
	}
	if show != "" {
		if err := a.ofShow(ctx, overlay.Figures, show); err != nil {
			return o.Order, err
		}
	}
	return a.s.MatchOrder(ctx, id, show, a.who.Name)
}
