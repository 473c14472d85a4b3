package rtmp

import (
	"bytes"
	"fmt"

	"mediad/ingest"
	"mediad/ingest/aac"
	"mediad/ingest/h264"
)

// kind is one of the two tracks that a publish can have.
type kind uint8

const (
	video kind = iota
	audio
	kinds
)

// track is what is known about one of them.
type track struct {
	known  bool
	header []byte // the sequence header as it came, to know repetitions
	desc   ingest.Track
	// lengthSize is how many bytes precede each NAL unit of a picture.
	lengthSize int
	// stale tells that the Sink has not been told of desc yet.
	stale bool
	// index is the track's place in the latest SetTracks.
	index int
}

// configure takes a sequence header in. It tells whether anything changed; an
// encoder may repeat its headers as often as it likes.
func (t *track) configure(k kind, header []byte) (changed bool, err error) {
	if t.known && bytes.Equal(t.header, header) {
		return false, nil
	}
	header = bytes.Clone(header)
	next := track{known: true, header: header, stale: true, index: t.index}
	if k == video {
		err = next.describeVideo()
	} else {
		err = next.describeAudio()
	}
	if err != nil {
		return false, err
	}
	*t = next
	return true, nil
}

func (t *track) describeVideo() error {
	c, err := h264.ParseConfig(t.header)
	if err != nil {
		return err
	}
	p, err := h264.ParseSPS(c.SPS[0])
	if err != nil {
		return err
	}
	t.lengthSize = c.LengthSize
	t.desc = ingest.Track{
		Codec: ingest.H264, RFC6381: c.RFC6381(),
		Width: p.Width, Height: p.Height, FrameRate: p.FrameRate,
		SPS: c.SPS, PPS: c.PPS,
	}
	return nil
}

func (t *track) describeAudio() error {
	c, err := aac.ParseConfig(t.header)
	if err != nil {
		return fmt.Errorf("AAC header % x: %w", t.header[:min(len(t.header), 8)], err)
	}
	t.desc = ingest.Track{
		Codec: ingest.AAC, RFC6381: c.RFC6381(),
		SampleRate: c.SampleRate, Channels: c.Channels(), Config: t.header,
	}
	return nil
}
