package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/obs"
)

// mostAsked is how long a request of OBS may be, in bytes. It tells of the computer and of
// its graphics cards.
const mostAsked = 64 << 10

// Encoding is what the server lets encoders send.
type Encoding struct {
	KeyInterval time.Duration // between two key frames: the length of a segment
	Kbps        int           // of one encoder, in all; 0: no bound
}

func (a *API) obs(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "get-obs-config", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/obs-config",
		Summary: "Get the configuration that OBS 32 takes for pictures of several sizes", Tags: []string{"rooms"}, Errors: []int{404, 422},
		Description: "Made of the room's ladder. In OBS it goes to Settings, Stream, Multitrack Video, *Config Override (JSON)*. The stream key is not in it. " +
			"An OBS that was started with `--config-url` asks for the same at `POST /obs/GetClientConfiguration`."}, a.obsConfig)
}

// obsAnswer is what OBS takes, as it stands.
type obsAnswer struct {
	Body json.RawMessage
}

func (a *API) obsConfig(ctx context.Context, in *struct {
	InRoom
	GPU    string `query:"gpu" enum:"nvidia,intel,amd,apple,x264" default:"x264" doc:"What encodes in that computer; x264: the processor"`
	Width  int    `query:"width" minimum:"64" maximum:"8192" default:"1920" doc:"Width of the picture in OBS, in pixels"`
	Height int    `query:"height" minimum:"64" maximum:"8192" default:"1080" doc:"Its height"`
	FPS    int    `query:"fps" minimum:"1" maximum:"240" default:"30" doc:"Its frames a second"`
}) (*obsAnswer, error) {
	room, err := a.as(ctx).Room(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	g, err := obs.ParseGraphics(in.GPU)
	if err != nil {
		return nil, err
	}
	answer, err := obs.Configure(a.setup(room, g, obs.Canvas{Width: in.Width, Height: in.Height, Rate: obs.Rate{Numerator: in.FPS, Denominator: 1}}))
	if err != nil {
		return nil, err
	}
	out := new(obsAnswer)
	out.Body, err = json.Marshal(answer)
	return out, err
}

func (a *API) setup(room overlay.Room, g obs.Graphics, c obs.Canvas) obs.Setup {
	return obs.Setup{Ladder: room.Ladder, Graphics: g, Canvas: c, Kbps: a.o.Encoding.Kbps, KeyInterval: int(a.o.Encoding.KeyInterval.Round(time.Second) / time.Second)}
}

// configureOBS answers OBS, which asks before it goes on air. OBS shows the words of an
// answer with the status 200 alone, so refusals have that, too.
func (a *API) configureOBS(w http.ResponseWriter, r *http.Request) {
	answer, err := a.configured(r)
	if err != nil {
		answer = obs.Refusal(a.problem(r.Context(), err).Detail)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(answer)
}

func (a *API) configured(r *http.Request) (obs.Answer, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, mostAsked))
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		return obs.Answer{}, overlay.Errorf(overlay.TooLarge, "the body has more than %d bytes", mostAsked)
	} else if err != nil {
		return obs.Answer{}, err
	}
	ask, err := obs.Read(body)
	if err != nil {
		return obs.Answer{}, err
	}
	room, err := a.roomOfKey(r, ask.Key)
	if err != nil {
		return obs.Answer{}, err
	}
	setup := a.setup(room, ask.Graphics(), ask.Canvas())
	p := ask.Preferences
	setup.Tracks, setup.Replay, setup.Channels = p.Tracks, p.Replay, p.Channels
	if p.Kbps > 0 && (setup.Kbps == 0 || p.Kbps < setup.Kbps) {
		setup.Kbps = p.Kbps
	}
	answer, err := obs.Configure(setup)
	if err != nil {
		return answer, err
	}
	if at := a.o.Publishing.at(a.origin(context.WithValue(r.Context(), comingKey{}, comingIn(r)))); at != nil {
		if at.Secure != "" {
			answer.SendTo("RTMPS", at.Secure, ask.Key)
		}
		answer.SendTo(protocolOf(at.Server), at.Server, ask.Key)
	}
	return answer, nil
}

// protocolOf names the protocol of an address, as OBS does.
func protocolOf(server string) string {
	scheme, _, _ := strings.Cut(server, ":")
	return strings.ToUpper(scheme)
}

// roomOfKey finds the room of a stream key. Who tries one wrong key after the other is kept
// out, here as at the port of RTMP.
func (a *API) roomOfKey(r *http.Request, key string) (overlay.Room, error) {
	if a.o.Keys != nil {
		if left := a.o.Keys.Left(r.RemoteAddr); left > 0 {
			return overlay.Room{}, &bannedError{left, "stream keys came from your address"}
		}
	}
	room, err := a.door.RoomByKey(r.Context(), key)
	if overlay.CodeOf(err) == overlay.NotFound {
		if a.o.Keys != nil {
			a.o.Keys.Wrong(r.RemoteAddr, key)
		}
		return room, overlay.Errorf(overlay.Unauthorized, "this stream key belongs to no room: copy it again from the studio")
	}
	return room, err
}
