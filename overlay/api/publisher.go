package api

import "time"

// Publishers tells what happens to the publishers of rooms.
type Publishers interface {
	// FollowPublishers gives the events of a room from now on. A slow reader loses
	// the oldest events. stop ends it.
	FollowPublishers(room string) (events <-chan PublisherEvent, stop func())
}

// PublisherKind names what happened to a publisher.
type PublisherKind string

// The kinds. Readers ignore what they do not know.
const (
	PublisherOnAir      PublisherKind = "on_air"     // a broadcast began
	PublisherBack       PublisherKind = "back"       // it goes on after a loss
	PublisherLost       PublisherKind = "lost"       // the room waits
	PublisherTakenOver  PublisherKind = "taken_over" // another one came and took its place
	PublisherContention PublisherKind = "contention" // two take the room from each other; the newcomer was refused
	PublisherRefused    PublisherKind = "refused"    // with the right key, but not let on
	PublisherClosed     PublisherKind = "closed"     // by the server, for what it sent or did not send
	PublisherEnded      PublisherKind = "ended"      // the broadcast
)

// PublisherEvent is what happened to a publisher of a room: the data of the
// event publisher. Key, parameters and full address are never in it.
type PublisherEvent struct {
	Room   string        `json:"room" doc:"The room's slug"`
	Kind   PublisherKind `json:"kind" doc:"on_air, back, lost, taken_over, contention, refused, closed or ended; more may come"`
	Text   string        `json:"text" doc:"What happened, in English"`
	At     time.Time     `json:"at"`
	Reason string        `json:"reason,omitempty" doc:"Why it was refused, closed or ended"`
	Until  time.Time     `json:"until,omitzero" doc:"Of lost: how long the room waits; of contention: how long newcomers are refused; asking before that lengthens it"`

	Protocol string `json:"protocol,omitempty" doc:"Protocol of the encoder that connected" example:"rtmp"`
	Encoder  string `json:"encoder,omitempty" doc:"What that encoder calls itself"`
	Address  string `json:"address,omitempty" doc:"Kind of the encoder's network address: loopback, private or public"`
}
