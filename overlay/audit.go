package overlay

import "time"

// Audited is something that somebody did.
type Audited struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Org    string    `json:"org"`
	Actor  string    `json:"actor" doc:"The address of a person, or the name of a token"`
	Name   string    `json:"actor_name,omitempty" doc:"The name of the person"`
	Action string    `json:"action"`
	Object string    `json:"object" doc:"What it was done to"`
	Title  string    `json:"object_title,omitempty" doc:"What that is called now: the title of a show or a room, the name of an organisation or a pool, the file of an import or a feed without the query of its address"`
}
