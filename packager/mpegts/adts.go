package mpegts

import (
	"errors"
	"fmt"

	"mediad/ingest"
	"mediad/ingest/aac"
)

// adts writes the headers of one AAC track.
type adts struct{ config aac.Config }

// newADTS reads the fields of the header from the track.
func newADTS(t ingest.Track) (adts, error) {
	if len(t.Config) == 0 {
		return adts{}, errors.New("AAC track without AudioSpecificConfig")
	}
	// 14496-3 1.6.2.1: five bits of audioObjectType. SBR (5) and PS (29) extend
	// AAC LC, which is what ADTS names then (1.6.6.2: implicit signalling).
	switch object := t.Config[0] >> 3; object {
	case 2, 5, 29:
	default:
		return adts{}, fmt.Errorf("AAC object type %d is not carried", object)
	}
	// 14496-3 1.6.3.5, table 1.19: 7 stands for eight channels.
	channels := t.Channels
	switch {
	case channels == 8:
		channels = 7
	case channels < 1 || channels > 6:
		return adts{}, fmt.Errorf("%d channels do not fit ADTS", channels)
	}
	a := adts{aac.Config{SampleRate: t.SampleRate, ChannelConfig: channels}}
	_, err := aac.AppendHeader(nil, a.config, 1)
	return a, err
}

// append appends one frame with its header.
func (a adts) append(dst, frame []byte) ([]byte, error) {
	if len(frame) == 0 {
		return dst, errors.New("AAC frame of 0 bytes does not fit ADTS")
	}
	dst, err := aac.AppendHeader(dst, a.config, len(frame))
	if err != nil {
		return dst, err
	}
	return append(dst, frame...), nil
}
