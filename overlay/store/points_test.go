package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestPoints: minutes on air, comments that others see and friends make points; they become a
// coupon once, which is not shown; and what was spent is gone. Erasure forgets who got it.
func TestPoints(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	const viewer = "00000000000000a1"
	begun := f.begin()
	show := begun.Show
	_, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "tea.example"}}, nil, "test", store.Once{})
	must(t, err)
	c, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Ten off", Code: "SECRET", Total: 5}, "test", store.Once{})
	must(t, err)
	ticket := f.PointTicket(show, viewer)
	since, ok := f.TicketTime(show, viewer, ticket)
	if !ok {
		t.Fatal("a ticket does not hold")
	}
	for _, other := range [][3]string{{show, "00000000000000a2", ticket}, {"another", viewer, ticket}, {show, viewer, "0" + ticket}, {show, viewer, ""}} {
		if _, ok := f.TicketTime(other[0], other[1], other[2]); ok {
			t.Errorf("the ticket holds for %v", other)
		}
	}
	must(t, f.PointFriend(ctx, show, "00000000000000a3", f.PointCode(show, viewer), "too early")) // there is no reward yet
	reward, err := f.CreateReward(ctx, overlay.Reward{Show: show, Coupon: c.ID, Points: 15}, "test", store.Once{})
	must(t, err)
	for _, friend := range []struct{ viewer, buyer string }{{viewer, "self"}, {"00000000000000a3", "one"}, {"00000000000000a4", "one"}, {"00000000000000a5", "two"}} {
		must(t, f.PointFriend(ctx, show, friend.viewer, f.PointCode(show, viewer), friend.buyer))
	}
	comments := make([]overlay.Comment, 3)
	for i := range comments {
		comments[i] = overlay.Comment{ID: f.NewID(), Show: show, Viewer: viewer, Name: "Mei", Text: fmt.Sprint("Words ", i), At: f.clock.Now(), Sent: f.clock.Now(), Shadow: i == 2}
	}
	_, err = f.AddComments(ctx, comments)
	must(t, err)
	_, err = f.DeleteComment(ctx, show, comments[1].ID, true, "test")
	must(t, err)

	want := func(earned overlay.Earned, points, left int64) {
		t.Helper()
		p, err := f.Points(ctx, show, viewer, since)
		must(t, err)
		if p.Earned != earned || p.Points != points || p.Left() != left {
			t.Errorf("%+v: %d left, want %+v, %d and %d", p, p.Left(), earned, points, left)
		}
	}
	want(overlay.Earned{Comments: 1, Friends: 2}, 12, 12)
	take := func(viewer string) (overlay.Coupon, error) {
		return f.TakeReward(ctx, store.RewardWish{Show: show, Reward: reward.ID, Viewer: viewer, Buyer: "buyer of " + viewer, Since: since})
	}
	if _, err := take(viewer); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("with too few points: %v", err)
	}
	f.clock.Add(4*time.Minute + 30*time.Second)
	want(overlay.Earned{Minutes: 4, Comments: 1, Friends: 2}, 16, 16)
	if _, err := f.TakeCoupon(ctx, show, c.ID, "somebody"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("the coupon without points: %v", err)
	}
	for range 3 {
		if got, err := take(viewer); err != nil || got.Code != "SECRET" {
			t.Errorf("taken: %+v, %v", got, err)
		}
	}
	want(overlay.Earned{Minutes: 4, Comments: 1, Friends: 2}, 16, 1)
	if got, err := f.TakeCoupon(ctx, show, c.ID, "buyer of "+viewer); err != nil || got.Code != "SECRET" || got.Got != 1 {
		t.Errorf("on the way to the shop: %+v, %v", got, err)
	}
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	if len(r.Coupons) != 1 || r.Coupons[0].Redeemed != 1 || r.Coupons[0].Points != 15 {
		t.Errorf("the report: %+v", r.Coupons)
	}

	must(t, f.SetPointRates(ctx, show, overlay.PointRates{Minute: 2}, "test"))
	want(overlay.Earned{Minutes: 4, Comments: 1, Friends: 2}, 8, 0) // what was spent stays spent
	_, _, err = f.EraseViewer(ctx, show, viewer, "test")
	must(t, err)
	want(overlay.Earned{Minutes: 4}, 8, 8)
	must(t, f.EndReward(ctx, show, reward.ID, "test"))
	if open, err := f.RewardsOpen(ctx, show); err != nil || len(open) != 0 {
		t.Errorf("open: %v, %v", open, err)
	}
	if _, err := take("00000000000000a7"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("after its end: %v", err)
	}
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Hour)
	if _, err := f.CreateReward(ctx, overlay.Reward{Show: show, Coupon: c.ID, Points: 1}, "test", store.Once{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("after the show: %v", err)
	}
}

// TestRewardAtOnce: of a thousand viewers who want it at once, a hundred get it, each with
// the code; and who asks again does not count again.
func TestRewardAtOnce(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	_, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "tea.example"}}, nil, "test", store.Once{})
	must(t, err)
	c, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Ten off", Code: "SECRET"}, "test", store.Once{})
	must(t, err)
	reward, err := f.CreateReward(ctx, overlay.Reward{Show: show, Coupon: c.ID, Points: 10, Total: 100}, "test", store.Once{})
	must(t, err)
	since := f.clock.Now()
	f.clock.Add(10 * time.Minute)
	var got, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 1000 {
		all.Go(func() {
			who := fmt.Sprintf("%016x", n)
			for range 2 {
				taken, err := f.TakeReward(ctx, store.RewardWish{Show: show, Reward: reward.ID, Viewer: who, Buyer: who, Since: since})
				switch {
				case err == nil && taken.Code == "SECRET":
					got.Add(1)
				case overlay.CodeOf(err) == overlay.Limit:
					refused.Add(1)
				default:
					t.Errorf("%+v, %v", taken, err)
				}
			}
		})
	}
	all.Wait()
	if got.Load() != 200 || refused.Load() != 1800 {
		t.Errorf("%d wishes were granted and %d refused, want 200 and 1800", got.Load(), refused.Load())
	}
	if reward, err = f.Reward(ctx, show, reward.ID); err != nil || reward.Taken != 100 {
		t.Errorf("%+v, %v", reward, err)
	}
	if c, err = f.Coupon(ctx, show, c.ID); err != nil || c.Got != 100 {
		t.Errorf("%+v, %v", c, err)
	}
}
