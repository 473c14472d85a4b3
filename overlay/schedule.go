package overlay

import (
	"encoding/json"
	"time"
)

// Scheduled is a cue that waits for its moment, as hosts are told of it: viewers
// must not learn of it before that.
type Scheduled struct {
	ID      string          `json:"id"`
	Kind    Kind            `json:"kind"`
	Due     time.Time       `json:"due" doc:"The moment at which it becomes an event"`
	Product *Card           `json:"product,omitempty" doc:"The product of a pin or an unpin"` // in the log, of product.unpin: its id
	Text    string          `json:"text,omitempty" doc:"Of a notice"`
	Data    json.RawMessage `json:"data,omitempty" doc:"Of a custom cue"`
}

// Waiting is a scheduled cue in the list of its room.
type Waiting struct {
	Scheduled
	Show     string   `json:"show"`
	Audience Audience `json:"audience" doc:"For whom it is at its moment: picture, everybody; host, who runs the show. Until then it is for hosts alone"`
}

// Cancelled is what hosts are told of cues that do not come any more.
type Cancelled struct {
	Cues   []string `json:"cues"`   // ids, at most MaxCancelled
	Reason string   `json:"reason"` // in words
}

// MaxCancelled bounds one Cancelled: more cues need more events.
const MaxCancelled = 500
