package mpegts

import "github.com/asticode/go-astits"

// pes is what the muxer is given for one PES packet, reused from one to the
// next so that none of it is allocated again.
type pes struct {
	data       astits.MuxerData
	body       astits.PESData
	header     astits.PESHeader
	optional   astits.PESOptionalHeader
	adaptation astits.PacketAdaptationField
	pts, dts   astits.ClockReference
	pcr        astits.ClockReference
}

// reset prepares a PES packet with a PTS and without an adaptation field.
// data_alignment_indicator is always set (ISO/IEC 13818-1 2.4.3.7): every
// packet here begins with an access unit, an ADTS syncword or a tag. media3
// drops ID3 without it.
func (p *pes) reset(pid uint16, stream uint8, pts int64, payload []byte) {
	p.pts = astits.ClockReference{Base: pts}
	p.optional = astits.PESOptionalHeader{
		DataAlignmentIndicator: true,
		PTSDTSIndicator:        astits.PTSDTSIndicatorOnlyPTS,
		PTS:                    &p.pts,
	}
	p.header = astits.PESHeader{StreamID: stream, OptionalHeader: &p.optional}
	p.body = astits.PESData{Header: &p.header, Data: payload}
	p.data = astits.MuxerData{PID: pid, PES: &p.body}
}

// decode adds a DTS where it says more than the PTS (2.4.3.7).
func (p *pes) decode(dts int64) {
	if dts == p.pts.Base {
		return
	}
	p.dts = astits.ClockReference{Base: dts}
	p.optional.PTSDTSIndicator = astits.PTSDTSIndicatorBothPresent
	p.optional.DTS = &p.dts
}

// time adds an adaptation field with a PCR to the first packet.
func (p *pes) time(pcr int64, randomAccess bool) {
	p.pcr = astits.ClockReference{Base: pcr}
	p.adaptation = astits.PacketAdaptationField{HasPCR: true, PCR: &p.pcr, RandomAccessIndicator: randomAccess}
	p.data.AdaptationField = &p.adaptation
}
