package overlay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxNotice = 200  // characters
	maxData   = 1800 // bytes of compact JSON; with the frame around it stays below MaxInBand
)

// NewCue is a cue that somebody asks for through POST …/cues.
type NewCue struct {
	Kind Kind
	Text string          // notice
	Data json.RawMessage // custom: a JSON object
}

// Checked gives the cue made regular, or an Error. Pins have a request of their
// own, and the server makes show.* and state.
func (c NewCue) Checked() (NewCue, error) {
	switch c.Kind {
	case KindNotice:
		return c.checkedNotice()
	case KindCustom:
		return c.checkedCustom()
	case KindProductPin, KindProductUnpin:
		return NewCue{}, Errorf(Invalid, "kind: products are pinned with POST …/pins and taken down with DELETE …/pins/ID")
	}
	return NewCue{}, Errorf(Invalid, "kind: must be custom or notice")
}

func (c NewCue) checkedNotice() (NewCue, error) {
	if c.Text == "" && len(c.Data) > 0 {
		var in struct{ Text string }
		if err := json.Unmarshal(c.Data, &in); err != nil {
			return NewCue{}, Errorf(Invalid, `data: a notice has {"text":"…"}`)
		}
		c.Text = in.Text
	}
	c.Text, c.Data = strings.TrimSpace(c.Text), nil
	if c.Text == "" {
		return NewCue{}, Errorf(Invalid, "text: is missing")
	}
	if err := checkText("text", c.Text, maxNotice, false); err != nil {
		return NewCue{}, err
	}
	return c, checkInBand("text", c.Text)
}

func (c NewCue) checkedCustom() (NewCue, error) {
	if c.Text != "" {
		return NewCue{}, Errorf(Invalid, "text: belongs to a notice; a custom cue has data")
	}
	var compact bytes.Buffer
	if !utf8.Valid(c.Data) || json.Compact(&compact, c.Data) != nil || compact.Len() == 0 || compact.Bytes()[0] != '{' {
		return NewCue{}, Errorf(Invalid, "data: must be a JSON object")
	}
	if compact.Len() > maxData {
		return NewCue{}, Errorf(TooLarge, "data: has %d bytes, at most %d fit into the stream", compact.Len(), maxData)
	}
	c.Data = compact.Bytes()
	return c, checkStrings("data", c.Data)
}

// checkStrings refuses JSON of which a name or a string is not plain, however it
// is escaped. Line breaks and tabs pass.
func checkStrings(field string, text []byte) error {
	for tokens := json.NewDecoder(bytes.NewReader(text)); ; {
		t, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return Errorf(Invalid, "%s: must be a JSON object", field)
		}
		if s, ok := t.(string); ok {
			if err := checkPlain(field, s, true); err != nil {
				return err
			}
		}
	}
}

// CueStatus says how far a cue has come.
type CueStatus string

// The statuses of a cue.
const (
	CueScheduled CueStatus = "scheduled" // waits for its moment and can be taken back
	CueDue       CueStatus = "due"       // is an event for the picture, with a seq; not in a stream (yet)
	CueLanded    CueStatus = "landed"    // is in the stream
	CueCancelled CueStatus = "cancelled" // taken back, or its moment found nothing to do
)

// CueInfo is what is known of a cue.
type CueInfo struct {
	ID      string
	Room    string // slug
	Show    string
	Kind    Kind
	Product string // id, "" if it concerns none
	Status  CueStatus
	Due     time.Time // the moment that it is meant for
	Seq     uint64    // 0 while scheduled, or cancelled
	Landed  *Landing
	Reason  string // why it was cancelled, in words
}

// Landing is where in the stream a cue landed.
type Landing struct {
	PTS     int64     `json:"pts"`  // output PTS in 90-kHz ticks
	Date    time.Time `json:"date"` // programme date-time of that PTS
	Epoch   string    `json:"epoch"`
	Segment uint64    `json:"segment"` // media sequence number
	Part    uint64    `json:"part"`    // running number in the epoch
}

// Landed tells of one event that it has come down.
type Landed struct {
	ID string // the event's
	Landing
}

// Cue is an event on its way into the picture: an id and two opaque payloads.
type Cue struct {
	Room    string // slug
	Show    string
	ID      string
	Seq     uint64
	Kind    Kind
	Product string // id, for EXT-X-DATERANGE
	// NotBefore is the earliest date of the frame that carries it; zero: the
	// next frame. It never steps back from one cue of a show to the next, so
	// that cues land in the order of Seq.
	NotBefore    time.Time
	Event, State []byte // in-band JSON: what happens, and what holds after it
	// Landed is to be called once, when the cue has come down. It does not
	// block, and any goroutine may call it.
	Landed func(Landing)
}
