package sim

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Command is the command line of mediad sim.
type Command struct {
	Profile string        `enum:"tadu,village,star" required:"" placeholder:"NAME" help:"What is played. tadu: a show of 11,951 viewers and 1,228 orders in two hours. village: an evening of 220 small rooms, as many of them as the machine carries. star: a minute with 603 likes and 690 orders a second, beside the picture."`
	Server  string        `default:"http://localhost:8080" placeholder:"URL" help:"The server (${default})."`
	Token   string        `required:"" placeholder:"TOKEN" help:"The API token of an owner; - reads it from standard input. Rooms, products, a shop and shows are made with it, and stay."`
	Speed   float64       `placeholder:"N" help:"How many times as fast as the show was (tadu: 60, star: 1); of a village, how many times as busy its viewers are (1, at most 4)."`
	Players *int          `placeholder:"N" help:"How many players follow the picture (tadu and star: 3, at most 200; village: one in each room). The other viewers only tell of themselves, as players do."`
	Seed    uint64        `default:"1" placeholder:"N" help:"The same seed gives the same viewers (${default})."`
	Stripe  string        `placeholder:"ADDR" help:"Where the simulator is to be a Stripe that holds units for buyers, such as 127.0.0.1:12111. Start the server with STRIPE_API_BASE=http://ADDR for it."`
	Rooms   int           `default:"220" placeholder:"N" help:"village: how many rooms are tried, at most 1000 (${default})."`
	Step    int           `default:"20" placeholder:"N" help:"village: how many rooms are added at a time (${default})."`
	Stay    time.Duration `default:"1m" placeholder:"TIME" help:"village: how long the rooms that it came to are looked at in the end, at most 30m (${default})."`
	Metrics string        `placeholder:"URL" help:"village: the server's metrics, such as http://127.0.0.1:9180/metrics, for the processor time that it takes."`
	Delete  bool          `help:"village: delete the rooms and their products in the end."`
	JSON    bool          `name:"json" help:"Write the report as JSON."`
}

const (
	maxPlayers = 200
	maxRooms   = 1000
	maxStay    = 30 * time.Minute
	maxBusy    = 4
)

// Do plays the show and writes its report. An error is also that the server's ledger is
// not what was bought.
func (c Command) Do(ctx context.Context, in io.Reader, out, stderr io.Writer) error {
	token := c.Token
	if token == "-" {
		line, err := bufio.NewReader(io.LimitReader(in, 1000)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		token = strings.TrimSpace(line)
	}
	if c.Profile == "village" {
		return c.village(ctx, token, out, stderr)
	}
	players := 3
	if c.Players != nil {
		players = *c.Players
	}
	if players < 0 || players > maxPlayers {
		return fmt.Errorf("--players must be from 0 to %d", maxPlayers)
	}
	if c.Speed == 0 {
		c.Speed = Profiles[c.Profile].Speed
	}
	r, err := Run(ctx, Options{Profile: Profiles[c.Profile], Server: c.Server, Token: token, Speed: c.Speed, Players: players, Seed: c.Seed, Stripe: c.Stripe, Progress: stderr})
	if err != nil {
		return err
	}
	return c.tell(r, len(r.Mistakes), out)
}

// village plays one. What was interrupted still has a report.
func (c Command) village(ctx context.Context, token string, out, stderr io.Writer) error {
	players := -1
	if c.Players != nil {
		players = *c.Players
	}
	c.Speed = cmp.Or(c.Speed, 1)
	switch {
	case c.Rooms < 1 || c.Rooms > maxRooms:
		return fmt.Errorf("--rooms must be from 1 to %d", maxRooms)
	case c.Step < 1:
		return errors.New("--step must be at least 1")
	case c.Stay < time.Second || c.Stay > maxStay:
		return fmt.Errorf("--stay must be from 1s to %v", maxStay)
	case players > maxRooms || c.Players != nil && players < 0:
		return fmt.Errorf("--players must be from 0 to %d", maxRooms)
	case c.Speed < 1 || c.Speed > maxBusy:
		return fmt.Errorf("--speed must be from 1 to %d for a village: a viewer who tells of itself more often counts no more", maxBusy)
	}
	r, err := RunVillage(ctx, VillageOptions{Village: Evening, Server: c.Server, Token: token, Rooms: c.Rooms, Step: c.Step, Look: 10 * time.Second, Settle: 5 * time.Second, Air: 15 * time.Second, Bounds: Good, Stay: c.Stay, Players: players, Speed: c.Speed, Seed: c.Seed, Stripe: c.Stripe, Metrics: c.Metrics, Delete: c.Delete, Progress: stderr})
	if r == nil {
		return err
	}
	return errors.Join(err, c.tell(r, len(r.Mistakes), out))
}

// tell writes a report.
func (c Command) tell(r interface {
	JSON(io.Writer) error
	Write(io.Writer) error
}, mistakes int, out io.Writer) error {
	write := r.Write
	if c.JSON {
		write = r.JSON
	}
	if err := write(out); err != nil {
		return err
	}
	if mistakes > 0 {
		return errors.New("the server's ledger is not what was bought; the report says where")
	}
	return nil
}
