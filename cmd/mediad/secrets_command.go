package main

import (
	"context"
	"io"
	"log/slog"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/credentials"
	"mediad/overlay"
)

// roomCommands is the command line of mediad room.
type roomCommands struct {
	Key struct {
		configured
		credentials.Key
	} `cmd:"" help:"Print the stream key of a room. The database records that the key was shown."`
}

// tokenCommands is the command line of mediad token.
type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Create an API token and print it. It cannot be printed again. The database records that the token was created."`
}

type tokenCreate struct {
	configured
	credentials.Token
}

func (t tokenCreate) make(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, c config.Config, out io.Writer) error { return t.Make(ctx, c, out, stderr) }
}

// warnOfShortKeys logs which rooms have keys shorter than today's minimum.
func (s *server) warnOfShortKeys(ctx context.Context) error {
	rooms, err := s.store.ShortKeys(ctx)
	for _, r := range rooms {
		s.log.Warn("a stream key is so short that it may be guessed; it is still valid: make a new one with POST /api/v1/rooms/ROOM/key, or set rooms[].stream_key",
			"room", r, slog.Int("least_characters", overlay.MinSecret))
	}
	return err
}
