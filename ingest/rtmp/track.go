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
	// stale tells that the Sink has not been told of desc yet.
	stale bool
	// index is the track's place in the latest SetTracks.
	index int

	// Pictures. lengthSize is how many bytes precede each NAL unit, sets are the
	// parameter sets in force, and active the one that desc was read from.
	lengthSize int
	sets       h264.Sets
	active     []byte

	// Sound. refused is why the last header's sound cannot be carried; inADTS: the
	// last frame came in ADTS, whose header counts more than the sequence header.
	config  aac.Config
	refused error
	inADTS  bool
}

// configure takes a sequence header in, and tells whether anything changed. An encoder
// may repeat its headers as often as it likes, also in other bytes with the same
// meaning. A header that cannot be used changes nothing.
func (t *track) configure(k kind, header []byte) (changed bool, err error) {
	if t.known && t.refused == nil && bytes.Equal(t.header, header) {
		return false, nil
	}
	header = bytes.Clone(header)
	if k == video {
		return t.describeVideo(header)
	}
	return t.describeAudio(header)
}

func (t *track) describeVideo(header []byte) (changed bool, err error) {
	c, err := h264.ParseHeader(header)
	if err != nil {
		return false, err
	}
	p, err := h264.ParseSPS(c.SPS[0])
	if err != nil {
		return false, err
	}
	sets, err := h264.NewSets(c)
	if err != nil {
		return false, err
	}
	next := pictures(c.SPS[0], p)
	if t.known && t.sets.Has(sets) && t.looksLike(next) {
		t.header, t.lengthSize = header, c.LengthSize
		return false, nil
	}
	next.SPS, next.PPS = c.SPS, c.PPS
	*t = track{known: true, header: header, desc: next, stale: true, index: t.index,
		lengthSize: c.LengthSize, sets: sets, active: c.SPS[0]}
	return true, nil
}

// pictures describes the pictures that refer to a sequence parameter set.
func pictures(sps []byte, p h264.Picture) ingest.Track {
	c := h264.Config{Profile: sps[1], Compatibility: sps[2], Level: sps[3]}
	return ingest.Track{Codec: ingest.H264, RFC6381: c.RFC6381(), Width: p.Width, Height: p.Height, FrameRate: p.FrameRate}
}

// looksLike tells whether players can go on with pictures of that kind.
func (t *track) looksLike(d ingest.Track) bool {
	return t.desc.RFC6381 == d.RFC6381 && t.desc.Width == d.Width && t.desc.Height == d.Height
}

// take puts the parameter sets among a picture's NAL units into force. It removes those
// that cannot be read from nals. It tells how many they were, and whether any set was
// new.
func (t *track) take(nals [][]byte) (left [][]byte, bad int, news bool) {
	left = nals[:0]
	for _, nal := range nals {
		if k := h264.TypeOf(nal); k == h264.SPS || k == h264.PPS {
			n, err := t.sets.Put(nal)
			if news = news || n; err != nil {
				bad++
				continue
			}
		}
		left = append(left, nal)
	}
	return left, bad, news
}

// follow describes the track by the parameter sets that a key frame refers to. There may
// be several, and they may have come in key frames alone. It tells whether players must
// begin anew for the change.
func (t *track) follow(slice []byte, news bool) (changed bool) {
	active := t.sets.Active(slice)
	if active == nil || !news && bytes.Equal(active, t.active) {
		return false
	}
	p, err := h264.ParseSPS(active)
	if err != nil {
		return false
	}
	next := pictures(active, p)
	next.SPS, next.PPS = t.sets.NALs(active)
	if changed = !t.known || !t.looksLike(next); changed {
		t.known, t.stale = true, true
	}
	t.desc, t.active = next, bytes.Clone(active)
	return changed
}

func (t *track) describeAudio(header []byte) (changed bool, err error) {
	c, err := aac.ParseConfig(header)
	if err != nil {
		return false, fmt.Errorf("AAC header % x: %w", header[:min(len(header), 8)], err)
	}
	t.refused = nil
	if t.known && t.config == c {
		t.header = header
		return false, nil
	}
	*t = track{known: true, header: header, stale: true, index: t.index, config: c, desc: ingest.Track{
		Codec: ingest.AAC, RFC6381: c.RFC6381(),
		SampleRate: c.SampleRate, Channels: c.Channels(), Config: header,
	}}
	return true, nil
}
