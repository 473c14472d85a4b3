package store_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// rows are what the fixture's organisation has, one of each kind.
type rows struct {
	room, show, product, cue, token, imported, member, category, pool, feed, shop, order, allocation, webhook, delivery, offer, coupon, reward, poll, host, comment, festival, part string
}

// TestActorsOfOthers: what an organisation has is not there for owners of another, by any
// method; the methods of lists give them nothing of it. Whoever adds a method to
// store.Acting adds its row here.
func TestActorsOfOthers(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	member, _ := f.owner()
	b := f.begin()
	cue, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindCustom, Data: []byte(`{}`)}, overlay.At{Delay: time.Hour}, store.Once{})
	must(t, err)
	token, _, err := f.CreateToken(ctx, overlay.Token{Name: "dock", Role: overlay.Host, Org: overlay.HomeOrg}, "test")
	must(t, err)
	imported := f.read(item(1, "CORN-9", "Corn", 100, "CNY"))
	category, err := f.CreateCategory(ctx, overlay.HomeOrg, "Food", "test", store.Once{})
	must(t, err)
	pool, err := f.CreatePool(ctx, overlay.HomeOrg, "Autumn", "test", store.Once{})
	must(t, err)
	_, err = f.ChangePool(ctx, pool.ID, store.PoolChange{Add: []string{f.products[0].ID}, From: overlay.Everything()}, "test")
	must(t, err)
	feed, err := f.CreateFeed(ctx, overlay.Feed{Org: overlay.HomeOrg, URL: "https://shop.example/feed"}, "test", store.Once{})
	must(t, err)
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Template: "https://tea.example/{sku}?d={code}"}}, nil, "test", store.Once{})
	must(t, err)
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "d", Order: "1", At: time.Now(), Amount: 100, Currency: "CNY"}}))
	orders, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 1)
	must(t, err)
	allocation, err := f.CreateAllocation(ctx, overlay.Allocation{Show: b.Show, Product: f.products[0].ID, Total: 3}, "test", store.Once{})
	must(t, err)
	hook, err := f.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: "https://erp.example/", Types: []string{"order.paid"}}, false, "test", store.Once{})
	must(t, err)
	told, err := f.TestWebhook(ctx, hook.ID, "test", store.Once{})
	must(t, err)
	f.pin(0) // an offer is of what was shown
	offer, err := f.CreateOffer(ctx, f.flash(b.Show, 0), "test", store.Once{})
	must(t, err)
	coupon, err := f.CreateCoupon(ctx, overlay.Coupon{Show: b.Show, Label: "Ten off", Code: "TEN"}, "test", store.Once{})
	must(t, err)
	poll, err := f.CreatePoll(ctx, overlay.Poll{Show: b.Show, Question: "Which?", Options: []string{"Red", "Green"}}, false, "test", store.Once{})
	must(t, err)
	reward, err := f.CreateReward(ctx, overlay.Reward{Show: b.Show, Coupon: coupon.ID, Points: 9}, "test", store.Once{})
	must(t, err)
	host, err := f.CreatePresenter(ctx, overlay.Presenter{Org: overlay.HomeOrg, Name: "Wang", Commission: 1000}, "test", store.Once{})
	must(t, err)
	said := f.comment(b.Show)
	june, part := f.inFestival()
	has := rows{"corn", b.Show, f.products[0].ID, cue.ID, token.ID, imported.ID, member.ID, category.ID, pool.ID, feed.ID, shop.ID, orders[0].ID, allocation.ID, hook.ID, told.ID, offer.ID, coupon.ID, reward.ID, poll.ID, host.ID, said.ID, june, part}
	other, err := f.CreateOrg(ctx, overlay.Org{Name: "Other", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)

	strangers := map[string]overlay.Actor{
		"owner of another organisation": {Name: "s", Grants: []overlay.Grant{{Org: other.ID, Role: overlay.Owner}}},
		"nobody":                        {Name: "n"},
	}
	maps.Copy(ofOthers, festivalsOfOthers)
	maps.Copy(ofOthers, pointsOfOthers)
	maps.Copy(ofOthers, pollsOfOthers)
	maps.Copy(ofOthers, privacyOfOthers)
	maps.Copy(ofOthers, reportsOfOthers)
	methods := reflect.TypeFor[store.Acting]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		asks, known := ofOthers[name]
		if !known {
			asks, known = chatOfOthers[name]
		}
		lists, list := listsOfOthers[name]
		if !known && !list {
			t.Errorf("%s has no row in this test", name)
		}
		for who, stranger := range strangers {
			if known {
				if code := overlay.CodeOf(asks(t, f.As(stranger), has)); code != overlay.NotFound && code != overlay.Forbidden {
					t.Errorf("%s, %s: %q, want not-found or forbidden", name, who, code)
				}
			}
			if list {
				if n, err := lists(t, f.As(stranger)); n != 0 || err != nil {
					t.Errorf("%s, %s: %d rows, %v", name, who, n, err)
				}
			}
		}
		if list {
			if n, err := lists(t, f.As(overlay.System("test"))); n == 0 || err != nil {
				t.Errorf("%s, the server: %d rows, %v", name, n, err)
			}
		}
	}
	// What is there is there for its own owner: the test above would pass on an empty store.
	owner := overlay.Actor{Name: "o", Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Owner}}}
	for who, stranger := range strangers {
		if _, err := f.As(stranger).ListRooms(ctx, overlay.Read, overlay.HomeOrg, "", "", 10); overlay.CodeOf(err) != overlay.NotFound {
			t.Errorf("ListRooms of a named organisation, %s: %v, want not-found", who, err)
		}
		if _, err := f.As(stranger).FindShows(ctx, store.Shows{Org: overlay.HomeOrg}, "", 10); overlay.CodeOf(err) != overlay.NotFound {
			t.Errorf("FindShows of a named organisation, %s: %v, want not-found", who, err)
		}
	}
	for _, name := range []string{"Room", "GetShow", "GetProduct", "GetCue", "Token", "Import", "Imports", "Feed", "Feeds", "Category", "Pool", "PoolGrants", "Members", "Clicks"} {
		must(t, ofOthers[name](t, f.As(owner), has))
	}
	show, err := f.GetShow(ctx, b.Show)
	must(t, err)
	if show.State != overlay.ShowLive || !show.Deleting.IsZero() {
		t.Errorf("strangers have changed the show: %+v", show)
	}
}

// asks calls a method of an actor about rows of another organisation.
type asks func(t *testing.T, a store.Acting, has rows) error

func err2[T any](_ T, err error) error         { return err }
func err3[T, U any](_ T, _ U, err error) error { return err }

var ofOthers = map[string]asks{
	"Room": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Room(t.Context(), has.room)) },
	"ChangeRoom": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeRoom(t.Context(), has.room, store.RoomChange{}))
	},
	"CreateRoom": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateRoom(t.Context(), store.NewRoom{Slug: "new", Org: overlay.HomeOrg}, store.Once{}))
	},
	"DeleteRoom": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteRoom(t.Context(), has.room) },
	"RevealKey":  func(t *testing.T, a store.Acting, has rows) error { return err2(a.RevealKey(t.Context(), has.room)) },
	"RotateKey": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.RotateKey(t.Context(), has.room, store.Once{}))
	},
	"EndShow":  func(t *testing.T, a store.Acting, has rows) error { return err2(a.EndShow(t.Context(), has.room)) },
	"NextShow": func(t *testing.T, a store.Acting, has rows) error { return err2(a.NextShow(t.Context(), has.room, "")) },
	"OpenShow": func(t *testing.T, a store.Acting, has rows) error { return err2(a.OpenShow(t.Context(), has.room)) },
	"WaitingCues": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.WaitingCues(t.Context(), has.room, "", 10))
	},
	"GetCue": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.GetCue(t.Context(), has.room, has.cue))
	},
	"CancelCue": func(t *testing.T, a store.Acting, has rows) error { return a.CancelCue(t.Context(), has.room, has.cue) },
	"AddCue": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.AddCue(t.Context(), has.room, overlay.NewCue{Kind: overlay.KindCustom, Data: []byte(`{}`)}, overlay.At{}, store.Once{}))
	},
	"Pin": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Pin(t.Context(), has.room, has.product, overlay.At{}, store.Once{}))
	},
	"Repin": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Repin(t.Context(), has.room, has.product, "", store.Once{}))
	},
	"TakeBack": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.TakeBack(t.Context(), has.room, has.product, ""))
	},
	"Unpin": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Unpin(t.Context(), has.room, has.product, overlay.At{}))
	},
	"Step": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Step(t.Context(), has.room, store.Step{}, store.Once{}))
	},

	"GetShow": func(t *testing.T, a store.Acting, has rows) error { return err2(a.GetShow(t.Context(), has.show)) },
	"Watched": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Watched(t.Context(), has.show)) },
	"ShowFigures": func(t *testing.T, a store.Acting, has rows) error {
		all, err := a.ShowFigures(t.Context(), []string{has.show})
		if err == nil && len(all) == 0 {
			return overlay.Errorf(overlay.NotFound, "none")
		}
		return err
	},
	"ShowNow": func(t *testing.T, a store.Acting, has rows) error { return err3(a.ShowNow(t.Context(), has.show)) },
	"ListShows": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ListShows(t.Context(), has.room, "", 10))
	},
	"PlanShow": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PlanShow(t.Context(), has.room, overlay.Plan{}, store.Once{}))
	},
	"ChangeShow": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeShow(t.Context(), has.show, store.ShowChange{}))
	},
	"BeginDeletion": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.BeginDeletion(t.Context(), has.show))
	},
	"Broadcasts": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Broadcasts(t.Context(), has.show)) },
	"HostsBefore": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.HostsBefore(t.Context(), has.show, 0, 10))
	},
	"HostsAfter": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.HostsAfter(t.Context(), has.show, 0, 10))
	},
	"GetLineup": func(t *testing.T, a store.Acting, has rows) error { return err2(a.GetLineup(t.Context(), has.show)) },
	"SetLineup": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetLineup(t.Context(), has.show, overlay.NewLineup{}))
	},
	"ChangeLine": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeLine(t.Context(), has.show, has.product, overlay.LineChange{}))
	},
	"PlaceLine": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PlaceLine(t.Context(), has.show, has.product, overlay.Place{}))
	},
	"RemoveLine": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.RemoveLine(t.Context(), has.show, has.product, nil))
	},
	"FollowProducts": func(t *testing.T, a store.Acting, has rows) error {
		_, stop, err := a.FollowProducts(t.Context(), has.room)
		if err == nil {
			stop()
		}
		return err
	},
	"ShowClicks": func(t *testing.T, a store.Acting, has rows) error { return err2(a.ShowClicks(t.Context(), has.show)) },
	"Clicks": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Clicks(t.Context(), store.ClickRange{Show: has.show}, "", 10))
	},
	"CountClicks": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CountClicks(t.Context(), store.ClickRange{Show: has.show}))
	},

	"GetProduct": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.GetProduct(t.Context(), has.product))
	},
	"ProductOfShow": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ProductOfShow(t.Context(), overlay.HomeOrg, has.product))
	},
	"FindProducts": func(t *testing.T, a store.Acting, _ rows) error {
		return err3(a.FindProducts(t.Context(), store.ProductQuery{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}, Limit: 10}))
	},
	"CountProducts": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CountProducts(t.Context(), store.ProductQuery{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}}))
	},
	"CreateProduct": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateProduct(t.Context(), overlay.Product{Org: overlay.HomeOrg, SKU: "N", Title: "New", Price: 1, Currency: "CNY"}, store.Once{}))
	},
	"UpdateProduct": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.UpdateProduct(t.Context(), has.product, overlay.ProductChange{}))
	},
	"DeleteProduct": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteProduct(t.Context(), has.product) },
	"Import":        func(t *testing.T, a store.Acting, has rows) error { return err2(a.Import(t.Context(), has.imported)) },

	"Imports": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Imports(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"DropImport": func(t *testing.T, a store.Acting, has rows) error { return a.DropImport(t.Context(), has.imported) },
	"Shop":       func(t *testing.T, a store.Acting, has rows) error { return err2(a.Shop(t.Context(), has.shop)) },
	"Shops": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Shops(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"CreateShop": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateShop(t.Context(), overlay.Shop{Org: overlay.HomeOrg, Name: "Mine", Kind: overlay.ShopLink}, nil, store.Once{}))
	},
	"ChangeShop": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeShop(t.Context(), has.shop, overlay.ShopChange{}))
	},
	"DeleteShop": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteShop(t.Context(), has.shop) },
	"Listings": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Listings(t.Context(), has.shop, "", "", 10))
	},
	"SetListing": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetListing(t.Context(), overlay.Listing{Shop: has.shop, Product: has.product, Ref: "1"}))
	},
	"DeleteListing": func(t *testing.T, a store.Acting, has rows) error {
		return a.DeleteListing(t.Context(), overlay.Listing{Shop: has.shop, Product: has.product})
	},
	"ShopToFill": func(t *testing.T, a store.Acting, has rows) error { return err2(a.ShopToFill(t.Context(), has.shop)) },
	"ImportOrders": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ImportOrders(t.Context(), overlay.Shop{ID: has.shop, Org: overlay.HomeOrg}, nil, overlay.OrderImport{}))
	},
	"Allocations": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Allocations(t.Context(), has.show, "", 10))
	},
	"Allocation": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Allocation(t.Context(), has.show, has.allocation))
	},
	"CreateAllocation": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CreateAllocation(t.Context(), overlay.Allocation{Show: has.show, Product: has.product, Total: 1}, store.Once{}))
	},
	"ChangeAllocation": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeAllocation(t.Context(), has.show, has.allocation, nil, 0))
	},
	"DeleteAllocation": func(t *testing.T, a store.Acting, has rows) error {
		return a.DeleteAllocation(t.Context(), has.show, has.allocation)
	},
	"Coupons": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Coupons(t.Context(), has.show, "", 10))
	},
	"Coupon": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Coupon(t.Context(), has.show, has.coupon))
	},
	"CreateCoupon": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CreateCoupon(t.Context(), overlay.Coupon{Show: has.show, Label: "Ten off", Code: "TEN"}, store.Once{}))
	},
	"ShowCoupon": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ShowCoupon(t.Context(), has.show, has.coupon, true))
	},
	"EndCoupon": func(t *testing.T, a store.Acting, has rows) error {
		return a.EndCoupon(t.Context(), has.show, has.coupon)
	},
	"Reminders": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Reminders(t.Context(), has.show)) },
	"SetReminders": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetReminders(t.Context(), has.show, nil, nil))
	},
	"Offers": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Offers(t.Context(), has.show, "", 10))
	},
	"Offer": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Offer(t.Context(), has.show, has.offer))
	},
	"CreateOffer": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.CreateOffer(t.Context(), overlay.NewOffer{Offer: overlay.Offer{Show: has.show, Product: has.product}}, store.Once{}))
	},
	"EndOffer": func(t *testing.T, a store.Acting, has rows) error {
		return a.EndOffer(t.Context(), has.show, has.offer)
	},
	"FindOrders": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.FindOrders(t.Context(), store.Orders{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}}, "", 10))
	},
	"ListOrders": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.ListOrders(t.Context(), store.Orders{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}}, "", 10))
	},
	"Order":      func(t *testing.T, a store.Acting, has rows) error { return err2(a.Order(t.Context(), has.order)) },
	"MayFigures": func(t *testing.T, a store.Acting, has rows) error { return a.MayFigures(t.Context(), has.show) },
	"MayReport":  func(t *testing.T, a store.Acting, has rows) error { return a.MayReport(t.Context(), has.show) },
	"Presenter":  func(t *testing.T, a store.Acting, has rows) error { return err2(a.Presenter(t.Context(), has.host)) },
	"Presenters": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Presenters(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"CreatePresenter": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreatePresenter(t.Context(), overlay.Presenter{Org: overlay.HomeOrg, Name: "Li"}, store.Once{}))
	},
	"ChangePresenter": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangePresenter(t.Context(), has.host, overlay.PresenterChange{}))
	},
	"DeletePresenter": func(t *testing.T, a store.Acting, has rows) error { return a.DeletePresenter(t.Context(), has.host) },
	"ShowPresenter": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ShowPresenter(t.Context(), has.show))
	},
	"SetShowPresenter": func(t *testing.T, a store.Acting, has rows) error {
		return a.SetShowPresenter(t.Context(), has.show, has.host, true)
	},
	"Roster": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Roster(t.Context(), has.show)) },
	"SetRoster": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.SetRoster(t.Context(), has.show, []string{has.host}, nil))
	},
	"Present": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Present(t.Context(), has.show, has.host))
	},
	"TakeBackTurn": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.TakeBackTurn(t.Context(), has.show, has.host))
	},
	"Statement": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Statement(t.Context(), has.host, "", "", 10))
	},
	"OrdersWithLines": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.OrdersWithLines(t.Context(), store.Orders{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}}, "", 10))
	},
	"MatchOrder": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.MatchOrder(t.Context(), has.order, ""))
	},
	"EraseBuyer": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.EraseBuyer(t.Context(), has.order))
	},
	"UnmatchOrder": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.UnmatchOrder(t.Context(), has.order))
	},
	"Webhook": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Webhook(t.Context(), has.webhook)) },
	"Webhooks": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Webhooks(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"CreateWebhook": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateWebhook(t.Context(), overlay.Webhook{Org: overlay.HomeOrg, URL: "https://erp.example/", Types: []string{"order.paid"}}, false, store.Once{}))
	},
	"ChangeWebhook": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeWebhook(t.Context(), has.webhook, overlay.WebhookChange{}, false))
	},
	"DeleteWebhook": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteWebhook(t.Context(), has.webhook) },
	"RenewWebhookSecret": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.RenewWebhookSecret(t.Context(), has.webhook, store.Once{}))
	},
	"TestWebhook": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.TestWebhook(t.Context(), has.webhook, store.Once{}))
	},
	"FindDeliveries": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.FindDeliveries(t.Context(), store.Deliveries{Webhook: has.webhook}, "", 10))
	},
	"Delivery": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.Delivery(t.Context(), has.webhook, has.delivery))
	},
	"ReplayDelivery": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ReplayDelivery(t.Context(), has.webhook, has.delivery, store.Once{}))
	},
	"ReplayWebhook": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ReplayWebhook(t.Context(), has.webhook, store.Replay{}, store.Once{}))
	},
	"Feed": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Feed(t.Context(), has.feed)) },
	"Feeds": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Feeds(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"CreateFeed": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateFeed(t.Context(), overlay.Feed{Org: overlay.HomeOrg, URL: "https://shop.example/other"}, store.Once{}))
	},
	"ChangeFeed": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeFeed(t.Context(), has.feed, overlay.FeedChange{Now: true}))
	},
	"DeleteFeed": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteFeed(t.Context(), has.feed) },
	"ProductFor": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ProductFor(t.Context(), overlay.Read, has.product))
	},
	"Categories": func(t *testing.T, a store.Acting, _ rows) error {
		return err3(a.Categories(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"Category":  func(t *testing.T, a store.Acting, has rows) error { return err2(a.Category(t.Context(), has.category)) },
	"Seller":    func(t *testing.T, a store.Acting, has rows) error { return err2(a.Seller(t.Context(), has.product)) },
	"PoolOwner": func(t *testing.T, a store.Acting, has rows) error { return err2(a.PoolOwner(t.Context(), has.pool)) },
	"MoveCategory": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.MoveCategory(t.Context(), has.category, "Taken"))
	},
	"CreateCategory": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateCategory(t.Context(), overlay.HomeOrg, "New", store.Once{}))
	},
	"DeleteCategory": func(t *testing.T, a store.Acting, has rows) error { return a.DeleteCategory(t.Context(), has.category) },
	"Pools": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Pools(t.Context(), overlay.Scope{Orgs: []string{overlay.HomeOrg}}, "", 10))
	},
	"Pool": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Pool(t.Context(), has.pool)) },
	"PoolFor": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PoolFor(t.Context(), overlay.Read, has.pool))
	},
	"CreatePool": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreatePool(t.Context(), overlay.HomeOrg, "New", store.Once{}))
	},
	"RenamePool": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.RenamePool(t.Context(), has.pool, "Winter"))
	},
	"DeletePool": func(t *testing.T, a store.Acting, has rows) error { return a.DeletePool(t.Context(), has.pool) },
	"ChangePool": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangePool(t.Context(), has.pool, store.PoolChange{All: true}))
	},
	"AddFound": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.AddFound(t.Context(), has.pool, store.ProductQuery{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}, Text: "corn"}))
	},
	"PoolGrants": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.PoolGrants(t.Context(), has.pool, "", 10))
	},
	"GrantPool": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.GrantPool(t.Context(), has.pool, overlay.HomeOrg, time.Time{}))
	},
	"RevokePool": func(t *testing.T, a store.Acting, has rows) error {
		return a.RevokePool(t.Context(), has.pool, overlay.HomeOrg)
	},

	"Org": func(t *testing.T, a store.Acting, _ rows) error { return err2(a.Org(t.Context(), overlay.HomeOrg)) },
	"CreateOrg": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.CreateOrg(t.Context(), overlay.Org{Name: "Below", Kind: overlay.MerchantOrg, Parent: overlay.HomeOrg}, store.Once{}))
	},
	"ChangeOrg": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.ChangeOrg(t.Context(), overlay.HomeOrg, overlay.OrgChange{}))
	},
	"Audit": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Audit(t.Context(), store.AuditQuery{In: overlay.Scope{Orgs: []string{overlay.HomeOrg}}, Limit: 10}))
	},
	"Members": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Members(t.Context(), overlay.HomeOrg, "", 10))
	},
	"Invite": func(t *testing.T, a store.Acting, _ rows) error {
		return err3(a.Invite(t.Context(), overlay.HomeOrg, "x@shop.example", overlay.Host, store.Sending{}, store.Once{}))
	},
	"MailCounts": func(t *testing.T, a store.Acting, _ rows) error { return err2(a.MailCounts(t.Context())) },
	"AllowReset": func(t *testing.T, a store.Acting, has rows) error {
		return err3(a.AllowReset(t.Context(), overlay.HomeOrg, has.member, store.Sending{}, store.Once{}))
	},
	"ChangeRole": func(t *testing.T, a store.Acting, has rows) error {
		return err2(a.ChangeRole(t.Context(), overlay.HomeOrg, has.member, overlay.Analyst))
	},
	"RemoveMember": func(t *testing.T, a store.Acting, has rows) error {
		return a.RemoveMember(t.Context(), overlay.HomeOrg, has.member)
	},
	"Tokens": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Tokens(t.Context(), overlay.Everything(), "", 10))
	},
	"Token": func(t *testing.T, a store.Acting, has rows) error { return err2(a.Token(t.Context(), has.token)) },
	"CreateToken": func(t *testing.T, a store.Acting, _ rows) error {
		return err3(a.CreateToken(t.Context(), overlay.Token{Name: "n", Role: overlay.Host, Org: overlay.HomeOrg}, store.Once{}))
	},
	"RevokeToken": func(t *testing.T, a store.Acting, has rows) error { return a.RevokeToken(t.Context(), has.token) },
}
