package api

import (
	"context"
	"time"
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
	return &playbackAnswer{"no-store", a.playback(room.Slug)}, nil
}

func (a *API) playback(slug string) playbackBody {
	token, until := "", time.Time{}
	if a.o.PlaybackToken != nil {
		token, until = a.o.PlaybackToken(slug)
	}
	return playbackBody{a.o.Addresses.Live(slug, token), until.UTC()}
}
