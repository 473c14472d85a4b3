package obs

import (
	"strings"

	"mediad/overlay"
)

// Graphics is the kind of hardware that encodes.
type Graphics string

// The kinds.
const (
	NVIDIA    Graphics = "nvidia"
	Intel     Graphics = "intel"
	AMD       Graphics = "amd"
	Apple     Graphics = "apple"
	Processor Graphics = "x264" // no graphics card: the processor encodes
)

// All gives the kinds, in the order in which people are asked.
func All() []Graphics { return []Graphics{NVIDIA, Intel, AMD, Apple, Processor} }

// ParseGraphics reads the name of a kind.
func ParseGraphics(name string) (Graphics, error) {
	for _, g := range All() {
		if string(g) == strings.ToLower(name) {
			return g, nil
		}
	}
	return "", overlay.Errorf(overlay.Invalid, "gpu: must be nvidia, intel, amd, apple or x264 (the processor)")
}

// encoder is what OBS calls the H.264 encoder of this kind.
func (g Graphics) encoder() string {
	switch g {
	case NVIDIA:
		return "obs_nvenc_h264_tex"
	case Intel:
		return "obs_qsv11_v2"
	case AMD:
		return "h264_texture_amf"
	case Apple:
		return "com.apple.videotoolbox.videoencoder.ave.avc"
	}
	return "obs_x264"
}

// settings are those of the encoder. All key frames must stand at the same places in all
// pictures: so the interval is fixed, and no encoder adds one where the scene changes. There are no B-frames, for the latency.
func (g Graphics) settings(kbps, keyInterval int) map[string]any {
	s := map[string]any{"rate_control": "CBR", "bitrate": kbps, "keyint_sec": keyInterval, "profile": "high"}
	switch g {
	case NVIDIA:
		s["preset"], s["tune"], s["multipass"], s["bf"], s["lookahead"] = "p5", "hq", "qres", 0, false
	case Intel:
		s["target_usage"], s["bframes"] = "TU4", 0
	case AMD:
		s["preset"], s["bf"] = "quality", 0
	case Apple:
		s["bframes"] = false
	default: // OBS asks x264 for no scene cuts only by these options
		s["preset"], s["x264opts"] = "veryfast", "scenecut=0 bframes=0"
	}
	return s
}
