package obs

import (
	"encoding/json"
	"strings"

	"mediad/overlay"
)

// Ask is what OBS tells of itself, as far as the answer depends on it. OBS tells more.
type Ask struct {
	Key          string `json:"authentication"` // the stream key. Never log it.
	Capabilities struct {
		GPU    []gpu `json:"gpu"`
		System struct {
			Name string `json:"name"`
		} `json:"system"`
	} `json:"capabilities"`
	Preferences struct {
		Kbps     int      `json:"maximum_aggregate_bitrate"` // 0: OBS leaves it to the server
		Tracks   int      `json:"maximum_video_tracks"`      // likewise
		Replay   bool     `json:"vod_track_audio"`
		GPU      int      `json:"composition_gpu_index"`
		Channels int      `json:"audio_channels"`
		Canvases []Canvas `json:"canvases"`
		Canvas            // of OBS before 32, which has one
	} `json:"preferences"`
}

type gpu struct {
	Vendor int64 `json:"vendor_id"`
}

// Canvas is the picture that OBS has.
type Canvas struct {
	Width  int  `json:"width"`
	Height int  `json:"height"`
	Rate   Rate `json:"framerate"`
}

// Rate is a number of frames a second, as a fraction.
type Rate struct {
	Numerator   int `json:"numerator"`
	Denominator int `json:"denominator"`
}

// Read reads what OBS sends.
func Read(body []byte) (Ask, error) {
	var a Ask
	if err := json.Unmarshal(body, &a); err != nil {
		return Ask{}, overlay.Errorf(overlay.Invalid, "this is no request of OBS for a configuration")
	}
	a.Key, _, _ = strings.Cut(a.Key, "?")
	if a.Key == "" {
		return Ask{}, overlay.Errorf(overlay.Invalid, "OBS sent no stream key")
	}
	return a, nil
}

// Canvas is the picture that OBS has, or what most have where it does not tell.
func (a Ask) Canvas() Canvas {
	c := a.Preferences.Canvas
	if len(a.Preferences.Canvases) > 0 {
		c = a.Preferences.Canvases[0]
	}
	return c.orUsual()
}

// Graphics is what encodes in that computer.
func (a Ask) Graphics() Graphics {
	all, i := a.Capabilities.GPU, a.Preferences.GPU
	if i < 0 || i >= len(all) {
		i = 0
	}
	if i < len(all) {
		switch all[i].Vendor {
		case 0x10de:
			return NVIDIA
		case 0x8086:
			return Intel
		case 0x1002, 0x1022:
			return AMD
		case 0x106b:
			return Apple
		}
	}
	if strings.Contains(strings.ToLower(a.Capabilities.System.Name), "mac") {
		return Apple
	}
	return Processor
}

const (
	minSide = 64
	maxSide = 8192
)

// Valid tells whether OBS can have such a picture.
func (c Canvas) Valid() bool { return c.size() && c.Rate.valid() }

func (c Canvas) size() bool {
	return min(c.Width, c.Height) >= minSide && max(c.Width, c.Height) <= maxSide
}

func (r Rate) valid() bool {
	const most = 1 << 20 // OBS has 30000/1001 and the like
	return r.Denominator >= 1 && r.Denominator <= most && r.Numerator >= r.Denominator && r.Numerator <= 240*r.Denominator
}

// orUsual gives 1080p30 in place of a picture that cannot be.
func (c Canvas) orUsual() Canvas {
	if !c.size() {
		c.Width, c.Height = 1920, 1080
	}
	if !c.Rate.valid() {
		c.Rate = Rate{30, 1}
	}
	return c
}
