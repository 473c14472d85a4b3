package aac

import "fmt"

// Why names the reason why sound cannot be carried.
type Why string

// The reasons.
const (
	Layout      Why = "layout"       // channels outside the table
	FrameLength Why = "frame_length" // 960 samples
	Profile     Why = "profile"      // an object type other than AAC-LC and HE-AAC
	Rate        Why = "sample_rate"
)

// UnsupportedError says that sound is AAC of a kind that cannot be carried to
// players. Its text is meant to be shown to the person at the encoder.
type UnsupportedError struct {
	Why   Why
	words string
}

func (e *UnsupportedError) Error() string { return e.words }

var (
	errFrameLength = &UnsupportedError{FrameLength, "AAC with 960-sample frames is not supported: choose AAC-LC with 1024 samples"}
	errCore        = &UnsupportedError{Profile, "AAC that depends on another coder is not supported: choose AAC-LC"}
	errLayout      = &UnsupportedError{Layout, "AAC in a channel layout outside the standard table cannot be played by browsers: choose mono, stereo or 5.1 (ffmpeg: -ac 2, or -af aformat=channel_layouts=5.1)"}
)

func unsupportedObject(object int) error {
	return &UnsupportedError{Profile, fmt.Sprintf("AAC of object type %d is not supported: choose AAC-LC", object)}
}

func unsupportedRate(rate int) error {
	return &UnsupportedError{Rate, fmt.Sprintf("AAC at %d Hz is not supported: choose 44,100 or 48,000 Hz", rate)}
}
