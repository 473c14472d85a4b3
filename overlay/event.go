package overlay

import (
	"bytes"
	"encoding/json"
	"time"
)

// MaxInBand is the size limit of one in-band JSON object, in bytes.
const MaxInBand = 2048

// Kind names what happens in a cue.
type Kind string

// The kinds of this version. Readers ignore what they do not know.
const (
	KindState         Kind = "state"
	KindProductPin    Kind = "product.pin"
	KindProductUpdate Kind = "product.update"
	KindProductUnpin  Kind = "product.unpin"
	KindNotice        Kind = "notice"
	KindCustom        Kind = "custom"
	KindShowStart     Kind = "show.start" // on air, for the first time or after a pause
	KindShowPause     Kind = "show.pause" // the broadcast ended, the show has not
	KindShowEnd       Kind = "show.end"
)

// Event is one entry of a show's log.
type Event struct {
	ID   string // of the cue that caused it, or its own
	Room string // slug
	Show string
	Seq  uint64 // counts the show's events from 1 without gaps
	Kind Kind
	At   time.Time // the moment that it is meant for
	// NotBefore is the date before which no frame may carry it; zero: at once.
	NotBefore time.Time
	Product   string // id, "" if it concerns none
	Payload   []byte // EventJSON
	State     []byte // StateJSON of what holds after it
	Landed    *Landing
}

// Body is what an event says beyond its frame.
type Body struct {
	Product *Card
	Text    string          // notice
	Data    json.RawMessage // custom, compact
}

// EventJSON gives the in-band JSON of an event. One that does not fit is
// refused as too large.
func EventJSON(kind Kind, show string, seq uint64, at time.Time, b Body) ([]byte, error) {
	text, err := encode(struct {
		V       int             `json:"v"`
		Kind    Kind            `json:"kind"`
		Show    string          `json:"show"`
		Seq     uint64          `json:"seq"`
		At      int64           `json:"at"`
		Product *Card           `json:"product,omitempty"`
		Text    string          `json:"text,omitempty"`
		Data    json.RawMessage `json:"data,omitempty"`
	}{1, kind, show, seq, at.UnixMilli(), b.Product, b.Text, b.Data})
	if err != nil {
		return nil, err
	}
	if len(text) > MaxInBand {
		return nil, Errorf(TooLarge, "the cue has %d bytes, at most %d fit into the stream", len(text), MaxInBand)
	}
	return text, nil
}

// encode is json.Marshal without the escapes for HTML, which this never enters.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
