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
	Due     time.Time       `json:"due"`
	Product *Card           `json:"product,omitempty"` // of product.unpin: its id
	Text    string          `json:"text,omitempty"`    // notice
	Data    json.RawMessage `json:"data,omitempty"`    // custom
}

// Cancelled is what hosts are told of cues that do not come any more.
type Cancelled struct {
	Cues   []string `json:"cues"`   // ids, at most MaxCancelled
	Reason string   `json:"reason"` // in words
}

// MaxCancelled bounds one Cancelled: more cues need more events.
const MaxCancelled = 500
