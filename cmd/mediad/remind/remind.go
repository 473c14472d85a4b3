// Package remind connects reminders: the store that keeps them, what sends them, and the
// page of their links.
package remind

import (
	"context"
	"log/slog"
	"strings"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
	"mediad/overlay/mail"
	"mediad/overlay/reminders"
	"mediad/overlay/store"
	"mediad/overlay/web"
)

// Office sends reminders, and answers for their links.
type Office struct {
	*reminders.Sender
	PushKey string // public
	store   *store.Store
}

// Open connects what the configuration names; mail is nil where none is sent.
func Open(c config.Config, s *store.Store, letters *mail.Mailer, log *slog.Logger) (*Office, error) {
	private, public, err := s.PushKey()
	if err != nil {
		return nil, err
	}
	push := reminders.PushOptions{Private: private, Public: public, Subscriber: c.HTTP.PublicURL, Base: c.HTTP.Base()}
	if !strings.HasPrefix(push.Subscriber, "https://") {
		push.Subscriber = "nobody@localhost" // push services want to write to somebody (RFC 8292 2.1)
		if from, err := c.SMTP.Sender(); err == nil {
			push.Subscriber = from.Address
		}
	}
	if c.Reminders.PrivateNetworks {
		push.Allowed = overlay.NearAddress
	}
	o := reminders.Options{Queue: s, Push: reminders.NewPush(push), Keep: c.Reminders.Keep, PerMinute: c.Reminders.PerMinute, Log: log}
	if letters != nil {
		o.Mail = letters
	}
	return &Office{reminders.New(o), public, s}, nil
}

// Reminder tells the page of a link about its reminder; ok is false where there is none.
func (o *Office) Reminder(ctx context.Context, token string) (r web.Reminder, ok bool, err error) {
	return told(o.store.ReminderOf(ctx, token))
}

// Confirm notes that the address is the reader's own.
func (o *Office) Confirm(ctx context.Context, token string) (r web.Reminder, ok bool, err error) {
	return told(o.store.ConfirmReminder(ctx, token))
}

// Leave erases the contact.
func (o *Office) Leave(ctx context.Context, token string) error {
	return o.store.LeaveReminder(ctx, token)
}

func told(r overlay.Reminder, err error) (web.Reminder, bool, error) {
	if overlay.CodeOf(err) == overlay.NotFound {
		return web.Reminder{}, false, nil
	}
	when := ""
	if !r.Starts.IsZero() {
		when = overlay.Note{Starts: r.Starts, Timezone: r.Timezone, Language: r.Language}.When()
	}
	return web.Reminder{Confirmed: r.Confirmed, Room: r.Room, Title: r.Title, When: when, Language: string(r.Language)}, err == nil, err
}
