package mail

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"mediad/overlay"
)

//go:embed letter.html
var page string

// text is what a letter says.
type text struct {
	Language, Subject, Head, Why, Act, Link, Once, Unexpected, NoButton, From string
	Leave, LeaveLink                                                          string // of a reminder
}

// written puts a letter into words.
func (m *Mailer) written(l overlay.Letter) text {
	p := phrasesOf(l.Language)
	site := m.o.PublicURL
	if _, host, ok := strings.Cut(site, "://"); ok {
		site = host
	}
	say := strings.NewReplacer("{org}", line(l.Org), "{by}", line(l.By), "{to}", line(l.To), "{role}", p.roles[l.Role], "{site}", site, "{until}", p.moment(l.Until)).Replace
	t := text{Language: string(l.Language), From: say(p.from)}
	person := strings.Contains(l.By, "@") // the name of a token, such as config, says nothing to who reads this
	if t.Language == "" {
		t.Language = string(overlay.English)
	}
	switch l.Kind {
	case overlay.InvitationLetter:
		t.Subject, t.Head, t.Why, t.Act = say(p.inviteSubject), say(p.inviteHead), say(p.inviteWhy), p.inviteAct
		if !person {
			t.Why = say(p.inviteBare)
		}
		t.Link = m.o.PublicURL + "/studio#invitation=" + l.Secret
	case overlay.ResetLetter:
		t.Subject, t.Head, t.Why, t.Act = p.resetSubject, p.resetHead, say(p.resetMade), p.resetAct
		if l.By == l.To {
			t.Why = say(p.resetAsked)
		} else if !person {
			t.Why = p.resetBare
		}
		t.Link = m.o.PublicURL + "/studio#password=" + l.Secret
	default:
		t.Subject, t.Head, t.Why = p.testSubject, p.testHead, p.testWhy
	}
	if t.Link != "" {
		t.Once, t.Unexpected, t.NoButton = say(p.once), p.unexpected, p.noButton
	}
	return t
}

// line gives words on one line, whatever is in them.
func line(s string) string { return strings.Join(strings.Fields(overlay.Plain(s, 200)), " ") }

// plain is the letter for readers without HTML.
func (t text) plain() string {
	var b strings.Builder
	leave := ""
	if t.Leave != "" {
		leave = t.Leave + "\n" + t.LeaveLink
	}
	for _, part := range []string{t.Head, t.Why, t.Link, t.Once, t.Unexpected, leave, "-- \n" + t.From} {
		if part != "" {
			b.WriteString(part + "\n\n")
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// message makes the mail of a letter.
func (m *Mailer) message(l overlay.Letter) (*gomail.Msg, error) {
	return m.composed(m.written(l), l.ID, l.To)
}

// composed makes a mail: plain text, and HTML.
func (m *Mailer) composed(t text, id, to string) (*gomail.Msg, error) {
	look, err := template.New("letter").Parse(page)
	if err != nil {
		return nil, err
	}
	var drawn bytes.Buffer
	if err := look.Execute(&drawn, t); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(&m.o.From)
	if err := msg.To(to); err != nil {
		return nil, &refused{err}
	}
	msg.Subject(t.Subject)
	msg.SetDate()
	if id != "" {
		_, domain, _ := strings.Cut(m.o.From.Address, "@")
		msg.SetMessageIDWithValue(fmt.Sprintf("%s@%s", id, domain)) // the same each time it is tried
	} else {
		msg.SetMessageID()
	}
	msg.SetUserAgent("mediad")
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 5: no out-of-office answers
	msg.SetBodyString(gomail.TypeTextPlain, t.plain())
	msg.AddAlternativeString(gomail.TypeTextHTML, drawn.String())
	return msg, nil
}
