package mail

import (
	"context"
	"errors"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"mediad/overlay"
)

// Deliver gives a letter of a reminder to the mail server. Without an error that server has
// taken it, or may have: a connection that breaks behind the last byte says neither, and a
// letter that goes twice is worse than one that does not go. handing is called before that
// byte. An *overlay.NotTaken says that the mail server has not taken it.
func (m *Mailer) Deliver(ctx context.Context, n overlay.Note, handing func() error) error {
	t := m.reminder(n)
	msg, err := m.composed(t, n.ID+"."+string(n.Kind), n.To.Mail)
	if err != nil {
		return &overlay.NotTaken{Why: "the address is of no use", ForGood: true}
	}
	// RFC 8058: mail programs leave by one click, without opening a page.
	msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+t.LeaveLink+">")
	msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	handed, stopped := false, false
	err = m.deliver(ctx, n.To.Mail, msg, func() error {
		err := handing()
		handed, stopped = err == nil, err != nil
		return err
	})
	var said *textproto.Error
	var about *refused
	switch {
	case err == nil || stopped:
		return err
	case errors.As(err, &said):
		// What a mail server says has the address in it; its number has not.
		return &overlay.NotTaken{Why: "the mail server says " + strconv.Itoa(said.Code), ForGood: said.Code >= 500 && errors.As(err, &about)}
	case handed:
		return nil
	}
	why, _ := words(err)
	return &overlay.NotTaken{Why: why}
}

// reminder puts a letter of a reminder into words.
func (m *Mailer) reminder(n overlay.Note) text {
	p := remindersIn(n.Language)
	site, when := m.o.PublicURL, ""
	if _, host, ok := strings.Cut(site, "://"); ok {
		site = host
	}
	if !n.Starts.IsZero() {
		when = n.When()
	}
	say := strings.NewReplacer("{title}", line(n.Title), "{when}", when, "{site}", site).Replace
	link := m.o.PublicURL + "/watch/" + url.PathEscape(n.Room)
	t := text{Language: string(n.Language), From: say(phrasesOf(n.Language).from), NoButton: phrasesOf(n.Language).noButton,
		Leave: p.leave, LeaveLink: m.o.PublicURL + "/r/" + n.Token + "/leave"}
	switch n.Kind {
	case overlay.ConfirmLetter:
		t.Subject, t.Head, t.Why, t.Act, t.Link = say(p.askSubject), say(p.askHead), say(p.askWhy), p.askAct, m.o.PublicURL+"/r/"+n.Token
		t.Once, t.Unexpected = p.askThen, p.unasked
	case overlay.MovedLetter:
		t.Subject, t.Head, t.Why, t.Act, t.Link, t.Once = say(p.movedSubject), say(p.movedHead), say(p.movedWhy), p.movedAct, link, p.then
	case overlay.CancelledLetter:
		t.Subject, t.Head, t.Why = say(p.offSubject), say(p.offHead), p.offWhy
		t.Leave = "" // there is nothing left to leave
	default:
		t.Subject, t.Head, t.Why, t.Act, t.Link, t.Once = say(p.onSubject), say(p.onHead), p.onWhy, p.onAct, link+"?r="+n.Ref, p.then
		if !n.Live {
			t.Subject, t.Head = say(p.soonSubject), say(p.soonHead)
		}
	}
	if when != "" && (n.Kind == overlay.ConfirmLetter) {
		t.Why += " " + say(p.at)
	}
	return t
}
