package h264

import (
	"fmt"
	"math"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
)

// Picture is what a sequence parameter set says about the pictures.
type Picture struct {
	Width, Height int     // in pixels, after cropping
	FrameRate     float64 // frames a second, 0 where the stream does not say
}

// maxSide bounds a picture's width and height; level 6.2 allows 16,888.
const maxSide = 16888

// maxFrameRate is the highest frame rate that is believed. Encoders of variable
// frame rate write the resolution of their clock there, such as 1000.
const maxFrameRate = 300

// ParseSPS reads a sequence parameter set, Rec. ITU-T H.264 7.3.2.1.1.
func ParseSPS(nal []byte) (Picture, error) {
	if TypeOf(nal) != SPS {
		return Picture{}, fmt.Errorf("NAL unit of type %d is not a sequence parameter set", TypeOf(nal))
	}
	var s h264.SPS
	if err := s.Unmarshal(nal); err != nil {
		return Picture{}, fmt.Errorf("read H.264 sequence parameter set: %w", err)
	}
	// Crop offsets are not bounded by the library, so look at the result, and
	// at the uncropped size so that no product of it overflows.
	if s.PicWidthInMbsMinus1 > maxSide/16 || s.PicHeightInMapUnitsMinus1 > maxSide/16 {
		return Picture{}, fmt.Errorf("H.264 picture is larger than %d pixels", maxSide)
	}
	p := Picture{Width: s.Width(), Height: s.Height()}
	if p.Width < 1 || p.Height < 1 || p.Width > maxSide || p.Height > maxSide {
		return Picture{}, fmt.Errorf("H.264 picture of %d×%d pixels", p.Width, p.Height)
	}
	if fps := s.FPS(); fps > 0 && fps <= maxFrameRate && !math.IsNaN(fps) {
		p.FrameRate = fps
	}
	return p, nil
}
