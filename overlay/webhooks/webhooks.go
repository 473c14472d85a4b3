// Package webhooks tells other servers what happened, as Standard Webhooks lays it out.
//
// In go deliveries that wait in the store, where each stands since the moment in which
// the thing happened; out go signed requests. A delivery waits until the answer to it is
// noted, so none is lost in a crash; one whose answer comes in the very moment of a crash
// goes out once more, under the same id. What is not taken is tried again for a day. Each
// webhook has a lane of its own, so that one that is slow holds up no other. Nothing is
// read and nothing is asked while nothing is due.
package webhooks

import (
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/outward"
)

// Queue keeps deliveries.
type Queue interface {
	// WebhookBell has something when something new may be due.
	WebhookBell() <-chan struct{}
	// WebhooksDue says when something is due at each webhook that has something to be told;
	// the zero time: at once, though the webhook rests.
	WebhooksDue(ctx context.Context) (map[string]time.Time, error)
	WebhookWork(ctx context.Context, id string, limit int) (overlay.WebhookWork, error)
	// NoteWebhooks notes how tries went, and says which webhooks it has switched off.
	NoteWebhooks(ctx context.Context, results []overlay.WebhookResult) (map[string]overlay.OffBecause, error)
	SweepWebhooks(ctx context.Context) error
}

// Options of a Sender.
type Options struct {
	Queue Queue
	// Public tells which addresses may be asked; nil: those of the public internet alone.
	Public    func(netip.Addr) bool
	UserAgent string
	Timeout   time.Duration // for a try, from the connection to the answer; 0: 15 s
	Log       *slog.Logger
	Now       func() time.Time // the queue's clock; nil: time.Now
}

// Sender sends what is due. Run does its work.
type Sender struct {
	o      Options
	client *http.Client

	// Owned by Run.
	lanes   map[string]*lane
	slow    int // tries that go on in lanes that are slow
	going   int // tries that go on
	turn    int // which lane comes first
	results chan overlay.WebhookResult
	unnoted []overlay.WebhookResult
}

// Bounds of a Sender.
const (
	mostGoing = 256           // tries at once
	mostSlow  = mostGoing / 2 // of these, in lanes that are slow: they leave room for others
	mostAhead = 16            // deliveries of a lane that are read beyond those that go on, since some wait for others

	gather     = 20 * time.Millisecond // what comes within it is noted in one transaction
	again      = 5 * time.Second       // after an error of the database
	soon       = time.Second           // between looks at a lane of which nothing can be begun
	sweepEvery = time.Hour
	endFor     = time.Second // tries that go on when the server ends
)

// New makes a Sender.
func New(o Options) *Sender {
	if o.Public == nil {
		o.Public = overlay.PublicAddress
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	transport := outward.Transport(o.Public, o.Timeout)
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost, transport.IdleConnTimeout = mostGoing, mostInLane, 30*time.Second
	return &Sender{
		o: o, lanes: map[string]*lane{}, results: make(chan overlay.WebhookResult, mostGoing),
		// A redirect would send orders to where nobody wanted them.
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Run sends until ctx is done.
func (s *Sender) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer s.client.CloseIdleConnections()
	var swept time.Time
	for ctx.Err() == nil {
		pause := sweepEvery
		if time.Since(swept) >= sweepEvery {
			if err := s.o.Queue.SweepWebhooks(ctx); err != nil {
				s.trouble(ctx, err)
				pause = again
			}
			swept = time.Now()
		}
		err := s.note(ctx) // first, since it makes room
		var next time.Time
		if err == nil {
			next, err = s.begin(ctx, work)
		}
		if err != nil {
			s.trouble(ctx, err)
			pause = again
		} else if !next.IsZero() {
			pause = min(pause, max(next.Sub(s.o.Now()), gather))
		}
		s.wait(ctx, pause)
	}
	s.end(stop)
	return nil
}

func (s *Sender) trouble(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.o.Log.ErrorContext(ctx, "webhooks cannot be sent now; it is tried again", "err", err)
	}
}

// wait waits until there is something to do, and a little longer for more of it.
func (s *Sender) wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-s.o.Queue.WebhookBell():
	case r := <-s.results:
		s.unnoted = append(s.unnoted, r)
	case <-timer.C:
		return
	case <-ctx.Done():
		return
	}
	more := time.NewTimer(gather)
	defer more.Stop()
	for {
		select {
		case r := <-s.results:
			s.unnoted = append(s.unnoted, r)
		case <-more.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// begin begins what is due and has room, and says when to look again; zero: when something
// happens.
func (s *Sender) begin(ctx, work context.Context) (next time.Time, err error) {
	due, err := s.o.Queue.WebhooksDue(ctx)
	if err != nil {
		return next, err
	}
	for id, l := range s.lanes {
		if _, is := due[id]; !is && len(l.going) == 0 {
			delete(s.lanes, id)
		}
	}
	ids := slices.Sorted(maps.Keys(due))
	if len(ids) == 0 {
		return next, nil
	}
	s.turn = (s.turn + 1) % len(ids)
	look := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, id := range slices.Concat(ids[s.turn:], ids[:s.turn]) {
		now := s.o.Now()
		l := s.lanes[id]
		if l == nil {
			l = &lane{going: map[string]string{}}
			s.lanes[id] = l
		}
		at, room := l.room(now, due[id])
		if at.After(now) {
			look(at)
			continue
		}
		if room = min(room, s.places(l)); room <= 0 {
			continue // until one of those that go on has ended
		}
		w, err := s.o.Queue.WebhookWork(ctx, id, len(l.going)+mostAhead)
		if err != nil { // others go on
			s.trouble(ctx, err)
			l.until = now.Add(time.Minute)
			continue
		}
		for _, d := range w.Due {
			if room == 0 || !l.takes(d) {
				continue
			}
			room--
			s.start(work, l, w, d)
		}
		look(now.Add(soon)) // what waits behind those that go on may be due earlier than they end
	}
	return next, nil
}

// places is how many tries may be begun beside those that go on.
func (s *Sender) places(l *lane) int {
	if l.slow() {
		return min(mostSlow-s.slow, mostGoing-s.going)
	}
	return mostGoing - s.going
}

func (s *Sender) start(work context.Context, l *lane, w overlay.WebhookWork, d overlay.DueDelivery) {
	l.going[d.ID] = d.Subject
	s.going++
	if l.slow() {
		s.slow++
		l.counted++
	}
	go func() { s.results <- s.try(work, w, d) }()
}

// note notes the results that have come. Where it fails, they are kept, and what they are
// about is not sent again meanwhile.
func (s *Sender) note(ctx context.Context) error {
	if len(s.unnoted) == 0 {
		return nil
	}
	off, err := s.o.Queue.NoteWebhooks(ctx, s.unnoted)
	if err != nil {
		return err
	}
	for _, r := range s.unnoted {
		l := s.lanes[r.Webhook]
		delete(l.going, r.Delivery)
		s.going--
		if l.counted > 0 {
			l.counted--
			s.slow--
		}
		if l.done(s.o.Now(), r) {
			s.o.Log.WarnContext(ctx, "a webhook does not take what it is told; it is tried again", "webhook", r.Webhook, "status", r.Attempt.Status, "problem", r.Attempt.Problem)
		}
	}
	for id, why := range off {
		s.o.Log.WarnContext(ctx, "a webhook was switched off", "webhook", id, "because", string(why))
	}
	s.unnoted = nil
	return nil
}

// end waits a moment for what goes on, and notes it. The rest goes out again with the next
// start.
func (s *Sender) end(stop func()) {
	timer := time.NewTimer(endFor)
	defer timer.Stop()
	for late := false; len(s.unnoted) < s.going && !late; {
		select {
		case r := <-s.results:
			s.unnoted = append(s.unnoted, r)
		case <-timer.C:
			stop()
			late = true
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), endFor)
	defer cancel()
	if err := s.note(ctx); err != nil {
		s.o.Log.Warn("what webhooks have taken last is told them once more", "err", err)
	}
}

func share() float64 { return rand.Float64() }
