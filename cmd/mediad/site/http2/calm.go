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

	// A client that takes a frame of 16 KiB in small steps says so for each step,
	// of the stream and of the connection.
	grantSent = 10
)

// errFlood ends a connection.
var errFlood error = http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)

// calm is a budget. It belongs to the goroutine that reads.
type calm struct {
	left int64
	at   time.Time
}

func newCalm() calm { return calm{left: calmMost, at: time.Now()} }

// add grants n frames that were sent.
func (c *calm) add(n int64) { c.left = min(c.left+n*grantSent, calmMost) }

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
