package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Handle names a person by one of the ways in which an organisation can know one.
type Handle struct {
	Viewer string `json:"viewer,omitempty" maxLength:"17" doc:"The number of a viewer's browser, as in comments and mutes"`
	User   string `json:"user,omitempty" maxLength:"200" doc:"What your site calls a user whom it signs for: sub of the identity"`
	Mail   string `json:"mail,omitempty" maxLength:"254" doc:"A mail address: of a buyer, of a reminder, or of a former member of the team"`
	Buyer  string `json:"buyer,omitempty" maxLength:"254" doc:"What a shop knows a buyer by, where that is no mail address"`
	Push   string `json:"push,omitempty" maxLength:"1024" doc:"The address of a browser at its push service"`
}

// Checked gives the handle made regular, or says what is wrong with it.
func (h Handle) Checked() (Handle, error) {
	h = Handle{strings.ToLower(strings.TrimSpace(h.Viewer)), strings.TrimSpace(h.User), strings.TrimSpace(h.Mail), strings.TrimSpace(h.Buyer), strings.TrimSpace(h.Push)}
	set := 0
	for _, f := range []struct{ field, text string }{{"viewer", h.Viewer}, {"user", h.User}, {"mail", h.Mail}, {"buyer", h.Buyer}, {"push", h.Push}} {
		if err := checkPlain(f.field, f.text, false); err != nil {
			return h, err
		}
		if f.text != "" {
			set++
		}
	}
	if set != 1 {
		return h, Errorf(Invalid, "give exactly one of viewer, user, mail, buyer and push")
	}
	if h.Viewer != "" {
		return h, CheckViewer(h.Viewer)
	}
	if h.Mail != "" {
		mail, err := CheckEmail(h.Mail)
		h.Mail = mail
		return h, err
	}
	return h, nil
}

// Way is the kind of the handle.
func (h Handle) Way() string {
	switch {
	case h.Viewer != "":
		return "viewer"
	case h.User != "":
		return "user"
	case h.Mail != "":
		return "mail"
	case h.Push != "":
		return "push"
	}
	return "buyer"
}

// Text is what was given.
func (h Handle) Text() string { return h.Viewer + h.User + h.Mail + h.Buyer + h.Push }

// InChat is who the person is in the comments and mutes of an organisation; "": nobody is
// known by such a handle.
func (h Handle) InChat(org string) string {
	if h.User != "" {
		return identityViewer(org, h.User)
	}
	return h.Viewer
}

// Number is the person among the counted viewers; 0: nobody.
func (h Handle) Number() int64 { return int64(ParseViewer(h.Viewer) >> 1) }

// identityViewer is the name in comments of a user for whom an organisation's site signs:
// the site's own name of its user stays with the site.
func identityViewer(org, user string) string {
	sum := sha256.Sum256([]byte("mediad chat\x00" + org + "\x00" + user))
	return "u" + hex.EncodeToString(sum[:8])
}

// PersonData is all that an organisation keeps of one person.
type PersonData struct {
	Org         string             `json:"org"`
	At          time.Time          `json:"at" doc:"When it was read"`
	By          string             `json:"by" enum:"viewer,user,mail,buyer,push" doc:"The kind of the handle"`
	Found       map[string]int64   `json:"found" doc:"How many rows of each kind there are; a kind that is missing has none"`
	Member      bool               `json:"member" doc:"true: a member of the team. Take the person out of it first; until then nothing is erased"`
	Comments    []PersonComment    `json:"comments,omitempty"`
	Mutes       []PersonMute       `json:"mutes,omitempty"`
	Views       []PersonView       `json:"views,omitempty" doc:"Shows in which the number of the browser is among the counted viewers"`
	Votes       []PersonVote       `json:"votes,omitempty"`
	Rewards     []PersonReward     `json:"rewards,omitempty"`
	Orders      []PersonOrder      `json:"orders,omitempty"`
	Reminders   []PersonReminder   `json:"reminders,omitempty"`
	Account     *PersonAccount     `json:"account,omitempty"`
	Invitations []PersonInvitation `json:"invitations,omitempty"`
	Letters     []PersonLetter     `json:"letters,omitempty"`
	Audit       []PersonDeed       `json:"audit,omitempty" doc:"What the person did, or what was done to the person"`
}

// PersonComment is a comment in an export.
type PersonComment struct {
	ID      string    `json:"id"`
	Show    string    `json:"show"`
	Title   string    `json:"title,omitempty" doc:"Of the show"`
	Name    string    `json:"name"`
	Text    string    `json:"text"`
	Sent    time.Time `json:"sent_at"`
	Likes   int64     `json:"likes"`
	Deleted bool      `json:"deleted" doc:"A moderator took it from viewers"`
}

// PersonMute is a mute in an export.
type PersonMute struct {
	Room  string    `json:"room"`
	Name  string    `json:"name"`
	Until time.Time `json:"until,omitzero" doc:"Missing: for good"`
	Made  time.Time `json:"made_at"`
}

// PersonView is a show that the person watched, or in which the person clicked.
type PersonView struct {
	Show   string `json:"show"`
	Title  string `json:"title,omitempty"`
	What   string `json:"what" enum:"watched,clicked"`
	Replay bool   `json:"replay" doc:"The show had ended"`
}

// PersonVote is a vote in a poll.
type PersonVote struct {
	Show     string `json:"show"`
	Question string `json:"question"`
	Choice   int64  `json:"choice" doc:"Which option, from 0 on"`
}

// PersonReward is a coupon that was taken for points, in an export.
type PersonReward struct {
	Show   string    `json:"show"`
	Points int64     `json:"points" doc:"How many it took"`
	At     time.Time `json:"at"`
}

// PersonOrder is an order in an export.
type PersonOrder struct {
	ID       string    `json:"id"`
	Name     string    `json:"name" doc:"The shop's own"`
	Show     string    `json:"show,omitempty"`
	State    string    `json:"state"`
	Currency string    `json:"currency"`
	Gross    int64     `json:"gross"`
	Refunded int64     `json:"refunded"`
	Paid     time.Time `json:"paid_at,omitzero"`
	Titles   []string  `json:"titles" doc:"Of its lines"`
}

// PersonReminder is a reminder in an export.
type PersonReminder struct {
	Show      string    `json:"show"`
	Title     string    `json:"title,omitempty"`
	Way       string    `json:"way" enum:"mail,push"`
	Address   string    `json:"address"`
	Language  string    `json:"language"`
	Confirmed bool      `json:"confirmed"`
	Told      bool      `json:"told"`
	Came      bool      `json:"came"`
	Created   time.Time `json:"created_at"`
}

// PersonAccount is an account in an export.
type PersonAccount struct {
	Email    string    `json:"email"`
	Name     string    `json:"name"`
	Role     string    `json:"role,omitempty" doc:"In this organisation; missing: none any more"`
	Created  time.Time `json:"created_at"`
	Sessions int64     `json:"sessions" doc:"How many sign-ins are open"`
}

// PersonInvitation is an invitation in an export.
type PersonInvitation struct {
	Role    string    `json:"role"`
	Created time.Time `json:"created_at"`
	Expires time.Time `json:"expires_at"`
}

// PersonLetter is a mail in an export.
type PersonLetter struct {
	Kind    string    `json:"kind"`
	State   string    `json:"state"`
	Created time.Time `json:"created_at"`
}

// PersonDeed is an entry of the audit in an export.
type PersonDeed struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Action string    `json:"action"`
	Object string    `json:"object"`
}

// ErasedPerson says how many rows of each kind were erased.
type ErasedPerson struct {
	Erased map[string]int64 `json:"erased" doc:"By kind, as in found of the export; a kind that is missing had none"`
	Proof  string           `json:"proof" doc:"What the audit has in place of the handle: the same for the same person, and of no use to find one"`
}
