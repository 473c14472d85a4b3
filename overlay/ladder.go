package overlay

import (
	"fmt"
	"strconv"
	"strings"
)

// Rung is one picture of a ladder.
type Rung struct {
	// Height is that of a wide picture in pixels, and the width of a tall one.
	Height int `json:"height" yaml:"height" minimum:"144" maximum:"2160" doc:"Height of a wide picture in pixels; the width of a tall one" example:"720"`
	FPS    int `json:"fps" yaml:"fps" minimum:"5" maximum:"60" doc:"Frames a second, at most: OBS sends its own rate, or a whole part of it" example:"30"`
	Kbps   int `json:"kbps" yaml:"kbps" minimum:"100" maximum:"20000" doc:"Bit rate of the picture in kbit/s" example:"2200"`
}

// Ladder is the pictures of different sizes that an encoder is asked for, the largest
// first. Without one, a room has DefaultLadder.
type Ladder []Rung

// DefaultLadder is asked of encoders in rooms that have none of their own.
func DefaultLadder() Ladder {
	return Ladder{{1080, 30, 4500}, {720, 30, 2200}, {360, 30, 600}}
}

// maxRungs is how many pictures OBS can send with most graphics cards.
const maxRungs = 6

// CheckLadder refuses a ladder that no encoder can send, or whose order is wrong.
func CheckLadder(l Ladder) error {
	if len(l) > maxRungs {
		return Errorf(Invalid, "ladder: must have at most %d pictures", maxRungs)
	}
	for i, r := range l {
		switch {
		case r.Height < 144 || r.Height > 2160 || r.Height%2 != 0:
			return Errorf(Invalid, "ladder: height must be an even number from 144 to 2160")
		case r.FPS < 5 || r.FPS > 60:
			return Errorf(Invalid, "ladder: fps must be from 5 to 60")
		case r.Kbps < 100 || r.Kbps > 20000:
			return Errorf(Invalid, "ladder: kbps must be from 100 to 20000")
		case i > 0 && (r.Height >= l[i-1].Height || r.Kbps >= l[i-1].Kbps || r.FPS > l[i-1].FPS):
			return Errorf(Invalid, "ladder: the largest picture comes first, and each has fewer pixels, a lower kbps and no higher fps than the one before it")
		}
	}
	return nil
}

// String gives a ladder as people write it: "1080p30@4500, 720p30@2200"; "": there is none.
func (l Ladder) String() string {
	parts := make([]string, len(l))
	for i, r := range l {
		parts[i] = fmt.Sprintf("%dp%d@%d", r.Height, r.FPS, r.Kbps)
	}
	return strings.Join(parts, ", ")
}

// ParseLadder reads what String gives.
func ParseLadder(text string) (Ladder, error) {
	var out Ladder
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		size, kbps, _ := strings.Cut(part, "@")
		height, fps, _ := strings.Cut(size, "p")
		r, err := Rung{}, error(nil)
		for _, n := range []struct {
			text string
			to   *int
		}{{height, &r.Height}, {fps, &r.FPS}, {kbps, &r.Kbps}} {
			if *n.to, err = strconv.Atoi(strings.TrimSpace(n.text)); err != nil {
				return nil, Errorf(Invalid, "ladder: must look like 1080p30@4500, 720p30@2200: height, frames a second and kbit/s of each picture")
			}
		}
		out = append(out, r)
	}
	return out, CheckLadder(out)
}
