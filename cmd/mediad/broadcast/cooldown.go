package broadcast

import (
	"fmt"
	"time"

	"mediad/ingest"
)

// A host who ends the show means it. But the encoder takes the closed
// connection for a lost one and returns by itself, which would begin a show that
// nobody wants. So whoever comes soon after the host's end is refused, for a
// fixed time; and so is, later, what comes exactly when OBS would by itself: 2 s
// after the end, and then each time after 1.45 to 1.55 times the pause before, 15
// minutes at most (OBS 29 chooses the factor anew at each start). A person who starts anew comes at another moment, and is let
// in. Tries change nothing about either.
const (
	cooldownFor = 10 * time.Second // after the end
	// OBS's factor, and room for the time that a connection takes, of which the
	// pause has one and no factor. A person who hits the one moment by accident is
	// let in with the next try.
	machineLeast, machineMost = 1.44, 1.57
	machineEarly, machineLate = 600 * time.Millisecond, 500 * time.Millisecond
	machineCap                = 15 * time.Minute // OBS's longest pause
)

// cooldown decides about that in one room. It knows no clock; the zero value is
// open.
type cooldown struct {
	end   time.Time     // zero: nobody was sent away
	last  time.Time     // the end, or when the machine came last
	pause time.Duration // before that; 0: it has not come yet
	said  bool          // the room's host was told
}

// start hears of the host's end.
func (c *cooldown) start(now time.Time) { *c = cooldown{end: now, last: now} }

// newcomer tells whether a newcomer is refused, and for how long everybody is; 0:
// who tries again at once is let in.
func (c *cooldown) newcomer(now time.Time) (refused bool, wait time.Duration) {
	if c.end.IsZero() {
		return false, 0
	}
	wait = max(c.end.Add(cooldownFor).Sub(now), 0)
	machine := c.machine(now.Sub(c.last))
	if machine {
		c.pause, c.last = now.Sub(c.last), now
	}
	return machine || wait > 0, wait
}

// machine tells that one who comes so long after the machine, or after the end,
// is the machine.
func (c *cooldown) machine(since time.Duration) bool {
	if c.pause == 0 {
		return since < cooldownFor
	}
	least := min(time.Duration(machineLeast*float64(c.pause)), machineCap) - machineEarly
	most := min(time.Duration(machineMost*float64(c.pause)), machineCap+cooldownFor) + machineLate
	return least <= since && since <= most
}

// mayBegin refuses an encoder that comes back by itself after the host has ended
// its broadcast. The caller has the room's turn.
func (m *Manager) mayBegin(in *room, r ingest.Request) error {
	c := in.cooldown
	if c == nil {
		return nil
	}
	refused, wait := c.newcomer(time.Now())
	if !refused {
		in.cooldown = nil
		return nil
	}
	when := "start again"
	if wait > 0 { // rounded up: who waits that long is let in
		when = fmt.Sprintf("start again in %v", (wait + time.Second - 1).Truncate(time.Second))
	}
	err := fmt.Errorf("%w: the host has ended the show; stop streaming, and %s", ingest.ErrRefused, when)
	m.log.Info("publisher came back after the host's end and was refused", "room", in.slug, "remote", r.Remote, "wait", wait)
	if !c.said {
		c.said = true
		m.refused(in.slug, r, err)
	}
	return err
}
