// Package obsconfig prints the configuration with which OBS sends pictures of several
// sizes, for whoever can read the data directory.
package obsconfig

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/database"
	"mediad/overlay"
	"mediad/overlay/obs"
	"mediad/overlay/store"
)

// Command is the command line of mediad obs-config.
type Command struct {
	Room   string `arg:"" name:"ROOM" help:"The name of the room in URLs."`
	GPU    string `name:"gpu" required:"" placeholder:"nvidia" help:"What encodes in that computer: nvidia, intel, amd, apple, or x264 for the processor."`
	Canvas string `default:"1920x1080" placeholder:"WIDTHxHEIGHT" help:"The size of the picture in OBS. The default is 1920x1080."`
	FPS    int    `name:"fps" default:"30" help:"Its frames a second. The default is 30."`
}

// Print prints the configuration that OBS takes. The stream key is not in it.
func (o Command) Print(ctx context.Context, c config.Config, out io.Writer) error {
	g, err := obs.ParseGraphics(o.GPU)
	if err != nil {
		return err
	}
	canvas := obs.Canvas{Rate: obs.Rate{Numerator: o.FPS, Denominator: 1}}
	if n, err := fmt.Sscanf(strings.ToLower(o.Canvas), "%dx%d", &canvas.Width, &canvas.Height); n != 2 || err != nil || !canvas.Valid() {
		return fmt.Errorf("--canvas and --fps must be as in OBS, such as --canvas 1920x1080 --fps 30")
	}
	return database.With(ctx, c, func(s *store.Store) error {
		room, err := s.RoomBySlug(ctx, o.Room)
		if overlay.CodeOf(err) == overlay.NotFound {
			return fmt.Errorf("there is no room %q in data_dir %s", o.Room, c.DataPlace())
		}
		if err != nil {
			return err
		}
		answer, err := obs.Configure(obs.Setup{Ladder: room.Ladder, Graphics: g, Canvas: canvas, Kbps: c.RTMP.MaxBitrateKbps, KeyInterval: int(c.HLS.Segment.Round(time.Second) / time.Second)})
		if err != nil {
			return err
		}
		pretty := json.NewEncoder(out)
		pretty.SetIndent("", "  ")
		return pretty.Encode(answer)
	})
}
