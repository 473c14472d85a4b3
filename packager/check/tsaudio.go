package check

import (
	"bytes"
	"errors"
	"fmt"
)

// adtsRates is ISO/IEC 14496-3 1.6.3.4, table 1.18.
const adtsRates = 13

func adtsRate(index byte) int {
	return [adtsRates]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}[index]
}

// adtsFrames counts the frames in b, and gives the fixed fields of their headers
// (ISO/IEC 14496-3 1.A.2.2.1). All frames must be whole and have the same ones.
func adtsFrames(b []byte) (frames, rate int, fixed []byte, err error) {
	if len(b) == 0 {
		return 0, 0, nil, errors.New("no frame")
	}
	for len(b) > 0 {
		if len(b) < 7 || b[0] != 0xFF || b[1]&0xF6 != 0xF0 {
			return frames, rate, fixed, fmt.Errorf("frame %d does not begin with a header", frames)
		}
		header := 7
		if b[1]&1 == 0 {
			header = 9
		}
		n := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
		index := b[2] >> 2 & 0xf
		switch {
		case n <= header || n > len(b):
			return frames, rate, fixed, fmt.Errorf("frame %d of %d bytes in %d", frames, n, len(b))
		case int(index) >= adtsRates:
			return frames, rate, fixed, fmt.Errorf("frame %d has sampling_frequency_index %d", frames, index)
		}
		// These are all but the copyright bits, length, fullness and count of blocks.
		these := []byte{b[1], b[2] &^ 2, b[3] & 0xC0}
		if fixed != nil && !bytes.Equal(fixed, these) {
			return frames, rate, fixed, fmt.Errorf("frame %d is of another kind", frames)
		}
		rate, fixed = adtsRate(index), these
		frames += 1 + int(b[6]&3)
		b = b[n:]
	}
	return frames, rate, fixed, nil
}

// checkSound judges the frames behind the ADTS headers of one PES packet.
func (c *TS) checkSound(u *pes) {
	for b, frame := u.payload, 0; len(b) > 0; frame++ {
		header, n := 7, int(b[3]&3)<<11|int(b[4])<<3|int(b[5])>>5
		if b[1]&1 == 0 {
			header = 9
		}
		if words := rawBlock(b[header:n], b[2]&1<<2|b[3]>>6); words != "" {
			c.report(RuleSound, u.offset, "audio frame %d: %s", frame, words)
			return
		}
		b = b[n:]
	}
}

// checkAudio judges one PES packet of AAC.
func (c *TS) checkAudio(u *pes) {
	if u.stream&0xE0 != 0xC0 {
		c.report(RulePESHeader, u.offset, "stream_id %#02x for audio", u.stream)
	}
	frames, rate, fixed, err := adtsFrames(u.payload)
	c.audio.add(u, frames)
	if err != nil {
		c.report(RuleWholePES, u.offset, "audio: %v", err)
		return
	}
	c.checkSound(u)
	if c.adts != nil && !bytes.Equal(c.adts, fixed) {
		c.report(RuleADTSHeader, u.offset, "ADTS header % x after % x", fixed, c.adts)
	}
	c.adts = fixed
	if !u.hasPTS {
		return
	}
	length := int64(1024) * 90000 / int64(rate)
	if c.hasEnd && since(u.pts, c.audioEnd) < -length {
		c.report(RuleAudioOverlap, u.offset, "audio begins %d ticks before the end of the last", -since(u.pts, c.audioEnd))
	}
	c.audioEnd, c.hasEnd = u.pts+int64(frames)*1024*90000/int64(rate), true
}
