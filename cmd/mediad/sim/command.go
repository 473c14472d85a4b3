package sim

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Command is the command line of mediad sim.
type Command struct {
	Profile string  `enum:"tadu,star" required:"" placeholder:"NAME" help:"The show that is played. tadu: 11,951 viewers and 1,228 orders in two hours. star: a minute with 603 likes and 690 orders a second, beside the picture."`
	Server  string  `default:"http://localhost:8080" placeholder:"URL" help:"The server (${default})."`
	Token   string  `required:"" placeholder:"TOKEN" help:"The API token of an owner; - reads it from standard input. A room, products, a shop and a show are made with it, and stay."`
	Speed   float64 `placeholder:"N" help:"How many times as fast as the show was (tadu: 60, star: 1)."`
	Players int     `default:"3" placeholder:"N" help:"How many players follow the picture, at most 200 (${default}). The other viewers only tell of themselves, as players do."`
	Seed    uint64  `default:"1" placeholder:"N" help:"The same seed gives the same viewers (${default})."`
	JSON    bool    `name:"json" help:"Write the report as JSON."`
}

const maxPlayers = 200

// Do plays the show and writes its report. An error is also that the server's ledger is
// not what was bought.
func (c Command) Do(ctx context.Context, in io.Reader, out, stderr io.Writer) error {
	if c.Players < 0 || c.Players > maxPlayers {
		return fmt.Errorf("--players must be from 0 to %d", maxPlayers)
	}
	token := c.Token
	if token == "-" {
		line, err := bufio.NewReader(io.LimitReader(in, 1000)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		token = strings.TrimSpace(line)
	}
	if c.Speed == 0 {
		c.Speed = Profiles[c.Profile].Speed
	}
	r, err := Run(ctx, Options{Profile: Profiles[c.Profile], Server: c.Server, Token: token, Speed: c.Speed, Players: c.Players, Seed: c.Seed, Progress: stderr})
	if err != nil {
		return err
	}
	if c.JSON {
		err = r.JSON(out)
	} else {
		err = r.Write(out)
	}
	if err == nil && len(r.Mistakes) > 0 {
		err = errors.New("the server's ledger is not what was bought; the report says where")
	}
	return err
}
