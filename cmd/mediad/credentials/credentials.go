// Package credentials shows stream keys and makes API tokens, for whoever can read
// the data directory.
package credentials

import (
	"context"
	"fmt"
	"io"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/database"
	"mediad/overlay"
	"mediad/overlay/store"
)

// Key is the command line of mediad room key.
type Key struct {
	Room string `arg:"" name:"ROOM" help:"The name of the room in URLs."`
}

// Token is the command line of mediad token create.
type Token struct {
	Role string `enum:"owner" required:"" placeholder:"owner" help:"What the token may do. This version has one role: owner may do everything."`
	Name string `help:"The name of the token in the log. The default is the word token and the time."`
}

// commandLine is the actor of these commands in the audit log of the database.
const commandLine = "command line"

// Show prints only the stream key of a room. It may run beside the server.
func (k Key) Show(ctx context.Context, c config.Config, out io.Writer) error {
	return database.With(ctx, c, func(s *store.Store) error {
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

// Make prints only the new token to out, and what it is to stderr. The server
// accepts it at once.
func (t Token) Make(ctx context.Context, c config.Config, out, stderr io.Writer) error {
	return database.With(ctx, c, func(s *store.Store) error {
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
