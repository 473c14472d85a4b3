package aac

import "errors"

// MaxFrame is the size in bytes of the largest access unit that fits into an ADTS
// frame.
const MaxFrame = maxFrame - HeaderSize

var (
	errEmpty  = errors.New("AAC frame is empty")
	errLong   = errors.New("AAC frame is longer than an ADTS frame can be")
	errNoData = errors.New("AAC frame ends before any sound")
	errLATM   = errors.New("AAC frame is framed as LATM")
	errBlocks = errors.New("ADTS frame holds several raw data blocks")
	errMixed  = errors.New("ADTS frames in one message differ in kind")
)

// CheckFrame returns the reason why bytes cannot be a raw access unit that decoders
// understand, or nil where it finds none. It does not decode.
func CheckFrame(b []byte) error {
	switch {
	case len(b) == 0:
		return errEmpty
	case len(b) > MaxFrame:
		return errLong
	case b[0]>>5 == elementEnd: // every ADTS header begins with these bits, too
		return errNoData
	case len(b) > 3 && b[0] == 0x56 && b[1]&0xe0 == 0xe0 && int(b[1]&0x1f)<<8+int(b[2])+3 == len(b):
		return errLATM // AudioSyncStream, ISO/IEC 14496-3 1.7.2
	}
	return nil
}

// Wrapped tells whether bytes begin like an ADTS frame. No raw access unit begins so:
// it would end before any sound.
func Wrapped(b []byte) bool { return len(b) > 1 && b[0] == 0xff && b[1]&0xf6 == 0xf0 }

// Unwrap appends to dst the access units of the ADTS frames that b consists of, and
// gives the header that describes them. The frames' lengths must add up to b's. A
// single frame whose encoder did not count the header is accepted as well.
func Unwrap(dst [][]byte, b []byte) (h Header, frames [][]byte, err error) {
	if h, err = ParseHeader(b); err != nil {
		return Header{}, dst, err
	}
	if h.FrameSize+h.Size == len(b) && !Wrapped(b[h.FrameSize:]) {
		frames = append(dst, b[h.Size:])
		return h, frames, checkFrames(h, frames[len(dst):])
	}
	frames = dst
	for len(b) > 0 {
		next, payload, rest, err := Next(b)
		switch {
		case err != nil:
			return Header{}, dst, err
		case next.ObjectType != h.ObjectType || next.SampleRate != h.SampleRate || next.ChannelConfig != h.ChannelConfig:
			return Header{}, dst, errMixed
		}
		h.Blocks = max(h.Blocks, next.Blocks)
		frames, b = append(frames, payload), rest
	}
	return h, frames, checkFrames(h, frames[len(dst):])
}

func checkFrames(h Header, frames [][]byte) error {
	if h.Blocks > 1 {
		return errBlocks
	}
	for _, f := range frames {
		if err := CheckFrame(f); err != nil {
			return err
		}
	}
	return nil
}

// Config gives the AudioSpecificConfig of what an ADTS header says, ISO/IEC
// 14496-3 1.6.2.1.
func (h Header) Config() []byte {
	index := max(0, rateIndex(h.SampleRate))
	return []byte{byte(h.ObjectType<<3 | index>>1), byte(index&1<<7 | h.ChannelConfig<<3)}
}

// longestConfig is the size in bytes of the longest configuration that encoders send
// as a frame: two bytes for AAC-LC, and up to five for the extensions of HE-AAC.
const longestConfig = 7

// IsConfig tells whether bytes in a frame's place are an AudioSpecificConfig of
// sound that can be carried. Read as a frame, such bytes would begin with a channel
// element whose instance tag no encoder uses.
func IsConfig(b []byte) bool {
	if len(b) < 2 || len(b) > longestConfig {
		return false
	}
	switch b[0] >> 3 {
	case objectLC, objectSBR, objectPS:
		_, err := ParseConfig(b)
		return err == nil
	}
	return false
}
