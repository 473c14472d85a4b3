package store

import (
	"context"

	"mediad/overlay"
)

// Webhook gives a webhook. Where an organisation's orders go is its owners' affair, and so
// is to read where.
func (a Acting) Webhook(ctx context.Context, id string) (overlay.Webhook, error) {
	w, err := a.s.Webhook(ctx, id)
	if err != nil {
		return w, err
	}
	return allowed(a.who.Check(overlay.Own, w.Org, ""), func() (overlay.Webhook, error) { return w, nil })
}

// Webhooks gives a page of webhooks, of organisations that the actor owns.
func (a Acting) Webhooks(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Webhook, error) {
	return allowed(a.within(overlay.Own, in), func() ([]overlay.Webhook, error) { return a.s.Webhooks(ctx, in, after, limit) })
}

// CreateWebhook makes a webhook; plain: an address without TLS will do.
func (a Acting) CreateWebhook(ctx context.Context, w overlay.Webhook, plain bool, once Once) (MadeWebhook, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, w.Org), func() (MadeWebhook, error) { return a.s.CreateWebhook(ctx, w, plain, a.who.Name, once) })
}

func (a Acting) ChangeWebhook(ctx context.Context, id string, c overlay.WebhookChange, plain bool) (overlay.Webhook, error) {
	_, err := a.Webhook(ctx, id)
	return allowed(err, func() (overlay.Webhook, error) { return a.s.ChangeWebhook(ctx, id, c, plain, a.who.Name) })
}

func (a Acting) DeleteWebhook(ctx context.Context, id string) error {
	if _, err := a.Webhook(ctx, id); err != nil {
		return err
	}
	return a.s.DeleteWebhook(ctx, id, a.who.Name)
}

// RenewWebhookSecret gives a webhook another secret.
func (a Acting) RenewWebhookSecret(ctx context.Context, id string, once Once) (MadeWebhook, error) {
	_, err := a.Webhook(ctx, id)
	return allowed(err, func() (MadeWebhook, error) { return a.s.RenewWebhookSecret(ctx, id, a.who.Name, once) })
}

// TestWebhook tells a webhook that this is a test.
func (a Acting) TestWebhook(ctx context.Context, id string, once Once) (overlay.Delivery, error) {
	_, err := a.Webhook(ctx, id)
	return allowed(err, func() (overlay.Delivery, error) { return a.s.TestWebhook(ctx, id, a.who.Name, once) })
}

// FindDeliveries gives a page of what a webhook is told.
func (a Acting) FindDeliveries(ctx context.Context, q Deliveries, before string, limit int) ([]overlay.Delivery, error) {
	_, err := a.Webhook(ctx, q.Webhook)
	return allowed(err, func() ([]overlay.Delivery, error) { return a.s.FindDeliveries(ctx, q, before, limit) })
}

// Delivery gives a delivery with what is sent, and how its tries went.
func (a Acting) Delivery(ctx context.Context, webhook, id string) (overlay.DeliveryStory, error) {
	_, err := a.Webhook(ctx, webhook)
	return allowed(err, func() (overlay.DeliveryStory, error) { return a.s.Delivery(ctx, webhook, id) })
}

// ReplayDelivery sends a delivery once more.
func (a Acting) ReplayDelivery(ctx context.Context, webhook, id string, once Once) (overlay.Delivery, error) {
	_, err := a.Webhook(ctx, webhook)
	return allowed(err, func() (overlay.Delivery, error) { return a.s.ReplayDelivery(ctx, webhook, id, once) })
}

// ReplayWebhook sends what a webhook was told since a moment once more.
func (a Acting) ReplayWebhook(ctx context.Context, id string, r Replay, once Once) (int, error) {
	_, err := a.Webhook(ctx, id)
	return allowed(err, func() (int, error) { return a.s.ReplayWebhook(ctx, id, r, a.who.Name, once) })
}
