package api

import (
	"context"
	"time"

	"mediad/overlay"
)

// playbackBody is an address of a room's media, relative to the server.
type playbackBody struct {
	URL     string    `json:"url" example:"/live/demo/index.m3u8"`
	Expires time.Time `json:"expires,omitzero" doc:"Missing if it holds for ever"`
}

type playbackAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         playbackBody
}

func (a *API) signPlayback(ctx context.Context, in *InRoom) (*playbackAnswer, error) {
	room, err := a.as(ctx).Room(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	show, err := a.as(ctx).OpenShow(ctx, room.Slug)
	if err != nil {
		return nil, err
	}
	return &playbackAnswer{"no-store", a.playback(room.Slug, show)}, nil
}

// playback is the address at which hosts watch a room whose present show is show; nil:
// there is none.
func (a *API) playback(slug string, show *overlay.Show) playbackBody {
	token, until := a.playbackToken(slug, show != nil && show.State != overlay.ShowPlanned && show.Rehearsal)
	return playbackBody{a.o.Addresses.Live(slug, token), until.UTC()}
}

// playbackToken is for the addresses that hosts get; "": they need none.
func (a *API) playbackToken(slug string, rehearsal bool) (token string, until time.Time) {
	mint := a.o.PlaybackToken
	if rehearsal {
		mint = a.o.RehearsalToken
	}
	if mint == nil {
		return "", time.Time{}
	}
	return mint(slug)
}
