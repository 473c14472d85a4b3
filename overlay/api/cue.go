package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// moment is an overlay.At in a request. Its schema is for readers of the
// document; the words of a refusal come from overlay.
type moment struct{ raw json.RawMessage }

func (m *moment) UnmarshalJSON(text []byte) error {
	m.raw = append(m.raw[:0], text...)
	return nil
}

func (m moment) at() (at overlay.At, err error) {
	if len(m.raw) > 0 {
		err = at.UnmarshalJSON(m.raw)
	}
	return at, err
}

// Schema describes the union. Extensions stand in the document and are not
// checked before the handler runs.
func (moment) Schema(huma.Registry) *huma.Schema {
	object := func(name, kind, doc string) map[string]any {
		return map[string]any{"type": "object", "required": []string{name}, "additionalProperties": false,
			"properties": map[string]any{name: map[string]any{"type": kind, "description": doc}}}
	}
	return &huma.Schema{
		Description: "When: now if left out",
		Examples:    []any{"now", map[string]any{"delay_ms": 1500}},
		Extensions: map[string]any{"oneOf": []any{
			map[string]any{"const": "now"},
			object("date", "string", "RFC 3339"),
			object("delay_ms", "integer", "Milliseconds from now, at most a day"),
			object("pts", "integer", "Output PTS of the running broadcast, in 90-kHz ticks"),
		}},
	}
}

// cueAnswer is 201 with where the cue landed, or 202 with when it is due.
type cueAnswer struct {
	Status int
	Body   cueMade
}

type cueMade struct {
	ID     string    `json:"id"`
	Seq    uint64    `json:"seq,omitempty" doc:"Its number in the show, once it is due"`
	Landed landed    `json:"landed,omitzero" doc:"Where the cue landed in the stream; null if the room is not live, or the cue has not landed yet"`
	Due    time.Time `json:"due,omitzero" doc:"The moment at which the cue becomes an event, if that is still to come"`
}

// MarshalJSON writes the one or the other form.
func (c cueMade) MarshalJSON() ([]byte, error) {
	if !c.Due.IsZero() {
		return json.Marshal(struct {
			ID  string    `json:"id"`
			Due time.Time `json:"due"`
		}{c.ID, c.Due})
	}
	return json.Marshal(struct {
		ID     string `json:"id"`
		Seq    uint64 `json:"seq"`
		Landed landed `json:"landed"`
	}{c.ID, c.Seq, c.Landed})
}

type cueBody struct {
	ID      string            `json:"id"`
	Kind    overlay.Kind      `json:"kind"`
	Status  overlay.CueStatus `json:"status" doc:"scheduled, due, landed or cancelled"`
	Show    string            `json:"show"`
	Product string            `json:"product,omitempty"`
	Due     time.Time         `json:"due"`
	Seq     uint64            `json:"seq,omitempty"`
	Landed  landed            `json:"landed"`
	Reason  string            `json:"reason,omitempty" doc:"Why it was cancelled"`
}

// InRoomByID is the part of a request that names something in a room.
type InRoomByID struct {
	InRoom
	ID string `path:"id"`
}

func (a *API) cues(h huma.API) {
	tags := []string{"cues"}
	operation(a, h, huma.Operation{OperationID: "create-cue", Method: http.MethodPost, Path: "/api/v1/rooms/{room}/cues",
		Summary: "Put a cue into the picture", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 413, 422, 503},
		Responses: scheduledResponse(),
		Description: "Now: 201 with where it landed, null if the room is not live. Later: 202 with when it is due. A moment that has passed: 409.\n\n" +
			"A show takes five cues a second, whoever sends them; what comes with a cue, such as the unpin that makes room for a pin, does not count. One more waits for its place for up to two seconds; of many at once the rest is refused with 429, and so is a scheduled one for a moment at which five are due. Changes of a pinned product that are too many wait, and are told as one."}, a.createCue)
	operation(a, h, huma.Operation{OperationID: "list-cues", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/cues",
		Summary: "List the cues that wait for their moment", Tags: tags, Errors: []int{404, 422},
		Description: "All that is scheduled in the room, pins and unpins too, the next one first. A cue that is due, or was taken back, is not in the list; get-cue still reads it."}, a.listCues)
	operation(a, h, huma.Operation{OperationID: "get-cue", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/cues/{id}",
		Summary: "Read how far a cue has come", Tags: tags, Errors: []int{404}}, a.getCue)
	operation(a, h, huma.Operation{OperationID: "cancel-cue", Method: http.MethodDelete, Path: "/api/v1/rooms/{room}/cues/{id}",
		Summary: "Cancel a cue that is not due yet", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}}, a.cancelCue)
}

func scheduledResponse() map[string]*huma.Response {
	return map[string]*huma.Response{"202": {Description: `Later: {"id","due"}`}}
}

func (a *API) createCue(ctx context.Context, in *struct {
	InRoom
	Once
	Body struct {
		Kind overlay.Kind    `json:"kind" doc:"custom or notice"`
		Text string          `json:"text,omitempty" doc:"Of a notice: at most 200 characters"`
		Data json.RawMessage `json:"data,omitempty" doc:"Of a custom cue: a JSON object of at most 1,800 bytes"`
		At   moment          `json:"at,omitempty"`
	}
	RawBody []byte
}) (*cueAnswer, error) {
	at, err := in.Body.At.at()
	if err != nil {
		return nil, err
	}
	cue := overlay.NewCue{Kind: in.Body.Kind, Text: in.Body.Text, Data: in.Body.Data}
	info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) { return a.as(ctx).AddCue(ctx, in.Room, cue, at, in.with(in.RawBody)) })
	if err != nil {
		return nil, err
	}
	return a.made(ctx, info)
}

// made answers a cue that was asked for, and waits a little for its landing.
func (a *API) made(ctx context.Context, c overlay.CueInfo) (*cueAnswer, error) {
	if c.Status == overlay.CueScheduled || c.Status == overlay.CueCancelled {
		return &cueAnswer{Status: http.StatusAccepted, Body: cueMade{ID: c.ID, Due: c.Due}}, nil
	}
	out := &cueAnswer{Status: http.StatusCreated, Body: cueMade{ID: c.ID, Seq: c.Seq, Landed: landed{c.Landed}}}
	if c.Landed != nil {
		return out, nil
	}
	var err error
	out.Body.Landed, err = a.landing(ctx, c.Show, c.ID)
	return out, err
}

type waitingList struct {
	Body struct {
		Items []overlay.Waiting `json:"items" doc:"The cues, the earliest first"`
		Next  string            `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listCues(ctx context.Context, in *struct {
	InRoom
	Paging
}) (*waitingList, error) {
	items, err := a.as(ctx).WaitingCues(ctx, in.Room, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &waitingList{}
	out.Body.Items, out.Body.Next = cut(items, in.Limit, func(c overlay.Waiting) string { return c.ID })
	return out, nil
}

func (a *API) getCue(ctx context.Context, in *InRoomByID) (*struct{ Body cueBody }, error) {
	c, err := a.as(ctx).GetCue(ctx, in.Room, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body cueBody }{cueBody{ID: c.ID, Kind: c.Kind, Status: c.Status, Show: c.Show, Product: c.Product,
		Due: c.Due, Seq: c.Seq, Landed: landed{c.Landed}, Reason: c.Reason}}, nil
}

func (a *API) cancelCue(ctx context.Context, in *InRoomByID) (*struct{}, error) {
	return &struct{}{}, a.as(ctx).CancelCue(ctx, in.Room, in.ID)
}
