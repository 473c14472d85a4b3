package guard

import "sync/atomic"

// Reason says why a message was not passed on.
type Reason uint8

// The reasons. Their String is fit for a metric's label.
const (
	Empty        Reason = iota // no payload
	Early                      // media or data before AllowMedia
	UnknownType                // a message type that RTMP1 does not define
	SharedObject               // types 16 and 19
	Consumed                   // protocol control that the guard itself obeys or ignores
	UserControl                // an unsupported or short user control event
	Reply                      // _result or _error: the server asked nothing
	BadData                    // a data message with malformed or excessive AMF
	TooLongData                // a data message above MaxControl
	AMF3                       // a message in real AMF3
	BadAggregate               // the unreadable rest of an aggregate message
	Restarted                  // unfinished when the peer began another on its chunk stream
	Aborted                    // unfinished when the peer sent Abort
	reasons
)

// String gives the reason in snake case.
func (r Reason) String() string {
	switch r {
	case Empty:
		return "empty"
	case Early:
		return "early"
	case UnknownType:
		return "unknown_type"
	case SharedObject:
		return "shared_object"
	case Consumed:
		return "consumed"
	case UserControl:
		return "user_control"
	case Reply:
		return "reply"
	case BadData:
		return "bad_data"
	case TooLongData:
		return "too_long_data"
	case AMF3:
		return "amf3"
	case BadAggregate:
		return "bad_aggregate"
	case Restarted:
		return "restarted"
	case Aborted:
		return "aborted"
	}
	return "unknown"
}

// Stats is a snapshot of what a connection has seen.
type Stats struct {
	BytesIn  uint64            // from the peer, handshake included
	BytesOut uint64            // to the peer
	Messages uint64            // passed on, as the reader sees them
	Acks     uint64            // acknowledgements sent
	Dropped  map[Reason]uint64 // messages not passed on; reasons that never happened are absent
}

// counters are written by the reading and the writing goroutine and read by any
// goroutine, so they are atomic.
type counters struct {
	bytesIn, bytesOut, messages, acks atomic.Uint64
	dropped                           [reasons]atomic.Uint64
}

// Stats tells what has passed so far. It may be called at any time.
func (c *Conn) Stats() Stats {
	s := Stats{
		BytesIn:  c.count.bytesIn.Load(),
		BytesOut: c.count.bytesOut.Load(),
		Messages: c.count.messages.Load(),
		Acks:     c.count.acks.Load(),
		Dropped:  make(map[Reason]uint64),
	}
	for r := range reasons {
		if n := c.count.dropped[r].Load(); n > 0 {
			s.Dropped[r] = n
		}
	}
	return s
}

// BytesIn is Stats.BytesIn alone, cheap enough for every message.
func (c *Conn) BytesIn() uint64 { return c.count.bytesIn.Load() }

func (c *Conn) drop(r Reason) { c.count.dropped[r].Add(1) }
