package overlay

// By is who caused an event: a person, or a token. Hosts are told, viewers never: it is
// beside what the stream carries, not in it.
type By struct {
	Name string `json:"name" doc:"Of the person, or else their address; or the name of the token"`
	ID   string `json:"id,omitempty" doc:"Of the person or the token, as in /api/v1/me"`
	Page string `json:"page,omitempty" doc:"What the request had in X-Mediad-Page"`
}

// maxPage is how long the name of a page is at most.
const maxPage = 64

// CheckPage refuses a name of a page that is no short, plain word.
func CheckPage(s string) error {
	if len(s) > maxPage {
		return Errorf(Invalid, "X-Mediad-Page: has %d characters, at most %d are allowed", len(s), maxPage)
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return Errorf(Invalid, "X-Mediad-Page: may have letters, digits, - and _")
		}
	}
	return nil
}

// By gives the actor as hosts are told of it. page is the page that it used, if it has
// said so.
func (a Actor) By(page string) By {
	b := By{Name: a.Called, ID: a.Person + a.Token, Page: page}
	if b.Name == "" {
		b.Name = a.Name
	}
	return b
}
