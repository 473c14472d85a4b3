package broadcast

import (
	"fmt"
	"time"

	"mediad/ingest"
)

// When a host ends the show, the encoder takes the closed connection for a lost
// one and reconnects by itself. That would begin a show that nobody wants. So
// every publisher is refused for a fixed time after the host's end. After that
// time, a publisher is refused if it comes exactly when OBS would by itself: 2 s
// after the end, and then each time after 1.45 to 1.55 times the pause before, 15
// minutes at most (OBS 29 chooses the factor anew at each start). A person who
// starts again comes at another moment, and may publish. Attempts change neither
// rule.
const (
	cooldownFor = 10 * time.Second // after the end
	// OBS's factor, with tolerance for the time that connecting takes, which is
	// part of each pause and has no factor. A person who comes at exactly that
	// moment by accident can publish with the next attempt.
	autoLeast, autoMost = 1.44, 1.57
	autoEarly, autoLate = 600 * time.Millisecond, 500 * time.Millisecond
	// OBS's pauses grow. So less is tolerated of a short pause: a person who tries
	// every second is never taken for an encoder's own tries twice in a row.
	autoEarlyShare = 0.3
	autoCap        = 15 * time.Minute // OBS's longest pause
)

// cooldown decides about newcomers to one room after the host's end. It knows
// no clock; the zero value refuses nobody.
type cooldown struct {
	end   time.Time     // zero: the host ended nothing
	last  time.Time     // the end, or the encoder's last attempt of its own
	pause time.Duration // the pause before that attempt; 0: there was none yet
	said  bool          // the room's host was told
}

// start is called at the host's end.
func (c *cooldown) start(now time.Time) { *c = cooldown{end: now, last: now} }

// newcomer tells whether a newcomer is refused, and for how long every newcomer
// is; 0: a person who tries again at once may publish.
func (c *cooldown) newcomer(now time.Time) (refused bool, wait time.Duration) {
	if c.end.IsZero() {
		return false, 0
	}
	wait = max(c.end.Add(cooldownFor).Sub(now), 0)
	automatic := c.isAutomatic(now.Sub(c.last))
	if automatic {
		c.pause, c.last = now.Sub(c.last), now
	}
	return automatic || wait > 0, wait
}

// isAutomatic tells whether an encoder has tried by itself, from the time since its
// last attempt, or since the end.
func (c *cooldown) isAutomatic(since time.Duration) bool {
	if c.pause == 0 {
		return since < cooldownFor
	}
	early := min(autoEarly, time.Duration(autoEarlyShare*float64(c.pause)))
	least := min(time.Duration(autoLeast*float64(c.pause)), autoCap) - early
	most := min(time.Duration(autoMost*float64(c.pause)), autoCap+cooldownFor) + autoLate
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
	if wait > 0 { // rounded up: after this time a newcomer may publish
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
