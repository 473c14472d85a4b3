package obs

import (
	"html"
	"math"
	"slices"

	"mediad/overlay"
)

const (
	service = "IVS" // the only one whose answers OBS reads
	schema  = "2025-01-25"

	audioKbps = 160
	leastKbps = 200 // of the only picture, where OBS may send little
)

// Answer is what OBS is told.
type Answer struct {
	Meta      meta       `json:"meta"`
	Status    *Status    `json:"status,omitempty"`
	Endpoints []endpoint `json:"ingest_endpoints,omitempty"`
	Video     []video    `json:"encoder_configurations,omitempty"`
	Audio     *sound     `json:"audio_configurations,omitempty"`
}

type meta struct {
	Service string `json:"service"`
	Schema  string `json:"schema_version"`
	Config  string `json:"config_id"` // "": OBS adds nothing to the address
}

// Status is shown by OBS, which does not go on air after an error.
type Status struct {
	Result string `json:"result"` // success, warning or error
	HTML   string `json:"html_en_us,omitempty"`
}

type endpoint struct {
	Protocol string `json:"protocol"`
	URL      string `json:"url_template"`
	Key      string `json:"authentication"`
}

type video struct {
	Type     string         `json:"type"`
	Width    int            `json:"width"`
	Height   int            `json:"height"`
	Rate     Rate           `json:"framerate"`
	Scale    string         `json:"gpu_scale_type"`
	Canvas   int            `json:"canvas_index"`
	Settings map[string]any `json:"settings"`
}

type sound struct {
	Live   []audio `json:"live"`
	Replay []audio `json:"vod,omitempty"`
}

type audio struct {
	Codec    string         `json:"codec"`
	Track    int            `json:"track_id"`
	Channels int            `json:"channels"`
	Settings map[string]any `json:"settings"`
}

// Setup is what an answer is made of.
type Setup struct {
	Ladder      overlay.Ladder // empty: the default one
	Graphics    Graphics
	Canvas      Canvas // zero: 1080p30
	Kbps        int    // that all pictures and the sound may have together; 0: no bound
	Tracks      int    // that there may be; 0: no bound
	Replay      bool   // a second track of sound, for the replay
	Channels    int    // of the sound; 0: 2
	KeyInterval int    // in seconds; 0: 2
}

// Refusal tells OBS why it gets no configuration.
func Refusal(text string) Answer {
	return Answer{Meta: meta{Service: service, Schema: schema}, Status: &Status{Result: "error", HTML: html.EscapeString(text)}}
}

// Configure makes the configuration.
func Configure(s Setup) (Answer, error) {
	s.Canvas = s.Canvas.orUsual()
	if s.Channels < 1 || s.Channels > 2 {
		s.Channels = 2
	}
	if s.KeyInterval < 1 {
		s.KeyInterval = 2
	}
	sounds := audioKbps
	if s.Replay {
		sounds *= 2
	}
	ladder := fitting(s.Ladder, s.Canvas)
	if s.Kbps > 0 && s.Kbps < leastKbps+sounds {
		return Answer{}, overlay.Errorf(overlay.Invalid, "OBS may send at most %d kbit/s, and the smallest picture with sound needs %d: raise the limit in Settings, Stream", s.Kbps, leastKbps+sounds)
	}
	ladder = within(ladder, s.Tracks, s.Kbps-sounds)

	out := Answer{Meta: meta{Service: service, Schema: schema}, Audio: &sound{Live: []audio{s.sound(1)}}}
	if s.Replay {
		out.Audio.Replay = []audio{s.sound(2)}
	}
	for _, r := range ladder {
		width, height := s.Canvas.scaled(r.Height)
		out.Video = append(out.Video, video{
			Type: s.Graphics.encoder(), Width: width, Height: height, Rate: s.Canvas.Rate.atMost(r.FPS),
			Scale: "OBS_SCALE_BICUBIC", Settings: s.Graphics.settings(r.Kbps, s.KeyInterval),
		})
	}
	return out, nil
}

func (s Setup) sound(track int) audio {
	return audio{Codec: "ffmpeg_aac", Track: track, Channels: s.Channels, Settings: map[string]any{"bitrate": audioKbps}}
}

// SendTo adds an address of RTMP or RTMPS, to which OBS pushes with the key.
func (a *Answer) SendTo(protocol, server, key string) {
	a.Endpoints = append(a.Endpoints, endpoint{Protocol: protocol, URL: server + "/{stream_key}", Key: key})
}

// fitting leaves pictures out that are larger than what OBS has. One stays.
func fitting(l overlay.Ladder, c Canvas) overlay.Ladder {
	if len(l) == 0 {
		l = overlay.DefaultLadder()
	}
	short := min(c.Width, c.Height)
	out := slices.DeleteFunc(slices.Clone(l), func(r overlay.Rung) bool { return r.Height > short })
	if len(out) == 0 {
		last := l[len(l)-1]
		last.Height = short &^ 1
		out = overlay.Ladder{last}
	}
	return out
}

// within leaves out what OBS may not send. The smallest picture is worth most, for it keeps
// viewers on bad lines; then the larger, the better. 0 is no bound.
func within(l overlay.Ladder, tracks, kbps int) overlay.Ladder {
	if tracks < 1 {
		tracks = len(l)
	}
	if kbps <= 0 {
		kbps = math.MaxInt
	}
	last := l[len(l)-1]
	last.Kbps = min(last.Kbps, kbps)
	if tracks == 1 {
		if i := slices.IndexFunc(l, func(r overlay.Rung) bool { return r.Kbps <= kbps }); i >= 0 {
			return l[i : i+1]
		}
		return overlay.Ladder{last}
	}
	kbps -= last.Kbps
	var out overlay.Ladder
	for _, r := range l[:len(l)-1] {
		if len(out) < tracks-1 && r.Kbps <= kbps {
			out = append(out, r)
			kbps -= r.Kbps
		}
	}
	return append(out, last)
}

// scaled gives the size of a picture whose shorter side is of that length. Sides are even:
// H.264 with 4:2:0 knows no others.
func (c Canvas) scaled(short int) (width, height int) {
	by := float64(short) / float64(min(c.Width, c.Height))
	even := func(side int) int { return max(2, 2*int(math.Round(float64(side)*by/2))) }
	return even(c.Width), even(c.Height)
}

// atMost gives the rate, or the whole part of it that is nearest to so many frames a
// second. Pictures of other rates would have no frames at the same times.
func (r Rate) atMost(fps int) Rate {
	part := max(1, int(math.Round(float64(r.Numerator)/float64(r.Denominator)/float64(fps))))
	return Rate{r.Numerator, r.Denominator * part}
}
