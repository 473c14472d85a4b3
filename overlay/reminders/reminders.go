// Package reminders tells contacts that the show of which they wanted to hear begins.
//
// In go letters that wait in the store; out they go by mail, or over Web Push. Each is noted
// as handed over before its receiver can have it, so no contact is told twice, whatever ends
// the process; one that was certainly not taken is tried again. No contact is ever in the log.
package reminders

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"mediad/overlay"
)

// Queue keeps reminders.
type Queue interface {
	// ResumeReminders takes up what a former process was about to send.
	ResumeReminders(ctx context.Context) error
	// DueReminders lets letters wait that are due, and erases contacts of shows that are over
	// for keep; next is when a letter is to be sent, zero: none waits.
	DueReminders(ctx context.Context, keep time.Duration) (next time.Time, err error)
	NextReminder(ctx context.Context) (*overlay.Note, error)
	HandReminder(ctx context.Context, id string) (ok bool, err error)
	ReminderSent(ctx context.Context, id string) error
	ReminderNotSent(ctx context.Context, id string, forGood bool) error
	// Changed is closed when shows may have changed.
	Changed() <-chan struct{}
}

// Way delivers letters. It calls handing before the receiver can have one, and returns an
// *overlay.NotTaken where that has certainly not taken it.
type Way interface {
	Deliver(ctx context.Context, n overlay.Note, handing func() error) error
}

// Options of a Sender.
type Options struct {
	Queue      Queue
	Mail, Push Way // nil: none
	Keep       time.Duration
	PerMinute  int // letters, at most
	Log        *slog.Logger
}

// Sender sends reminders.
type Sender struct {
	o       Options
	allowed *rate.Limiter
	wake    chan struct{} // has room for one
}

// New makes a Sender. Run does its work.
func New(o Options) *Sender {
	return &Sender{o: o, allowed: rate.NewLimiter(rate.Limit(float64(o.PerMinute)/60), max(1, min(o.PerMinute/6, 60))), wake: make(chan struct{}, 1)}
}

// Wake tells that somebody booked.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Letters are sent by so many at once. Between two looks at the shows lies a pause, or, where
// nothing changes, a longer one: times pass, too.
const (
	atOnce = 4
	pause  = time.Second
	idle   = 15 * time.Second
	again  = 5 * time.Second // after an error of the database
	grace  = 2 * time.Second // of a shutdown, for letters on their way
)

// Run sends until ctx is done.
func (s *Sender) Run(ctx context.Context) error {
	s.insist(ctx, s.o.Queue.ResumeReminders)
	for ctx.Err() == nil {
		changed := s.o.Queue.Changed() // before reading, so that no commit is missed
		wait := idle
		next, err := s.round(ctx)
		switch {
		case err != nil:
			s.trouble(ctx, err)
			wait = again
		case !next.IsZero():
			wait = min(idle, max(time.Until(next), pause))
		}
		timer := time.NewTimer(wait)
		select {
		case <-s.wake:
		case <-changed:
			sleep(ctx, pause)
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// round sends all that is due now.
func (s *Sender) round(ctx context.Context) (next time.Time, err error) {
	if _, err := s.o.Queue.DueReminders(ctx, s.o.Keep); err != nil {
		return next, err
	}
	var sending sync.WaitGroup
	defer sending.Wait()
	places := make(chan struct{}, atOnce)
	looked := time.Now()
	for {
		places <- struct{}{} // workers end with ctx
		n, err := s.o.Queue.NextReminder(ctx)
		if err != nil {
			return next, err
		}
		if n == nil {
			break
		}
		sending.Go(func() {
			defer func() { <-places }()
			s.send(ctx, *n)
		})
		if err := s.allowed.Wait(ctx); err != nil {
			return next, nil // a shutdown
		}
		if time.Since(looked) > idle { // many are on their way: others may be due, or of no use any more
			looked = time.Now()
			if _, err := s.o.Queue.DueReminders(ctx, s.o.Keep); err != nil {
				return next, err
			}
		}
	}
	sending.Wait()
	return s.o.Queue.DueReminders(ctx, s.o.Keep)
}

// errLeft is why a letter is not handed over: the reader has left.
var errLeft = errors.New("the reader has left")

// send sends a letter, and notes how that went. A shutdown lets it go on for a moment, since
// nobody knows afterwards whether a letter that it interrupts was taken. What is not handed over
// by then stays noted as being sent: the next process takes it up.
func (s *Sender) send(ctx context.Context, n overlay.Note) {
	ending := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(ending))
	defer cancel()
	defer context.AfterFunc(ending, func() { time.AfterFunc(grace, cancel) })()
	way := s.o.Mail
	if n.To.Way() == overlay.ByPush {
		way = s.o.Push
	}
	err := error(&overlay.NotTaken{Why: "this server has no way to send it"})
	if way != nil {
		err = way.Deliver(ctx, n, func() error {
			ok, err := s.o.Queue.HandReminder(context.WithoutCancel(ctx), n.ID)
			if err == nil && !ok {
				err = errLeft
			}
			return err
		})
	}
	var refused *overlay.NotTaken
	switch {
	case err == nil:
		s.o.Log.InfoContext(ctx, "a reminder was sent", "reminder", n.ID, "kind", string(n.Kind), "way", n.To.Way())
		s.insist(ending, func(ctx context.Context) error { return s.o.Queue.ReminderSent(ctx, n.ID) })
		return
	case errors.Is(err, errLeft) || ctx.Err() != nil:
		return
	case !errors.As(err, &refused):
		s.trouble(ctx, err)
		refused = &overlay.NotTaken{}
	default:
		s.o.Log.WarnContext(ctx, "a reminder was not sent", "reminder", n.ID, "kind", string(n.Kind), "way", n.To.Way(), "for_good", refused.ForGood, "why", refused.Why)
	}
	s.insist(ending, func(ctx context.Context) error { return s.o.Queue.ReminderNotSent(ctx, n.ID, refused.ForGood) })
}

// insist does what must be done, again and again; once it is tried, even at a shutdown.
func (s *Sender) insist(ctx context.Context, do func(context.Context) error) {
	for {
		err := do(context.WithoutCancel(ctx))
		if err == nil || ctx.Err() != nil {
			return
		}
		s.trouble(ctx, err)
		sleep(ctx, again)
	}
}

func (s *Sender) trouble(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.o.Log.ErrorContext(ctx, "reminders cannot be sent now; it is tried again", "err", err)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
