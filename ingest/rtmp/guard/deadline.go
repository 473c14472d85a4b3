package guard

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// deadlines are the guard's own and the caller's; the earlier one holds.
type deadlines struct {
	mu sync.Mutex // guards everything here, and setting the connection's

	phaseEnd   time.Time // the handshake or the commands must be done; zero: no such limit
	phaseCause error
	accepted   bool      // no limit for commands, now or later
	own        time.Time // the guard's limit for the read in progress
	moved      time.Time // when own was last set by the limit of silence; zero: own is another limit
	ownCause   error

	callerRead, callerWrite time.Time
}

// startPhase sets an absolute limit for what comes next.
func (d *deadlines) startPhase(limit time.Duration, cause error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.phaseEnd, d.phaseCause = after(limit), cause
	if d.accepted && cause == ErrCommandTimeout {
		d.phaseEnd = time.Time{}
	}
}

// endPhases lifts the limit for commands, also for a Read that is waiting.
func (d *deadlines) endPhases(conn net.Conn, silence time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accepted = true
	if d.phaseCause != ErrCommandTimeout {
		return // still in the handshake
	}
	d.phaseEnd = time.Time{}
	d.own, d.ownCause, d.moved = after(silence), ErrReadTimeout, time.Time{}
	_ = conn.SetReadDeadline(earlier(d.own, d.callerRead)) // fails only when closed
}

// beforeRead moves the limit of silence. A publisher's limit need not be exact, and
// moving it for each of a hundred reads a second costs more than reading the clock.
// So it may be too long by a sixteenth.
func (d *deadlines) beforeRead(conn net.Conn, silence time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	slack := silence / 16
	if !d.moved.IsZero() && now.Sub(d.moved) < slack && d.callerRead.IsZero() {
		return nil
	}
	d.own, d.ownCause, d.moved = after(silence), ErrReadTimeout, time.Time{}
	switch {
	case !d.phaseEnd.IsZero() && earlier(d.phaseEnd, d.own).Equal(d.phaseEnd):
		d.own, d.ownCause = d.phaseEnd, d.phaseCause
	case d.accepted && silence > 0:
		d.own, d.moved = now.Add(silence+slack), now
	}
	return conn.SetReadDeadline(earlier(d.own, d.callerRead))
}

func (d *deadlines) beforeWrite(conn net.Conn, limit time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return conn.SetWriteDeadline(earlier(after(limit), d.callerWrite))
}

// explain names the limit that a failed read has met.
func (d *deadlines) explain(err error) error {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.own.IsZero() && earlier(d.own, d.callerRead).Equal(d.own) {
		return fmt.Errorf("%w: %w", d.ownCause, err)
	}
	return err
}

func (d *deadlines) explainWrite(err error) error {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrWriteTimeout, err)
}

// callers tells whether err is the caller's own read deadline.
func (d *deadlines) callers(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) &&
		!errors.Is(err, ErrHandshakeTimeout) && !errors.Is(err, ErrCommandTimeout) && !errors.Is(err, ErrReadTimeout)
}

// SetDeadline sets the caller's read and write deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline sets a deadline for Read beside the guard's own.
func (c *Conn) SetReadDeadline(t time.Time) error {
	d := &c.times
	d.mu.Lock()
	defer d.mu.Unlock()
	d.callerRead = t
	return c.conn.SetReadDeadline(earlier(d.own, t))
}

// SetWriteDeadline sets a deadline for Write beside the guard's own.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	d := &c.times
	d.mu.Lock()
	defer d.mu.Unlock()
	d.callerWrite = t
	return c.conn.SetWriteDeadline(earlier(after(c.lim.WriteTimeout), t))
}

// after is the time d from now, or none if d is negative.
func after(d time.Duration) time.Time {
	if d < 0 {
		return time.Time{}
	}
	return time.Now().Add(d)
}

// earlier is the earlier of two deadlines, where zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
