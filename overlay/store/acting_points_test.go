package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// pointsOfOthers are rows of TestActorsOfOthers.
var pointsOfOthers = map[string]asks{
	"Rewards": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Rewards(t.Context(), has.show, "", 10))
	},
	"Reward": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Reward(t.Context(), has.show, has.reward))
	},
	"CreateReward": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CreateReward(t.Context(), overlay.Reward{Show: has.show, Coupon: has.coupon, Points: 9}, store.Once{}))
	},
	"EndReward": func(t *testing.T, a store.Acting, has rows) error {
		return a.EndReward(t.Context(), has.show, has.reward)
	},
	"PointRates": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PointRates(t.Context(), has.show))
	},
	"SetPointRates": func(t *testing.T, a store.Acting, has rows) error {
		return a.SetPointRates(t.Context(), has.show, overlay.PointRates{Minute: 3})
	},
}
