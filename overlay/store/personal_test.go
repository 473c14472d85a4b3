package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// privacyOfOthers are the rows of TestActorsOfOthers about what is kept of people.
var privacyOfOthers = map[string]asks{
	"Retentions": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Retentions(t.Context(), overlay.HomeOrg))
	},
	"SetRetentions": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.SetRetentions(t.Context(), overlay.HomeOrg, overlay.Keeping{}, nil, nil))
	},
	"PersonData": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.PersonData(t.Context(), overlay.HomeOrg, overlay.Handle{Viewer: writer}))
	},
	"ErasePerson": func(t *testing.T, a store.Acting, _ rows) error {
		return err3(a.ErasePerson(t.Context(), overlay.HomeOrg, overlay.Handle{Viewer: writer}))
	},
}

// someone is a person as this organisation can know one.
type someone struct{ viewer, user, mail string }

// known lets a person write, be muted, watch, click, buy and book in a show, and invites the
// person into the team.
func (c *counterOf) known(p someone, planned string, owner overlay.Actor) {
	c.t.Helper()
	ctx := c.t.Context()
	now := c.clock.Now()
	signed := overlay.Handle{User: p.user}.InChat(overlay.HomeOrg)
	var list []overlay.Comment
	for _, who := range []string{p.viewer, signed} {
		list = append(list, overlay.Comment{ID: c.NewID(), Show: c.show, Viewer: who, Name: "Name of " + p.user, Text: "Words of " + p.user, At: now, Sent: now})
	}
	_, err := c.AddComments(ctx, list)
	must(c.t, err)
	for _, who := range []string{p.viewer, signed} {
		_, err := c.Mute(ctx, c.show, store.NewMute{Viewer: who, For: time.Hour}, "ann")
		must(c.t, err)
	}
	must(c.t, c.AddWatched(ctx, []overlay.Watched{{Show: c.show, Views: 1, Numbers: []uint64{overlay.ParseViewer(p.viewer)}}}))
	must(c.t, c.AddClicks(ctx, []overlay.Click{{ID: c.NewID(), Show: c.show, Product: c.product, Rev: 1, At: now, Viewer: overlay.ParseViewer(p.viewer)}}))
	h, err := c.hold(1)
	must(c.t, err)
	_, err = c.OpenedHold(ctx, h.ID, "cs_"+p.user, "https://checkout.example/cs_"+p.user)
	must(c.t, err)
	f := c.paid("order of "+p.viewer[12:], h.ID)
	f.Buyer = p.mail
	c.tell(f)
	c.booked(planned, p.mail)
	_, _, err = c.Invite(ctx, overlay.HomeOrg, p.mail, overlay.Host, owner)
	must(c.t, err)
}

// tables gives the text of each table.
func (f *fixture) tables() map[string]string {
	f.t.Helper()
	all := map[string]string{}
	for _, p := range overlay.PersonalKinds() {
		for _, table := range p.Tables {
			all[table] = store.Dump(f.t, f.Store, table)
		}
	}
	for _, table := range overlay.ImpersonalTables() {
		all[table] = store.Dump(f.t, f.Store, table)
	}
	return all
}

// TestErasePerson: of two persons in every table, one is exported and erased by each handle.
// Nothing tells of that one any more, the other is untouched, and no figure changes.
func TestErasePerson(t *testing.T) {
	c := newCounter(t, 5)
	ctx := t.Context()
	person, _ := c.owner()
	owner := overlay.Actor{Name: person.Email, Person: person.ID, Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Owner}}}
	planned := c.plan("Next", 48*time.Hour)
	li, wang := someone{"8f3a61c07be4d215", "user-li", "li@buyer.example"}, someone{"3c0a61c07be4d217", "user-wang", "wang@buyer.example"}
	c.known(li, planned.ID, owner)
	c.known(wang, planned.ID, owner)

	handles := func(p someone) []overlay.Handle {
		return []overlay.Handle{{Viewer: strings.ToUpper(p.viewer)}, {User: p.user}, {Mail: " " + strings.ToUpper(p.mail)}}
	}
	found := func(p someone) (all []overlay.PersonData) {
		t.Helper()
		for _, h := range handles(p) {
			d, err := c.PersonData(ctx, overlay.HomeOrg, h)
			must(t, err)
			d.At = time.Time{}
			all = append(all, d)
		}
		return all
	}
	figures := func() string {
		t.Helper()
		r, err := c.Report(ctx, c.show, overlay.Everything(), true)
		must(t, err)
		chat, err := c.AllComments(ctx, c.show, "", false, 100)
		must(t, err)
		r.Live.UnknownBuyers = 0 // of an erased buyer it is not known which orders are of one
		text, err := json.Marshal([]any{r.Total.Money, r.Total.Orders, r.Total.Buyers, r.Live, r.Replay, r.Products, len(chat), c.reminders(planned.ID), c.now()})
		must(t, err)
		return string(text)
	}
	of := found(li)
	for i, want := range []map[string]int64{{"comments": 1, "mutes": 1, "views": 2, "audit": 1}, {"comments": 1, "mutes": 1, "audit": 1}, {"orders": 1, "reminders": 1, "invitations": 1, "audit": 1}} {
		if fmt.Sprint(of[i].Found) != fmt.Sprint(want) {
			t.Errorf("found %v by %s, want %v", of[i].Found, of[i].By, want)
		}
	}
	if of[0].Comments[0].Text != "Words of user-li" || of[2].Orders[0].Gross != 100 || of[2].Reminders[0].Address != li.mail {
		t.Errorf("the export is %+v", of)
	}
	other, before := found(wang), figures()
	for i, h := range handles(li) {
		e, said, err := c.ErasePerson(ctx, overlay.HomeOrg, h, "ann")
		must(t, err)
		if fmt.Sprint(e.Erased) != fmt.Sprint(of[i].Found) || e.Proof == "" || (i < 2) != (len(said[c.show]) == 1) {
			t.Errorf("erased %+v with comments %v, found were %v", e, said, of[i].Found)
		}
		if again, _, err := c.ErasePerson(ctx, overlay.HomeOrg, h, "ann"); err != nil || len(again.Erased) != 0 || again.Proof != e.Proof {
			t.Errorf("erased again: %+v, %v", again, err)
		}
	}
	if after := figures(); after != before {
		t.Errorf("the figures were\n%s, and are\n%s", before, after)
	}
	for _, d := range found(li) {
		if len(d.Found) != 0 {
			t.Errorf("found by %s: %v", d.By, d.Found)
		}
	}
	if now := found(wang); fmt.Sprintf("%+v", now) != fmt.Sprintf("%+v", other) {
		t.Errorf("the other was %+v\nand is %+v", other, now)
	}
	signed := overlay.Handle{User: li.user}.InChat(overlay.HomeOrg)
	number := fmt.Sprint(overlay.Handle{Viewer: li.viewer}.Number())
	for table, text := range c.tables() {
		for _, handle := range []string{li.viewer, li.user, li.mail, signed} {
			if strings.Contains(text, handle) {
				t.Errorf("the table %s has %s still:\n%s", table, handle, text)
			}
		}
		if (table == "show_viewer" || table == "show_clicker") && strings.Contains(text, number) {
			t.Errorf("the table %s has the number of the browser:\n%s", table, text)
		}
	}
	if !strings.Contains(strings.Join(slices.Collect(maps.Values(c.tables())), ""), wang.mail) {
		t.Error("no table has the other, so the test above shows nothing")
	}
	// Who is in the team is taken out of it first.
	if _, _, err := c.ErasePerson(ctx, overlay.HomeOrg, overlay.Handle{Mail: person.Email}, "ann"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a member: %v", err)
	}
}

// TestForgetPeople: what is older than the server keeps it, or the organisation, goes; what
// is younger stays; and no figure changes.
func TestForgetPeople(t *testing.T) {
	c := newCounter(t, 5)
	ctx := t.Context()
	person, _ := c.owner()
	owner := overlay.Actor{Name: person.Email, Person: person.ID, Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Owner}}}
	c.known(someone{"8f3a61c07be4d215", "user-li", "li@buyer.example"}, c.plan("Next", 48*time.Hour).ID, owner)
	_, err := c.EndShow(ctx, "corn")
	must(t, err)
	const day = 24 * time.Hour
	keep := overlay.Keeping{Views: 90 * day, Clicks: 90 * day, Buyers: 700 * day, Audit: 700 * day}
	viewers := func() int64 {
		r, err := c.Report(ctx, c.show, overlay.Everything(), true)
		must(t, err)
		return *r.Total.Viewers
	}
	forget := func(want string) {
		t.Helper()
		done, err := c.ForgetPeople(ctx, keep)
		must(t, err)
		text, err := json.Marshal(done)
		must(t, err)
		if string(text) != want {
			t.Errorf("forgot %s, want %s", text, want)
		}
	}
	_, err = c.SetRetentions(ctx, overlay.HomeOrg, keep, map[overlay.PersonalKind]int64{overlay.KeptComments: 10, overlay.KeptViews: 20, overlay.KeptClicks: 30}, nil, "ann")
	must(t, err)
	if _, err := c.SetRetentions(ctx, overlay.HomeOrg, keep, map[overlay.PersonalKind]int64{overlay.KeptClicks: 91}, nil, "ann"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("longer than the server: %v", err)
	}
	forget(`{"audit":0,"buyers":0,"clicks":0,"comments":0,"views":0}`)
	was := viewers()
	c.clock.Add(11 * day)
	forget(`{"audit":0,"buyers":0,"clicks":0,"comments":2,"views":0}`)
	c.clock.Add(10 * day)
	forget(`{"audit":0,"buyers":0,"clicks":0,"comments":0,"views":2}`)
	forget(`{"audit":0,"buyers":0,"clicks":0,"comments":0,"views":0}`)
	c.clock.Add(10 * day)
	forget(`{"audit":0,"buyers":0,"clicks":1,"comments":0,"views":0}`)
	if now := viewers(); now != was || now != 1 {
		t.Errorf("%d viewers were, and %d are", was, now)
	}
	c.clock.Add(700 * day)
	done, err := c.ForgetPeople(ctx, keep)
	must(t, err)
	if done[overlay.KeptBuyers] < 1 || done[overlay.KeptAudit] < 5 {
		t.Errorf("after two years: %v", done)
	}
	if o, err := c.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 10); err != nil || len(o) != 1 || o[0].Gross != 100 {
		t.Errorf("the orders are %+v, %v", o, err)
	}
	if text := store.Dump(t, c.Store, "chat_mute"); text != "" {
		t.Errorf("mutes that have ended are kept: %s", text)
	}
	if _, err := c.PersonData(context.WithoutCancel(ctx), overlay.HomeOrg, overlay.Handle{Buyer: "li@buyer.example"}); err != nil {
		t.Error(err)
	}
}
