package mpegts

import (
	"fmt"
	"math"

	"mediad/ingest"
)

// samplesPerFrame is the number of samples in an AAC frame.
const samplesPerFrame = 1024

// maxGroup is how much audio shares a PES packet, 100 ms. In a stream of audio alone,
// each PES packet carries a PCR, and PCRs may not be further apart.
const maxGroup = pcrInterval

// audio is the state of the AAC track. Consecutive frames share a PES packet,
// because each PES packet costs its header and on average half of its last
// transport packet. At 128 kbit/s and 44.1 kHz, the overhead is then 16 % instead
// of 52 %.
type audio struct {
	adts  adts
	rate  int64
	alone bool // no video: audio carries the PCR

	lastPTS int64
	start   int64 // PTS of the first frame of the group
	frames  int64
	group   []byte // ADTS frames, reused
	pieces  [1][]byte
	cc      uint8 // continuity counter of the last packet
}

func (a *audio) init(t ingest.Track) (err error) {
	a.lastPTS, a.rate, a.cc = math.MinInt64, int64(t.SampleRate), firstCC
	a.adts, err = newADTS(t)
	return err
}

// length gives the length of n frames in ticks.
func (a *audio) length(n int64) int64 {
	return n * samplesPerFrame * ingest.Clock / a.rate
}

// frame takes one frame into the group, and writes the group when it is full.
func (w *Writer) frame(u ingest.Unit) error {
	a := &w.audio
	if len(u.NALs) != 1 {
		return fmt.Errorf("%d frames in one unit", len(u.NALs))
	}
	if u.PTS <= a.lastPTS {
		return fmt.Errorf("PTS %d does not rise above %d", u.PTS, a.lastPTS)
	}
	a.lastPTS = u.PTS

	// A reader counts samples from the group's only PTS. So a frame at any other
	// time (two ticks may be rounding) begins a new group.
	if off := u.PTS - (a.start + a.length(a.frames)); a.frames > 0 && (off < -2 || off > 2) {
		if err := w.flushAudio(); err != nil {
			return err
		}
	}
	if a.frames == 0 {
		a.start = u.PTS
	}
	var err error
	if a.group, err = a.adts.append(a.group, u.NALs[0]); err != nil {
		return err
	}
	a.frames++
	if a.length(a.frames+1) > maxGroup {
		return w.flushAudio()
	}
	return nil
}

// flushAudio writes the group.
func (w *Writer) flushAudio() error {
	a := &w.audio
	if a.frames == 0 {
		return nil
	}
	p := pes{pid: pidAudio, stream: streamAudio, pts: a.start, dts: a.start}
	pid, until := uint16(pidVideo), a.start-PCRDelay-pcrSkew
	if a.alone {
		pid, until = pidAudio, a.start-PCRDelay
	}
	// Pictures carry the clock. Where none come, audio moves it.
	if err := w.advance(pid, until); err != nil {
		return err
	}
	if a.alone {
		p.pcr, p.timed, p.random = w.clock.at(a.start), true, true
	}
	a.pieces[0] = a.group
	p.append(w.out.Buffer, &a.cc, a.pieces[:])
	if a.alone {
		w.clock.cc = a.cc
	}
	a.group, a.frames = a.group[:0], 0
	return nil
}
