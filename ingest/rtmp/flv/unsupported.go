package flv

import "fmt"

// UnsupportedError says that a publisher sends a codec that is not carried. Its
// text is meant to be shown to the person at the encoder.
type UnsupportedError struct {
	Codec string // the codec's usual name with its FourCC, as "HEVC (hvc1)"
	Video bool
}

func (e *UnsupportedError) Error() string {
	if e.Video {
		return e.Codec + " video is not supported: choose x264 / H.264 in OBS → Settings → Output"
	}
	return e.Codec + " audio is not supported: choose AAC in OBS → Settings → Output"
}

// videoCodec names a CodecID, FLV E.4.3.1. Encoders also send 12 and 13, which are
// not in the standard.
func videoCodec(id byte) string {
	switch id {
	case 2:
		return "Sorenson H.263"
	case 3, 6:
		return "Screen video"
	case 4, 5:
		return "VP6"
	case 12:
		return "HEVC"
	case 13:
		return "AV1"
	}
	return fmt.Sprintf("FLV codec %d", id)
}

// audioCodec names a SoundFormat, FLV E.4.2.1. Encoders also send 13, which is not in
// the standard.
func audioCodec(format byte) string {
	switch format {
	case 0, 3:
		return "PCM"
	case 1:
		return "ADPCM"
	case 2, 14:
		return "MP3"
	case 4, 5, 6:
		return "Nellymoser"
	case 7, 8:
		return "G.711"
	case 11:
		return "Speex"
	case 13:
		return "Opus"
	}
	return fmt.Sprintf("FLV format %d", format)
}

// fourCC names a codec of Enhanced RTMP.
func fourCC(code string) string {
	name := "Codec"
	switch code {
	case "hvc1":
		name = "HEVC"
	case "vvc1":
		name = "VVC"
	case "av01":
		name = "AV1"
	case "vp09":
		name = "VP9"
	case "vp08":
		name = "VP8"
	case "avc1":
		name = "H.264"
	case "Opus":
		return "Opus"
	case "mp4a":
		name = "AAC"
	case "ac-3":
		name = "AC-3"
	case "ec-3":
		name = "E-AC-3"
	case ".mp3":
		name = "MP3"
	case "fLaC":
		name = "FLAC"
	default:
		return fmt.Sprintf("Codec %q", code)
	}
	return name + " (" + code + ")"
}
