package overlay

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"
)

// A reminder is a booking: a contact that wants to be told when a show begins.

// The ways to a contact.
const (
	ByMail = "mail"
	ByPush = "push" // a message that a browser shows
)

// The kinds of letters that a reminder needs. All but the first go over Web Push, too.
const (
	ConfirmLetter   LetterKind = "confirm"   // asks whether the address is the reader's own
	BeginLetter     LetterKind = "begin"     // the show begins
	MovedLetter     LetterKind = "moved"     // it has another time
	CancelledLetter LetterKind = "cancelled" // it does not come
)

// Bounds of reminders.
const (
	MaxReminders       = 50_000          // of a show
	MaxAskedTo         = 3               // letters to an address that nobody has confirmed, within AskedWithin
	AskedWithin        = 24 * time.Hour  //
	MaxRemindBefore    = 24 * time.Hour  // the letter goes so long before the show at most
	ConfirmLife        = 48 * time.Hour  // how long a contact is kept that nobody confirms
	ReminderLetterLife = 24 * time.Hour  // how long a letter is tried; that of a beginning only while the show is on
	MovedSettles       = 2 * time.Minute // a host who changes a time may change it again
	maxEndpoint        = 1024            // bytes of the address of a push service
	pushKeySize        = 65              // of a point of P-256, uncompressed
	pushAuthSize       = 16              // RFC 8291 3.2
)

// Contact is whom a reminder reaches: an e-mail address, or a browser by its push service.
type Contact struct {
	Mail string `json:"mail,omitempty"`
	Push *Push  `json:"push,omitempty"`
}

// Push is the subscription of a browser (RFC 8030, RFC 8291).
type Push struct {
	Endpoint string `json:"endpoint"`
	Key      string `json:"p256dh"`
	Auth     string `json:"auth"`
}

// Way is how the contact is reached.
func (c Contact) Way() string {
	if c.Push != nil {
		return ByPush
	}
	return ByMail
}

// Address tells contacts apart.
func (c Contact) Address() string {
	if c.Push != nil {
		return c.Push.Endpoint
	}
	return c.Mail
}

// Checked gives the contact made regular, or an Error that names the field.
func (c Contact) Checked() (Contact, error) {
	if (c.Mail == "") == (c.Push == nil) {
		return c, Errorf(Invalid, "mail: give an e-mail address, or push, and not both")
	}
	if c.Push != nil {
		return c, c.Push.check()
	}
	var err error
	c.Mail, err = CheckEmail(c.Mail)
	return c, err
}

func (p Push) check() error {
	u, err := url.Parse(p.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(p.Endpoint) > maxEndpoint {
		return Errorf(Invalid, "push: the endpoint must be the web address of a push service")
	}
	if !sized(p.Key, pushKeySize) || !sized(p.Auth, pushAuthSize) {
		return Errorf(Invalid, "push: p256dh and auth must be the keys of a subscription")
	}
	return nil
}

// sized tells whether a text in base64 has so many bytes.
func sized(text string, size int) bool {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	return err == nil && len(raw) == size
}

// Note is a letter to a contact of a show, as it is sent.
type Note struct {
	ID       string // of the reminder
	Kind     LetterKind
	To       Contact
	Language Language
	Token    string // of its links
	Ref      string // of the link to the show
	Room     string // slug
	Title    string // of the show
	Starts   time.Time
	Timezone string // IANA, in which the time is told
	Live     bool   // the show is on
}

// Reminder is what the page of a reminder tells of it.
type Reminder struct {
	Confirmed   bool
	Way         string
	Room, Title string
	Starts      time.Time
	Timezone    string
	Language    Language
}

// Reminders are what hosts know of the bookings of a show: counts, and no contact.
type Reminders struct {
	Open      bool  `json:"open" doc:"Viewers can book; true until it is turned off"`
	Before    int64 `json:"before_minutes" doc:"How many minutes before the planned time the letter goes; 0: when the show begins. It never goes later than that"`
	Booked    int64 `json:"booked" doc:"Contacts that asked for a reminder"`
	Confirmed int64 `json:"confirmed" doc:"Those that confirmed; a browser does so by asking"`
	Told      int64 `json:"told" doc:"Those whose mail server or push service took the reminder"`
	Came      int64 `json:"came" doc:"Those who opened the show by the link of their reminder while it was on; each counts once"`
	Failed    int64 `json:"failed" doc:"Those whose mail server or push service refused the reminder for good"`
}

// ShowUp is the rate of those who came among those who were told; ok is false where nobody
// was.
func (r Reminders) ShowUp() (show Rate, ok bool) {
	return rate("show_up", figure{"came", &r.Came}, figure{"told", &r.Told}, "")
}

// NotTaken is why a letter of a reminder was not sent. Its words name no contact.
type NotTaken struct {
	Why     string
	ForGood bool // trying again is of no use
}

func (e *NotTaken) Error() string { return e.Why }

// When is the time of the show as a letter tells it, in the zone of its host.
func (n Note) When() string {
	zone, err := time.LoadLocation(n.Timezone)
	if err != nil {
		zone = time.UTC
	}
	layout := "Monday, 2 January 2006, 15:04 MST"
	if n.Language == Chinese {
		layout = "2006年1月2日 15:04（MST）"
	}
	return n.Starts.In(zone).Format(layout)
}

// Message is what a browser shows of a letter: a title and a line.
func (n Note) Message() (title, line string) {
	p := map[LetterKind][4]string{
		BeginLetter:     {"{title}", "It is on now.", "{title}", "已经开播。"},
		MovedLetter:     {"New time: {title}", "{when}", "时间更改：{title}", "{when}"},
		CancelledLetter: {"{title}", "The show does not take place.", "{title}", "本场直播已取消。"},
	}[n.Kind]
	if n.Kind == BeginLetter && !n.Live {
		p[1], p[3] = "It begins: {when}", "开播时间：{when}"
	}
	title, line = p[0], p[1]
	if n.Language == Chinese {
		title, line = p[2], p[3]
	}
	when := ""
	if !n.Starts.IsZero() {
		when = n.When()
	}
	say := strings.NewReplacer("{title}", n.Title, "{when}", when).Replace
	return say(title), say(line)
}

// ReportReminders are the reminders of a show in its report.
type ReportReminders struct {
	Booked    int64  `json:"booked" doc:"Contacts that asked for a reminder"`
	Confirmed int64  `json:"confirmed" doc:"Those that confirmed it"`
	Told      int64  `json:"told" doc:"Those whose mail server or push service took it"`
	Came      int64  `json:"came" doc:"Those who opened the show by its link while it was on"`
	Failed    int64  `json:"failed" doc:"Those whose mail server or push service refused it for good"`
	Rates     []Rate `json:"rates" doc:"show_up: came ÷ told; empty while nobody was told"`
}

// InReport gives the reminders as a report has them; nil: nobody booked.
func (r Reminders) InReport() *ReportReminders {
	if r.Booked == 0 {
		return nil
	}
	out := &ReportReminders{r.Booked, r.Confirmed, r.Told, r.Came, r.Failed, []Rate{}}
	if up, ok := r.ShowUp(); ok {
		out.Rates = append(out.Rates, up)
	}
	return out
}

// rows are the counts with their names.
func (r ReportReminders) rows() []figure {
	return []figure{{"booked", &r.Booked}, {"confirmed", &r.Confirmed}, {"told", &r.Told}, {"came", &r.Came}, {"failed", &r.Failed}}
}
