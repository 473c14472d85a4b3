package main

import (
	"fmt"
	"time"

	"mediad/ingest"
)

// A host who ends the show means it. But the encoder takes the closed
// connection for a lost one and returns by itself, OBS after 2 s and then after
// half as long again each time, which would begin a show that nobody wants. So
// after the host's end one who comes back in the manner of a machine is
// refused; a person who starts anew takes longer.
const (
	curtainFirst  = 5 * time.Second // after the end; OBS comes after 2 s
	curtainFactor = 2               // times the pause before; OBS takes 1.5
)

// curtain decides about that in one room. It knows no clock; the zero value is
// open.
type curtain struct {
	last  time.Time // the end, or the last attempt; zero: nobody was sent away
	pause time.Duration
}

// fall is the host's end, while somebody published.
func (c *curtain) fall(now time.Time) { *c = curtain{last: now, pause: curtainFirst / curtainFactor} }

// raise tells how long a newcomer has to wait; 0: it may go on air.
func (c *curtain) raise(now time.Time) time.Duration {
	if c.last.IsZero() {
		return 0
	}
	since := now.Sub(c.last)
	if since >= curtainFactor*c.pause {
		*c = curtain{}
		return 0
	}
	c.pause, c.last = max(c.pause, since), now
	return curtainFactor * c.pause
}

// mayBegin refuses an encoder that comes back by itself after the host has ended
// its broadcast. The stage's mu is held.
func (s *stage) mayBegin(room string, r ingest.Request) error {
	c := s.curtains[room]
	if c == nil {
		return nil
	}
	first := c.pause == curtainFirst/curtainFactor
	wait := c.raise(time.Now())
	if wait == 0 {
		delete(s.curtains, room)
		return nil
	}
	err := fmt.Errorf("%w: the host has ended the show; stop streaming, and start again after %v", ingest.ErrRefused, wait.Round(time.Second))
	s.log.Info("publisher came back after the host's end and was refused", "room", room, "remote", r.Remote, "wait", wait)
	if first {
		s.tellRefused(room, r, err)
	}
	return err
}
