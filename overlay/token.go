package overlay

import "time"

// Token is what is known of an API token; the token itself is never part of it.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    Role      `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
	Org     string    `json:"org,omitempty" doc:"Missing: all organisations"`
	Rooms   []string  `json:"rooms,omitempty" doc:"Slugs; missing: all rooms of the organisation"`
	By      string    `json:"created_by,omitempty" doc:"Who made it"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero" doc:"When it was used last, to the minute; missing: never"`
}

// MaxTokenRooms is how many rooms a token may name.
const MaxTokenRooms = 50

// Checked says what is wrong with a token to make.
func (t Token) Checked() (Token, error) {
	if t.Name == "" {
		return t, Errorf(Invalid, "name: must not be empty")
	}
	if err := checkText("name", t.Name, 100, false); err != nil {
		return t, err
	}
	if err := CheckRole(t.Role); err != nil {
		return t, err
	}
	if len(t.Rooms) > MaxTokenRooms {
		return t, Errorf(Invalid, "rooms: %d are named, at most %d are allowed", len(t.Rooms), MaxTokenRooms)
	}
	if len(t.Rooms) > 0 && t.Org == "" {
		return t, Errorf(Invalid, "rooms: need the organisation (org) that they belong to")
	}
	for _, r := range t.Rooms {
		if err := CheckSlug(r); err != nil {
			return t, Errorf(Invalid, "rooms: %q is no name of a room", r)
		}
	}
	return t, nil
}
