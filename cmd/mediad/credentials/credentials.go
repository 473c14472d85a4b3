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
	Role string   `enum:"owner,host,assistant,moderator,organiser,analyst" required:"" placeholder:"owner" help:"What the token may do: owner, host, assistant, moderator, organiser or analyst."`
	Org  string   `help:"The id of the organisation that the token is for. The default is all organisations for an owner, and home for other roles."`
	Room []string `help:"The name of a room in URLs. The token is for this room alone; give the flag once for each of several rooms."`
	Name string   `help:"The name of the token in the log. The default is the word token and the time."`
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
		org := t.Org
		if org == "" && (overlay.Role(t.Role) != overlay.Owner || len(t.Room) > 0) {
			org = overlay.HomeOrg
		}
		_, token, err := s.CreateToken(ctx, overlay.Token{Name: name, Role: overlay.Role(t.Role), Org: org, Rooms: t.Room}, commandLine)
		if err != nil {
			return err
		}
		fmt.Fprintf(stderr, "a token with the role %s and the name %q; it is shown only this once:\n", t.Role, name)
		_, err = fmt.Fprintln(out, token)
		return err
	})
}
