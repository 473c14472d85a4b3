package h264

import (
	"bytes"
	"errors"
)

// ErrEmptyHeader says that a sequence header holds nothing: encoders without
// global headers have none to give.
var ErrEmptyHeader = errors.New("H.264 sequence header is empty")

// ParseHeader reads a sequence header in the forms that encoders send: a
// configuration record, one inside of its MP4 box ("avcC"), or the parameter sets
// behind start codes.
func ParseHeader(b []byte) (Config, error) {
	if len(bytes.Trim(b, "\x00")) == 0 {
		return Config{}, ErrEmptyHeader
	}
	if beginsWithCode(b) {
		nals, err := splitStream(nil, 0, b)
		if err != nil {
			return Config{}, err
		}
		return FromSets(nals)
	}
	if len(b) > 8 && string(b[4:8]) == "avcC" {
		b = b[8:]
	}
	return ParseConfig(b)
}

// FromSets makes a Config of the parameter sets among NAL units.
func FromSets(nals [][]byte) (Config, error) {
	c := Config{LengthSize: 4}
	for _, nal := range nals {
		switch TypeOf(nal) {
		case SPS:
			c.SPS = append(c.SPS, nal)
		case PPS:
			c.PPS = append(c.PPS, nal)
		}
	}
	switch {
	case len(c.SPS) == 0:
		return Config{}, errNoSPS
	case len(c.PPS) == 0:
		return Config{}, errNoPPS
	case len(c.SPS[0]) < 4:
		return Config{}, errShort
	}
	c.Profile, c.Compatibility, c.Level = c.SPS[0][1], c.SPS[0][2], c.SPS[0][3]
	return c, nil
}
