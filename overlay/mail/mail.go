// Package mail sends the letters of the server: invitations, links for new passwords,
// and a test that an owner asks for.
//
// In go letters that wait in the store; out they go to one mail server over SMTP
// (go-mail inside). A letter is noted as being sent before the mail server hears of it,
// and as sent once that server has taken it. So none is lost in a crash; one that the
// server takes in the very moment of a crash goes out once more, with the same
// Message-ID. What a mail server does not take is tried again for a day, unless it is
// refused for good. No link and no password is ever in the log.
package mail

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net/mail"
	"time"

	"mediad/overlay"
)

// TLS says how the way to the mail server is kept secret.
type TLS string

// The ways to a mail server.
const (
	StartTLS TLS = "starttls" // the connection begins in plain, and is refused without TLS
	Implicit TLS = "implicit" // TLS from the first byte
	None     TLS = "none"     // for a mail server on the same machine
)

// Queue keeps letters.
type Queue interface {
	// NextLetter takes the letter that is due; without one, next is when to ask again,
	// zero: after a Wake.
	NextLetter(ctx context.Context, perHour int) (l *overlay.Letter, next time.Time, err error)
	LetterSent(ctx context.Context, id string) error
	LetterNotSent(ctx context.Context, id, problem string, forGood bool) error
	TidyLetters(ctx context.Context) error
}

// Options of a Mailer.
type Options struct {
	Queue          Queue
	Server         string // HOST:PORT
	TLS            TLS
	User, Password string       // "": the server asks for none
	From           mail.Address // of the letters
	PublicURL      string       // of this server, with its path: links begin with it
	PerHour        int          // letters, at most
	Roots          *x509.CertPool
	Timeout        time.Duration // for a letter, from the connection on; 0: 1 min
	Log            *slog.Logger
}

// Mailer is safe for concurrent use.
type Mailer struct {
	o    Options
	wake chan struct{} // has room for one
}

// New makes a Mailer. Run does its work.
func New(o Options) *Mailer {
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	return &Mailer{o: o, wake: make(chan struct{}, 1)}
}

// Wake tells that there is a letter.
func (m *Mailer) Wake() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Told gives the mail server, and the address that letters come from.
func (m *Mailer) Told() (server, from string) { return m.o.Server, m.o.From.Address }

// Test sends a letter at once. The error has the words of the mail server.
func (m *Mailer) Test(ctx context.Context, to string, language overlay.Language) error {
	err := m.send(ctx, overlay.Letter{Kind: overlay.TestLetter, To: to, Language: language})
	if err == nil {
		return nil
	}
	why, _ := words(err)
	m.o.Log.WarnContext(ctx, "a test letter was not sent", "server", m.o.Server, "err", err)
	return &overlay.Error{Code: overlay.Conflict, Message: overlay.Plain(why, 300)}
}

// Pauses of Run: after an error of the database, and between two looks for old letters.
const (
	again = 5 * time.Second
	tidy  = time.Hour
)

// Run sends letters until ctx is done, one at a time. A Mailer that is nil has none.
func (m *Mailer) Run(ctx context.Context) error {
	if m == nil {
		return nil
	}
	var tidied time.Time
	for ctx.Err() == nil {
		pause := tidy
		if time.Since(tidied) >= tidy {
			if err := m.o.Queue.TidyLetters(ctx); err != nil {
				m.trouble(ctx, err)
				pause = again
			} else {
				tidied = time.Now()
			}
		}
		if !tidied.IsZero() { // letters of a former process come first
			next, err := m.sendDue(ctx)
			if err != nil {
				m.trouble(ctx, err)
				pause = again
			} else if !next.IsZero() {
				pause = min(pause, time.Until(next))
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-m.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

func (m *Mailer) trouble(ctx context.Context, err error) {
	if ctx.Err() == nil {
		m.o.Log.ErrorContext(ctx, "letters cannot be sent now; it is tried again", "err", err)
	}
}

// sendDue sends what is due, and tells when the next letter is.
func (m *Mailer) sendDue(ctx context.Context) (time.Time, error) {
	for ctx.Err() == nil {
		l, next, err := m.o.Queue.NextLetter(ctx, m.o.PerHour)
		switch {
		case err != nil:
			return next, err
		case l == nil && !next.IsZero() && !next.After(time.Now()):
			continue // what was due was no letter
		case l == nil:
			return next, nil
		}
		if err := m.post(ctx, *l); err != nil {
			return next, err
		}
	}
	return time.Time{}, nil
}

// post sends a letter, and notes how that went. What a shutdown interrupts stays noted
// as being sent: the next process takes it up.
func (m *Mailer) post(ctx context.Context, l overlay.Letter) error {
	err := m.send(ctx, l)
	if err == nil {
		m.o.Log.InfoContext(ctx, "a letter was sent", "letter", l.ID, "kind", string(l.Kind))
		return m.o.Queue.LetterSent(context.WithoutCancel(ctx), l.ID)
	}
	if ctx.Err() != nil {
		return nil
	}
	why, forGood := words(err)
	m.o.Log.WarnContext(ctx, "a letter was not sent", "letter", l.ID, "kind", string(l.Kind), "for_good", forGood, "err", err)
	return m.o.Queue.LetterNotSent(ctx, l.ID, why, forGood)
}
