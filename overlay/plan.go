package overlay

import (
	"strings"
	"time"
)

// A planned show is taken by a broadcast that begins in the time from PlannedEarly
// before its own to PlannedLate after it. Of several, the nearest is taken.
const (
	PlannedEarly = 3 * time.Hour
	PlannedLate  = 6 * time.Hour
)

// MaxPlanned is how many planned shows a room may have.
const MaxPlanned = 200

// Plan is a show to plan, or what to change of one; nil leaves a field as it is.
type Plan struct {
	Rev               *int64     // of the plan that the change was made on: any other is a conflict
	Title             string     // "": the room's, or as it is
	Starts            *time.Time // zero: open
	Timezone, Picture *string    // "": none
	Rehearsal         *bool
}

// Checked gives the plan made regular, or an Error that names the field.
func (p Plan) Checked(now time.Time) (Plan, error) {
	p.Title = strings.TrimSpace(p.Title)
	if err := CheckRoomTitle(p.Title); err != nil {
		return p, err
	}
	if p.Starts != nil && !p.Starts.IsZero() {
		at := p.Starts.UTC().Truncate(time.Millisecond)
		if at.Before(now.Add(-PlannedLate)) {
			return p, Errorf(Invalid, "starts_at: %s has already passed", at.Format(time.RFC3339))
		}
		if at.After(now.Add(maxAhead)) {
			return p, Errorf(Invalid, "starts_at: is more than a year ahead")
		}
		p.Starts = &at
	}
	if p.Timezone != nil {
		if err := CheckZone("timezone", *p.Timezone); err != nil {
			return p, err
		}
	}
	if p.Picture != nil && *p.Picture != "" {
		return p, checkImage("picture", *p.Picture)
	}
	return p, nil
}

// Planned tells whether the plan says something that only a show before its
// beginning takes.
func (p Plan) Planned() bool {
	return p.Starts != nil || p.Timezone != nil || p.Rehearsal != nil
}

// On gives the show with the plan laid over it.
func (p Plan) On(s Show) Show {
	if p.Title != "" {
		s.Title = p.Title
	}
	set(&s.Starts, p.Starts)
	set(&s.Timezone, p.Timezone)
	set(&s.Picture, p.Picture)
	set(&s.Rehearsal, p.Rehearsal)
	return s
}
