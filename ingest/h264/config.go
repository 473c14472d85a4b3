package h264

import (
	"errors"
	"fmt"
)

// Config is an AVCDecoderConfigurationRecord, ISO/IEC 14496-15 5.3.3.1.
type Config struct {
	// Profile, Compatibility and Level are the three bytes of the first SPS
	// that name what a decoder must be able to do.
	Profile, Compatibility, Level byte
	// LengthSize is how many bytes precede each NAL unit: 1, 2 or 4.
	LengthSize int
	// SPS and PPS are slices of the record.
	SPS, PPS [][]byte
}

// maxParameterSet bounds one parameter set in bytes. Real ones have a few dozen.
const maxParameterSet = 4096

// maxPPS bounds the picture parameter sets of a record; encoders send one to
// three, and all of them are repeated in front of every part.
const maxPPS = 32

var (
	errShort   = errors.New("H.264 configuration record is cut off")
	errVersion = errors.New("H.264 configuration record has an unknown version")
	errNoSPS   = errors.New("H.264 configuration record has no sequence parameter set")
	errNoPPS   = errors.New("H.264 configuration record has no picture parameter set")
)

// ParseConfig reads a configuration record. The fields that follow the
// parameter sets for high profiles repeat what the SPS says, and are ignored:
// many encoders write them wrongly or not at all.
func ParseConfig(record []byte) (Config, error) {
	if len(record) < 6 {
		return Config{}, errShort
	}
	if record[0] != 1 {
		return Config{}, errVersion
	}
	c := Config{LengthSize: int(record[4]&3) + 1}
	if c.LengthSize == 3 {
		return Config{}, errLengthSize
	}
	var err error
	rest := record[6:]
	if c.SPS, rest, err = takeSets(rest, int(record[5]&0x1f), SPS); err != nil {
		return Config{}, err
	}
	if len(c.SPS) == 0 {
		return Config{}, errNoSPS
	}
	if len(rest) == 0 {
		return Config{}, errShort
	}
	n := int(rest[0])
	if n > maxPPS {
		return Config{}, fmt.Errorf("H.264 configuration record has %d picture parameter sets, more than %d", n, maxPPS)
	}
	if c.PPS, _, err = takeSets(rest[1:], n, PPS); err != nil {
		return Config{}, err
	}
	if len(c.PPS) == 0 {
		return Config{}, errNoPPS
	}
	// The record repeats these three bytes, but decoders obey the SPS.
	c.Profile, c.Compatibility, c.Level = c.SPS[0][1], c.SPS[0][2], c.SPS[0][3]
	return c, nil
}

// RFC6381 is the codec string for CODECS, RFC 6381 3.3: "avc1." and the
// three bytes in hexadecimal.
func (c Config) RFC6381() string {
	return fmt.Sprintf("avc1.%02x%02x%02x", c.Profile, c.Compatibility, c.Level)
}

func takeSets(b []byte, n int, want Type) (sets [][]byte, rest []byte, err error) {
	for range n {
		if len(b) < 2 {
			return nil, nil, errShort
		}
		size := int(b[0])<<8 | int(b[1])
		b = b[2:]
		if size > len(b) {
			return nil, nil, errShort
		}
		if size > maxParameterSet {
			return nil, nil, fmt.Errorf("H.264 parameter set of %d bytes, more than %d", size, maxParameterSet)
		}
		set := b[:size:size]
		b = b[size:]
		// An SPS names profile and level in its bytes 1 to 3; a PPS has at
		// least one byte of payload.
		if size < 2 || want == SPS && size < 4 {
			return nil, nil, errShort
		}
		if got := TypeOf(set); got != want {
			return nil, nil, fmt.Errorf("H.264 configuration record has a NAL unit of type %d where type %d belongs", got, want)
		}
		sets = append(sets, set)
	}
	return sets, b, nil
}
