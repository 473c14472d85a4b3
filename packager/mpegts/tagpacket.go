package mpegts

import "github.com/asticode/go-astits"

// tagPacket is the muxer's input for the PES packet of one tag. It is reused for the
// next tag, so that nothing is allocated again.
type tagPacket struct {
	data     astits.MuxerData
	body     astits.PESData
	header   astits.PESHeader
	optional astits.PESOptionalHeader
	pts      astits.ClockReference
}

// reset prepares a PES packet with a PTS. data_alignment_indicator is set
// (ISO/IEC 13818-1 2.4.3.7): media3 drops ID3 without it.
func (p *tagPacket) reset(pts int64, tag []byte) {
	p.pts = astits.ClockReference{Base: pts}
	p.optional = astits.PESOptionalHeader{
		DataAlignmentIndicator: true,
		PTSDTSIndicator:        astits.PTSDTSIndicatorOnlyPTS,
		PTS:                    &p.pts,
	}
	p.header = astits.PESHeader{StreamID: streamID3, OptionalHeader: &p.optional}
	p.body = astits.PESData{Header: &p.header, Data: tag}
	p.data = astits.MuxerData{PID: pidID3, PES: &p.body}
}
