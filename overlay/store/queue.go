package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// maxWaiting bounds the actions that wait for the writer. It is many batches:
// an action behind them would wait longer than a person or a proxy does.
const maxWaiting = 4096

// action is one caller's work on its way into a transaction.
type action struct {
	do     func(*tx) error
	lead   chan struct{} // closed when its caller must lead the next batch
	answer chan error    // has room for one; sent after the commit
}

// queue holds the actions that wait for the writer of SQLite, first come, first
// served. With PostgreSQL, lanes take its place.
//
// There is no writer goroutine, since Open starts nothing: the caller at the
// head of the queue leads. It commits a batch that begins with its own action
// and takes the actions that have queued behind it, then hands the lead to the
// next head. So no action waits for others to arrive, no caller leads longer
// than one batch, and a batch holds by itself what arrived during the sync of
// the last commit.
type queue struct {
	mu      sync.Mutex
	waiting []*action // guarded by mu
	behind  []*action // guarded by mu; each gets a transaction of its own, and only while nothing is in waiting
	led     bool      // guarded by mu; a caller leads or has been told to
}

// join puts an action at the end, unless limit others wait already (0: no
// limit). leads says that its caller must lead at once.
func (q *queue) join(a *action, limit int) (leads bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if limit > 0 && len(q.waiting) >= limit {
		return false, overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
	}
	q.waiting = append(q.waiting, a)
	leads = !q.led
	q.led = true
	return leads, nil
}

// joinBehind puts an action behind all waiting actions, and behind those that
// arrive while it waits.
func (q *queue) joinBehind(a *action) (leads bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.behind = append(q.behind, a)
	leads = !q.led
	q.led = true
	return leads
}

// begin takes an action that joined behind, and now leads, out of the queue.
func (q *queue) begin(a *action) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.behind = slices.DeleteFunc(q.behind, func(b *action) bool { return a == b })
}

// leave takes an action out again; false: it has begun, and its result counts.
func (q *queue) leave(a *action) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := &q.waiting
	i := slices.Index(*line, a)
	if i < 0 {
		line = &q.behind
		i = slices.Index(*line, a)
	}
	if i < 0 {
		return false
	}
	*line = slices.Delete(*line, i, i+1)
	select {
	case <-a.lead:
		q.callNext()
	default:
	}
	return true
}

// next takes the action at the head.
func (q *queue) next() (a *action, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil, false
	}
	a, q.waiting = q.waiting[0], q.waiting[1:]
	return a, true
}

// pass ends the lead of a caller, and gives it to the next.
func (q *queue) pass() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.callNext()
}

// callNext gives the lead to the head, if there is one. The caller holds mu.
func (q *queue) callNext() {
	q.led = true
	switch {
	case len(q.waiting) > 0:
		close(q.waiting[0].lead)
	case len(q.behind) > 0:
		close(q.behind[0].lead)
	default:
		q.led = false
	}
}

// write carries out f in a transaction, perhaps together with other callers'
// actions, and returns when the change is on the disk or undone. Readers have
// been woken by then. write, note and behind are the only ways to write.
//
// If ctx ends, an action that has not begun is taken back. An action that has
// begun is finished, and its result is returned. A panic of f is returned as an
// error: the batch and the process go on.
func (s *Store) write(ctx context.Context, f func(*tx) error) error {
	return s.submit(ctx, f, maxWaiting)
}

// note is write for changes that the server itself must keep, such as the end of
// a broadcast: they are not refused when too many actions wait. There are only
// as many of them as rooms on air.
func (s *Store) note(ctx context.Context, f func(*tx) error) error {
	return s.submit(ctx, f, 0)
}

func (s *Store) submit(ctx context.Context, f func(*tx) error, limit int) error {
	return s.telling(ctx, f, func(f func(*tx) error) error { return s.queued(ctx, f, limit) })
}

func (s *Store) queued(ctx context.Context, f func(*tx) error, limit int) error {
	if s.lanes != nil {
		return s.serialize(ctx, f, limit, false)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	a := &action{do: f, lead: make(chan struct{}), answer: make(chan error, 1)}
	leads, err := s.queue.join(a, limit)
	if err != nil {
		return err
	}
	if !leads {
		select {
		case err := <-a.answer:
			return err
		case <-a.lead:
		case <-ctx.Done():
			if s.queue.leave(a) {
				return fmt.Errorf("wait for the database: %w", ctx.Err())
			}
			return <-a.answer
		}
	}
	s.commitBatch(s.queue.next)
	s.queue.pass()
	return <-a.answer
}

// atLeisure is behind for a step of long work, which rests afterwards.
func (s *Store) atLeisure(ctx context.Context, f func(*tx) error) error {
	begun := time.Now()
	err := s.behind(ctx, f)
	if err == nil && s.rest != nil {
		s.rest(ctx, time.Since(begun))
	}
	return err
}

// behind is write for changes that viewers cause, and for sweeping. They wait as
// long as hosts keep the writer busy. An action of a host waits for one such
// transaction at most, if it is already running, so f must be short.
func (s *Store) behind(ctx context.Context, f func(*tx) error) error {
	noting, rings := ringing(f)
	err := s.queuedBehind(ctx, noting)
	if err == nil && rings() {
		s.bell.ring()
	}
	return err
}

func (s *Store) queuedBehind(ctx context.Context, f func(*tx) error) error {
	if s.lanes != nil {
		return s.serialize(ctx, f, 0, true)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	a := &action{do: f, lead: make(chan struct{}), answer: make(chan error, 1)}
	if !s.queue.joinBehind(a) {
		select {
		case <-a.lead:
		case <-ctx.Done():
			if s.queue.leave(a) {
				return fmt.Errorf("wait for the database: %w", ctx.Err())
			}
		}
	}
	s.queue.begin(a)
	begun := false
	s.commitBatch(func() (*action, bool) {
		first := !begun
		begun = true
		return a, first
	})
	s.queue.pass()
	return <-a.answer
}
