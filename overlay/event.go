package overlay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// MaxInBand is the size limit of one in-band JSON object, in bytes; maxLogged that
// of an event which never enters the stream.
const (
	MaxInBand = 2048
	maxLogged = 64 << 10
)

// Kind names what happens in a cue.
type Kind string

// The kinds of this version. Readers ignore what they do not know.
const (
	KindState         Kind = "state"
	KindProductPin    Kind = "product.pin"
	KindProductUpdate Kind = "product.update"
	KindProductUnpin  Kind = "product.unpin"
	KindOfferStart    Kind = "offer.start" // a price for a short time is announced
	KindOfferEnd      Kind = "offer.end"
	KindCouponShow    Kind = "coupon.show" // viewers can get a coupon
	KindCouponHide    Kind = "coupon.hide"
	KindPollOpen      Kind = "poll.open" // viewers can vote
	KindPollUpdate    Kind = "poll.update"
	KindPollClose     Kind = "poll.close" // with the result
	KindNotice        Kind = "notice"
	KindPulse         Kind = "pulse" // figures; no event
	KindCustom        Kind = "custom"
	KindShowStart     Kind = "show.start" // on air, for the first time or after a pause
	KindShowPause     Kind = "show.pause" // the broadcast ended, the show has not
	KindShowEnd       Kind = "show.end"

	KindCueScheduled Kind = "cue.scheduled" // a cue waits for its moment
	KindCueCancelled Kind = "cue.cancelled" // cues that waited do not come

	KindLineupChanged Kind = "lineup.changed" // a show's line-up, or its place in it
)

// Event is one entry of a show's log.
//
// It has two numbers. Pos counts the whole log, whoever its events are for: hosts
// resume behind it (Last-Event-ID). Seq counts what is for the picture alone, and
// is what readers of the stream see. With one number for both, each event that is
// not for the picture would leave a gap in the stream. A reader could not tell that
// gap from a lost part, and a count of the gaps would betray how much happens
// behind the picture, such as orders. Both numbers are taken in the transaction
// that appends the event, so that no reader has to count.
type Event struct {
	ID       string // of the cue that caused it, or its own
	Room     string // slug
	Show     string
	Audience Audience
	Pos      uint64 // counts the show's events from 1; a restored backup leaves a gap
	Seq      uint64 // counts those for the picture from 1, in the same way; 0: it is not for the picture
	Kind     Kind
	At       time.Time // the moment that it is meant for
	// NotBefore is the date before which no frame may carry it; zero: at once.
	NotBefore time.Time
	Product   string // id, "" if it concerns none
	Payload   []byte // EventJSON, or LogJSON of one that is not for the picture
	State     []byte // StateJSON of what holds after it; nil: it is not for the picture
	Landed    *Landing
	By        By // for hosts; zero: nobody asked for it, such as the server's own events
}

// Body is what an event says beyond its frame.
type Body struct {
	Product *Card
	Offer   *OfferCard      // offer.start and offer.end
	Coupon  *CouponCard     // coupon.show and coupon.hide
	Poll    *PollCard       // poll.open, poll.update and poll.close
	Text    string          // notice
	Data    json.RawMessage // custom, compact
	Cue     *Scheduled      // cue.scheduled
	Cancelled
	Lineup *LineupChanged // lineup.changed
}

// LogJSON gives the JSON of an event that is not for the picture.
func LogJSON(kind Kind, show string, at time.Time, b Body) ([]byte, error) {
	text, err := encode(struct {
		V      int            `json:"v"`
		Kind   Kind           `json:"kind"`
		Show   string         `json:"show"`
		At     int64          `json:"at"`
		Cue    *Scheduled     `json:"cue,omitempty"`
		Cues   []string       `json:"cues,omitempty"`
		Reason string         `json:"reason,omitempty"`
		Lineup *LineupChanged `json:"lineup,omitempty"`
	}{1, kind, show, at.UnixMilli(), b.Cue, b.Cues, b.Reason, b.Lineup})
	if err == nil && len(text) > maxLogged {
		err = fmt.Errorf("event %s has %d bytes, at most %d are allowed", kind, len(text), maxLogged)
	}
	return text, err
}

// EventJSON gives the in-band JSON of an event. One that does not fit is
// refused as too large, one that is not for the picture is a fault of the caller.
func EventJSON(kind Kind, show string, seq uint64, at time.Time, b Body) ([]byte, error) {
	if kind.Audience() != ForPicture {
		return nil, fmt.Errorf("event %s is not for the picture", kind)
	}
	text, err := encode(struct {
		V       int             `json:"v"`
		Kind    Kind            `json:"kind"`
		Show    string          `json:"show"`
		Seq     uint64          `json:"seq"`
		At      int64           `json:"at"`
		Product *Card           `json:"product,omitempty"`
		Offer   *OfferCard      `json:"offer,omitempty"`
		Coupon  *CouponCard     `json:"coupon,omitempty"`
		Poll    *PollCard       `json:"poll,omitempty"`
		Text    string          `json:"text,omitempty"`
		Data    json.RawMessage `json:"data,omitempty"`
	}{1, kind, show, seq, at.UnixMilli(), b.Product, b.Offer, b.Coupon, b.Poll, b.Text, b.Data})
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
