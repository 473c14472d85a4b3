package health

import (
	"time"

	"mediad/ingest"
)

// Report is the state of a publisher's stream, in numbers. Zero means unknown, or
// none. All counts begin when the publisher comes.
type Report struct {
	Publishing bool

	Video, Audio  string  // RFC 6381 codecs; empty: no such track
	Width, Height int     // in pixels
	Declared      float64 // frames a second, as the bitstream says

	Bitrate  int     // bits a second of the last segment, as packaged
	Incoming int     // bits a second of the last seconds, as received
	FPS      float64 // over the last two seconds or so

	// Zero is the programme date of the publisher's timestamp 0: whoever knows the
	// timestamp of a picture from the encoder knows its date.
	Zero time.Time

	// KeyframeInterval is the length of the last group of pictures, or the age
	// of the open one if that is more; KeyframeMax the longest of the last few.
	KeyframeInterval, KeyframeMax time.Duration
	// NoKeyFrame is the time since the last key frame, where the encoder seems to
	// send none: intra refresh, an open GOP, or one without end.
	NoKeyFrame time.Duration
	// BFrames says that pictures are shown in another order than they come in.
	BFrames bool
	// Reorder is the longest time between a picture's decoding and its showing.
	Reorder time.Duration

	// Offset is how far the sound's timestamps run ahead of the picture's as
	// they arrive, and Drift how far that has moved since the beginning.
	Offset, Drift time.Duration
	// Late is how far arrival has fallen behind the publisher's clock: its
	// uplink or its encoding is too slow. Early is how far it has run ahead of that clock: media
	// is sent faster than real time. Jitter is how unevenly media arrives.
	Late, Early, Jitter time.Duration
	// Unaligned and Stopped are the numbers of video tracks that viewers do not get, where
	// the first one is 1: the last one whose key frames were not where those of the first
	// are, and the last one whose pictures stopped.
	Unaligned, Stopped int

	// Silent is the time since the last unit of any track; NoVideo and NoAudio
	// are the times since the last unit of each.
	Silent, NoVideo, NoAudio time.Duration

	Counts
	Received ingest.Stats
}

// Counts are the irregularities that the packager had to deal with.
type Counts struct {
	Changes    uint64 // SetTracks after the first: new parameters, or a jump
	Pauses     uint64 // breaks because nothing came for longer than parts can bridge
	Forced     uint64 // segments cut without a key frame
	Wraps      uint64 // times that the 33 bits of the output's timestamps were full
	Shifts     uint64 // times that DTS was moved down for a negative composition offset
	Clamped    uint64 // units whose time was moved so that time rises
	LateUnits  uint64 // units too late beside the other track: sound was left out, a picture shown later
	Moves      uint64 // times that sound, or the picture, was moved, because of too much A/V skew
	AudioGaps  uint64 // times that sound was missing between two frames
	AudioExtra uint64 // audio frames that had no room on the timeline and were dropped
}
