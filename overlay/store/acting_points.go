package store

import (
	"context"

	"mediad/overlay"
)

// Rewards gives a page of the rewards of a show.
func (a Acting) Rewards(ctx context.Context, show, after string, limit int) ([]overlay.Reward, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Reward, error) { return a.s.Rewards(ctx, show, after, limit) })
}

// Reward gives one of them.
func (a Acting) Reward(ctx context.Context, show, id string) (overlay.Reward, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Reward, error) { return a.s.Reward(ctx, show, id) })
}

// CreateReward makes a reward of a show.
func (a Acting) CreateReward(ctx context.Context, w overlay.Reward, once Once) (overlay.Reward, error) {
	return allowed(a.ofShow(ctx, overlay.Run, w.Show), func() (overlay.Reward, error) { return a.s.CreateReward(ctx, w, a.who.Name, once) })
}

// EndReward ends a reward.
func (a Acting) EndReward(ctx context.Context, show, id string) error {
	if err := a.ofShow(ctx, overlay.Run, show); err != nil {
		return err
	}
	return a.s.EndReward(ctx, show, id, a.who.Name)
}

// PointRates gives how many points there are for what.
func (a Acting) PointRates(ctx context.Context, show string) (overlay.PointRates, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.PointRates, error) { return a.s.PointRates(ctx, show) })
}

// SetPointRates sets that.
func (a Acting) SetPointRates(ctx context.Context, show string, rates overlay.PointRates) error {
	if err := a.ofShow(ctx, overlay.Run, show); err != nil {
		return err
	}
	return a.s.SetPointRates(ctx, show, rates, a.who.Name)
}
