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
	Key roomKey `cmd:"" help:"Print the stream key of a room. The database records that the key was shown."`
}

type roomKey struct {
	configured
	Room string `arg:"" name:"ROOM" help:"The name of the room in URLs."`
}

// tokenCommands is the command line of mediad token.
type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Create an API token and print it. It cannot be printed again. The database records that the token was created."`
}

type tokenCreate struct {
	configured
	Role string `enum:"owner" required:"" placeholder:"owner" help:"What the token may do. This version has one role: owner may do everything."`
	Name string `help:"The name of the token in the log. The default is the word token and the time."`
}

// commandLine is the actor of these commands in the audit log of the database.
const commandLine = "command line"

// show prints only the stream key of a room. It may run beside the server.
func (k roomKey) show(ctx context.Context, c config.Config, out io.Writer) error {
	return withStore(ctx, c, func(s *store.Store) error {
		key, err := s.RevealKey(ctx, k.Room, commandLine)
		if overlay.CodeOf(err) == overlay.NotFound {
			return fmt.Errorf("there is no room %q in data_dir %s", k.Room, c.DataPlace())
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
			fmt.Fprintf(stderr, "a token with the role %s and the name %q; it is shown only this once:\n", t.Role, name)
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
		return fmt.Errorf("there is no database in data_dir %s: start the server once, or name its configuration with --config", c.DataPlace())
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
