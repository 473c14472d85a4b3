package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// festivalState is how a room of a festival is.
type festivalState string

// The states of a room of a festival, the worst first.
const (
	roomAway    festivalState = "offline" // its publisher is lost, or its show is off air for a moment
	roomLate    festivalState = "late"    // its planned show has not begun
	roomTrouble festivalState = "trouble" // live, and something is wrong with the stream
	roomLive    festivalState = "live"
	roomQuiet   festivalState = "quiet"
)

func (s festivalState) rank() int {
	return slices.Index([]festivalState{roomAway, roomLate, roomTrouble, roomLive, roomQuiet}, s)
}

// festivalRoomBody is how a room of a festival is now.
type festivalRoomBody struct {
	Room    string        `json:"room" doc:"Slug"`
	Title   string        `json:"title"`
	Org     string        `json:"org"`
	OrgName string        `json:"org_name"`
	Region  string        `json:"region,omitempty"`
	State   festivalState `json:"state" enum:"offline,late,trouble,live,quiet" doc:"offline: viewers wait for its publisher, or its show is off air for a moment; late: its planned show has not begun; trouble: something is wrong with its stream"`
	Since   *time.Time    `json:"since,omitempty" doc:"Since when it is offline, or for when the late show was planned; of a live one: when its show began"`
	Until   *time.Time    `json:"until,omitempty" doc:"Of one that is offline: when the broadcast, or the show, ends if nobody comes"`
	Show    string        `json:"show,omitempty"`
	Name    string        `json:"show_title,omitempty"`
	Next    *time.Time    `json:"next_at,omitempty" doc:"When its next show is planned"`
	Viewers int           `json:"viewers"`
	Orders  int64         `json:"orders" doc:"That its show has brought until now"`
	What    []string      `json:"warnings,omitempty" doc:"What is wrong with the stream and what to do about it, in words"`
	Details []Warning     `json:"warning_details,omitempty" doc:"The same with codes and numbers"`
}

type festivalNowBody struct {
	At        time.Time          `json:"at"`
	Incidents []festivalRoomBody `json:"incidents" doc:"Rooms that are offline, late or in trouble, the worst first: those without a picture the longest, then the latest, then the rest"`
	Rooms     []festivalRoomBody `json:"rooms" doc:"All rooms: those with the most viewers first, then those with the most orders"`
}

// plannedLooked is how many planned shows are looked at for rooms that are late.
const plannedLooked = 2000

func (a *API) festivalIncidents(ctx context.Context, in *InFestival) (*struct{ Body festivalNowBody }, error) {
	now, err := a.as(ctx).FestivalNow(ctx, in.Festival, plannedLooked)
	if err != nil {
		return nil, err
	}
	at := time.Now().UTC()
	out := festivalNowBody{At: at, Incidents: []festivalRoomBody{}, Rooms: []festivalRoomBody{}}
	open, next := byRoom(now.Open), byRoom(now.Planned)
	for _, place := range now.Places {
		room, err := a.festivalRoom(ctx, place, open[place.Slug], next[place.Slug], at)
		if err != nil {
			return nil, err
		}
		out.Rooms = append(out.Rooms, room)
		if room.State != roomLive && room.State != roomQuiet {
			out.Incidents = append(out.Incidents, room)
		}
	}
	slices.SortStableFunc(out.Incidents, func(x, y festivalRoomBody) int {
		return cmp.Or(cmp.Compare(x.State.rank(), y.State.rank()), compareTimes(x.Since, y.Since))
	})
	slices.SortStableFunc(out.Rooms, func(x, y festivalRoomBody) int {
		return cmp.Or(cmp.Compare(y.Viewers, x.Viewers), cmp.Compare(y.Orders, x.Orders), cmp.Compare(x.State.rank(), y.State.rank()))
	})
	return &struct{ Body festivalNowBody }{out}, nil
}

func compareTimes(x, y *time.Time) int {
	if x == nil || y == nil {
		return 0
	}
	return x.Compare(*y)
}

// byRoom gives the first show of each room.
func byRoom(shows []overlay.Show) map[string]*overlay.Show {
	out := map[string]*overlay.Show{}
	for i := range shows {
		if out[shows[i].Room] == nil {
			out[shows[i].Room] = &shows[i]
		}
	}
	return out
}

func (a *API) festivalRoom(ctx context.Context, place store.FestivalPlace, open, next *overlay.Show, at time.Time) (festivalRoomBody, error) {
	b := festivalRoomBody{Room: place.Slug, Title: place.Title, Org: place.Org, OrgName: place.OrgName, Region: place.Region, State: roomQuiet}
	if next != nil {
		b.Next = &next.Starts
	}
	if open == nil {
		if next != nil && next.Starts.Before(at) {
			b.State, b.Since, b.Show, b.Name = roomLate, &next.Starts, next.ID, next.Title
		}
		return b, nil
	}
	b.State, b.Since, b.Show, b.Name = roomLive, &open.Started, open.ID, open.Title
	status := a.o.Broadcasts.Status(place.Slug)
	b.Viewers = status.Viewers
	switch {
	case status.Away != nil:
		b.State, b.Since, b.Until = roomAway, &status.Away.Since, &status.Away.Until
	case open.State == overlay.ShowPaused:
		until := open.Paused.Add(overlay.ShowGrace)
		b.State, b.Since, b.Until = roomAway, &open.Paused, &until
	case len(status.Warnings) > 0:
		b.State, b.What, b.Details = roomTrouble, status.Warnings, status.Details
	}
	var err error
	b.Orders, err = a.o.Sales.Count(ctx, open.ID)
	return b, err
}
