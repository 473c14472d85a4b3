package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// Restreaming sends rooms on to other servers, which the configuration names.
type Restreaming interface {
	// Targets are those of a room, in the order of the configuration.
	Targets(room string) []Target
	// SwitchTarget starts or stops one. It fails with an overlay.Error for users.
	SwitchTarget(room, name string, on bool) error
	// FollowTargets gives the list now, and again when it changes, until ctx ends.
	FollowTargets(ctx context.Context, room string) <-chan []Target
}

// Target is a server to which a room is sent on. Its stream key, and the path of its
// address, are never told.
type Target struct {
	Name     string         `json:"name" doc:"Its name in the configuration" example:"youtube"`
	Server   string         `json:"server" doc:"The host of its address"`
	State    string         `json:"state" enum:"off,waiting,connecting,live,retrying" doc:"off: it waits to be started; waiting: on, and the room is not live, or rehearses; connecting; live: it gets what is on air; retrying: it failed, and is tried again"`
	Since    time.Time      `json:"since" doc:"When that began"`
	Next     time.Time      `json:"next,omitzero" doc:"While retrying: when it is tried again"`
	Problem  *TargetProblem `json:"problem,omitempty" doc:"What went wrong last; missing where nothing did since it was started"`
	Failures int            `json:"failures,omitempty" doc:"Failures in a row"`
	Delay    float64        `json:"delay,omitempty" doc:"Seconds by which it gets everything later"`
	Bytes    int64          `json:"bytes" doc:"Bytes of media that it was sent since the server started"`
	Dropped  int64          `json:"dropped" doc:"Pictures that it did not get, because it was too slow, since the server started"`
	Bitrate  int64          `json:"bitrate,omitempty" doc:"Bits a second that it takes at present"`
}

// TargetProblem is what went wrong with a target.
type TargetProblem struct {
	Code string `json:"code" doc:"For programs and translations: refused_key, refused, no_name, not_open, no_answer, certificate, hung_up; more may come"`
	Text string `json:"text" doc:"In English"`
	Said string `json:"said,omitempty" doc:"The server's own words, without the key, cut"`
}

func (a *API) pushes(h huma.API) {
	for _, op := range []struct {
		id, path, summary string
		on                bool
	}{
		{"start-push", "start", "Send the room on to a target", true},
		{"stop-push", "stop", "Stop sending the room on to a target", false},
	} {
		operation(a, h, huma.Operation{OperationID: op.id, Method: http.MethodPost, Path: "/api/v1/rooms/{room}/push/{target}/" + op.path,
			Summary: op.summary, Tags: []string{"rooms"}, Errors: []int{404},
			Description: "Targets stand in the server's configuration (`rooms[].push`), with their addresses and stream keys; here they are chosen by name alone. " +
				"A start also connects at once to one that waits for its next try. It holds until the server starts anew, which does what the configuration says. The target in the answer tells how it is now; `push` in the room, and the event `push`, tell how it goes on."},
			func(ctx context.Context, in *struct {
				InRoom
				Target string `path:"target" doc:"The target's name in the configuration"`
			}) (*struct{ Body Target }, error) {
				return a.switchPush(ctx, in.Room, in.Target, op.on)
			})
	}
}

func (a *API) switchPush(ctx context.Context, room, name string, on bool) (*struct{ Body Target }, error) {
	if _, err := a.as(ctx).Room(ctx, room); err != nil {
		return nil, err
	}
	none := overlay.Errorf(overlay.NotFound, "the configuration has no such target for this room")
	if a.o.Restreaming == nil {
		return nil, none
	}
	if err := a.o.Restreaming.SwitchTarget(room, name, on); err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "restreaming switched", "room", room, "target", name, "on", on, "actor", actor(ctx))
	for _, t := range a.o.Restreaming.Targets(room) {
		if t.Name == name {
			return &struct{ Body Target }{t}, nil
		}
	}
	return nil, none // the configuration was read anew meanwhile
}
