package mpegts

import (
	"fmt"

	"github.com/asticode/go-astits"
)

const (
	// PCRDelay is how far the PCR is behind the DTS of the picture that carries it,
	// 700 ms. It adds no latency in an HLS player, which does not pace by PCR. It
	// must be longer than audio may lie behind the pictures between which it is
	// written (the audio held here, plus the publisher's interleaving): otherwise
	// audio would come after its own decoding time. And it must be below one second,
	// the longest time that data may stay in the decoder model (ISO/IEC 13818-1
	// 2.4.2.6).
	PCRDelay = 63000
	// pcrInterval is the greatest distance of two PCRs, 100 ms (2.7.2).
	pcrInterval = 9000
	// pcrStep is the distance of PCRs that stand alone, 90 ms.
	pcrStep = 8100
	// pcrSkew is how far audio may be ahead of the next picture before audio moves
	// the clock instead, 150 ms.
	pcrSkew = 13500
	// pcrGap is the longest gap that is filled with PCRs, 10 s. After a longer one,
	// the caller should have begun a new Writer.
	pcrGap = 900000
)

// clock is the program clock: the PCRs of one PID.
type clock struct {
	last    int64 // the last PCR, in 90-kHz ticks
	running bool
	cc      uint8 // continuity counter of the last packet with payload
}

// at gives the PCR for a PES packet of that DTS. The delay is constant, except where
// audio has moved the clock beyond the next picture's PCR: the PCR is then one tick
// above the last one.
func (c *clock) at(dts int64) int64 {
	pcr := dts - PCRDelay
	if c.running && pcr <= c.last {
		pcr = c.last + 1
	}
	c.last, c.running = pcr, true
	return pcr
}

// advance writes PCRs without payload until the last one is at most 100 ms before
// the given time. They are needed where pictures (or frames) are further apart.
func (w *Writer) advance(pid uint16, until int64) error {
	c := &w.clock
	if !c.running || until-c.last > pcrGap {
		return nil
	}
	for until-c.last > pcrInterval {
		c.last += pcrStep
		p := astits.Packet{
			Header: astits.PacketHeader{
				// 2.4.3.3: the counter does not rise without payload.
				ContinuityCounter: c.cc, HasAdaptationField: true, PID: pid,
			},
			AdaptationField: &astits.PacketAdaptationField{
				HasPCR: true, PCR: &astits.ClockReference{Base: c.last},
				// Four bytes of header, length, flags, six of PCR.
				StuffingLength: packetSize - 4 - 2 - 6,
			},
		}
		if _, err := w.mux.WritePacket(&p); err != nil {
			return fmt.Errorf("write PCR: %w", err)
		}
	}
	return nil
}
