package overlay_test

import (
	"testing"

	"mediad/overlay"
)

// TestRolesTable: what each role may do, as docs/people.md says it.
func TestRolesTable(t *testing.T) {
	all := []overlay.Action{overlay.Read, overlay.Figures, overlay.Sell, overlay.Moderate, overlay.Goods, overlay.Run, overlay.Key, overlay.Own, overlay.People, overlay.Operate}
	for role, want := range map[overlay.Role]string{
		overlay.Owner:     "1111111111",
		overlay.Host:      "1111111000",
		overlay.Assistant: "1111100000",
		overlay.Moderator: "1001000000",
		overlay.Organiser: "1100000000",
		overlay.Analyst:   "1100000000",
		"king":            "0000000000",
	} {
		got := ""
		for _, do := range all {
			a := overlay.Actor{Grants: []overlay.Grant{{Org: "tea", Role: role}}}
			if a.May(do, "corn") || a.MayIn(do, "corn", "tea") {
				t.Errorf("%s may %s elsewhere", role, do)
			}
			if a.May(do, "tea") {
				got += "1"
			} else {
				got += "0"
			}
		}
		if got != want {
			t.Errorf("%s may %s, want %s", role, got, want)
		}
	}
}

// TestGrantForRooms: a role for some rooms reaches no other, and nothing that is of the
// whole organisation.
func TestGrantForRooms(t *testing.T) {
	a := overlay.Actor{Grants: []overlay.Grant{{Org: "tea", Role: overlay.Owner, Rooms: []string{"oolong"}}}}
	for _, c := range []struct {
		do   overlay.Action
		org  string
		room string
		want bool
	}{
		{overlay.Sell, "tea", "oolong", true}, {overlay.Run, "tea", "oolong", true}, {overlay.Goods, "tea", "", true},
		{overlay.Sell, "tea", "green", false}, {overlay.Sell, "corn", "oolong", false},
		{overlay.Own, "tea", "oolong", false}, {overlay.People, "tea", "", false}, {overlay.Operate, "tea", "", false},
	} {
		if got := a.MayIn(c.do, c.org, c.room); got != c.want {
			t.Errorf("may %s in %s/%s: %t", c.do, c.org, c.room, got)
		}
	}
	if code := overlay.CodeOf(a.Check(overlay.Sell, "tea", "green")); code != overlay.NotFound {
		t.Errorf("a room that it may not see: %s", code)
	}
	if code := overlay.CodeOf(a.Check(overlay.Own, "tea", "oolong")); code != overlay.Forbidden {
		t.Errorf("a room that it may see: %s", code)
	}
	if s := a.Scope(overlay.Read); s.All || len(s.Orgs) != 0 || len(s.Rooms) != 1 || s.Rooms[0] != "tea/oolong" {
		t.Errorf("sees %+v", s)
	}
	if a.Everywhere(overlay.Read) || !overlay.System("x").Everywhere(overlay.Operate) {
		t.Error("everywhere")
	}
}

// TestWhereNewThingsGo: where a request names no organisation.
func TestWhereNewThingsGo(t *testing.T) {
	in := func(orgs ...string) (a overlay.Actor) {
		for _, o := range orgs {
			a.Grants = append(a.Grants, overlay.Grant{Org: o, Role: overlay.Host})
		}
		return a
	}
	for _, c := range []struct {
		who  overlay.Actor
		do   overlay.Action
		want string
		code overlay.Code
	}{
		{overlay.System("x"), overlay.Own, "home", ""},
		{in("tea"), overlay.Goods, "tea", ""},
		{in("tea", "home"), overlay.Goods, "home", ""},
		{in("tea", "corn"), overlay.Goods, "", overlay.Invalid},
		{in("tea"), overlay.Own, "", overlay.Forbidden},
		{in(), overlay.Read, "", overlay.Forbidden},
	} {
		if got, err := c.who.Home(c.do); got != c.want || overlay.CodeOf(err) != c.code {
			t.Errorf("%+v: %q, %v", c.who, got, err)
		}
	}
}
