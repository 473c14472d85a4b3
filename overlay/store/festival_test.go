package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// fair is a festival of an organiser, with a room of a merchant, and one of another in the same
// province.
type fair struct {
	*fixture
	organiser, tea overlay.Org
	festival       overlay.Festival
	corn, leaf     overlay.Participant
	watch          overlay.Actor // reads the figures of the organiser
}

func newFair(f *fixture) *fair {
	t, ctx := f.t, f.t.Context()
	t.Helper()
	fair := &fair{fixture: f}
	var err error
	fair.organiser, err = f.CreateOrg(ctx, overlay.Org{Name: "City", Kind: overlay.OrganiserOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	fair.tea, err = f.CreateOrg(ctx, overlay.Org{Name: "Tea", Region: "Guangdong/Chaozhou"}, overlay.System("test"), store.Once{})
	must(t, err)
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Tea hall", Org: fair.tea.ID}, store.Once{})
	must(t, err)
	now := f.clock.Now()
	fair.festival, err = f.CreateFestival(ctx, overlay.Festival{Org: fair.organiser.ID, Slug: "june", Title: "June of shops", Starts: now.Add(-time.Hour), Ends: now.Add(30 * 24 * time.Hour), Timezone: "Asia/Shanghai"}, "test", store.Once{})
	must(t, err)
	fair.corn = fair.join(fair.festival.Slug, "Corn town", "Guangdong / Guangzhou", overlay.HomeOrg, "corn")
	fair.leaf = fair.join(fair.festival.Slug, "Tea hall", "", fair.tea.ID, "tea")
	fair.watch = overlay.Actor{Name: "o", Grants: []overlay.Grant{{Org: fair.organiser.ID, Role: overlay.Owner}}}
	return fair
}

// join brings a room into a festival.
func (f *fixture) join(festival, name, region, org, room string) overlay.Participant {
	f.t.Helper()
	_, link, err := f.InviteToFestival(f.t.Context(), festival, name, region, "test", store.Once{})
	must(f.t, err)
	p, err := f.AcceptFestival(f.t.Context(), link, org, []string{room}, "test")
	must(f.t, err)
	return p.Part
}

// held begins a show of a room and sells in it.
func (f *fair) held(room string, orders int, amount int64) string {
	f.t.Helper()
	ctx := f.t.Context()
	at, err := f.RoomBySlug(ctx, room)
	must(f.t, err)
	b, err := f.BeginBroadcast(ctx, room, f.clock.Now())
	must(f.t, err)
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: at.Org, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(f.t, err)
	for n := range orders {
		name := fmt.Sprint(b.Show, n)
		must(f.t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: f.clock.Now(), Amount: amount, Currency: "CNY"}}))
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unmatched: true, Name: name}, "", 10)
		must(f.t, err)
		_, err = f.MatchOrder(ctx, all[0].ID, b.Show, "test")
		must(f.t, err)
	}
	f.clock.Add(10 * time.Minute)
	must(f.t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	_, err = f.EndShow(ctx, room)
	must(f.t, err)
	f.clock.Add(time.Minute)
	return b.Show
}

func (f *fair) report(by overlay.SummaryBy) (rows []string) {
	f.t.Helper()
	s, err := f.As(f.watch).FestivalReport(f.t.Context(), f.festival.Slug, by)
	must(f.t, err)
	for _, r := range s.Rows {
		line := fmt.Sprintf("%s %d shows %d orders", r.ID, r.Shows, r.Total.Orders)
		if r.Below != nil {
			line += fmt.Sprintf(", below %d shows %d orders", r.Below.Shows, r.Below.Total.Orders)
		}
		rows = append(rows, line)
	}
	return rows
}

// TestFestivalReport: the organiser reads the shows that begin in the festival while their rooms
// take part, by room and by region with the province above the counties, and no other.
func TestFestivalReport(t *testing.T) {
	f := newFair(newFixture(t))
	ctx := t.Context()
	f.held("corn", 2, 500)
	f.held("tea", 1, 700)
	is := func(by overlay.SummaryBy, want ...string) {
		t.Helper()
		if got := f.report(by); !slices.Equal(got, want) {
			t.Errorf("by %s: %q, want %q", by, got, want)
		}
	}
	is(overlay.ByRoom, "corn 1 shows 2 orders", "tea 1 shows 1 orders")
	is(overlay.ByRegion, "Guangdong/Guangzhou 1 shows 2 orders", "Guangdong/Chaozhou 1 shows 1 orders", "Guangdong 0 shows 0 orders, below 2 shows 3 orders")
	is(overlay.ByOrg, overlay.HomeOrg+" 1 shows 2 orders", f.tea.ID+" 1 shows 1 orders")

	// A rehearsal is nobody's figure.
	private := true
	_, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "rehearsal", Rehearsal: &private}, "test", store.Once{})
	must(t, err)
	f.held("corn", 0, 0)
	is(overlay.ByRoom, "corn 1 shows 2 orders", "tea 1 shows 1 orders")

	// Who has left keeps the shows to themselves that begin from then on.
	must(t, f.As(overlay.Actor{Name: "m", Grants: []overlay.Grant{{Org: f.tea.ID, Role: overlay.Owner}}}).LeaveFestival(ctx, f.leaf.ID))
	f.clock.Add(time.Second)
	f.held("tea", 5, 100)
	is(overlay.ByRoom, "corn 1 shows 2 orders", "tea 1 shows 1 orders")
	places, err := f.FestivalPlaces(ctx, f.festival.Slug)
	must(t, err)
	if len(places) != 1 || places[0].Slug != "corn" || places[0].Region != "Guangdong/Guangzhou" {
		t.Errorf("rooms of the festival: %+v", places)
	}

	// Nor does a show count that begins after the festival.
	ends := f.clock.Now()
	_, err = f.ChangeFestival(ctx, f.festival.Slug, overlay.FestivalChange{Ends: &ends}, "test")
	must(t, err)
	f.clock.Add(time.Second)
	f.held("corn", 4, 100)
	is(overlay.ByRoom, "corn 1 shows 2 orders", "tea 1 shows 1 orders")
}

// TestFestivalLink: a link works once and for its time, and only owners bring rooms: their own.
func TestFestivalLink(t *testing.T) {
	f := newFair(newFixture(t))
	ctx := t.Context()
	owner := func(org string) overlay.Actor {
		return overlay.Actor{Name: "m", Grants: []overlay.Grant{{Org: org, Role: overlay.Owner}}}
	}
	invite := func() string {
		_, link, err := f.As(f.watch).InviteToFestival(ctx, f.festival.Slug, "Silk", "Zhejiang/Hangzhou", store.Once{})
		must(t, err)
		return link
	}
	is := func(what string, err error, want overlay.Code) {
		t.Helper()
		if code := overlay.CodeOf(err); code != want {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	silk, err := f.CreateOrg(ctx, overlay.Org{Name: "Silk"}, overlay.System("test"), store.Once{})
	must(t, err)
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "silk", Title: "Silk", Org: silk.ID}, store.Once{})
	must(t, err)
	link := invite()
	is("a room of others", err2(f.As(owner(silk.ID)).AcceptFestival(ctx, link, silk.ID, []string{"tea"})), overlay.NotFound)
	is("a room of another of one's organisations", err2(f.AcceptFestival(ctx, link, silk.ID, []string{"tea"}, "test")), overlay.Invalid)
	is("no room", err2(f.As(owner(silk.ID)).AcceptFestival(ctx, link, silk.ID, nil)), overlay.Invalid)
	is("a host", err2(f.As(overlay.Actor{Grants: []overlay.Grant{{Org: silk.ID, Role: overlay.Host}}}).AcceptFestival(ctx, link, silk.ID, []string{"silk"})), overlay.Forbidden)
	must(t, err2(f.As(owner(silk.ID)).AcceptFestival(ctx, link, silk.ID, []string{"silk", "silk"})))
	is("once more", err2(f.As(owner(silk.ID)).AcceptFestival(ctx, link, silk.ID, []string{"silk"})), overlay.NotFound)
	is("another link", err2(f.As(owner(silk.ID)).AcceptFestival(ctx, invite(), silk.ID, []string{"silk"})), overlay.Conflict)
	is("a link that was never made", err2(f.FestivalInvitation(ctx, "guess")), overlay.NotFound)
	late := invite()
	f.clock.Add(overlay.FestivalInvitationLife)
	is("an old link", err2(f.FestivalInvitation(ctx, late)), overlay.NotFound)
	is("the organiser changes a merchant's rooms", err2(f.As(f.watch).SetFestivalRooms(ctx, f.corn.ID, []string{"corn"})), overlay.NotFound)
	is("the organiser renames a room", err2(f.As(f.watch).ChangeRoom(ctx, "corn", store.RoomChange{})), overlay.NotFound)
	is("the organiser reads a show", err2(f.As(f.watch).GetShow(ctx, f.held("corn", 1, 100))), overlay.NotFound)

	mine, err := f.As(owner(silk.ID)).Participations(ctx, overlay.Scope{Orgs: []string{silk.ID}}, "", 10)
	must(t, err)
	if len(mine) != 1 || mine[0].Organiser != "City" || len(mine[0].Part.Rooms) != 1 || mine[0].Part.Rooms[0].Slug != "silk" {
		t.Errorf("what the merchant sees: %+v", mine)
	}
	all, err := f.As(f.watch).Participants(ctx, f.festival.Slug, "", 10)
	must(t, err)
	var states []string
	for _, p := range all {
		states = append(states, p.Name+" "+string(p.Status))
	}
	if want := []string{"Corn town accepted", "Tea hall accepted", "Silk accepted", "Silk invited", "Silk invited"}; !slices.Equal(states, want) {
		t.Errorf("merchants: %q, want %q", states, want)
	}
}

// TestFestivalGoes: a deleted room leaves its festival, and a deleted festival takes nothing of
// its merchants with it.
func TestFestivalGoes(t *testing.T) {
	f := newFair(newFixture(t))
	ctx := t.Context()
	must(t, f.DeleteRoom(ctx, "tea", "test"))
	must(t, f.SweepDeleted(ctx))
	places, err := f.FestivalPlaces(ctx, f.festival.Slug)
	must(t, err)
	if len(places) != 1 || places[0].Slug != "corn" {
		t.Errorf("rooms of the festival: %+v", places)
	}
	must(t, f.As(f.watch).DeleteFestival(ctx, f.festival.Slug))
	if _, err := f.RoomBySlug(ctx, "corn"); err != nil {
		t.Error(err)
	}
	mine, err := f.Participations(ctx, overlay.Everything(), "", 10)
	if err != nil || len(mine) != 0 {
		t.Errorf("%+v, %v", mine, err)
	}
}
