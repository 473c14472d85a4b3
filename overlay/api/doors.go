package api

import (
	"context"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// What an actor asks for goes through store.Acting. Only three kinds of requests come
// without one, and they have no more of the store than these.

// forViewers is what viewers may see: their pages ask for it without a name.
type forViewers interface {
	RoomBySlug(ctx context.Context, slug string) (overlay.Room, error)
	RoomShows(ctx context.Context, slug string) (open, replay *overlay.Show, err error)
	UpcomingShows(ctx context.Context, slug string, limit int) ([]overlay.Show, error)
	GetShow(ctx context.Context, id string) (overlay.Show, error)
	ShowNow(ctx context.Context, id string) (overlay.Show, []overlay.Pin, error)
	Revealed(ctx context.Context, show string, at time.Time) ([]overlay.Line, error)
	Offered(ctx context.Context, show, id string) (overlay.Product, error)
	Checkouts(ctx context.Context, org, product string) (store.Checkouts, error)
	ProductIn(ctx context.Context, show, id string, rev int64) (overlay.Product, error)
	RevealedIDs(ctx context.Context, show string) (map[string]bool, error)
	Watched(ctx context.Context, show string) (overlay.Watched, error)
	Changed() <-chan struct{}
	Given(ctx context.Context, show, product, variant string) (bool, error)
	SoldOut(show, product, variant string, quantity int64) bool
	GoodsIn(ctx context.Context, show, id string) (p overlay.Product, most int64, err error)
	ClickedIn(ctx context.Context, click string) (show string, err error)
	HoldID(show, key string, who ...string) string
	GetHold(ctx context.Context, id string) (overlay.Hold, error)
	OffersNow(ctx context.Context, show string) ([]overlay.Offer, error)
	OffersTold(ctx context.Context, show string) ([]overlay.OfferCard, error)
	Offer(ctx context.Context, show, id string) (overlay.Offer, error)
	CouponsShown(ctx context.Context, show string) ([]overlay.CouponCard, error)
	TakeCoupon(ctx context.Context, show, id, buyer string) (overlay.Coupon, error)
	PollOpen(ctx context.Context, show string) (*overlay.PollCard, error)
	PollsTold(ctx context.Context, show string) ([]overlay.PollCard, error)
	Vote(ctx context.Context, show, poll string, v overlay.Vote) (overlay.PollCard, error)
	RewardsOpen(ctx context.Context, show string) ([]overlay.RewardCard, error)
	PointTicket(show, viewer string) string
	TicketTime(show, viewer, ticket string) (time.Time, bool)
	PointCode(show, viewer string) string
	PointFriend(ctx context.Context, show, viewer, code, buyer string) error
	Points(ctx context.Context, show, viewer string, since time.Time) (overlay.Points, error)
	TakeReward(ctx context.Context, wish store.RewardWish) (overlay.Coupon, error)
	BuyerKey(show string, who ...string) string
	Reminders(ctx context.Context, show string) (overlay.Reminders, error)
	BookReminder(ctx context.Context, show string, c overlay.Contact, language overlay.Language) error
	LeaveReminderOf(ctx context.Context, show string, c overlay.Contact) error
	ReminderCame(ctx context.Context, show, ref string) error
	ShownProducts(ctx context.Context, show string) (map[string]overlay.Product, error)
	ChatSecrets(ctx context.Context, org string) ([]string, error)
	CommentsBefore(ctx context.Context, show, before string, limit int) ([]overlay.Comment, error)
	CommentsLiked(ctx context.Context, show string, limit int) ([]overlay.Comment, error)
	CommentsAt(ctx context.Context, show string, from, to int64, limit int) ([]overlay.Comment, error)
	Org(ctx context.Context, id string) (overlay.Org, error)
	Festival(ctx context.Context, slug string) (overlay.Festival, error)
	FestivalNow(ctx context.Context, f overlay.Festival, planned int) (store.FestivalNow, error)
	FestivalShown(ctx context.Context, f overlay.Festival, limit int) ([]store.FestivalProduct, error)
}

// door is where people and machines come in, and become actors.
type door interface {
	CheckToken(ctx context.Context, token string) (overlay.Actor, error)
	RoomByKey(ctx context.Context, key string) (overlay.Room, error)
	CheckSession(ctx context.Context, cookie string) (overlay.Actor, error)
	CSRF(cookie string) string
	AccountByEmail(ctx context.Context, email string) (store.Account, error)
	Invitation(ctx context.Context, link string) (store.Invitation, error)
	Accept(ctx context.Context, link, name, password string, known bool) (overlay.Person, string, error)
	OwnerIsSetUp(ctx context.Context) (bool, error)
	SetUpOwner(ctx context.Context, p overlay.Person, password, shop string, by overlay.Actor) (overlay.Person, string, error)
	OpenSession(ctx context.Context, person string) (cookie string, err error)
	AskReset(ctx context.Context, email string, language overlay.Language) error
	ChangePassword(ctx context.Context, who overlay.Actor, password string) (cookie string, err error)
	FestivalInvitation(ctx context.Context, link string) (overlay.Participation, error)
	RegisterMerchant(ctx context.Context, link string, m store.NewMerchant) (overlay.Participation, string, error)
	CloseSession(ctx context.Context, cookie string, everywhere bool) error
}

// counter is where shops tell of orders: their signatures stand for an actor.
type counter interface {
	ShopSecrets(ctx context.Context, id string) (overlay.Shop, map[string]string, error)
	TakeFacts(ctx context.Context, shop overlay.Shop, facts []overlay.OrderFact) error
}
