// Package ingest defines the types for media that arrives: a publisher asks for a
// Sink, describes its Tracks, and writes Units.
//
// Every protocol below this folder (rtmp today) turns its own wire format into
// these types, so that nothing behind a Sink knows how the media came in. The
// package has no behaviour beyond unit conversion and imports nothing of ours.
package ingest

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// Clock is the rate of every timestamp in this package: 90,000 ticks a second,
// the clock of MPEG-TS (ISO/IEC 13818-1 2.4.2.1).
const Clock = 90000

// Millisecond is one millisecond in ticks. The timestamps of RTMP and the durations
// of playlists count milliseconds.
const Millisecond = Clock / 1000

// Whole rounds ticks to whole milliseconds. Parts and segments begin and end on whole
// milliseconds, so that durations in a playlist are exact and a segment is as long as
// the sum of its parts.
func Whole(ticks int64) int64 { return (ticks + Millisecond/2) / Millisecond * Millisecond }

// Ticks turns a duration into 90-kHz ticks, rounded to nearest.
func Ticks(d time.Duration) int64 {
	if d < 0 {
		return -Ticks(-d)
	}
	sec, rest := int64(d/time.Second), int64(d%time.Second)
	return sec*Clock + (rest*Clock+int64(time.Second)/2)/int64(time.Second)
}

// Duration turns 90-kHz ticks into a duration.
func Duration(ticks int64) time.Duration {
	sec, rest := ticks/Clock, ticks%Clock
	return time.Duration(sec)*time.Second + time.Duration(rest)*time.Second/Clock
}

// Codec names the coding of a track.
type Codec uint8

// The codecs that can be carried.
const (
	H264 Codec = iota + 1
	AAC
)

// String gives the codec's usual name.
func (c Codec) String() string {
	switch c {
	case H264:
		return "H.264"
	case AAC:
		return "AAC"
	}
	return "unknown"
}

// Video tells whether the codec codes pictures.
func (c Codec) Video() bool { return c == H264 }

// Track describes one elementary stream. It does not change: a publisher whose
// parameters change calls SetTracks again.
type Track struct {
	Codec Codec
	// RFC6381 is the codec string for CODECS, as "avc1.64001f" or "mp4a.40.2".
	RFC6381 string

	// Video.
	Width, Height int      // in pixels, after cropping
	FrameRate     float64  // frames a second as the bitstream says, 0 if it does not
	SPS, PPS      [][]byte // parameter sets, without start codes

	// Audio.
	SampleRate int    // in Hz, of the core decoder's frames (what ADTS names)
	Channels   int    // 1 to 8
	Config     []byte // AudioSpecificConfig, ISO/IEC 14496-3 1.6.2.1
}

// Unit is one access unit: a coded picture, or one frame of audio.
//
// The slices belong to the publisher and are valid only until WriteUnit
// returns.
type Unit struct {
	// Track is an index into the slice given to SetTracks.
	Track int
	// DTS and PTS are in 90-kHz ticks on the publisher's own clock, already
	// unwrapped: they may start anywhere and never jump by a wrap. PTS may be
	// below DTS where an encoder sends negative composition offsets.
	DTS, PTS int64
	// Key marks a picture that can be decoded without earlier ones (an IDR).
	Key bool
	// Recovers marks a recovery point: a picture that is not Key, but with which a
	// decoder can begin. Correct pictures follow at once or soon.
	Recovers bool
	// NALs are the NAL units of a picture without start codes; for audio, one
	// raw access unit without ADTS header.
	NALs [][]byte
}

// Request is a publisher's request to publish.
type Request struct {
	Key      string         // the stream key, without parameters. Never log it.
	Query    string         // what follows the key's "?", at most 1 KiB, untrusted. Never log it.
	Protocol string         // "rtmp" or "rtmps"
	Remote   netip.AddrPort // the publisher's address
	Encoder  string         // what the encoder calls itself, untrusted
	// Kick ends the publisher's connection from outside (take-over, host's
	// end, shutdown), with a reason for the log. It returns at once and may be
	// called from any goroutine, more than once.
	Kick func(reason error)
	// Stats tells what has come so far; nil where the protocol does not count. It
	// returns at once and may be called from any goroutine, also after the end.
	// It is a function, and not a call to the Sink, so that it costs the media
	// path nothing and the reader of the numbers chooses when.
	Stats func() Stats
}

// Publisher gives a Sink for a request with the right key. It fails with an error
// that wraps ErrBadKey or ErrRefused, whose text may be shown to the encoder.
type Publisher interface {
	Publish(ctx context.Context, r Request) (Sink, error)
}

// Sink takes one publisher's media. It is used by one goroutine at a time. An
// error of SetTracks or WriteUnit ends the publisher's connection.
type Sink interface {
	// SetTracks describes what follows. It comes before the first unit and
	// again whenever the codec parameters change.
	SetTracks(tracks []Track) error
	WriteUnit(u Unit) error
	// Close tells that no more comes, and why. It is called exactly once.
	Close(end End)
}

// Explainer is a Sink that wants to know why the server itself ended a
// publish. Explain is called before Close, with words that a host understands.
type Explainer interface {
	Explain(reason error)
}

// End says how a publisher left.
type End uint8

const (
	// Lost: the connection broke; the publisher is expected to come back.
	Lost End = iota
	// Unpublished: the publisher said that it is done.
	Unpublished
)

// Reasons why a publisher is refused or disconnected.
var (
	ErrBadKey    = errors.New("unknown stream key")
	ErrRefused   = errors.New("refused")
	ErrTakenOver = errors.New("another publisher took over")
	ErrClosing   = errors.New("the server is shutting down") // and the publisher should come back
)
