package overlay

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Person is somebody who signs in with an address and a password.
type Person struct {
	ID      string
	Email   string // in lower case
	Name    string
	Created time.Time
}

// Member is a person with a role in an organisation, or an invitation to it.
type Member struct {
	ID      string    `json:"id" doc:"Of the person, or of the invitation"`
	Email   string    `json:"email"`
	Name    string    `json:"name,omitempty"`
	Role    Role      `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
	Invited bool      `json:"invited,omitempty" doc:"The invitation is not accepted yet"`
	Expires time.Time `json:"expires,omitzero" doc:"Until when the invitation holds; one that has ended is listed for 30 days more"`
	Posted  *Posted   `json:"posted,omitempty" doc:"How the letter goes that brings the invitation, or a link for a new password; missing: no letter was asked for"`
}

// How long a sign-in lasts: since it was used last, and in all.
const (
	SessionIdle = 7 * 24 * time.Hour
	SessionLife = 30 * 24 * time.Hour
)

// How long the links hold that invite somebody, or let somebody set a new password.
const (
	InvitationLife = 7 * 24 * time.Hour
	ResetLife      = 24 * time.Hour
	// InvitationKept is how long an invitation that has ended is still listed, so that
	// somebody sees that it was not accepted.
	InvitationKept = 30 * 24 * time.Hour
)

// Lengths of passwords: the least in characters, the most in bytes.
const (
	minPassword = 10
	maxPassword = 200
)

// CheckEmail gives an e-mail address in lower case.
func CheckEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > 254 || Unplain(s, false) != "" || strings.ContainsAny(s, "\" <>()[],;:\\") {
		return "", Errorf(Invalid, "email: must be an e-mail address, such as li@shop.example")
	}
	return s, nil
}

// CheckPassword refuses a password that is short enough to be guessed, or longer than
// anybody types.
func CheckPassword(s string) error {
	switch {
	case !utf8.ValidString(s):
		return Errorf(Invalid, "password: must be text in UTF-8")
	case utf8.RuneCountInString(s) < minPassword:
		return Errorf(Invalid, "password: must have at least %d characters", minPassword)
	case len(s) > maxPassword:
		return Errorf(Invalid, "password: must have at most %d bytes", maxPassword)
	}
	return nil
}

// CheckPersonName gives the name of a person without spaces around it.
func CheckPersonName(s string) (string, error) {
	s = strings.TrimSpace(s)
	return s, checkText("name", s, 100, false)
}
