package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

type roomBody struct {
	Slug      string          `json:"slug" doc:"Its name in URLs"`
	Title     string          `json:"title"`
	Org       string          `json:"org" doc:"The organisation that it belongs to"`
	Latency   overlay.Latency `json:"latency" enum:"low,balanced,mass" doc:"Class of the broadcasts that begin from now on"`
	Retention string          `json:"retention" doc:"How long shows are kept after their end: a duration, forever or default (the configuration's)"`
	CueDelay  float64         `json:"cue_delay" doc:"Seconds by which the picture is late: cues for now land so much later. The room's own, or the configuration's"`
	OwnDelay  bool            `json:"cue_delay_own" doc:"The room has a cue_delay of its own"`
	Ladder    overlay.Ladder  `json:"ladder" doc:"The pictures that OBS is asked for, the largest first. The room's own, or the usual ones"`
	OwnLadder bool            `json:"ladder_own" doc:"The room has a ladder of its own"`
	Show      *showBody       `json:"show,omitempty" doc:"The room's present show, or the one that a broadcast would take now"`
	Next      *nextShow       `json:"next_show,omitempty" doc:"The show that is planned next beside that one, however far away"`
	Status
	Push     []Target   `json:"push,omitempty" doc:"The servers to which the configuration sends the room on"`
	Playback string     `json:"playback" doc:"The multivariant playlist"`
	Poster   string     `json:"poster,omitempty" doc:"A picture of what is on air, made anew every few seconds, where the server makes pictures"`
	Publish  *publishAt `json:"publish,omitempty" doc:"Where encoders push to"`
	Pages    roomPages  `json:"pages" doc:"Its pages, as the world has them"`
	Fixed    bool       `json:"fixed,omitempty" doc:"It stands in the server's configuration, and cannot be deleted here"`
	KeyFixed bool       `json:"key_fixed,omitempty" doc:"Its stream key stands in the server's configuration, and cannot be changed here"`
}

type showBody struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	State   overlay.ShowState `json:"state" doc:"planned, live, paused or ended"`
	Seq     uint64            `json:"seq" doc:"The seq of the show's last event for the picture"`
	Started time.Time         `json:"started,omitzero"`
	Until   time.Time         `json:"until,omitzero" doc:"While it is paused: when it ends if nobody streams again"`
	Starts  time.Time         `json:"starts_at,omitzero" doc:"When it is planned for"`
	Zone    string            `json:"timezone,omitempty" doc:"The time zone in which that is told to people"`
	Clicks  int64             `json:"clicks" doc:"How often viewers went to the shop"`

	Rehearsal bool `json:"rehearsal,omitempty" doc:"It is private, and its figures do not count"`
}

// nextShow is a show to come, as far as a list of rooms tells it.
type nextShow struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Starts    time.Time `json:"starts_at"`
	Zone      string    `json:"timezone,omitempty" doc:"The time zone in which that is told to people"`
	Rehearsal bool      `json:"rehearsal,omitempty" doc:"It is private, and its figures do not count"`
}

type roomAnswer struct {
	Location string `header:"Location"`
	Body     roomBody
}

// InRoom is the part of a request that names a room.
type InRoom struct {
	Room string `path:"room" doc:"The room's slug"`
}

func (a *API) rooms(h huma.API) {
	tags := []string{"rooms"}
	operation(a, h, huma.Operation{OperationID: "create-room", Method: http.MethodPost, Path: "/api/v1/rooms",
		Summary: "Open a room; its stream key is generated", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{409, 422, 503}}, a.createRoom)
	operation(a, h, huma.Operation{OperationID: "list-rooms", Method: http.MethodGet, Path: "/api/v1/rooms",
		Summary: "List rooms by slug", Tags: tags, Errors: []int{404}}, a.listRooms)
	operation(a, h, huma.Operation{OperationID: "get-room", Method: http.MethodGet, Path: "/api/v1/rooms/{room}",
		Summary: "Read a room and the health of its stream", Tags: tags, Errors: []int{404}}, a.getRoom)
	operation(a, h, huma.Operation{OperationID: "change-room", Method: http.MethodPatch, Path: "/api/v1/rooms/{room}",
		Summary: "Change a room's title, latency class, retention, cue delay or ladder", Tags: tags, Errors: []int{400, 404, 409, 422},
		Description: "A planned show that has the room's title gets the new one; other shows keep theirs. The slug never changes: it is part of every media URL and of the names of all that is stored, " +
			"which caches and pages hold for long. Open a room with the slug that you want instead.\n\n" +
			"low: parts of the configured length, two to three seconds behind. balanced: parts of a second, about four seconds behind, for viewers on uneven networks. " +
			"mass: plain HLS without parts, seven to nine seconds behind, for CDNs and great audiences. It holds from the next broadcast on: one on air keeps the class it began with, also over lost publishers and restarts."}, a.changeRoom)
	operation(a, h, huma.Operation{OperationID: "delete-room", Method: http.MethodDelete, Path: "/api/v1/rooms/{room}",
		Summary: "Delete a room and everything that belongs to it", Tags: tags, DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 503},
		Description: "Its stream key, shows, replays, events, pins, cues and clicks go too. From the answer on the room and its replays are gone. Stored objects are deleted in the background, " +
			"also over a restart; then the slug is free. Products stay. Refused are a room on air, a room that waits for its publisher, and a room in the configuration, which would come back at the next start. " +
			"Copies in CDNs stay until they are purged there."}, a.deleteRoom)
	operation(a, h, huma.Operation{OperationID: "reveal-key", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/key",
		Summary: "Reveal the stream key; the audit notes by which token", Tags: tags, Errors: []int{404, 503}}, a.revealKey)
	operation(a, h, huma.Operation{OperationID: "rotate-key", Method: http.MethodPost, Path: "/api/v1/rooms/{room}/key",
		Summary: "Make a new stream key; the former one is refused from now on", Tags: tags, Errors: []int{404, 409, 422, 503},
		Description: "An encoder that is on air stays on air. Every new connection needs the new key, also one of the same encoder. " +
			"A key that stands in the configuration cannot be rotated: it would be set back at the next start."}, a.rotateKey)
	operation(a, h, huma.Operation{OperationID: "sign-playback", Method: http.MethodPost, Path: "/api/v1/rooms/{room}/playback",
		Summary: "Get an address at which a room can be watched", Tags: tags, Errors: []int{404},
		Description: "With playback.protect the address is signed and holds until `expires`. All requests within the same hour get the same address, so that caches can serve it. " +
			"Put `/vod/` in place of `/live/`, and a show in place of the room, for a replay. Without protection it is the plain address and holds for ever. While a rehearsal is on air the address is always signed, for hosts alone: give it to nobody else."}, a.signPlayback)
	operation(a, h, huma.Operation{OperationID: "end-show", Method: http.MethodPost, Path: "/api/v1/rooms/{room}/end",
		Summary: "End the show and its broadcast", Tags: tags, Errors: []int{404, 409, 503},
		Description: "The host's end: show.end goes into the stream, then the broadcast ends and becomes a replay."}, a.endShow)
}

func (a *API) createRoom(ctx context.Context, in *struct {
	Once
	Body struct {
		Slug      string          `json:"slug" doc:"1 to 64 of a-z, 0-9 and hyphen; it never changes"`
		Title     string          `json:"title,omitempty" doc:"The slug if left out"`
		Org       string          `json:"org,omitempty" doc:"The organisation that it belongs to; your own if left out"`
		Latency   overlay.Latency `json:"latency,omitempty" enum:"low,balanced,mass" doc:"Latency class; low if left out"`
		Retention string          `json:"retention,omitempty" doc:"How long what is stored of its shows is kept after their end: a duration such as 720h, forever, or default; default if left out"`
	}
	RawBody []byte
}) (*roomAnswer, error) {
	r, err := roomRetention(in.Body.Retention)
	if err != nil {
		return nil, err
	}
	org, err := a.placeFor(ctx, overlay.Own, in.Body.Org)
	if err != nil {
		return nil, err
	}
	room, err := a.as(ctx).CreateRoom(ctx, store.NewRoom{Slug: in.Body.Slug, Title: in.Body.Title, Org: org, Latency: in.Body.Latency, Retention: r}, in.with(in.RawBody))
	if err != nil {
		return nil, err
	}
	body, err := a.room(ctx, room)
	return &roomAnswer{Location: a.o.Base + "/api/v1/rooms/" + room.Slug, Body: body}, err
}

func (a *API) listRooms(ctx context.Context, in *struct {
	Paging
	Org string `query:"org" doc:"Only rooms of this organisation and of those below it"`
	Q   string `query:"q" maxLength:"200" doc:"Words of the title or of the slug, in part or whole" example:"tea house"`
}) (*struct {
	Body struct {
		Items []roomBody `json:"items"`
		Next  string     `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}, error) {
	out := new(struct {
		Body struct {
			Items []roomBody `json:"items"`
			Next  string     `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
		}
	})
	rooms, err := a.as(ctx).ListRooms(ctx, overlay.Read, in.Org, in.Q, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rooms, out.Body.Next = cut(rooms, in.Limit, func(r overlay.Room) string { return r.Slug })
	out.Body.Items = make([]roomBody, len(rooms))
	for i, room := range rooms {
		if out.Body.Items[i], err = a.room(ctx, room); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *API) getRoom(ctx context.Context, in *InRoom) (*roomAnswer, error) {
	room, err := a.as(ctx).Room(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	body, err := a.room(ctx, room)
	return &roomAnswer{Body: body}, err
}

func (a *API) changeRoom(ctx context.Context, in *struct {
	InRoom
	Body struct {
		Title     string          `json:"title,omitempty" nullable:"true" doc:"At most 150 characters of plain text; null: the slug"`
		Slug      string          `json:"slug,omitempty" doc:"The room's present slug: a slug never changes"`
		Latency   overlay.Latency `json:"latency,omitempty" nullable:"true" enum:"low,balanced,mass" doc:"Class of the broadcasts that begin from now on; null: low"`
		Retention string          `json:"retention,omitempty" nullable:"true" doc:"How long what is stored of its shows is kept after their end, also of those that have ended: a duration such as 720h, forever, or default; null: default"`
		CueDelay  *float64        `json:"cue_delay,omitempty" nullable:"true" doc:"Seconds from 0 to 60 by which cues for now land later, to the millisecond: how late the picture is. Cues with a moment of their own are not delayed. It holds for the next cue; null: the configuration's (hls.cue_delay)"`
		Ladder    overlay.Ladder  `json:"ladder,omitempty" nullable:"true" doc:"The pictures that OBS is asked for, the largest first, at most six. It holds when OBS next asks; null: the usual ones"`
	}
	RawBody []byte
}) (*roomAnswer, error) {
	var delay *overlay.CueDelay
	var ladder *overlay.Ladder
	if in.Body.Ladder != nil {
		ladder = &in.Body.Ladder
	}
	err := cleared(in.RawBody, map[string]func(){
		"title":     func() { in.Body.Title = in.Room },
		"latency":   func() { in.Body.Latency = overlay.LowLatency },
		"retention": func() { in.Body.Retention = overlay.Retention{}.String() },
		"cue_delay": func() { delay = &overlay.CueDelay{} },
		"ladder":    func() { ladder = &overlay.Ladder{} },
	})
	if err != nil {
		return nil, err
	}
	switch b := in.Body; {
	case b.Slug != "" && b.Slug != in.Room:
		return nil, overlay.Errorf(overlay.Conflict, "slug: a room's slug never changes: it is part of every media URL and of the names of all that is stored; give it another title, or open a room %q", b.Slug)
	case strings.TrimSpace(b.Title) == "" && b.Slug == "" && b.Latency == "" && b.Retention == "" && b.CueDelay == nil && delay == nil && ladder == nil:
		return nil, overlay.Errorf(overlay.Invalid, "send title, latency, retention, cue_delay or ladder")
	}
	r, err := roomRetention(in.Body.Retention)
	if err != nil {
		return nil, err
	}
	if in.Body.CueDelay != nil {
		d, err := overlay.DelayOf(*in.Body.CueDelay)
		if err != nil {
			return nil, err
		}
		delay = &d
	}
	change := store.RoomChange{Title: strings.TrimSpace(in.Body.Title), Latency: in.Body.Latency, CueDelay: delay, Ladder: ladder}
	if in.Body.Retention != "" {
		change.Retention = &r
	}
	room, err := a.as(ctx).ChangeRoom(ctx, in.Room, change)
	if err != nil {
		return nil, err
	}
	body, err := a.room(ctx, room)
	return &roomAnswer{Body: body}, err
}

func (a *API) deleteRoom(ctx context.Context, in *InRoom) (*struct{}, error) {
	if a.o.RoomFixed != nil && a.o.RoomFixed(in.Room) {
		if _, err := a.as(ctx).Room(ctx, in.Room); err != nil {
			return nil, err
		}
		return nil, overlay.Errorf(overlay.Conflict, "the room is in the configuration (rooms), and the next start would create it again: remove it there, restart the server, and delete the room then")
	}
	if err := a.as(ctx).DeleteRoom(ctx, in.Room); err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "room is deleted", "room", in.Room, "actor", actor(ctx))
	if a.o.Media != nil {
		a.o.Media.Delete()
	}
	return nil, nil
}

// roomRetention reads the retention of a request; an empty text is the default.
func roomRetention(text string) (overlay.Retention, error) {
	if text == "" {
		return overlay.Retention{}, nil
	}
	return overlay.ParseRetention(text)
}

func (a *API) room(ctx context.Context, room overlay.Room) (roomBody, error) {
	show, err := a.as(ctx).OpenShow(ctx, room.Slug)
	if err != nil {
		return roomBody{}, err
	}
	b := roomBody{Slug: room.Slug, Title: room.Title, Org: room.Org, Latency: room.Latency, Retention: room.Retention.String(),
		CueDelay: float64(room.CueDelay.Or(a.o.CueDelay).Milliseconds()) / 1000, OwnDelay: room.CueDelay.Set, Ladder: room.Ladder, OwnLadder: len(room.Ladder) > 0, Status: a.o.Broadcasts.Status(room.Slug), Playback: a.playback(room.Slug, show).URL}
	if !b.OwnLadder {
		b.Ladder = overlay.DefaultLadder()
	}
	if show != nil {
		b.Show = &showBody{ID: show.ID, Title: show.Title, State: show.State, Seq: show.Seq, Started: show.Started, Starts: show.Starts, Zone: show.Timezone, Rehearsal: show.Rehearsal}
		if show.State == overlay.ShowPaused {
			b.Show.Until = show.Paused.Add(overlay.ShowGrace)
		}
		if b.Show.Clicks, err = a.as(ctx).ShowClicks(ctx, show.ID); err != nil {
			return roomBody{}, err
		}
	}
	told := ""
	if show != nil {
		told = show.ID
	}
	next, err := a.as(ctx).NextShow(ctx, room.Slug, told)
	if err != nil {
		return roomBody{}, err
	}
	if next != nil {
		b.Next = &nextShow{next.ID, next.Title, next.Starts, next.Timezone, next.Rehearsal}
	}
	if a.o.Restreaming != nil {
		b.Push = a.o.Restreaming.Targets(room.Slug)
	}
	if b.Warnings == nil {
		b.Warnings = []string{}
	}
	a.place(ctx, &b)
	return b, nil
}

type keyAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		StreamKey string `json:"stream_key"`
	}
}

func (a *API) revealKey(ctx context.Context, in *InRoom) (*keyAnswer, error) {
	out := &keyAnswer{CacheControl: "no-store"}
	var err error
	if out.Body.StreamKey, err = a.as(ctx).RevealKey(ctx, in.Room); err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "stream key revealed", "room", in.Room, "actor", actor(ctx))
	return out, nil
}

func (a *API) rotateKey(ctx context.Context, in *struct {
	InRoom
	Once
}) (*keyAnswer, error) {
	if _, err := a.as(ctx).Room(ctx, in.Room); err != nil {
		return nil, err
	}
	if a.o.KeyFixed != nil && a.o.KeyFixed(in.Room) {
		return nil, overlay.Errorf(overlay.Conflict, "the stream key of this room is in the configuration, and the next start would set it again: change it there")
	}
	out := &keyAnswer{CacheControl: "no-store"}
	var err error
	if out.Body.StreamKey, err = a.as(ctx).RotateKey(ctx, in.Room, in.with(nil)); err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "stream key rotated", "room", in.Room, "actor", actor(ctx))
	return out, nil
}

type endAnswer struct {
	Body struct {
		Show string `json:"show,omitempty"`
		Seq  uint64 `json:"seq,omitempty" doc:"The seq of the show's last event, show.end"`
	}
}

// endShow ends the show first, so that show.end still lands in the stream, and
// then the broadcast. A second request ends whichever of the two is left.
func (a *API) endShow(ctx context.Context, in *InRoom) (*endAnswer, error) {
	e, err := a.as(ctx).EndShow(ctx, in.Room)
	live := a.o.Broadcasts.Status(in.Room).Live
	if err != nil && !(overlay.CodeOf(err) == overlay.Conflict && live) {
		return nil, err
	}
	out := &endAnswer{}
	if err == nil {
		out.Body.Show, out.Body.Seq = e.Show, e.Seq
		if _, err := a.landing(ctx, e.Show, e.ID); err != nil {
			return nil, err
		}
	}
	if live {
		if err := a.o.Broadcasts.End(ctx, in.Room); err != nil && overlay.CodeOf(err) != overlay.Conflict {
			return nil, err
		}
	}
	return out, nil
}
