package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Media knows what is stored of shows, and deletes it.
type Media interface {
	// Size tells how much is stored of broadcasts of a room.
	Size(room string, epochs []string) (MediaSize, error)
	// Retention holds where neither show nor room says anything.
	Retention() overlay.Retention
	// Deletion tells how far the deletion of a show has come; nil: it does not run.
	Deletion(show string) *Deletion
	// Delete hears that a show is marked for deletion.
	Delete()
	// Report tells about all that is stored.
	Report(ctx context.Context) (StorageReport, error)
	// Rooms tells how much is stored of each room that has anything stored.
	Rooms(ctx context.Context) ([]StoredRoom, error)
}

// MediaSize is how much is stored.
type MediaSize struct {
	Bytes    int64   `json:"bytes" doc:"Bytes of the show's segments in the object store"`
	Segments int     `json:"segments"`
	Gaps     int     `json:"gaps" doc:"Segments that were lost"`
	Duration float64 `json:"duration" doc:"Of all its broadcasts, in seconds"`
}

// Deletion is how far a deletion has come.
type Deletion struct {
	Deleted int    `json:"deleted" doc:"Objects, since the server began with it or started anew"`
	Of      int    `json:"of" doc:"The approximate total"`
	Waits   string `json:"waits,omitempty" doc:"Why the deletion does not make progress; it is tried again each minute"`
}

// storedShow is a show with what is stored of it.
type storedShow struct {
	ID        string            `json:"id"`
	Room      string            `json:"room"`
	Title     string            `json:"title"`
	State     overlay.ShowState `json:"state" doc:"planned, live, paused or ended"`
	Started   time.Time         `json:"started,omitzero"`
	Ended     time.Time         `json:"ended,omitzero"`
	Starts    time.Time         `json:"starts_at,omitzero" doc:"When it is planned for"`
	Timezone  string            `json:"timezone,omitempty" doc:"The time zone in which that is told to people"`
	Picture   string            `json:"picture,omitempty" doc:"Address of its picture"`
	Rehearsal bool              `json:"rehearsal,omitempty" doc:"It is private, and its figures do not count"`
	Rev       int64             `json:"rev" doc:"Counts the changes of its plan: title, time, zone, picture and rehearsal"`
	By        overlay.By        `json:"by,omitzero" doc:"Who changed the plan last"`
	Changed   time.Time         `json:"changed_at,omitzero" doc:"When that was"`
	LineupRev int64             `json:"lineup_rev" doc:"The revision of its line-up; 0: it has none"`
	MediaSize
	Retention string               `json:"retention" doc:"The show's own: a duration, forever or default"`
	Keep      bool                 `json:"keep" doc:"What is stored of it is never deleted by itself"`
	Expires   time.Time            `json:"expires,omitzero" doc:"When what is stored of it is deleted; missing: never, or it has not ended"`
	Deleting  *Deletion            `json:"deleting,omitempty" doc:"It is being deleted; there is no replay any more"`
	Deleted   time.Time            `json:"deleted,omitzero" doc:"When what was stored of it was deleted"`
	Replay    string               `json:"replay,omitempty" doc:"The recording, once a broadcast has ended; of a rehearsal, an address for hosts that holds for some hours"`
	Figures   *overlay.ShowFigures `json:"figures,omitempty" doc:"Only where they were asked for, and to whom they are open"`
	Poster    string               `json:"poster,omitempty" doc:"A picture of the recording, where the server makes pictures and media is open to all. It is there soon after the end"`
}

type showAnswer struct {
	ETag string `header:"ETag"`
	Body storedShow
}

// InShow is the part of a request that names a show.
type InShow struct {
	Show string `path:"show"`
}

type showList struct {
	Body struct {
		Items []storedShow `json:"items"`
		Next  string       `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// shows adds the routes of shows; without a Media there are none.
func (a *API) shows(h huma.API) {
	if a.o.Media == nil {
		return
	}
	tags := []string{"shows"}
	operation(a, h, huma.Operation{OperationID: "list-shows", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/shows",
		Summary: "List a room's shows, newest first, with what is stored of them", Tags: tags, Errors: []int{404}}, a.listShows)
	a.plans(h)
	operation(a, h, huma.Operation{OperationID: "get-show", Method: http.MethodGet, Path: "/api/v1/shows/{show}",
		Summary: "Read a show and what is stored of it", Tags: tags, Errors: []int{404}}, a.getShow)
	operation(a, h, huma.Operation{OperationID: "change-show", Method: http.MethodPatch, Path: "/api/v1/shows/{show}",
		Summary: "Change what is planned of a show, or say how long it is kept", Tags: tags, Errors: []int{400, 404, 409, 410, 422, 503},
		Description: "A show begins with the room's title. A show that is planned (pins set before air plan one) may have its own before it begins; that of a show that is over is that of its replay. " +
			"starts_at, timezone and rehearsal change only while the show is planned. Send the rev at which you read the show (in the body, or as If-Match): " +
			"if somebody else has changed its plan since, the answer is 409 and nothing changes. Without it, the later change holds."}, a.changeShow)
	operation(a, h, huma.Operation{OperationID: "delete-show", Method: http.MethodDelete, Path: "/api/v1/shows/{show}",
		Summary: "Delete what is stored of a show, or take back a planned one", Tags: tags, DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 503},
		Description: "From the answer on there is no replay. Playlists, segments and journals go in the background; deleting tells how far it is, also over a restart. " +
			"The show, its events, pins and clicks stay. A show on air is refused; one that waits for another broadcast ends, and so does one that is only planned: its line-up goes, and lists leave it out. Copies in CDNs stay until they are purged there."}, a.deleteShow)
	operation(a, h, huma.Operation{OperationID: "storage", Method: http.MethodGet, Path: "/api/v1/storage",
		Summary: "What is stored, what waits for the object store, and what is wrong with it", Tags: tags}, a.storage)
}

func (a *API) listShows(ctx context.Context, in *struct {
	InRoom
	Paging
}) (*showList, error) {
	room, err := a.as(ctx).Room(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	shows, err := a.as(ctx).ListShows(ctx, in.Room, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &showList{}
	shows, out.Body.Next = cut(shows, in.Limit, func(s overlay.Show) string { return s.ID })
	out.Body.Items = make([]storedShow, len(shows))
	for i, show := range shows {
		if out.Body.Items[i], err = a.storedShow(ctx, room, show); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *API) getShow(ctx context.Context, in *InShow) (*showAnswer, error) {
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	return a.answerShow(ctx, show, err)
}

func (a *API) changeShow(ctx context.Context, in *struct {
	InShow
	IfMatch string `header:"If-Match" doc:"As rev"`
	Body    struct {
		Rev       *int64     `json:"rev,omitempty" doc:"The revision of the plan that the change was made on; with any other the answer is 409"`
		Title     string     `json:"title,omitempty" nullable:"true" doc:"At most 150 characters of plain text; null: that of the room"`
		Keep      *bool      `json:"keep,omitempty" nullable:"true" doc:"true: for ever; false or null: as the room says"`
		Starts    *time.Time `json:"starts_at,omitempty" nullable:"true" doc:"When it is to begin; null: open"`
		Timezone  *string    `json:"timezone,omitempty" nullable:"true" doc:"IANA name such as Asia/Shanghai; null: none"`
		Picture   *string    `json:"picture,omitempty" nullable:"true" doc:"http or https address, or a path on this server; null: none"`
		Rehearsal *bool      `json:"rehearsal,omitempty" nullable:"true" doc:"null: false"`
		Retention *string    `json:"retention,omitempty" nullable:"true" doc:"How long after its end: a duration such as 720h, forever, or default (as the room says); null: default"`
	}
	RawBody []byte
}) (*showAnswer, error) {
	b := &in.Body
	change := store.ShowChange{Plan: overlay.Plan{Title: strings.TrimSpace(b.Title), Starts: b.Starts, Timezone: b.Timezone, Picture: b.Picture, Rehearsal: b.Rehearsal}}
	untitled := false
	byRoom := func() { change.Retention = &overlay.Retention{} }
	err := cleared(in.RawBody, map[string]func(){"title": func() { untitled = true }, "keep": byRoom, "retention": byRoom,
		"starts_at": func() { change.Starts = new(time.Time) }, "timezone": func() { change.Timezone = new(string) },
		"picture": func() { change.Picture = new(string) }, "rehearsal": func() { change.Rehearsal = new(bool) }})
	if err != nil {
		return nil, err
	}
	if untitled {
		show, err := a.as(ctx).GetShow(ctx, in.Show)
		if err != nil {
			return nil, err
		}
		room, err := a.as(ctx).Room(ctx, show.Room)
		if err != nil {
			return nil, err
		}
		change.Title = room.Title
	}
	switch keep, text := in.Body.Keep, in.Body.Retention; {
	case keep != nil && text != nil:
		return nil, overlay.Errorf(overlay.Invalid, "send either keep or retention")
	case keep != nil:
		change.Retention = &overlay.Retention{Set: *keep}
	case text != nil:
		r, err := overlay.ParseRetention(*text)
		if err != nil {
			return nil, err
		}
		change.Retention = &r
	case change == (store.ShowChange{}):
		return nil, overlay.Errorf(overlay.Invalid, "send title, starts_at, timezone, picture, rehearsal, keep or retention")
	}
	change.Rev = b.Rev
	if err := ifMatch("show", in.IfMatch, &change.Rev); err != nil {
		return nil, err
	}
	show, err := a.as(ctx).ChangeShow(ctx, in.Show, change)
	return a.answerShow(ctx, show, err)
}

func (a *API) deleteShow(ctx context.Context, in *InShow) (*showAnswer, error) {
	show, err := a.as(ctx).BeginDeletion(ctx, in.Show)
	if err == nil {
		a.o.Logger.InfoContext(ctx, "show is to be deleted", "room", show.Room, "show", show.ID, "actor", actor(ctx))
		a.o.Media.Delete()
	}
	return a.answerShow(ctx, show, err)
}

func (a *API) answerShow(ctx context.Context, show overlay.Show, err error) (*showAnswer, error) {
	if err != nil {
		return nil, err
	}
	room, err := a.as(ctx).Room(ctx, show.Room)
	if err != nil {
		return nil, err
	}
	body, err := a.storedShow(ctx, room, show)
	return &showAnswer{`"` + strconv.FormatInt(show.Rev, 10) + `"`, body}, err
}

func (a *API) storedShow(ctx context.Context, room overlay.Room, show overlay.Show) (storedShow, error) {
	r := show.Retention.Or(room.Retention).Or(a.o.Media.Retention())
	b := storedShow{ID: show.ID, Room: show.Room, Title: show.Title, State: show.State, Started: show.Started, Ended: show.Ended,
		Starts: show.Starts, Timezone: show.Timezone, Picture: show.Picture, Rehearsal: show.Rehearsal, Rev: show.Rev, By: show.By, Changed: show.Changed, LineupRev: show.LineupRev,
		Retention: show.Retention.String(), Keep: r.For == 0, Deleted: show.Deleted}
	broadcasts, err := a.as(ctx).Broadcasts(ctx, show.ID)
	if err != nil {
		return b, err
	}
	var epochs []string
	for _, c := range broadcasts {
		epochs = append(epochs, c.Epoch)
		if !c.Ended.IsZero() && show.Deleting.IsZero() {
			token, _ := a.playbackToken(show.Room, show.Rehearsal)
			b.Replay = a.o.Addresses.Replay(show.ID, token)
			if a.o.Posters != nil && a.o.PlaybackToken == nil && !show.Rehearsal {
				b.Poster = a.o.Posters.PosterOf(show.Room, c)
			}
		}
	}
	if b.MediaSize, err = a.o.Media.Size(show.Room, epochs); err != nil {
		return b, err
	}
	switch {
	case !show.Deleted.IsZero():
	case !show.Deleting.IsZero():
		if b.Deleting = a.o.Media.Deletion(show.ID); b.Deleting == nil {
			b.Deleting = &Deletion{}
		}
	case len(broadcasts) > 0:
		b.Expires = r.Expiry(show.Ended)
	}
	return b, nil
}
