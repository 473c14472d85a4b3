// Package repeat writes pictures of H.264 that show the last one again.
//
// In flow the pictures that are written; out flows, where the encoder sends none,
// one NAL unit: a P slice whose macroblocks are all skipped (Rec. ITU-T H.264
// 7.3.4, 8.4.1.1), so that each is that of the picture before, at the same place. It
// is no reference (nal_ref_idc 0): no later picture reads it, and whether a decoder
// has it or not, all others come out the same to the bit. It takes some 15 to 60
// bytes.
//
// The package refuses what it cannot continue without decoding: fields, slice
// groups, separate colour planes, picture order of type 1, and streams of key
// frames alone. It has no clock: times are those of the pictures.
package repeat

import "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

// Maker follows one stream of pictures. It is used by one goroutine.
type Maker struct {
	sets sets
	pps  *pps // of the last picture; nil: none, or none that can be continued

	order order
	past  past
	last  int64 // PTS of the last repetition; 0: none

	scratch [headBytes]byte
	bits    bitWriter
}

// New gives a Maker for a stream with these parameter sets.
func New(sps, pps [][]byte) *Maker {
	m := &Maker{}
	for _, nal := range append(append([][]byte{}, sps...), pps...) {
		m.sets.put(nal)
	}
	return m
}

// Note hears of a picture that is written, in the order of decoding. The units
// are not kept.
func (m *Maker) Note(nals [][]byte, dts, pts int64) {
	first := true
	for _, nal := range nals {
		if len(nal) == 0 {
			continue
		}
		switch kind := h264.NALUType(nal[0] & 0x1f); kind {
		case h264.NALUTypeSPS, h264.NALUTypePPS:
			m.sets.put(nal)
		case h264.NALUTypeNonIDR, h264.NALUTypeIDR, h264.NALUTypeDataPartitionA:
			if first {
				m.slice(nal, kind == h264.NALUTypeIDR, dts, pts)
			}
			first = false
		}
	}
}

// Restart forgets the pictures, but not their parameter sets: the next pictures do not
// refer to them.
func (m *Maker) Restart() { m.pps, m.order, m.past, m.last = nil, order{}, past{}, 0 }

// slice takes the first slice of a picture in.
func (m *Maker) slice(nal []byte, idr bool, dts, pts int64) {
	h, ok := readHead(nal, idr, &m.sets, &m.scratch)
	if m.pps = h.pps; !ok {
		m.pps = nil
		m.past.clear()
		return
	}
	ref := nal[0]&0x60 != 0
	if idr {
		m.past.clear()
	}
	m.past.add(picture{pts: pts, poc: m.order.next(h, idr, ref), num: int64(h.frameNum), ref: ref}, pts-dts)
}

// Make gives a picture that repeats the one on the screen. It is decoded at dts and shown
// at pts; nil: there is none. It is valid until the next call.
func (m *Maker) Make(dts int64) (nal []byte, pts int64) {
	if m.pps == nil || !m.pps.plain {
		return nil, 0
	}
	sps := m.pps.sps
	at := dts + m.past.slack(sps.reorders)
	shown, next, ok := m.past.around(at)
	ref, newest, found := m.past.nearest(shown, int(sps.refs))
	if !ok || !found {
		return nil, 0
	}
	head := skipHead{num: (newest.num + 1) % sps.maxFrameNum, ref: ref.num, own: ref == newest}
	if sps.order == 0 {
		poc, ok := m.order.behind(shown.poc)
		if !ok {
			return nil, 0
		}
		head.lsb = poc & (sps.maxLsb - 1)
	}
	// Between the picture on the screen, its repetitions so far, and the next.
	if pts = max(at, shown.pts+1); m.last < next {
		pts = max(pts, m.last+1)
	}
	pts = max(min(pts, next-1), dts)
	m.last = pts
	return m.bits.skipped(m.pps, head), pts
}
