package http2

import (
	"time"

	"golang.org/x/net/http2"
)

// A peer has a budget for what asks for nothing: control frames, streams that it
// resets, requests that are none. A player sends a few of them a second, and a proxy
// for many players some dozens. Who floods us is sent away.
const (
	calmMost = 2000
	calmRate = 200 // a second

	costFrame = 1
	costReset = 1
	costError = 5 // an answer is owed to it

	// A client that takes what it is sent in small steps says so for each step, of
	// the stream and of the connection.
	grantEach = 2 << 10 // bytes for which a frame is owed nothing
)

// errFlood ends a connection.
var errFlood error = http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)

// calm is a budget. It belongs to the goroutine that reads.
type calm struct {
	left int64
	at   time.Time
}

func newCalm() calm { return calm{left: calmMost, at: time.Now()} }

// sent grants what is needed to take n bytes.
func (c *calm) sent(n int64) { c.left = min(c.left+n/grantEach, calmMost) }

// spend takes n from what is left; false: that is not enough.
func (c *calm) spend(n int) bool {
	if c.left < calmMost/2 {
		now := time.Now()
		if more := int64(now.Sub(c.at) * calmRate / time.Second); more > 0 {
			c.left, c.at = min(c.left+more, calmMost), now
		}
	} else if c.left == calmMost {
		c.at = time.Now()
	}
	c.left -= int64(n)
	return c.left >= 0
}
