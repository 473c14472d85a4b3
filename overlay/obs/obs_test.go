package obs_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/obs"
)

// asked is a request as OBS 32 sends it. VENDOR stands for the number of the graphics card.
const asked = `{"service":"IVS","schema_version":"2025-01-25","authentication":"KEY",
 "client":{"name":"obs-studio","version":"32.2.2","supported_codecs":["h264","h265","av1"]},
 "capabilities":{"cpu":{"physical_cores":8,"logical_cores":16,"speed":3600,"name":"CPU"},"memory":{"total":1,"free":1},
  "gaming_features":{"game_bar_enabled":true},"system":{"version":"10","name":"Windows","build":1,"release":"1","revision":"1","bits":64,"arm":false,"armEmulation":false},
  "gpu":[{"model":"a card","vendor_id":VENDOR,"device_id":9860,"dedicated_video_memory":8442085376,"shared_system_memory":1,"driver_version":"32"}]},
 "preferences":{"maximum_aggregate_bitrate":8000,"maximum_video_tracks":3,"vod_track_audio":true,"composition_gpu_index":0,
  "audio_samples_per_sec":48000,"audio_channels":2,"audio_max_buffering_ms":960,"audio_fixed_buffering":false,
  "canvases":[{"width":1920,"height":1080,"canvas_width":2560,"canvas_height":1440,"framerate":{"numerator":60,"denominator":1}}]}}`

// strict is what OBS requires of an answer: other fields would be refused here, so a field
// with a wrong name is found.
type strict struct {
	Meta *struct {
		Service *string `json:"service"`
		Schema  *string `json:"schema_version"`
		Config  *string `json:"config_id"`
	} `json:"meta"`
	Status *struct {
		Result *string `json:"result"`
		HTML   string  `json:"html_en_us"`
	} `json:"status"`
	Endpoints []struct {
		Protocol *string `json:"protocol"`
		URL      *string `json:"url_template"`
		Key      *string `json:"authentication"`
	} `json:"ingest_endpoints"`
	Video []struct {
		Type     *string        `json:"type"`
		Width    *uint32        `json:"width"`
		Height   *uint32        `json:"height"`
		Rate     *obs.Rate      `json:"framerate"`
		Scale    *string        `json:"gpu_scale_type"`
		Canvas   *uint32        `json:"canvas_index"`
		Settings map[string]any `json:"settings"`
	} `json:"encoder_configurations"`
	Audio *struct {
		Live   []track `json:"live"`
		Replay []track `json:"vod"`
	} `json:"audio_configurations"`
}

type track struct {
	Codec    *string        `json:"codec"`
	Track    *uint32        `json:"track_id"`
	Channels *uint32        `json:"channels"`
	Settings map[string]any `json:"settings"`
}

func decoded(t *testing.T, a obs.Answer) strict {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	var out strict
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if out.Meta == nil || out.Meta.Service == nil || out.Meta.Schema == nil || out.Meta.Config == nil {
		t.Fatalf("without meta OBS takes no answer: %s", text)
	}
	return out
}

// TestAnswers shows that each kind of graphics card gets what OBS needs to go on air.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		vendor  string
		kind    obs.Graphics
		encoder string
	}{
		{"4318", obs.NVIDIA, "obs_nvenc_h264_tex"},
		{"32902", obs.Intel, "obs_qsv11_v2"},
		{"4098", obs.AMD, "h264_texture_amf"},
		{"4203", obs.Apple, "com.apple.videotoolbox.videoencoder.ave.avc"},
		{"1234", obs.Processor, "obs_x264"},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			ask, err := obs.Read([]byte(strings.Replace(asked, "VENDOR", c.vendor, 1)))
			if err != nil || ask.Key != "KEY" || ask.Graphics() != c.kind {
				t.Fatalf("key %q, kind %q: %v", ask.Key, ask.Graphics(), err)
			}
			p := ask.Preferences
			answer, err := obs.Configure(obs.Setup{Graphics: ask.Graphics(), Canvas: ask.Canvas(), Kbps: p.Kbps, Tracks: p.Tracks, Replay: p.Replay, Channels: p.Channels, KeyInterval: 2})
			if err != nil {
				t.Fatal(err)
			}
			answer.SendTo("RTMP", "rtmp://live.example.com/live", "KEY")
			got := decoded(t, answer)
			if len(got.Endpoints) != 1 || *got.Endpoints[0].Protocol != "RTMP" || *got.Endpoints[0].URL != "rtmp://live.example.com/live/{stream_key}" || *got.Endpoints[0].Key != "KEY" {
				t.Errorf("endpoints: %+v", got.Endpoints)
			}
			if len(got.Audio.Live) != 1 || len(got.Audio.Replay) != 1 || *got.Audio.Live[0].Codec != "ffmpeg_aac" || *got.Audio.Live[0].Channels != 2 || *got.Audio.Live[0].Track == *got.Audio.Replay[0].Track {
				t.Errorf("audio: %+v", got.Audio)
			}
			var sizes []string
			for _, v := range got.Video {
				sizes = append(sizes, fmt.Sprintf("%dx%d %d/%d %v", *v.Width, *v.Height, v.Rate.Numerator, v.Rate.Denominator, v.Settings["bitrate"]))
				if *v.Type != c.encoder || v.Settings["keyint_sec"] != 2.0 || v.Settings["rate_control"] != "CBR" || *v.Canvas != 0 || v.Scale == nil {
					t.Errorf("an encoder: %+v", v)
				}
			}
			if want := []string{"1920x1080 60/2 4500", "1280x720 60/2 2200", "640x360 60/2 600"}; !slices.Equal(sizes, want) {
				t.Errorf("pictures %q, want %q", sizes, want)
			}
		})
	}
}

// TestFits shows which pictures of a ladder are asked for.
func TestFits(t *testing.T) {
	five, err := overlay.ParseLadder("1080p60@6000, 720p60@3000, 480p30@1200, 360p30@700, 240p30@300")
	if err != nil {
		t.Fatal(err)
	}
	full := obs.Canvas{Width: 1920, Height: 1080, Rate: obs.Rate{Numerator: 60, Denominator: 1}}
	for _, c := range []struct {
		name string
		in   obs.Setup
		want string
	}{
		{"all", obs.Setup{Ladder: five, Canvas: full}, "1920x1080@6000/60.00 1280x720@3000/60.00 854x480@1200/30.00 640x360@700/30.00 426x240@300/30.00"},
		{"three tracks", obs.Setup{Ladder: five, Canvas: full, Tracks: 3}, "1920x1080@6000/60.00 1280x720@3000/60.00 426x240@300/30.00"},
		{"one track", obs.Setup{Ladder: five, Canvas: full, Tracks: 1}, "1920x1080@6000/60.00"},
		{"one track, a thin line", obs.Setup{Ladder: five, Canvas: full, Tracks: 1, Kbps: 2000}, "854x480@1200/30.00"},
		{"eight Mbit/s", obs.Setup{Ladder: five, Canvas: full, Kbps: 8460}, "1920x1080@6000/60.00 854x480@1200/30.00 640x360@700/30.00 426x240@300/30.00"},
		{"two Mbit/s", obs.Setup{Ladder: five, Canvas: full, Kbps: 2160}, "854x480@1200/30.00 426x240@300/30.00"},
		{"a thin line", obs.Setup{Ladder: five, Canvas: full, Kbps: 400}, "426x240@240/30.00"},
		{"a tall picture", obs.Setup{Ladder: five[1:2], Canvas: obs.Canvas{Width: 1080, Height: 1920, Rate: obs.Rate{Numerator: 30000, Denominator: 1001}}}, "720x1280@3000/29.97"},
		{"a small picture", obs.Setup{Ladder: five, Canvas: obs.Canvas{Width: 854, Height: 480, Rate: obs.Rate{Numerator: 50, Denominator: 1}}}, "854x480@1200/25.00 640x360@700/25.00 428x240@300/25.00"},
		{"smaller than all", obs.Setup{Ladder: five[:2], Canvas: obs.Canvas{Width: 640, Height: 360, Rate: obs.Rate{Numerator: 25, Denominator: 1}}}, "640x360@3000/25.00"},
		{"a picture that cannot be", obs.Setup{Canvas: obs.Canvas{Width: -1, Height: 1 << 30, Rate: obs.Rate{Numerator: 1}}}, "1920x1080@4500/30.00 1280x720@2200/30.00 640x360@600/30.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Graphics = obs.NVIDIA
			answer, err := obs.Configure(c.in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range answer.Video {
				got = append(got, fmt.Sprintf("%dx%d@%d/%.2f", v.Width, v.Height, v.Settings["bitrate"], float64(v.Rate.Numerator)/float64(v.Rate.Denominator)))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if _, err := obs.Configure(obs.Setup{Kbps: 359}); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("less than the smallest picture needs: %v", err)
	}
}

// TestBadRequests shows that what is no request of OBS gets words.
func TestBadRequests(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"authentication":7}`, `{"authentication":""}`, `{"authentication":"?clientConfigId=1"}`, `{"authentication":"K","preferences":[]}`, strings.Repeat("[", 10000)} {
		if _, err := obs.Read([]byte(text)); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%.40q: %v", text, err)
		}
	}
	ask, err := obs.Read([]byte(`{"authentication":"K?a=b","capabilities":{"gpu":[],"system":{"name":"macOS"}},"preferences":{"composition_gpu_index":-3}}`))
	if err != nil || ask.Key != "K" || ask.Graphics() != obs.Apple || ask.Canvas() != (obs.Canvas{Width: 1920, Height: 1080, Rate: obs.Rate{Numerator: 30, Denominator: 1}}) {
		t.Errorf("%+v: %v", ask, err)
	}
}

// TestRefusal shows that OBS, which shows HTML, gets none from outside.
func TestRefusal(t *testing.T) {
	got := decoded(t, obs.Refusal(`<b onclick="x">&`))
	if *got.Status.Result != "error" || strings.ContainsAny(got.Status.HTML, `<>"`) {
		t.Errorf("%+v", got.Status)
	}
}

// FuzzRead shows that whatever comes, the answer is one that OBS takes, or words.
func FuzzRead(f *testing.F) {
	f.Add([]byte(strings.Replace(asked, "VENDOR", "4318", 1)))
	f.Add([]byte(`{"authentication":"K","preferences":{"canvases":[{"width":64,"height":8192,"framerate":{"numerator":1,"denominator":1}}],"maximum_video_tracks":-1}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		ask, err := obs.Read(body)
		if err != nil {
			return
		}
		answer, err := obs.Configure(obs.Setup{Graphics: ask.Graphics(), Canvas: ask.Canvas(), Kbps: ask.Preferences.Kbps, Tracks: ask.Preferences.Tracks, Channels: ask.Preferences.Channels})
		if err != nil {
			return
		}
		if len(answer.Video) == 0 {
			t.Fatal("no picture is asked for")
		}
		for _, v := range answer.Video {
			if v.Width < 2 || v.Height < 2 || v.Width%2+v.Height%2 != 0 || v.Rate.Denominator < 1 || v.Rate.Numerator < 1 {
				t.Fatalf("a picture that cannot be: %+v", v)
			}
		}
	})
}
