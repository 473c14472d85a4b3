// Package aac reads what an AAC publisher sends first, the AudioSpecificConfig,
// and writes the ADTS headers that carry the same facts in MPEG-TS.
//
// It also recognises bytes that come where a raw frame belongs and are not one:
// frames that an encoder put into ADTS, configurations, other framings.
//
// Bytes flow in; values, slices of the same bytes and ADTS headers flow out. The package
// refuses what an ADTS header cannot describe: object types other than AAC-LC with its
// SBR and PS extensions, frames of 960 samples, channel layouts outside the table, odd
// sample rates. Its UnsupportedError is written for the person at the encoder.
package aac

import "errors"

// FrameSamples is how many samples of the core decoder one access unit has.
const FrameSamples = 1024

// Audio object types, ISO/IEC 14496-3 table 1.17.
const (
	objectLC     = 2
	objectSBR    = 5
	objectER     = 22
	objectPS     = 29
	objectEscape = 31
)

// Config is an AudioSpecificConfig of AAC-LC, ISO/IEC 14496-3 1.6.2.1.
type Config struct {
	// SampleRate is the core decoder's rate in Hz: an access unit lasts
	// FrameSamples of it, and ADTS names it. With SBR the sound that is heard
	// has twice this rate.
	SampleRate int
	// ChannelConfig is an index into table 1.19, 1 to 7. A configuration that
	// spells the same layout out (program_config_element) has the same index.
	ChannelConfig int
	// SBR and PS tell that the configuration announces spectral band
	// replication (HE-AAC) and parametric stereo (HE-AAC v2).
	SBR, PS bool
}

// ErrEmptyConfig says that there is no configuration in a header.
var ErrEmptyConfig = errors.New("AAC header is empty")

var errShort = errors.New("AAC header is cut off")

// sampleRates is table 1.18 of ISO/IEC 14496-3; ADTS uses the same indexes.
var sampleRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

const rateEscape = 15

// ParseConfig reads an AudioSpecificConfig. SBR and PS are recognised in both
// forms: named first (hierarchical), or appended where older decoders do not
// look (backward compatible, 1.6.6.2).
func ParseConfig(asc []byte) (Config, error) {
	if len(asc) == 0 {
		return Config{}, ErrEmptyConfig
	}
	b := &bits{data: asc}
	var c Config

	object := readObject(b)
	rate := readRate(b)
	c.ChannelConfig = b.read(4)
	if object == objectSBR || object == objectPS {
		c.SBR, c.PS = true, object == objectPS
		readRate(b) // of the sound after SBR, which ADTS does not name
		if object = readObject(b); object == objectER {
			b.read(4)
		}
	}
	if b.over {
		return Config{}, errShort
	}
	if object != objectLC {
		return Config{}, unsupportedObject(object)
	}

	// GASpecificConfig, ISO/IEC 14496-3 4.4.1.
	short, depends := b.read(1) == 1, b.read(1) == 1
	if depends {
		b.read(14) // coreCoderDelay
	}
	b.read(1) // extensionFlag, which has no meaning for AAC-LC
	if c.ChannelConfig == 0 {
		c.ChannelConfig = standardLayout(b)
	}
	switch {
	case b.over:
		return Config{}, errShort
	case short:
		return Config{}, errFrameLength
	case depends:
		return Config{}, errCore
	case c.ChannelConfig < 1 || c.ChannelConfig > 7:
		return Config{}, errLayout
	case rateIndex(rate) < 0:
		return Config{}, unsupportedRate(rate)
	}
	c.SampleRate = rate
	if !c.SBR {
		readAppended(b, &c)
	}
	return c, nil
}

// Channels is how many channels the core decoder puts out, 1 to 8. With PS one
// channel becomes two.
func (c Config) Channels() int {
	if c.ChannelConfig == 7 {
		return 8
	}
	return c.ChannelConfig
}

// RFC6381 is the codec string for CODECS, RFC 6381 3.3.
func (c Config) RFC6381() string {
	switch {
	case c.PS:
		return "mp4a.40.29"
	case c.SBR:
		return "mp4a.40.5"
	}
	return "mp4a.40.2"
}

// readAppended reads the backward compatible extension: a sync word of 11 bits
// after everything an older decoder reads.
func readAppended(b *bits, c *Config) {
	if b.left() < 16 || b.read(11) != 0x2b7 || readObject(b) != objectSBR || b.read(1) == 0 {
		return
	}
	if readRate(b); b.over {
		return
	}
	c.SBR = true
	if b.left() >= 12 && b.read(11) == 0x548 && b.read(1) == 1 {
		c.PS = true
	}
}

func readObject(b *bits) int {
	object := b.read(5)
	if object == objectEscape {
		object = 32 + b.read(6)
	}
	return object
}

// readRate reads a sample rate; 0 stands for a reserved index.
func readRate(b *bits) int {
	index := b.read(4)
	switch {
	case index == rateEscape:
		return b.read(24)
	case index < len(sampleRates):
		return sampleRates[index]
	}
	return 0
}

func rateIndex(rate int) int {
	for i, r := range sampleRates {
		if r == rate {
			return i
		}
	}
	return -1
}
