package store

import (
	"context"

	"mediad/overlay"
)

// Allocations gives a page of the units that are given to a show.
func (a Acting) Allocations(ctx context.Context, show, after string, limit int) ([]overlay.Allocation, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Allocation, error) { return a.s.Allocations(ctx, show, after, limit) })
}

// Allocation gives one of them.
func (a Acting) Allocation(ctx context.Context, show, id string) (overlay.Allocation, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Allocation, error) { return allocation(ctx, a.s.reader, show, id) })
}

// CreateAllocation gives units of a product, by id or SKU, to a show. The show's
// organisation has the product, or it is granted to it.
func (a Acting) CreateAllocation(ctx context.Context, given overlay.Allocation, once Once) (overlay.Allocation, error) {
	show, err := a.s.GetShow(ctx, given.Show)
	if err == nil {
		err = a.who.Check(overlay.Run, show.Org, show.Room)
	}
	if err != nil {
		return given, err
	}
	p, err := a.ProductOfShow(ctx, show.Org, given.Product)
	if err != nil {
		return given, err
	}
	given.Product = p.ID
	return a.s.CreateAllocation(ctx, given, a.who.Name, once)
}

// ChangeAllocation sets how many units are given to a show.
func (a Acting) ChangeAllocation(ctx context.Context, show, id string, total *int64, rev int64) (overlay.Allocation, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Allocation, error) {
		return a.s.ChangeAllocation(ctx, show, id, total, rev, a.who.Name)
	})
}

// DeleteAllocation takes an allocation away of which nothing is held or sold.
func (a Acting) DeleteAllocation(ctx context.Context, show, id string) error {
	if err := a.ofShow(ctx, overlay.Run, show); err != nil {
		return err
	}
	return a.s.DeleteAllocation(ctx, show, id, a.who.Name)
}

// Offers gives a page of the offers of a show.
func (a Acting) Offers(ctx context.Context, show, after string, limit int) ([]overlay.Offer, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Offer, error) { return a.s.Offers(ctx, show, after, limit) })
}

// Offer gives one of them.
func (a Acting) Offer(ctx context.Context, show, id string) (overlay.Offer, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Offer, error) { return a.s.Offer(ctx, show, id) })
}

// Coupons gives a page of the coupons of a show.
func (a Acting) Coupons(ctx context.Context, show, after string, limit int) ([]overlay.Coupon, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Coupon, error) { return a.s.Coupons(ctx, show, after, limit) })
}

// Coupon gives one of them.
func (a Acting) Coupon(ctx context.Context, show, id string) (overlay.Coupon, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Coupon, error) { return a.s.Coupon(ctx, show, id) })
}

// CreateCoupon makes a coupon of a show.
func (a Acting) CreateCoupon(ctx context.Context, c overlay.Coupon, once Once) (overlay.Coupon, error) {
	return allowed(a.ofShow(ctx, overlay.Run, c.Show), func() (overlay.Coupon, error) { return a.s.CreateCoupon(ctx, c, a.who.Name, once) })
}

// ShowCoupon shows a coupon to viewers, or hides it.
func (a Acting) ShowCoupon(ctx context.Context, show, id string, shown bool) (overlay.Coupon, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Coupon, error) { return a.s.ShowCoupon(ctx, show, id, shown, a.who.Name) })
}

// EndCoupon ends a coupon.
func (a Acting) EndCoupon(ctx context.Context, show, id string) error {
	if err := a.ofShow(ctx, overlay.Run, show); err != nil {
		return err
	}
	return a.s.EndCoupon(ctx, show, id, a.who.Name)
}

// Reminders counts the reminders of a show.
func (a Acting) Reminders(ctx context.Context, show string) (overlay.Reminders, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Reminders, error) { return a.s.Reminders(ctx, show) })
}

// SetReminders says whether viewers can book, and when they are told.
func (a Acting) SetReminders(ctx context.Context, show string, open *bool, before *int64) (overlay.Reminders, error) {
	return allowed(a.ofShow(ctx, overlay.Run, show), func() (overlay.Reminders, error) { return a.s.SetReminders(ctx, show, open, before, a.who.Name) })
}

// CreateOffer takes an offer for a show.
func (a Acting) CreateOffer(ctx context.Context, n overlay.NewOffer, once Once) (overlay.Offer, error) {
	return allowed(a.ofShow(ctx, overlay.Run, n.Show), func() (overlay.Offer, error) { return a.s.CreateOffer(ctx, n, a.who.Name, once) })
}

// EndOffer ends an offer, or takes it back.
func (a Acting) EndOffer(ctx context.Context, show, id string) error {
	if err := a.ofShow(ctx, overlay.Run, show); err != nil {
		return err
	}
	return a.s.EndOffer(ctx, show, id, a.who.Name)
}
