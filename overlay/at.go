package overlay

import (
	"bytes"
	"encoding/json"
	"time"
)

// How far ahead a moment may lie.
const (
	maxDelay = 24 * time.Hour
	maxAhead = 366 * 24 * time.Hour
)

// AtForm says which field of an At counts.
type AtForm uint8

// The forms of a moment. The zero value is now.
const (
	AtNow AtForm = iota
	AtDate
	AtDelay
	AtPTS
)

// At is a moment that a cue is meant for: now, a date, a delay from now, or an
// output PTS of the room's broadcast.
type At struct {
	Form  AtForm
	Date  time.Time
	Delay time.Duration
	PTS   int64 // in 90-kHz ticks
}

// UnmarshalJSON reads "now", {"date":"RFC 3339"}, {"delay_ms":…} or {"pts":…}.
func (a *At) UnmarshalJSON(text []byte) error {
	const want = `at: must be "now", {"date":"2026-01-02T15:04:05Z"}, {"delay_ms":1500} or {"pts":900000}`
	if string(text) == `"now"` {
		*a = At{}
		return nil
	}
	var in struct {
		Date    *time.Time `json:"date"`
		DelayMS *int64     `json:"delay_ms"`
		PTS     *int64     `json:"pts"`
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if len(text) == 0 || text[0] != '{' || dec.Decode(&in) != nil {
		return Errorf(Invalid, want)
	}
	switch {
	case in.Date != nil && in.DelayMS == nil && in.PTS == nil:
		*a = At{Form: AtDate, Date: *in.Date}
	case in.Date == nil && in.DelayMS != nil && in.PTS == nil:
		if *in.DelayMS < 0 || *in.DelayMS > maxDelay.Milliseconds() {
			return Errorf(Invalid, "at: delay_ms must be from 0 to %d", maxDelay.Milliseconds())
		}
		*a = At{Form: AtDelay, Delay: time.Duration(*in.DelayMS) * time.Millisecond}
	case in.Date == nil && in.DelayMS == nil && in.PTS != nil:
		if *in.PTS < 0 || *in.PTS > maxPrice {
			return Errorf(Invalid, "at: pts must not be negative")
		}
		*a = At{Form: AtPTS, PTS: *in.PTS}
	default:
		return Errorf(Invalid, want)
	}
	return nil
}

// Due turns the moment into a date; later is false for now. The anchor is that
// of the room's running broadcast, zero if there is none. A moment that has
// passed, and a PTS of a room that is not live, are conflicts.
func (a At) Due(now, anchor time.Time) (due time.Time, later bool, err error) {
	switch a.Form {
	case AtDate:
		due = a.Date
	case AtDelay:
		if a.Delay == 0 {
			return now, false, nil
		}
		due = now.Add(a.Delay)
	case AtPTS:
		if anchor.IsZero() {
			return time.Time{}, false, Errorf(Conflict, "at: pts can be used only while the room is live")
		}
		if a.PTS-FirstPTS > int64(maxAhead/time.Second)*ticksPerSecond {
			return time.Time{}, false, Errorf(Invalid, "at: is more than a year ahead")
		}
		due = DateOf(anchor, a.PTS)
	default:
		return now, false, nil
	}
	if due.Before(now) {
		return time.Time{}, false, Errorf(Conflict, "at: %s has already passed", due.UTC().Format(time.RFC3339Nano))
	}
	if due.After(now.Add(maxAhead)) {
		return time.Time{}, false, Errorf(Invalid, "at: is more than a year ahead")
	}
	return due, true, nil
}
