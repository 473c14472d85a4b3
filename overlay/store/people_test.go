package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// owner sets the first owner up.
func (f *fixture) owner() (overlay.Person, string) {
	f.t.Helper()
	p, cookie, err := f.SetUpOwner(f.t.Context(), overlay.Person{Email: "li@shop.example", Name: "Li"}, "hash", "", overlay.Actor{Name: "test"})
	must(f.t, err)
	return p, cookie
}

// TestSessionsEnd: a session ends when nobody used it for long, and after its time also
// in use; it outlives a restart.
func TestSessionsEnd(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	p, cookie := f.owner()
	must(t, f.Close())
	f.open()
	for at := time.Duration(0); at < overlay.SessionLife-time.Hour; at += 6 * 24 * time.Hour {
		a, err := f.CheckSession(ctx, cookie)
		if err != nil || a.Person != p.ID || a.Name != "li@shop.example" || !a.May(overlay.Operate, overlay.HomeOrg) || a.Everywhere(overlay.Read) {
			t.Fatalf("after %v: %+v %v", at, a, err)
		}
		f.clock.Add(6 * 24 * time.Hour)
	}
	_, err := f.CheckSession(ctx, cookie)
	wantCode(t, err, overlay.Unauthorized)

	second, err := f.OpenSession(ctx, p.ID)
	must(t, err)
	f.clock.Add(overlay.SessionIdle + time.Second)
	_, err = f.CheckSession(ctx, second)
	wantCode(t, err, overlay.Unauthorized)
	_, err = f.CheckSession(ctx, "guess")
	wantCode(t, err, overlay.Unauthorized)
}

// TestManySessions: of very many sessions of one person the oldest end; sign-out
// everywhere ends all, and those of nobody else.
func TestManySessions(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	p, first := f.owner()
	_, link, err := f.Invite(ctx, overlay.HomeOrg, "wang@shop.example", overlay.Host, overlay.System("test"))
	must(t, err)
	_, others, err := f.Accept(ctx, link, "Wang", "hash", false)
	must(t, err)
	var last string
	for range 20 {
		f.clock.Add(time.Second)
		last, err = f.OpenSession(ctx, p.ID)
		must(t, err)
	}
	_, err = f.CheckSession(ctx, first)
	wantCode(t, err, overlay.Unauthorized)
	_, err = f.CheckSession(ctx, last)
	must(t, err)
	must(t, f.CloseSession(ctx, last, true))
	_, err = f.CheckSession(ctx, last)
	wantCode(t, err, overlay.Unauthorized)
	_, err = f.CheckSession(ctx, others)
	must(t, err)
	if f.CSRF(last) == f.CSRF(others) || len(f.CSRF(last)) != 32 {
		t.Errorf("csrf %q and %q", f.CSRF(last), f.CSRF(others))
	}
}

// TestOnlyOneOwnerIsSetUp: of many who have the admin token one becomes the owner.
func TestOnlyOneOwnerIsSetUp(t *testing.T) {
	f := newFixture(t)
	var all sync.WaitGroup
	codes := make([]overlay.Code, 8)
	for i := range codes {
		all.Go(func() {
			_, _, err := f.SetUpOwner(t.Context(), overlay.Person{Email: string(rune('a'+i)) + "@shop.example"}, "hash", "", overlay.Actor{Name: "test"})
			codes[i] = overlay.CodeOf(err)
		})
	}
	all.Wait()
	won := 0
	for _, c := range codes {
		if c == "" {
			won++
		} else if c != overlay.Conflict {
			t.Errorf("got %q", c)
		}
	}
	members, err := f.Members(t.Context(), overlay.HomeOrg, "", 100)
	if won != 1 || err != nil || len(members) != 1 {
		t.Errorf("%d won; %+v, %v", won, members, err)
	}
}

// TestLinksWorkOnce: of many who use one link at once, one gets in; an old link, and one
// in whose place another came, get nobody in.
func TestLinksWorkOnce(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	invite := func() string {
		_, link, err := f.Invite(ctx, overlay.HomeOrg, " Wang@shop.example", overlay.Host, overlay.System("test"))
		must(t, err)
		return link
	}
	first, second := invite(), invite()
	_, _, err := f.Accept(ctx, first, "Wang", "hash", false)
	wantCode(t, err, overlay.NotFound)
	f.clock.Add(overlay.InvitationLife)
	_, _, err = f.Accept(ctx, second, "Wang", "hash", false)
	wantCode(t, err, overlay.NotFound)
	listed := func(want int) {
		t.Helper()
		all, err := f.Members(ctx, overlay.HomeOrg, "", 100)
		if err != nil || len(all) != want || want == 1 && (!all[0].Invited || all[0].Expires.After(f.clock.Now())) {
			t.Errorf("want %d listed, got %+v, %v", want, all, err)
		}
	}
	listed(1)
	_, _, err = f.Invite(ctx, overlay.HomeOrg, "other@shop.example", overlay.Host, overlay.System("test"))
	must(t, err)
	listed(2)
	f.clock.Add(overlay.InvitationLife + overlay.InvitationKept)
	listed(0)

	third := invite()
	var all sync.WaitGroup
	won := make([]bool, 8)
	for i := range won {
		all.Go(func() {
			_, _, err := f.Accept(ctx, third, "Wang", "hash", false)
			won[i] = err == nil
		})
	}
	all.Wait()
	n := 0
	for _, w := range won {
		if w {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d got in", n)
	}
	members, err := f.Members(ctx, overlay.HomeOrg, "", 100)
	if err != nil || len(members) != 1 || members[0].Email != "wang@shop.example" || members[0].Invited {
		t.Errorf("%+v, %v", members, err)
	}
	_, _, err = f.Invite(ctx, overlay.HomeOrg, "wang", overlay.Host, overlay.System("test"))
	wantCode(t, err, overlay.Invalid)
	_, _, err = f.Invite(ctx, overlay.HomeOrg, "wang@shop.example", "king", overlay.System("test"))
	wantCode(t, err, overlay.Invalid)
}

// TestResetLinksEnd: a link for a new password ends when the person gets a role that
// whoever gave it need not own, when the password changes, and when its giver leaves.
func TestResetLinksEnd(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	root := overlay.System("test")
	join := func(org, email string) overlay.Person {
		t.Helper()
		_, link, err := f.Invite(ctx, org, email, overlay.Owner, root)
		must(t, err)
		_, err = f.AccountByEmail(ctx, email)
		p, _, err := f.Accept(ctx, link, "Name", "hash", err == nil)
		must(t, err)
		return p
	}
	li := join(overlay.HomeOrg, "li@shop.example")
	join(overlay.HomeOrg, "other@shop.example") // an owner who stays
	tea, err := f.CreateOrg(ctx, overlay.Org{Name: "Tea"}, root, store.Once{})
	must(t, err)
	by := overlay.Actor{Name: li.Email, Person: li.ID, Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Owner}}}
	for i, ends := range []func(wang overlay.Person){
		func(wang overlay.Person) { join(tea.ID, wang.Email) },
		func(wang overlay.Person) {
			_, err := f.ChangePassword(ctx, overlay.Actor{Name: wang.Email, Person: wang.ID}, "hash")
			must(t, err)
		},
		func(overlay.Person) { must(t, f.RemoveMember(ctx, overlay.HomeOrg, li.ID, root)) },
	} {
		wang := join(overlay.HomeOrg, fmt.Sprintf("wang%d@shop.example", i))
		_, link, err := f.AllowReset(ctx, overlay.HomeOrg, wang.ID, by)
		must(t, err)
		ends(wang)
		_, _, err = f.Accept(ctx, link, "", "hash of a stranger", false)
		if overlay.CodeOf(err) != overlay.NotFound {
			t.Errorf("case %d: the link still works: %v", i, err)
		}
	}
}

// TestLinksEndWithTheirMaker: an invitation ends when whoever made it is no owner any more of
// what it invites to, also below; and when the invited one is removed. Others stay.
func TestLinksEndWithTheirMaker(t *testing.T) {
	f, ctx, root := newFixture(t), t.Context(), overlay.System("test")
	join := func(org, email string, role overlay.Role) overlay.Person {
		t.Helper()
		_, link, err := f.Invite(ctx, org, email, role, root)
		must(t, err)
		_, err = f.AccountByEmail(ctx, email)
		p, _, err := f.Accept(ctx, link, "Name", "hash", err == nil)
		must(t, err)
		return p
	}
	add := func(parent string) string {
		t.Helper()
		o, err := f.CreateOrg(ctx, overlay.Org{Name: "Tea", Parent: parent}, root, store.Once{})
		must(t, err)
		return o.ID
	}
	machine := func(org string) string {
		t.Helper()
		made, _, err := f.CreateToken(ctx, overlay.Token{Name: "machine", Role: overlay.Owner, Org: org}, "test")
		must(t, err)
		return made.ID
	}
	for i, c := range []struct {
		does      string
		ends      func(top, below string, boss overlay.Person) error
		top, deep bool // the links that still work
	}{
		{"is removed", func(top, _ string, boss overlay.Person) error { return f.RemoveMember(ctx, top, boss.ID, root) }, false, false},
		{"gets a lesser role", func(top, _ string, boss overlay.Person) error {
			_, err := f.ChangeRole(ctx, top, boss.ID, overlay.Host, root)
			return err
		}, false, false},
		{"takes a lesser role", func(top, _ string, boss overlay.Person) error { join(top, boss.Email, overlay.Analyst); return nil }, false, false},
		{"is removed, and owns what is below", func(top, below string, boss overlay.Person) error {
			join(below, boss.Email, overlay.Owner)
			return f.RemoveMember(ctx, top, boss.ID, root)
		}, false, true},
		{"loses what is below", func(_, below string, _ overlay.Person) error {
			other := add("")
			_, err := f.ChangeOrg(ctx, below, overlay.OrgChange{Parent: &other}, root)
			return err
		}, true, false},
		{"token", func(top, _ string, _ overlay.Person) error { return f.RevokeToken(ctx, machine(top), "test") }, false, false},
		{"token of the same name elsewhere", func(string, string, overlay.Person) error { return f.RevokeToken(ctx, machine(add("")), "test") }, true, true},
	} {
		top := add("")
		below := add(top)
		boss := join(top, fmt.Sprintf("boss%d@shop.example", i), overlay.Owner)
		join(top, "other@shop.example", overlay.Owner)
		by := overlay.Actor{Name: boss.Email}
		if c.does[:5] == "token" {
			by.Name = "machine"
		}
		_, here, err := f.Invite(ctx, top, "alt@shop.example", overlay.Owner, by)
		must(t, err)
		_, deep, err := f.Invite(ctx, below, "alt@shop.example", overlay.Owner, by)
		must(t, err)
		must(t, c.ends(top, below, boss))
		for link, works := range map[string]bool{here: c.top, deep: c.deep} {
			if _, err := f.Invitation(ctx, link); (err == nil) != works || err != nil && overlay.CodeOf(err) != overlay.NotFound {
				t.Errorf("the maker %s: the link works should be %v: %v", c.does, works, err)
			}
		}
	}

	// Whoever is removed does not come back by an invitation that was open.
	p := join(overlay.HomeOrg, "wang@shop.example", overlay.Host)
	_, link, err := f.Invite(ctx, overlay.HomeOrg, "wang@shop.example", overlay.Host, root)
	must(t, err)
	must(t, f.RemoveMember(ctx, overlay.HomeOrg, p.ID, root))
	_, _, err = f.Accept(ctx, link, "", "", true)
	wantCode(t, err, overlay.NotFound)
}

// TestOldInvitationsTakeNoPlace: an organisation with as many invitations as it may have
// can send another in place of one, and more once they are over.
func TestOldInvitationsTakeNoPlace(t *testing.T) {
	f := newFixture(t)
	invite := func(i int) error {
		_, _, err := f.Invite(t.Context(), overlay.HomeOrg, fmt.Sprintf("p%d@shop.example", i), overlay.Host, overlay.System("test"))
		return err
	}
	n := 0
	for ; n < 1000 && invite(n) == nil; n++ {
	}
	wantCode(t, invite(n), overlay.Conflict)
	must(t, invite(0))
	f.clock.Add(overlay.InvitationLife)
	must(t, invite(n))
}

// TestTreeOfOrganisations: a role holds below, also where an organisation is moved; the
// tree has no ring, and no more than its levels.
func TestTreeOfOrganisations(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	root := overlay.System("test")
	add := func(parent string) string {
		t.Helper()
		o, err := f.CreateOrg(ctx, overlay.Org{Name: "Org", Parent: parent}, root, store.Once{})
		must(t, err)
		return o.ID
	}
	move := func(id, parent string) error {
		_, err := f.ChangeOrg(ctx, id, overlay.OrgChange{Parent: &parent}, root)
		return err
	}
	a := add("")
	b := add(a)
	c := add(b)
	d := add("")
	_, token, err := f.CreateToken(ctx, overlay.Token{Name: "a", Role: overlay.Host, Org: a}, "test")
	must(t, err)
	may := func(org string) bool {
		who, err := f.CheckToken(ctx, token)
		must(t, err)
		return who.May(overlay.Sell, org)
	}
	if !may(a) || !may(b) || !may(c) || may(d) || may(overlay.HomeOrg) {
		t.Error("a role holds in its organisation and below, and nowhere else")
	}
	must(t, move(d, c))
	if !may(d) {
		t.Error("a role holds in what was moved below")
	}
	wantCode(t, move(a, d), overlay.Conflict)
	wantCode(t, move(a, a), overlay.Conflict)
	wantCode(t, move(a, "nowhere"), overlay.Invalid)
	deep := d
	for range overlay.MaxOrgDepth - 4 {
		deep = add(deep)
	}
	_, err = f.CreateOrg(ctx, overlay.Org{Name: "Org", Parent: deep}, root, store.Once{})
	wantCode(t, err, overlay.Conflict)
	top := add("")
	wantCode(t, move(a, top), overlay.Conflict)
	must(t, move(b, ""))
	if may(c) {
		t.Error("a role goes with what was moved away")
	}
}

// TestTokensOfRooms: a token names rooms of its organisation alone, and is gone when it
// is revoked; who did it is in the audit of that organisation.
func TestTokensOfRooms(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	o, err := f.CreateOrg(ctx, overlay.Org{Name: "Tea"}, overlay.System("test"), store.Once{})
	must(t, err)
	_, _, err = f.CreateToken(ctx, overlay.Token{Name: "x", Role: overlay.Host, Org: o.ID, Rooms: []string{"corn"}}, "test")
	wantCode(t, err, overlay.Invalid)
	_, _, err = f.CreateToken(ctx, overlay.Token{Name: "x", Role: overlay.Host, Rooms: []string{"corn"}}, "test")
	wantCode(t, err, overlay.Invalid)
	_, _, err = f.CreateToken(ctx, overlay.Token{Name: "x", Role: overlay.Host, Org: "nowhere"}, "test")
	wantCode(t, err, overlay.NotFound)
	made, token, err := f.CreateToken(ctx, overlay.Token{Name: "x", Role: overlay.Host, Org: "home", Rooms: []string{"corn"}}, "li")
	must(t, err)
	who, err := f.CheckToken(ctx, token)
	if err != nil || !who.MayIn(overlay.Sell, "home", "corn") || who.MayIn(overlay.Sell, "home", "tea") {
		t.Errorf("%+v, %v", who, err)
	}
	rooms, err := f.ListRooms(ctx, who.Scope(overlay.Read), "", 10)
	if err != nil || len(rooms) != 1 || rooms[0].Org != "home" {
		t.Errorf("sees %+v, %v", rooms, err)
	}
	must(t, f.RevokeToken(ctx, made.ID, "li"))
	_, err = f.CheckToken(ctx, token)
	wantCode(t, err, overlay.Unauthorized)
	wantCode(t, f.RevokeToken(ctx, made.ID, "li"), overlay.NotFound)
	audit, err := f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{"home"}}, Limit: 1})
	if err != nil || len(audit) != 1 || audit[0].Action != "token.revoke" || audit[0].Actor != "li" || audit[0].Object != "x" {
		t.Errorf("audit %+v, %v", audit, err)
	}
	if audit, err = f.Audit(ctx, store.AuditQuery{In: overlay.Scope{Orgs: []string{o.ID}}, Limit: 10}); err != nil || len(audit) != 1 || audit[0].Action != "org.create" {
		t.Errorf("audit of another %+v, %v", audit, err)
	}
	// The token of the configuration comes back at the next start.
	_, err = f.EnsureAdminToken(ctx, "configured-token", false)
	must(t, err)
	all, err := f.Tokens(ctx, overlay.Everything(), "", 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	wantCode(t, f.RevokeToken(ctx, all[0].ID, "li"), overlay.Conflict)
}

// TestMembersByPages: each member and each invitation is on one page, people first.
func TestMembersByPages(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	var want []string
	for _, name := range []string{"a", "b", "c"} {
		_, link, err := f.Invite(ctx, overlay.HomeOrg, name+"@shop.example", overlay.Host, overlay.System("test"))
		must(t, err)
		_, _, err = f.Accept(ctx, link, name, "hash", false)
		must(t, err)
		want = append(want, name+"@shop.example")
	}
	for _, name := range []string{"a", "d"} { // a is a member, and invited to another role
		_, _, err := f.Invite(ctx, overlay.HomeOrg, name+"@shop.example", overlay.Owner, overlay.System("test"))
		must(t, err)
		want = append(want, name+"@shop.example?")
	}
	var got []string
	for after := ""; ; {
		page, err := f.Members(ctx, overlay.HomeOrg, after, 2)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			email := m.Email
			if m.Invited {
				email += "?"
			}
			got = append(got, email)
			after = store.MemberCursor(m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUseOfTokens: the list tells at once when a token was used last, and a sweep keeps
// it for the next process.
func TestUseOfTokens(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	made, secret, err := f.CreateToken(ctx, overlay.Token{Name: "OBS", Role: overlay.Assistant, Org: overlay.HomeOrg}, "test")
	must(t, err)
	used := func() time.Time {
		t.Helper()
		all, err := f.Tokens(ctx, overlay.Everything(), "", 100)
		must(t, err)
		for _, k := range all {
			if k.ID == made.ID {
				return k.Used
			}
		}
		t.Fatal("the token is not in the list")
		return time.Time{}
	}
	if at := used(); !at.IsZero() {
		t.Errorf("used at %v before it was used", at)
	}
	_, err = f.CheckToken(ctx, secret)
	must(t, err)
	first := used()
	if first.IsZero() {
		t.Error("its use is not in the list")
	}
	must(t, f.SweepDeleted(ctx))
	if at := used(); !at.Equal(first) {
		t.Errorf("used at %v, after the sweep at %v", first, at)
	}
	f.clock.Add(time.Hour)
	_, err = f.CheckToken(ctx, secret)
	must(t, err)
	if at := used(); at.Sub(first) != time.Hour {
		t.Errorf("used at %v, an hour later at %v", first, at)
	}
}
