package store_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestAuditInWords: what was done to a show is told with its title, and by whom with the name; a
// token that is called as a show's id is not taken for that show.
func TestAuditInWords(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	p, _ := f.owner()
	show, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "Harvest"}, p.Email, store.Once{})
	must(t, err)
	_, err = f.RevealKey(ctx, "corn", "console")
	must(t, err)
	_, _, err = f.CreateToken(ctx, overlay.Token{Name: "corn", Role: overlay.Analyst, Org: "home"}, p.Email)
	must(t, err)
	all, err := f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{"home"}}, Limit: 3})
	must(t, err)
	var got []string
	for _, a := range all {
		got = append(got, a.Name+"|"+a.Actor+"|"+a.Action+"|"+a.Object+"|"+a.Title)
	}
	want := []string{"Li|li@shop.example|token.create|corn|", "|console|stream_key.reveal|corn|Corn", "Li|li@shop.example|show.plan|" + show.ID + "|Harvest"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// It is narrowed to who did it, to what it was done to, and to a time.
	home := overlay.Scope{Orgs: []string{"home"}}
	for what, c := range map[string]struct {
		q    store.AuditQuery
		want string
	}{
		"a person":         {store.AuditQuery{Actor: p.Email}, "token.create show.plan"},
		"a kind":           {store.AuditQuery{Kinds: []string{"stream_key"}}, "stream_key.reveal"},
		"two kinds":        {store.AuditQuery{Kinds: []string{"stream_key", "show"}}, "stream_key.reveal show.plan"},
		"a kind of nobody": {store.AuditQuery{Actor: "console", Kinds: []string{"show"}}, ""},
		"from now on":      {store.AuditQuery{From: all[0].At.Add(time.Second)}, ""},
		"until the plan":   {store.AuditQuery{Kinds: []string{"show"}, To: all[2].At}, ""},
		"at its moment":    {store.AuditQuery{Kinds: []string{"show"}, From: all[2].At, To: all[2].At.Add(time.Millisecond)}, "show.plan"},
	} {
		c.q.In, c.q.Limit = home, 3
		some, err := f.Audit(ctx, c.q)
		must(t, err)
		var did []string
		for _, a := range some {
			did = append(did, a.Action)
		}
		if got := strings.Join(did, " "); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	// The address of a file is told without what may be a secret in it.
	_, err = f.CreateFeed(ctx, overlay.Feed{Org: overlay.HomeOrg, URL: "https://shop.example/corn.xml?token=secret"}, "test", store.Once{})
	must(t, err)
	_, err = f.CreatePool(ctx, overlay.HomeOrg, "Autumn", "test", store.Once{})
	must(t, err)
	all, err = f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{"home"}}, Limit: 2})
	must(t, err)
	if len(all) != 2 || all[0].Title != "Autumn" || all[1].Title != "shop.example/corn.xml" {
		t.Errorf("%+v", all)
	}
	// A token may have any name: that of an address does not tell whose it is, and a room's
	// name that another organisation has now is not its room.
	o, err := f.CreateOrg(ctx, overlay.Org{Name: "Other", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	_, _, err = f.CreateToken(ctx, overlay.Token{Name: "dock", Role: overlay.Analyst, Org: o.ID}, p.Email)
	must(t, err)
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Their tea", Org: o.ID}, store.Once{})
	must(t, err)
	must(t, f.DeleteRoom(ctx, "tea", "test"))
	must(t, f.SweepDeleted(ctx))
	_, err = f.CreateRoom(ctx, store.NewRoom{Slug: "tea", Title: "Our tea"}, store.Once{})
	must(t, err)
	if all, err = f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{o.ID}}, Limit: 10}); err != nil || len(all) < 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, a := range all {
		if a.Name != "" || a.Title == "Our tea" {
			t.Errorf("the audit of another organisation names what is ours: %+v", a)
		}
	}
}

// TestAuditTellsChanges: of what matters an entry says from what to what, cut to a bound;
// what the server does by itself, and what changes nothing of that, has no entry.
func TestAuditTellsChanges(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	li := overlay.Actor{Name: "li@shop.example", Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Owner}}}
	as := f.As(li)
	product := f.products[0]
	price, out, long, link := product.Price+100, overlay.StockOut, strings.Repeat("玉", 300), "https://shop.example/?token=secret"
	_, err := as.UpdateProduct(ctx, product.ID, overlay.ProductChange{Price: &price, Stock: &out})
	must(t, err)
	_, err = as.UpdateProduct(ctx, product.ID, overlay.ProductChange{Link: &link})
	must(t, err)
	_, err = f.UpdateProduct(ctx, product.ID, overlay.ProductChange{Price: &product.Price})
	must(t, err)
	_, err = as.ChangeRoom(ctx, "corn", store.RoomChange{Title: "New name"})
	must(t, err)
	_, err = as.ChangeOrg(ctx, overlay.HomeOrg, overlay.OrgChange{Name: new("Corn town"), Currency: new("CNY")})
	must(t, err)
	show := f.plan("soon", time.Hour)
	_, err = as.ChangeShow(ctx, show.ID, store.ShowChange{Plan: overlay.Plan{Title: "later", Starts: new(show.Starts.Add(time.Hour))}})
	must(t, err)
	all, err := f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{"home"}}, Actor: li.Name, Limit: 10})
	must(t, err)
	got := map[string][]overlay.Altered{}
	for _, a := range all {
		got[a.Action] = append(got[a.Action], a.Changes...)
	}
	at := func(moment time.Time) string { return moment.UTC().Format(time.RFC3339) }
	want := map[string][]overlay.Altered{
		"product.change": {{Field: "price", From: strconv.FormatInt(product.Price, 10), To: strconv.FormatInt(price, 10), Currency: product.Currency}, {Field: "stock", From: "in", To: "out"}},
		"room.rename":    {{Field: "title", From: "Corn", To: "New name"}},
		"org.change":     {{Field: "name", From: "Home", To: "Corn town"}, {Field: "currency", To: "CNY"}},
		"show.rename":    {{Field: "title", From: "soon", To: "later"}},
		"show.replan":    {{Field: "starts_at", From: at(show.Starts), To: at(show.Starts.Add(time.Hour))}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if cut := overlay.Alterations(overlay.Altered{Field: "title", To: long}); len([]rune(cut[0].To)) != 200 {
		t.Errorf("a long value has %d characters", len([]rune(cut[0].To)))
	}
}
