package overlay

import (
	"net/url"
	"strings"
	"time"
)

// PersonalKind names a kind of what is kept about people.
type PersonalKind string

// The kinds of which an organisation may say how long they are kept.
const (
	KeptComments PersonalKind = "comments"
	KeptViews    PersonalKind = "views"
	KeptClicks   PersonalKind = "clicks"
	KeptBuyers   PersonalKind = "buyers"
	KeptContacts PersonalKind = "contacts"
	KeptAudit    PersonalKind = "audit"
)

// Personal is a kind of what is kept about people: where it stands, whose it is, why it is
// kept, for how long, and how it is erased.
type Personal struct {
	Kind    PersonalKind `json:"kind"`
	Tables  []string     `json:"-"` // of the database
	Whose   string       `json:"whose" enum:"viewers,buyers,members"`
	What    string       `json:"what" doc:"What is kept"`
	Why     string       `json:"why" doc:"What it is for"`
	Until   string       `json:"until" doc:"How long it is kept where no number of days stands beside it"`
	Erasure string       `json:"erasure" doc:"What becomes of it when a person is erased"`
	// Setting is the key of config.yaml that bounds it; "": it has none.
	Setting string `json:"setting,omitempty" doc:"The key of config.yaml that says how long at most"`
	// Least is the least number of days of an organisation's own; 0: it has none.
	Least int64 `json:"-"`
}

// PersonalKinds lists all that is kept about people, in the order in which it is told. Each
// table of the database is in one of these kinds, or among ImpersonalTables.
func PersonalKinds() []Personal {
	return []Personal{
		{Kind: KeptComments, Tables: []string{"comment"}, Whose: "viewers", Setting: "privacy.comments", Least: 1,
			What: "Comments: the name that the viewer chose, the text, the time, and the number of the viewer's browser", Why: "The chat of the show and of its recording",
			Until: "as long as the recording", Erasure: "Name, text and number are erased; the count stays"},
		{Kind: "mutes", Tables: []string{"chat_mute"}, Whose: "viewers",
			What: "Mutes: the number of the viewer's browser, the name in the chat, and who muted", Why: "To keep somebody from writing",
			Until: "as long as the mute", Erasure: "Deleted: the mute ends"},
		{Kind: "votes", Tables: []string{"poll_vote"}, Whose: "viewers",
			What: "Votes in polls: the number of the viewer's browser, and what it chose", Why: "To count a viewer once",
			Until: "until the show ends", Erasure: "Deleted; the sums stay"},
		{Kind: "rewards", Tables: []string{"reward_taken", "point_friend"}, Whose: "viewers",
			What: "Coupons taken for points: the number of the viewer's browser, and how many points; who came by a shared link: a keyed hash", Why: "To give a reward once, and to count a friend once",
			Until: "as long as the show", Erasure: "Deleted; the sums stay, and a hash leads to nobody"},
		{Kind: KeptViews, Tables: []string{"show_viewer", "show_clicker"}, Whose: "viewers", Setting: "privacy.views", Least: 1,
			What: "Which numbers of browsers watched or clicked in a show: at most 16,384 of them", Why: "To count a viewer who comes again once",
			Until: "as long as the show", Erasure: "Another number takes its place; the count stays"},
		{Kind: KeptClicks, Tables: []string{"click"}, Whose: "viewers", Setting: "clicks.keep", Least: 1,
			What: "Clicks to the shop: show, product, time, and the code of a shared link; nothing of who clicked", Why: "To find the show that an order came from",
			Until: "for ever", Erasure: "Nothing tells whose they are"},
		{Kind: "checkouts", Tables: []string{"hold", "coupon_got"}, Whose: "buyers",
			What: "Checkouts with units held, and coupons taken: a keyed hash of the network and the browser", Why: "Limits for each buyer",
			Until: "as long as buyers of orders; coupons from the end of their show on", Erasure: "Erased with the buyer's orders; a hash leads to nobody"},
		{Kind: KeptBuyers, Tables: []string{"shop_order"}, Whose: "buyers", Setting: "privacy.buyers", Least: 1,
			What: "Buyers of orders: a keyed hash of what the shop knows them by, such as a mail address", Why: "To count different buyers",
			Until: "for ever", Erasure: "The hash is erased; the order and its money stay"},
		{Kind: KeptContacts, Tables: []string{"reminder", "reminder_asked"}, Whose: "viewers", Setting: "reminders.keep", Least: 1,
			What: "Reminders: a mail address, or the address of a browser at its push service, sealed with the server's key", Why: "To tell when a show begins",
			Until: "until the show ends", Erasure: "Deleted; the counts stay"},
		{Kind: "members", Tables: []string{"person", "membership", "session", "invitation", "letter", "token"}, Whose: "members",
			What: "Accounts of the team: name, mail address, hashed password, role, sign-ins, invitations, letters, and who made a token", Why: "To sign in",
			Until: "as long as the membership; sign-ins 7 days after their last use, letters 8 days, invitations 30 days after their end", Erasure: "Of former members: deleted, with the account if it has no other organisation"},
		{Kind: "deeds", Tables: []string{"event", "cue"}, Whose: "members",
			What: "Which member of the team pinned a product, moved a show and the like", Why: "So that hosts of one show see who did what",
			Until: "as long as the show", Erasure: "The name is erased"},
		{Kind: "hosts", Tables: []string{"host", "commission", "show_roster", "show_host"}, Whose: "members",
			What: "Hosts who get a share: their name, when they present, and their statements", Why: "To pay them",
			Until: "as long as the organisation", Erasure: "Deleted by the owner, under hosts; statements stay"},
		{Kind: KeptAudit, Tables: []string{"audit"}, Whose: "members", Setting: "privacy.audit", Least: 90,
			What: "The audit: which member of the team did what, and when", Why: "To find out what happened",
			Until: "for ever", Erasure: "Of former members: the address is erased; the deed stays"},
	}
}

// ImpersonalTables are the tables of the database that hold nothing about a person.
func ImpersonalTables() []string {
	return []string{
		"org", "org_retention", "room", "show", "broadcast", "idempotency", "note", // an idempotency key is kept for a day, with a hash
		"product", "product_rev", "product_number", "product_term", "category", "pool", "pool_product", "pool_grant", "image", "image_use",
		"import_job", "import_row", "import_rejected", "feed",
		"pin", "lineup", "show_product", "waiting_update",
		"show_watched", "show_minute", "show_impression", "click_count", "show_reminder", // sums
		"shop", "listing", "order_fact", "order_line", "order_unit", "allocation", "offer", "coupon", "reward", "point_setting", "poll", // the buyer of a fact is not kept with it
		"webhook", "webhook_standing", "webhook_delivery", // what is told of orders names no buyer
		"chat_setting", "chat_key", "festival", "festival_part", "festival_room",
	}
}

// Keeping is how long the server keeps what is kept about people, at most; 0: there is no
// bound by time. Contacts are kept after the show for so long: 0 is not at all.
type Keeping struct {
	Comments, Views, Clicks, Buyers, Contacts, Audit time.Duration
}

// Of gives the time of a kind; ok is false for a kind that has none.
func (k Keeping) Of(kind PersonalKind) (keep time.Duration, ok bool) {
	keep, ok = map[PersonalKind]time.Duration{KeptComments: k.Comments, KeptViews: k.Views, KeptClicks: k.Clicks, KeptBuyers: k.Buyers, KeptContacts: k.Contacts, KeptAudit: k.Audit}[kind]
	return keep, ok
}

// MostDays gives the most days that an organisation may choose for a kind, which never keeps
// longer than the server does; 0: it cannot choose.
func (k Keeping) MostDays(kind PersonalKind) int64 {
	keep, ok := k.Of(kind)
	switch {
	case !ok || kind == KeptContacts && keep == 0:
		return 0
	case keep == 0:
		return MaxKeptDays
	}
	return int64(keep / (24 * time.Hour))
}

// MaxKeptDays is the longest time that an organisation can choose.
const MaxKeptDays = 3650

// CheckDays refuses a number of days for which an organisation cannot keep a kind; 0 is the
// server's.
func (k Keeping) CheckDays(kind PersonalKind, days int64) error {
	for _, p := range PersonalKinds() {
		if p.Kind != kind || p.Least == 0 {
			continue
		}
		most := k.MostDays(kind)
		switch {
		case most < p.Least:
			return Errorf(Conflict, "days.%s: the server's own time is shorter than that: there is nothing to choose", kind)
		case days != 0 && (days < p.Least || days > most):
			return Errorf(Invalid, "days.%s: must be 0 (as the server has it) or from %d to %d", kind, p.Least, most)
		}
		return nil
	}
	return Errorf(Invalid, "days: has no kind %s", cutText(string(kind)))
}

const maxPrivacyContact = 254

// CheckPrivacyContact gives the mail address or the web address to which viewers write about
// what is kept of them; "" is none.
func CheckPrivacyContact(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(text) <= maxPrivacyContact {
		return text, nil
	}
	if mail, err := CheckEmail(text); err == nil {
		return mail, nil
	}
	return "", Errorf(Invalid, "contact: must be a mail address, or a web address that begins with https://")
}
