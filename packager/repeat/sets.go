package repeat

import (
	"bytes"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
)

// sets are the parameter sets that are in force.
type sets struct {
	sps map[uint32]*sps
	pps map[uint32]*pps
}

// sps is what a slice is read with, of a sequence parameter set (7.3.2.1.1).
type sps struct {
	nal         []byte
	planes      bool // separate colour planes
	chroma      bool // there is chroma
	frameBits   int
	maxFrameNum int64
	order       uint32 // pic_order_cnt_type
	lsbBits     int
	maxLsb      int64
	frames      bool // frame_mbs_only_flag
	macroblocks uint32
	refs        uint32 // max_num_ref_frames
	reorders    bool   // pictures may be shown in another order than they are decoded
	inter       bool   // it may have pictures that refer to others
}

// pps is the same of a picture parameter set (7.3.2.2).
type pps struct {
	nal       []byte
	id        uint32
	sps       *sps
	cabac     bool
	bottom    bool // bottom_field_pic_order_in_frame_present_flag
	weighted  bool
	qp        int64 // 26 + pic_init_qp_minus26
	deblocks  bool  // deblocking_filter_control_present_flag
	redundant bool
	// plain tells that a skipped picture can be written with it.
	plain bool
}

// maxMacroblocks is that of level 6.2 (table A-1).
const maxMacroblocks = 139264

// put takes a parameter set; one that cannot be read is forgotten.
func (s *sets) put(nal []byte) {
	if s.sps == nil {
		s.sps, s.pps = map[uint32]*sps{}, map[uint32]*pps{}
	}
	if len(nal) == 0 || len(nal) > 4096 {
		return
	}
	if nal[0]&0x1f == byte(h264.NALUTypeSPS) {
		s.putSPS(nal)
		return
	}
	for _, p := range s.pps {
		if bytes.Equal(p.nal, nal) {
			return
		}
	}
	if p := s.readPPS(nal); p != nil {
		s.pps[p.id] = p
	}
}

func (s *sets) putSPS(nal []byte) {
	for _, p := range s.sps {
		if bytes.Equal(p.nal, nal) {
			return
		}
	}
	var in h264.SPS
	if in.Unmarshal(nal) != nil || in.ID > 31 || in.Log2MaxFrameNumMinus4 > 12 || in.Log2MaxPicOrderCntLsbMinus4 > 12 {
		return
	}
	n := uint64(in.PicWidthInMbsMinus1+1) * uint64(in.PicHeightInMapUnitsMinus1+1)
	if n == 0 || n > maxMacroblocks {
		return
	}
	// High 10 Intra and its like (A.2.8 to A.2.11).
	intra := in.ProfileIdc == 44 || in.ConstraintSet3Flag && in.ProfileIdc >= 100
	out := &sps{
		nal: bytes.Clone(nal), planes: in.SeparateColourPlaneFlag, chroma: in.ChromaFormatIdc != 0 || !hasChromaFormat(in.ProfileIdc),
		frameBits: int(in.Log2MaxFrameNumMinus4) + 4, order: in.PicOrderCntType, lsbBits: int(in.Log2MaxPicOrderCntLsbMinus4) + 4,
		frames: in.FrameMbsOnlyFlag, macroblocks: uint32(n), inter: !intra && in.MaxNumRefFrames > 0, refs: in.MaxNumRefFrames,
		reorders: in.PicOrderCntType != 2 && in.ProfileIdc != 66,
	}
	if in.VUI != nil && in.VUI.BitstreamRestriction != nil {
		out.reorders = in.VUI.BitstreamRestriction.MaxNumReorderFrames > 0
	}
	out.maxFrameNum, out.maxLsb = 1<<out.frameBits, 1<<out.lsbBits
	s.sps[in.ID] = out
	// The picture parameter sets that name it are read with it.
	for id, p := range s.pps {
		if again := s.readPPS(p.nal); again != nil {
			s.pps[id] = again
		}
	}
}

// hasChromaFormat tells whether a profile's parameter sets name their chroma
// format; elsewhere it is 4:2:0.
func hasChromaFormat(profile uint8) bool {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		return true
	}
	return false
}

func (s *sets) readPPS(nal []byte) *pps {
	var scratch [headBytes]byte
	r := newBitReader(nal[1:], &scratch)
	p := &pps{nal: bytes.Clone(nal), id: r.ue()}
	p.sps = s.sps[r.ue()]
	p.cabac, p.bottom = r.flag(), r.flag()
	groups := r.ue()
	if groups == 0 {
		r.ue() // num_ref_idx_l0_default_active_minus1
		r.ue()
		p.weighted = r.flag()
		r.u(2)
		p.qp = 26 + r.se()
		r.se()
		r.se()
		p.deblocks = r.flag()
		r.u(1)
		p.redundant = r.flag()
	}
	if r.short || p.id > 255 || p.sps == nil {
		return nil
	}
	p.plain = groups == 0 && p.sps.frames && p.sps.inter && !p.sps.planes && p.sps.order != 1
	return p
}
