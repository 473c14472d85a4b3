package overlay

import "slices"

// Role is what a token, or a person in an organisation, may do.
type Role string

// The roles. What each may do is in the table of roles.
const (
	Owner     Role = "owner"     // everything
	Host      Role = "host"      // prepares and runs shows
	Assistant Role = "assistant" // pins, changes products, and keeps the chat civil
	Moderator Role = "moderator" // keeps the chat civil
	Organiser Role = "organiser" // reads the figures of others
	Analyst   Role = "analyst"   // reads the figures of its own
)

// Roles lists all roles, the mightiest first.
func Roles() []Role { return []Role{Owner, Host, Assistant, Moderator, Organiser, Analyst} }

// CheckRole refuses what is no role.
func CheckRole(r Role) error {
	if slices.Contains(Roles(), r) {
		return nil
	}
	return Errorf(Invalid, "role: must be owner, host, assistant, moderator, organiser or analyst")
}

// Action is a kind of thing that somebody may or may not do.
type Action string

// The actions.
const (
	Read     Action = "read"     // see rooms, shows, products, pins and cues
	Figures  Action = "figures"  // see clicks, and how a stream is
	Sell     Action = "sell"     // pin, send cues, change lines of a line-up
	Moderate Action = "moderate" // answer for what viewers write
	Goods    Action = "goods"    // add, change and delete products
	Run      Action = "run"      // plan, change and end shows, change rooms
	Key      Action = "key"      // see and change stream keys
	Own      Action = "own"      // open and delete rooms, delete recordings
	People   Action = "people"   // members, tokens, organisations, the audit
	Operate  Action = "operate"  // the server itself; asked of the first organisation
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{Read, Figures, Sell, Moderate, Goods, Run, Key, Own, People, Operate}
}

// may is the table of roles.
func (r Role) may(a Action) bool {
	switch r {
	case Owner:
		return true
	case Host:
		return slices.Contains([]Action{Read, Figures, Sell, Moderate, Goods, Run, Key}, a)
	case Assistant:
		return slices.Contains([]Action{Read, Figures, Sell, Moderate, Goods}, a)
	case Moderator:
		return slices.Contains([]Action{Read, Moderate}, a)
	case Organiser, Analyst:
		return slices.Contains([]Action{Read, Figures}, a)
	}
	return false
}

// inRooms tells whether somebody whose role is for some rooms alone may do this in
// them. Opening and deleting rooms, and all about people, is for the whole organisation.
func (a Action) inRooms() bool {
	return a != Own && a != People && a != Operate
}
