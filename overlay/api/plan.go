package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// plans adds the routes of shows that are planned ahead.
func (a *API) plans(h huma.API) {
	tags := []string{"shows"}
	operation(a, h, huma.Operation{OperationID: "plan-show", Method: http.MethodPost, Path: "/api/v1/shows",
		Summary: "Plan a show ahead", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: fmt.Sprintf("A room may have several planned shows. A broadcast that begins continues the show that is on air or paused. Otherwise it takes the planned show whose time is nearest, "+
			"if the broadcast begins from %d hours before that time to %d hours after it; else the first show that was planned without a time; else it begins a new one. "+
			"Pins and cues set before air go to the show that a broadcast would take at that moment.", int(overlay.PlannedEarly.Hours()), int(overlay.PlannedLate.Hours()))}, a.planShow)
	operation(a, h, huma.Operation{OperationID: "find-shows", Method: http.MethodGet, Path: "/api/v1/shows",
		Summary: "List the shows of a room or of all, newest first", Tags: tags, Errors: []int{404, 422}}, a.findShows)
	operation(a, h, huma.Operation{OperationID: "preview-show", Method: http.MethodGet, Path: "/api/v1/shows/{show}/preview",
		Summary: "What viewers know of a show before it begins", Tags: tags, Errors: []int{404, 422},
		Description: "Also for a moment to come: which products the times in reveal_at will have shown by then, as far as nothing is pinned before."}, a.previewShow)
}

// preview is what viewers know of a show.
type preview struct {
	Body struct {
		Show     string    `json:"show"`
		Title    string    `json:"title"`
		Room     string    `json:"room"`
		RoomName string    `json:"room_title"`
		Starts   time.Time `json:"starts_at,omitzero"`
		Timezone string    `json:"timezone,omitempty"`
		Picture  string    `json:"picture,omitempty"`
		// Where it is announced.
		Place  string       `json:"place" enum:"next,later,nowhere,begun" doc:"next: the room's page counts down to it; later: another show of the room comes first, and this one is in the room's calendar; nowhere: it has no time, its time has passed, or it is a rehearsal; begun: it has been on air"`
		At     time.Time    `json:"at" doc:"The moment that items is about"`
		Items  []publicLine `json:"items" doc:"The lines that viewers may know of, as they are in /c/SHOW/lineup.json; after the show what was shown, as it is today; of a rehearsal none"`
		Hidden int          `json:"hidden" doc:"How many lines they do not know of"`
	}
}

// previewShow has what the addresses for viewers have: it is made by the same code.
func (a *API) previewShow(ctx context.Context, in *struct {
	InShow
	At time.Time `query:"at" doc:"At which moment; now if left out"`
}) (*preview, error) {
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	room, err := a.as(ctx).Room(ctx, show.Room)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).GetLineup(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	out := new(preview)
	b := &out.Body
	b.Show, b.Title, b.Room, b.RoomName, b.Starts, b.Timezone, b.Picture = show.ID, show.Title, show.Room, room.Title, show.Starts, show.Timezone, a.image(show.Picture)
	if b.At = in.At.UTC(); in.At.IsZero() {
		b.At = time.Now().UTC().Truncate(time.Millisecond)
	}
	b.Items, b.Hidden = []publicLine{}, len(all.Lines)
	if b.Place, err = a.announced(ctx, show); err != nil || show.Rehearsal {
		return out, err
	}
	shown, err := a.publicLineup(ctx, in.Show, b.At)
	if err != nil {
		return nil, err
	}
	b.Items = shown.Items
	if show.State == overlay.ShowEnded {
		if b.Items, err = a.seenAfter(ctx, in.Show, shown.Items); err != nil {
			return nil, err
		}
	}
	b.Hidden = 0
	for _, l := range all.Lines {
		if !slices.ContainsFunc(b.Items, func(i publicLine) bool { return i.Product.ID == l.Product }) {
			b.Hidden++
		}
	}
	return out, nil
}

// seenAfter has what the page of a recording lists: what the show has shown, as it is sold
// today; where there is no recording, the line-up.
func (a *API) seenAfter(ctx context.Context, show string, lineup []publicLine) ([]publicLine, error) {
	shown, err := a.productsShown(ctx, show)
	if overlay.CodeOf(err) == overlay.NotFound {
		return lineup, nil
	}
	if err != nil {
		return nil, err
	}
	today, err := a.viewers.ShownProducts(ctx, show)
	if err != nil {
		return nil, err
	}
	out := []publicLine{}
	for _, s := range shown.Products {
		if p, ok := today[s.Product.ID]; ok {
			seen, err := a.publish(ctx, show, p)
			if err != nil {
				return nil, err
			}
			out = append(out, publicLine{Product: seen})
		}
	}
	return out, nil
}

// announced tells where viewers find a show before it begins.
func (a *API) announced(ctx context.Context, show overlay.Show) (string, error) {
	if show.State != overlay.ShowPlanned {
		return "begun", nil
	}
	upcoming, err := a.viewers.UpcomingShows(ctx, show.Room, overlay.MaxPlanned)
	for i, u := range upcoming {
		if u.ID == show.ID {
			return [...]string{"next", "later"}[min(i, 1)], err
		}
	}
	return "nowhere", err
}

type planAnswer struct {
	Location string `header:"Location"`
	Body     storedShow
}

func (a *API) planShow(ctx context.Context, in *struct {
	Once
	Body struct {
		Room      string    `json:"room" doc:"The room's name in addresses"`
		Title     string    `json:"title,omitempty" doc:"At most 150 characters of plain text; that of the room if left out"`
		Starts    time.Time `json:"starts_at,omitempty" doc:"When it is to begin"`
		Timezone  string    `json:"timezone,omitempty" doc:"The time zone in which that is told to people: an IANA name" example:"Asia/Shanghai"`
		Picture   string    `json:"picture,omitempty" doc:"http or https address, or a path on this server"`
		Rehearsal bool      `json:"rehearsal,omitempty" doc:"It is private, and its figures do not count"`
	}
	RawBody []byte
}) (*planAnswer, error) {
	b := &in.Body
	if err := a.mayInRoom(ctx, overlay.Run, b.Room); err != nil {
		return nil, err
	}
	plan := overlay.Plan{Title: b.Title, Starts: &b.Starts, Timezone: &b.Timezone, Picture: &b.Picture, Rehearsal: &b.Rehearsal}
	show, err := a.as(ctx).PlanShow(ctx, b.Room, plan, in.with(in.RawBody))
	out, err := a.answerShow(ctx, show, err)
	if err != nil {
		return nil, err
	}
	return &planAnswer{a.o.Base + "/api/v1/shows/" + show.ID, out.Body}, nil
}

func (a *API) findShows(ctx context.Context, in *struct {
	Room  string            `query:"room" doc:"Only those of this room"`
	Org   string            `query:"org" doc:"Only those of this organisation and of those below it"`
	State overlay.ShowState `query:"state" enum:"planned,live,paused,ended" doc:"Only those in this state"`
	From  time.Time         `query:"from" doc:"Only those that began, or are planned to begin, at this time or later"`
	Until time.Time         `query:"until" doc:"Only those before this time"`
	Sums  bool              `query:"figures" doc:"With what each has sold, and its most viewers, as far as one may see them"`
	Q     string            `query:"q" maxLength:"200" doc:"Words of the title, in part or whole" example:"spring tea"`
	Paging
}) (*showList, error) {
	if in.Room != "" {
		if err := a.mayInRoom(ctx, overlay.Read, in.Room); err != nil {
			return nil, err
		}
	}
	shows, err := a.as(ctx).FindShows(ctx, store.Shows{Room: in.Room, Org: in.Org, State: in.State, From: in.From, Until: in.Until, Text: in.Q}, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &showList{}
	shows, out.Body.Next = cut(shows, in.Limit, func(s overlay.Show) string { return s.ID })
	out.Body.Items = make([]storedShow, len(shows))
	sums, err := a.sumsOf(ctx, in.Sums, shows)
	if err != nil {
		return nil, err
	}
	rooms := map[string]overlay.Room{}
	for i, show := range shows {
		room, known := rooms[show.Room]
		if !known {
			if room, err = a.as(ctx).Room(ctx, show.Room); err != nil {
				return nil, err
			}
			rooms[show.Room] = room
		}
		if out.Body.Items[i], err = a.storedShow(ctx, room, show); err != nil {
			return nil, err
		}
		if f, ok := sums[show.ID]; ok && !show.Started.IsZero() {
			out.Body.Items[i].Figures = &f
		}
	}
	return out, nil
}

// sumsOf gives the figures of shows, if they are asked for.
func (a *API) sumsOf(ctx context.Context, asked bool, shows []overlay.Show) (map[string]overlay.ShowFigures, error) {
	if !asked {
		return nil, nil
	}
	ids := make([]string, len(shows))
	for i, show := range shows {
		ids[i] = show.ID
	}
	return a.as(ctx).ShowFigures(ctx, ids)
}
