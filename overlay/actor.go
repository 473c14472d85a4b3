package overlay

import (
	"slices"
	"strings"
)

// Actor is who asks for something, with all that it may do.
type Actor struct {
	Name   string  // for the audit: a token's name, or a person's address
	Called string  // the name that a person goes by; "": as Name
	Person string  // id of the person who signed in; "": it is a token, or the server
	Token  string  // id of the token; "": it is a person, or the server
	Grants []Grant // one for each organisation, those below another included
}

// Grant is a role in an organisation.
type Grant struct {
	Org   string   `json:"org" doc:"The organisation's id; empty: all organisations"`
	Role  Role     `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
	Rooms []string `json:"rooms,omitempty" doc:"The role is for these rooms alone; missing: for all of the organisation"`
}

// System is the server itself.
func System(name string) Actor {
	return Actor{Name: name, Grants: []Grant{{Role: Owner}}}
}

// covers tells whether the grant is for an organisation, and, unless room is "", for
// that room of it.
func (g Grant) covers(org, room string) bool {
	return (g.Org == "" || g.Org == org) && (room == "" || len(g.Rooms) == 0 || slices.Contains(g.Rooms, room))
}

// Actions lists what the grant allows, in its organisation or its rooms.
func (g Grant) Actions() []Action {
	return slices.DeleteFunc(Actions(), func(do Action) bool { return !g.Role.may(do) || len(g.Rooms) > 0 && !do.inRooms() })
}

// May tells whether the actor may do something in an organisation, apart from what
// belongs to one room.
func (a Actor) May(do Action, org string) bool { return a.MayIn(do, org, "") }

// MayIn is May for something in a room, named by its slug.
func (a Actor) MayIn(do Action, org, room string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Role.may(do) && g.covers(org, room) && (len(g.Rooms) == 0 || do.inRooms())
	})
}

// Check refuses what the actor may not do: as not found where it may not even see what
// it is about, or else as forbidden.
func (a Actor) Check(do Action, org, room string) error {
	switch {
	case a.MayIn(do, org, room):
		return nil
	case !a.MayIn(Read, org, room):
		return Errorf(NotFound, "there is no such thing, or you have no role in its organisation")
	}
	return Errorf(Forbidden, "your role may not do this: it needs the right %q", do)
}

// Everywhere tells whether the actor may do something in all organisations.
func (a Actor) Everywhere(do Action) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Org == "" && len(g.Rooms) == 0 && g.Role.may(do) })
}

// Scope says which rows a list may have.
type Scope struct {
	All   bool     // every row
	Orgs  []string // or those of these organisations
	Rooms []string // of rooms, also these: ORG/SLUG
}

// Scope says which rows the actor sees in a list of rooms, or of what belongs to rooms.
func (a Actor) Scope(do Action) Scope {
	s := Scope{All: a.Everywhere(do), Orgs: []string{}, Rooms: []string{}}
	for _, g := range a.Grants {
		switch {
		case !g.Role.may(do) || g.Org == "":
		case len(g.Rooms) == 0:
			s.Orgs = append(s.Orgs, g.Org)
		case do.inRooms():
			for _, room := range g.Rooms {
				s.Rooms = append(s.Rooms, g.Org+"/"+room)
			}
		}
	}
	return s
}

// OrgScope says which rows the actor sees in a list of what belongs to no room, such as
// products.
func (a Actor) OrgScope(do Action) Scope {
	s := Scope{All: a.Everywhere(do), Orgs: []string{}, Rooms: []string{}}
	for _, g := range a.Grants {
		if g.Org != "" && g.Role.may(do) && (len(g.Rooms) == 0 || do.inRooms()) {
			s.Orgs = append(s.Orgs, g.Org)
		}
	}
	return s
}

// Within gives what of the scope belongs to these organisations.
func (s Scope) Within(orgs []string) Scope {
	if s.All {
		return Scope{Orgs: orgs}
	}
	out := Scope{Orgs: []string{}, Rooms: []string{}}
	for _, org := range s.Orgs {
		if slices.Contains(orgs, org) {
			out.Orgs = append(out.Orgs, org)
		}
	}
	for _, room := range s.Rooms {
		if org, _, _ := strings.Cut(room, "/"); slices.Contains(orgs, org) {
			out.Rooms = append(out.Rooms, room)
		}
	}
	return out
}

// Home gives the organisation in which the actor makes something new, unless it names
// one: the only one in which it may, or the first one of the server.
func (a Actor) Home(do Action) (string, error) {
	s := a.OrgScope(do)
	switch {
	case s.All || slices.Contains(s.Orgs, HomeOrg):
		return HomeOrg, nil
	case len(s.Orgs) == 1:
		return s.Orgs[0], nil
	case len(s.Orgs) == 0:
		return "", Errorf(Forbidden, "your role may not do this: it needs the right %q", do)
	}
	return "", Errorf(Invalid, "org: say in which of your organisations")
}

// Everything is the scope of the server itself.
func Everything() Scope { return Scope{All: true} }
