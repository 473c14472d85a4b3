package mpegts

import (
	"errors"
	"fmt"
	"slices"

	"mediad/ingest"
)

// adtsHeaderSize is that of a header without CRC.
const adtsHeaderSize = 7

// maxADTSFrame is the greatest aac_frame_length, 13 bits.
const maxADTSFrame = 1<<13 - 1

// adts writes the headers of one AAC track, ISO/IEC 14496-3 1.A.2.2.
type adts struct {
	profile, rate, channels byte
}

// newADTS reads what the header repeats out of the track.
func newADTS(t ingest.Track) (adts, error) {
	if len(t.Config) == 0 {
		return adts{}, errors.New("AAC track without AudioSpecificConfig")
	}
	// 14496-3 1.6.2.1: five bits of audioObjectType. SBR (5) and PS (29) extend
	// AAC LC, which is what ADTS names then (1.6.6.2: implicit signalling).
	object := t.Config[0] >> 3
	switch object {
	case 5, 29:
		object = 2
	case 1, 2, 3, 4:
	default:
		return adts{}, fmt.Errorf("AAC object type %d does not fit ADTS", object)
	}
	// 14496-3 1.6.3.4, table 1.18.
	rate := slices.Index([]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}, t.SampleRate)
	if rate < 0 {
		return adts{}, fmt.Errorf("AAC sample rate %d Hz does not fit ADTS", t.SampleRate)
	}
	// 14496-3 1.6.3.5, table 1.19: 7 stands for eight channels.
	channels := t.Channels
	switch {
	case channels == 8:
		channels = 7
	case channels < 1 || channels > 6:
		return adts{}, fmt.Errorf("%d channels do not fit ADTS", channels)
	}
	return adts{object - 1, byte(rate), byte(channels)}, nil
}

// append appends one frame with its header.
func (a adts) append(dst, frame []byte) ([]byte, error) {
	n := adtsHeaderSize + len(frame)
	if len(frame) == 0 || n > maxADTSFrame {
		return dst, fmt.Errorf("AAC frame of %d bytes does not fit ADTS", len(frame))
	}
	dst = append(dst,
		0xFF, 0xF1, // syncword, MPEG-4, layer 0, no CRC
		a.profile<<6|a.rate<<2|a.channels>>2,
		a.channels<<6|byte(n>>11),
		byte(n>>3),
		byte(n<<5)|0x1F, // adts_buffer_fullness 0x7FF: variable rate
		0xFC,            // one raw data block
	)
	return append(dst, frame...), nil
}
