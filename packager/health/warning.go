package health

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Code names a warning, for programs and translations.
type Code string

// Warning is something wrong with a stream, and what to do about it.
type Warning struct {
	Code  Code
	Text  string  // in English
	Value float64 // the number in the text: seconds, or a count
}

// The codes.
const (
	Gone      Code = "publisher_gone"
	Silent    Code = "silent"
	NoVideo   Code = "no_video"
	NoAudio   Code = "no_audio"
	Keyframes Code = "keyframe_interval"
	Keyless   Code = "keyframes_missing"
	BFrames   Code = "b_frames"
	Late      Code = "late"
	Early     Code = "early"
	LowFPS    Code = "low_fps"
	RoundTrip Code = "round_trip"
	Offset    Code = "audio_offset"
	Drift     Code = "audio_drift"
	AudioGaps Code = "audio_gaps"
	Pauses    Code = "pauses"
	Jumps     Code = "timestamp_jumps"
	Clamped   Code = "timestamps_back"
	LateUnits Code = "late_frames"
	Headers   Code = "settings_change"
	Profile   Code = "video_profile"
	Unsent    Code = "frames_dropped"
	Skipped   Code = "frames_skipped"
	Lagged    Code = "frames_lagged"
	Unaligned Code = "track_unaligned"
	Stopped   Code = "track_stopped"
)

// rule says when a warning holds. Value is compared with raise, and with clear
// while the warning is on, so that between the two nothing changes. Some counts,
// which last a minute anyway, have the same limit twice.
type rule struct {
	code         Code
	value        func(r Report, n Recent) float64
	raise, clear float64
	text         string // with at most one formatting verb, for the value
}

// rules are in the order of their harm to viewers. Those of unusable come before them.
var rules = [...]rule{
	{Silent, func(r Report, n Recent) float64 { return unless(n.Dropped() > 0, r.Silent.Seconds()) }, 3, 1,
		"Nothing has arrived for %.0f s: check the encoder's network connection."},
	{NoVideo, func(r Report, n Recent) float64 { return unless(n.pictures() > 0, there(r.Video, r.NoVideo-r.Silent)) }, 5, 1,
		"No picture has arrived for %.0f s while sound goes on: check the video source, and whether the encoder is overloaded."},
	{NoAudio, func(r Report, n Recent) float64 { return unless(n.sounds() > 0, there(r.Audio, r.NoAudio-r.Silent)) }, 5, 1,
		"No sound has arrived for %.0f s while the picture goes on: check the audio device in OBS → Settings → Audio."},
	{Profile, func(r Report, _ Recent) float64 { return flag(beyondHigh(r.Video)) }, 1, 1,
		"Phones and many browsers cannot play the picture: its H.264 has 10 bit, 4:2:2 or 4:4:4. Choose the profile high in OBS → Settings → Output, and the colour format NV12 in Settings → Advanced; with ffmpeg, add -pix_fmt yuv420p."},
	{Late, func(r Report, _ Recent) float64 { return r.Late.Seconds() }, 2, 1,
		"The stream arrives %.1f s late: the uplink is too slow, or the computer encodes too slowly. OBS tells which under Docks → Stats. Dropped frames (network): lower the bitrate in OBS → Settings → Output, or use a cable instead of Wi-Fi. Frames missed or skipped due to rendering or encoding lag: choose a faster preset or a smaller picture, and close other programs."},
	{Unsent, func(_ Report, n Recent) float64 { return percent(n.Told.Unsent, n.Told.Output) }, 1, 0.5,
		"OBS could not send %.1f percent of its frames within a minute, because the network was too slow: lower the bitrate in OBS → Settings → Output, or use a cable instead of Wi-Fi."},
	{Skipped, func(_ Report, n Recent) float64 { return percent(n.Told.Skipped, n.Told.Input) }, 1, 0.5,
		"The computer was too slow to encode %.1f percent of its frames within a minute: choose a faster preset or a hardware encoder, send fewer video tracks, or close other programs."},
	{Lagged, func(_ Report, n Recent) float64 { return percent(n.Told.Lagged, n.Told.Rendered) }, 1, 0.5,
		"OBS composed %.1f percent of its frames too late within a minute: the graphics card is overloaded. Limit the frame rate of games, remove sources and filters, or lower the resolution or the frame rate in OBS → Settings → Video."},
	{Early, func(r Report, _ Recent) float64 { return r.Early.Seconds() }, 10, 5,
		"Media arrives faster than real time and is %.0f s ahead: send live media. To send a file, send it at its own speed (ffmpeg: -re before -i)."},
	{Pauses, func(_ Report, n Recent) float64 { return float64(n.Pauses) }, 2, 2,
		"The stream paused %.0f times within a minute, and players had to restart: check the uplink, or lower the bitrate in OBS → Settings → Output."},
	{Jumps, func(_ Report, n Recent) float64 { return float64(n.Jumps) }, 1, 1,
		"Jumps of the encoder's clock within a minute: %.0f. Players restart after each jump: stop and start streaming. If the jumps continue, update the encoder."},
	{Clamped, func(_ Report, n Recent) float64 { return float64(n.Clamped) }, 10, 5,
		"The encoder's timestamps went back %.0f times within a minute: stop and start streaming. If this continues, update the encoder."},
	{LateUnits, func(_ Report, n Recent) float64 { return float64(n.Late) }, 10, 5,
		"%.0f pictures or frames of sound within a minute came too late compared with the other track: check whether the encoder is overloaded, and close other programs."},
	{Keyless, func(r Report, _ Recent) float64 { return r.NoKeyFrame.Seconds() }, 1, 1,
		"No key frame has arrived for %.0f s: the encoder uses intra refresh, an open GOP or an endless GOP. Most viewers who join now see nothing. Set the keyframe interval to 2 s in OBS → Settings → Output, and turn off intra refresh."},
	{Keyframes, func(r Report, _ Recent) float64 { return unless(r.NoKeyFrame > 0, r.KeyframeMax.Seconds()) }, 4.1, 3.5,
		"Viewers wait up to %.1f s to join: set the keyframe interval to 2 s in OBS → Settings → Output."},
	{BFrames, func(r Report, _ Recent) float64 { return flag(r.BFrames) }, 1, 1,
		"The encoder sends B-frames, and each adds one frame of delay for viewers: set B-frames to 0 in OBS → Settings → Output; with x264, set Tune to zerolatency."},
	{LowFPS, missingFrames, 0.15, 0.07,
		"The encoder sends too few frames: lower the resolution or the frame rate in OBS → Settings → Video, or choose a faster preset."},
	{Drift, func(r Report, _ Recent) float64 { return max(r.Drift, -r.Drift).Seconds() }, 0.15, 0.1,
		"Sound and picture have drifted apart by %.2f s: use 48 kHz in OBS → Settings → Audio and in the system's sound settings, then stop and start streaming."},
	{Offset, func(r Report, _ Recent) float64 { return max(r.Offset, -r.Offset).Seconds() }, 0.6, 0.5,
		"Sound and picture arrive %.1f s apart: set the sync offset to 0 in OBS → Advanced Audio Properties, and remove Render Delay filters."},
	{AudioGaps, func(_ Report, n Recent) float64 { return unless(n.sounds() > 0, float64(n.AudioGaps)) }, 5, 2,
		"The sound was interrupted %.0f times within a minute: use 48 kHz in OBS → Settings → Audio and in the system's sound settings, and close other programs."},
	{Headers, func(_ Report, n Recent) float64 { return float64(n.Headers) }, 3, 2,
		"The encoder changed its settings %.0f times within a minute, and players had to restart each time: stop and start streaming after a change."},
	{Unaligned, func(r Report, _ Recent) float64 { return float64(r.Unaligned) }, 1, 1,
		"Viewers do not get video track %.0f: its key frames do not come together with those of the first track. Set a keyframe interval of 2 s for all tracks and turn off scene cuts (x264: scenecut=0), then stop and start streaming."},
	{Stopped, func(r Report, _ Recent) float64 { return float64(r.Stopped) }, 1, 1,
		"Viewers do not get video track %.0f any more: its pictures stopped while those of the first track went on. Choose a faster preset, or send fewer tracks, then stop and start streaming."},
	{RoundTrip, func(r Report, _ Recent) float64 { return r.Received.RTT.Seconds() }, 0.5, 0.3,
		"The round trip between the encoder and the server takes %.2f s: use a server that is nearer, or a cable instead of Wi-Fi."},
}

// warnings says what is wrong. on are the codes of the warnings before.
func warnings(r Report, n Recent, on map[Code]bool) []Warning {
	if !r.Publishing {
		return []Warning{{Code: Gone, Text: "The publisher is gone; the room waits for it to come back."}}
	}
	var out []Warning
	for _, c := range slices.Concat(unusable[:], rules[:], repaired[:]) {
		v, limit := c.value(r, n), c.raise
		if on[c.code] {
			limit = c.clear
		}
		if v < limit {
			continue
		}
		w := Warning{Code: c.code, Text: c.text, Value: v}
		if c.hasNumber() {
			w.Text = fmt.Sprintf(c.text, v)
		}
		out = append(out, w)
	}
	return out
}

// hasNumber tells whether the text has a formatting verb: no text has another per
// cent sign.
func (c rule) hasNumber() bool {
	for _, b := range c.text {
		if b == '%' {
			return true
		}
	}
	return false
}

func there(codec string, d time.Duration) float64 {
	if codec == "" {
		return 0
	}
	return d.Seconds()
}

// beyondHigh tells whether a codec (RFC 6381) is H.264 of a profile for studios, which the
// decoders of phones do not have: High 10, High 4:2:2, High 4:4:4 Predictive, CAVLC 4:4:4.
func beyondHigh(codec string) bool {
	profile, ok := strings.CutPrefix(codec, "avc1.")
	return ok && len(profile) == 6 && slices.Contains([]string{"6e", "7a", "f4", "2c"}, strings.ToLower(profile[:2]))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// percent is the share of a part in a whole, where both were counted one after the other.
func percent(part, whole uint64) float64 {
	if part == 0 {
		return 0
	}
	return 100 * float64(part) / float64(max(part, whole))
}

// missingFrames is the share of the declared frames that do not come. Some encoders
// declare nonsense, so more than 120 frames a second are not believed.
func missingFrames(r Report, n Recent) float64 {
	if n.pictures() > 0 || r.FPS == 0 || r.Declared == 0 || r.Declared > 120 {
		return 0
	}
	return 1 - r.FPS/r.Declared
}
