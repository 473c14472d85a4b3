package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
	"mediad/overlay/store"
)

// roomCommands is the command line of mediad room.
type roomCommands struct {
	Key roomKey `cmd:"" help:"Show the stream key of a room; that is noted in the database."`
}

type roomKey struct {
	configured
	Room string `arg:"" name:"ROOM" help:"The room's name in URLs."`
}

// tokenCommands is the command line of mediad token.
type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Make an API token and show it, this once; that is noted in the database."`
}

type tokenCreate struct {
	configured
	Role string `enum:"owner" required:"" help:"What the token may do; this version knows owner, who may do everything."`
	Name string `help:"What the log calls whoever uses it; without one, token and the time."`
}

// commandLine is the actor of these commands in the audit log of the database.
const commandLine = "command line"

// show prints only the stream key of a room. It may run beside the server.
func (k roomKey) show(ctx context.Context, c config.Config, out io.Writer) error {
	return withStore(ctx, c, func(s *store.Store) error {
		key, err := s.RevealKey(ctx, k.Room, commandLine)
		if overlay.CodeOf(err) == overlay.NotFound {
			return fmt.Errorf("there is no room %q in data_dir %s", k.Room, c.DataDir)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, key)
		return err
	})
}

// make prints only the new token. The server accepts it at once.
func (t tokenCreate) make(stderr io.Writer) func(context.Context, config.Config, io.Writer) error {
	return func(ctx context.Context, c config.Config, out io.Writer) error {
		return withStore(ctx, c, func(s *store.Store) error {
			name := t.Name
			if name == "" {
				name = "token " + time.Now().UTC().Format("2006-01-02 15:04:05.000")
			}
			token, err := s.CreateToken(ctx, name, overlay.Role(t.Role), commandLine)
			if err != nil {
				return err
			}
			fmt.Fprintf(stderr, "a token of the role %s, called %q; it is shown this once:\n", t.Role, name)
			_, err = fmt.Fprintln(out, token)
			return err
		})
	}
}

// withStore opens the database that a server made.
func withStore(ctx context.Context, c config.Config, f func(*store.Store) error) (err error) {
	if c.Database.URL != "" {
		// store.Open fails if there is no database.
	} else if _, err := os.Stat(c.DataPath("mediad.db")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in data_dir %s: start the server once, or name its configuration with --config", c.DataDir)
	} else if err != nil {
		return fmt.Errorf("open data_dir: %w", err)
	}
	s, err := store.Open(ctx, store.Options{Dir: c.DataDir, URL: c.Database.URL, Current: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return f(s)
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
