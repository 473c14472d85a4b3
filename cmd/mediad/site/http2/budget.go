package http2

import (
	"time"

	"golang.org/x/net/http2"
)

// A peer has a budget for frames that request nothing: control frames, streams that
// it resets, invalid requests. A player sends a few of them a second, and a proxy
// for many players some dozens. The connection of a peer that spends its budget is
// closed.
const (
	calmMost = 2000
	calmRate = 200 // a second

	costFrame = 1
	costReset = 1
	costError = 5 // it needs an answer

	// A client that accepts data in small steps sends a frame for each step, for
	// the stream and for the connection.
	grantEach = 2 << 10 // for each so many bytes sent, one frame is free
)

// errFlood ends a connection.
var errFlood error = http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)

// calm is a budget. It belongs to the goroutine that reads.
type calm struct {
	left int64
	at   time.Time
}

func newCalm() calm { return calm{left: calmMost, at: time.Now()} }

// sent adds to the budget the frames that a peer needs to accept n bytes.
func (c *calm) sent(n int64) { c.left = min(c.left+n/grantEach, calmMost) }

// spend takes n from the budget; false: too little is left.
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
