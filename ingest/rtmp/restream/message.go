package restream

import (
	"encoding/binary"
	"math"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/amf0"
	"mediad/ingest/rtmp/flv"
)

// message is a unit as RTMP carries it. The body is shared by all targets, and never
// changed.
type message struct {
	kind   flv.Type
	begins bool // a decoder can begin with it
	ms     int64
	at     time.Time // when it arrived
	body   []byte
	tracks *tracks
}

// track is 0 for pictures and 1 for sound.
func (m message) track() int {
	if m.kind == flv.Video {
		return 0
	}
	return 1
}

// tracks are what a target must know before units: at most one of each kind, as RTMP's first
// form has them. It is never changed.
type tracks struct {
	video, audio int // their numbers; -1: none

	metadata, videoHeader, audioHeader []byte // bodies of messages; nil: none
}

func newTracks(list []ingest.Track) *tracks {
	t := &tracks{video: -1, audio: -1}
	var v, a ingest.Track
	for i, d := range list {
		switch {
		case d.Codec == ingest.H264 && t.video < 0 && len(d.SPS) > 0 && len(d.SPS[0]) >= 4 && len(d.PPS) > 0:
			t.video, v = i, d
			t.videoHeader = append([]byte{0x17, 0, 0, 0, 0}, avcRecord(d)...)
		case d.Codec == ingest.AAC && t.audio < 0:
			t.audio, a = i, d
			t.audioHeader = append([]byte{aacTag, 0}, d.Config...)
		}
	}
	t.metadata = metadata(v, a, t.video >= 0, t.audio >= 0)
	return t
}

// aacTag begins each AAC message, whatever its rate and channels: FLV E.4.2.1.
const aacTag = 0xaf

// avcRecord is the AVCDecoderConfigurationRecord, ISO/IEC 14496-15 5.3.3.1. Its fields for
// high profiles are left out, which repeat what the parameter sets say.
func avcRecord(t ingest.Track) []byte {
	sps := t.SPS[0]
	b := []byte{1, sps[1], sps[2], sps[3], 0xfc | 3, 0xe0 | byte(min(len(t.SPS), 31))}
	sets := func(list [][]byte) {
		for _, s := range list {
			b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
			b = append(b, s...)
		}
	}
	sets(t.SPS[:min(len(t.SPS), 31)])
	b = append(b, byte(min(len(t.PPS), 255)))
	sets(t.PPS[:min(len(t.PPS), 255)])
	return b
}

func (t *tracks) takes(track int) bool { return track == t.video || track == t.audio }

// message copies a unit into the body of a message.
func (t *tracks) message(u ingest.Unit) message {
	if u.Track == t.audio {
		return message{kind: flv.Audio, begins: t.video < 0, body: audioBody(u), tracks: t}
	}
	begins := u.Key || u.Recovers
	return message{kind: flv.Video, begins: begins, body: videoBody(u, begins), tracks: t}
}

func audioBody(u ingest.Unit) []byte {
	size := 2
	for _, n := range u.NALs {
		size += len(n)
	}
	b := append(make([]byte, 0, size), aacTag, 1)
	for _, n := range u.NALs {
		b = append(b, n...)
	}
	return b
}

// videoBody is FLV E.4.3.1 with four bytes of length before each NAL unit.
func videoBody(u ingest.Unit, key bool) []byte {
	size := 5
	for _, n := range u.NALs {
		size += 4 + len(n)
	}
	kind := byte(0x27)
	if key {
		kind = 0x17
	}
	offset := (u.PTS - u.DTS) / ingest.Millisecond
	b := append(make([]byte, 0, size), kind, 1, byte(offset>>16), byte(offset>>8), byte(offset))
	for _, n := range u.NALs {
		b = binary.BigEndian.AppendUint32(b, uint32(len(n)))
		b = append(b, n...)
	}
	return b
}

// metadata is the body of onMetaData: what platforms look at before the first picture.
func metadata(v, a ingest.Track, video, audio bool) []byte {
	b := text([]byte{amf0.String}, "onMetaData")
	b = append(b, amf0.Object)
	number := func(name string, value float64) {
		b = append(text(b, name), amf0.Number)
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(value))
	}
	if video {
		number("videocodecid", 7)
		number("width", float64(v.Width))
		number("height", float64(v.Height))
		if v.FrameRate > 0 {
			number("framerate", v.FrameRate)
		}
	}
	if audio {
		number("audiocodecid", 10)
		number("audiosamplerate", float64(a.SampleRate))
		number("audiosamplesize", 16)
		number("audiochannels", float64(a.Channels))
	}
	b = text(append(text(b, "encoder"), amf0.String), "mediad")
	return append(b, 0, 0, amf0.ObjectEnd)
}

func text(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}
