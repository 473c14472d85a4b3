package ingest

import "time"

// Stats are what a protocol knows of one publish that units do not show. The
// counts only rise.
type Stats struct {
	Bytes   uint64 // received on the connection, protocol included
	Jumps   uint64 // breaks because the timestamps jumped
	Clamped uint64 // units whose time stepped back a little and was held
	Headers uint64 // new parameters in mid-stream, in sequence headers or in key frames alone
	Repeats uint64 // sequence headers that came again, in the same bytes or in others that say the same
	Wraps   uint64 // times that the timestamps outgrew a field of the protocol
	Refused uint64 // other messages that were not understood
	Drops
	Repairs
	Reported
	// SoundRefused says why sound cannot be carried at present: "layout",
	// "frame_length", "profile", "sample_rate" or "header". It is empty where
	// sound can be carried.
	SoundRefused string
	// RTT is the round trip to the publisher as the system measured it; 0 where
	// it does not tell.
	RTT time.Duration
}

// Drops are units that could not be used, each counted once, by what was wrong.
type Drops struct {
	NoKey         uint64 // pictures with no key frame before them
	NoVideoHeader uint64 // pictures with no H.264 header, nor one in themselves
	NoAudioHeader uint64 // sound with no AAC header
	BadPictures   uint64 // pictures, or parts of them, that cannot be read
	BadSound      uint64 // frames of sound that no player decodes
	OddSound      uint64 // frames of a kind of AAC that cannot be carried
	BadMessages   uint64 // audio and video messages that make no sense
}

// Dropped is the sum.
func (d Drops) Dropped() uint64 {
	return d.NoKey + d.NoVideoHeader + d.NoAudioHeader + d.BadPictures + d.BadSound + d.OddSound + d.BadMessages
}

// Repairs count an encoder's mistakes that the server corrected, or left out without
// loss.
type Repairs struct {
	BadHeaders uint64 // sequence headers that were empty or unreadable: they were skipped
	ADTS       uint64 // frames of sound that were taken out of ADTS
	Configs    uint64 // AAC headers sent as frames of sound: they were taken as headers
	StartCodes uint64 // pictures with start codes where lengths belong
	Joined     uint64 // messages that continued the picture of the message before
}

// Reported is what the encoder counts of itself. Encoders that do not tell have zeros.
type Reported struct {
	Rendered, Lagged uint64 // frames that it composed, and those of them that came too late
	Input, Skipped   uint64 // frames for its encoders, of all tracks, and those that they had no time for
	Output, Unsent   uint64 // frames to send, of all tracks, and those that the network did not take
	// CaptureDelay is the time from the composition of the newest key frame, by the encoder's
	// clock, to its arrival. It is 0 where that clock cannot be right.
	CaptureDelay time.Duration
}
