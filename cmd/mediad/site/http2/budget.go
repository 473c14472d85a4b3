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
	budgetMax  = 2000
	budgetRate = 200 // a second

	costFrame = 1
	costReset = 1
	costError = 5 // it needs an answer

	// A client that accepts data in small steps sends a frame for each step, for
	// the stream and for the connection.
	grantEach = 2 << 10 // for each so many bytes sent, one frame is free
)

// errFlood ends a connection.
var errFlood error = http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)

// floodBudget is a budget. It belongs to the goroutine that reads.
type floodBudget struct {
	left int64
	at   time.Time
}

func newFloodBudget() floodBudget { return floodBudget{left: budgetMax, at: time.Now()} }

// sent adds to the budget the frames that a peer needs to accept n bytes.
func (c *floodBudget) sent(n int64) { c.left = min(c.left+n/grantEach, budgetMax) }

// spend takes n from the budget; false: too little is left.
func (c *floodBudget) spend(n int) bool {
	if c.left < budgetMax/2 {
		now := time.Now()
		if more := int64(now.Sub(c.at) * budgetRate / time.Second); more > 0 {
			c.left, c.at = min(c.left+more, budgetMax), now
		}
	} else if c.left == budgetMax {
		c.at = time.Now()
	}
	c.left -= int64(n)
	return c.left >= 0
}
