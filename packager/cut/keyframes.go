package cut

// keyFrames watches the key frames of the primary track.
type keyFrames struct {
	have  bool
	last  int64 // DTS of the last one
	gop   int64 // length of the last whole GOP
	alike int   // GOPs before it of that length, a frame more or less
}

// add hears of a key frame; frame is the length of a frame.
func (k *keyFrames) add(dts, frame int64) {
	if k.have {
		length := dts - k.last
		k.alike++
		if d := length - k.gop; d > frame || d < -frame {
			k.alike = 0
		}
		k.gop = length
	}
	k.last, k.have = dts, true
}

// steadyGOPs is how many GOPs in a row must be of one length for the next key frame
// to be foretold.
const steadyGOPs = 3

// due foretells the next key frame.
func (k *keyFrames) due() (dts int64, steady bool) {
	return k.last + k.gop, k.alike >= steadyGOPs-1
}

// keyDue tells whether a key frame that ends the segment is expected within a frame
// of at. A part that ends there waits for it, by a frame at most, so that it is listed
// with the end of its segment: were it listed before, the hint beside it would stand
// for one more part of the segment, and Media3 loads again what it was given as such
// (HlsChunkSource.getChunkPublicationState), a quarter of all bytes.
func (s *Segmenter) keyDue(at, frame int64) bool {
	due, steady := s.keys.due()
	return steady && due-at <= frame && at-due <= frame && s.wantsSegment(due)
}

// wantsSegment says whether a segment should end before the key frame at dts.
func (s *Segmenter) wantsSegment(dts int64) bool {
	long := dts - s.segStart
	if s.Target == 0 {
		// The first segment is the first GOP, so that players start early; its
		// length fixes TARGETDURATION.
		return long >= s.fit()-s.fit()/10
	}
	if long >= s.segment-s.part/4 {
		return true
	}
	// The next key frame would come too late for this segment.
	return s.keys.gop > 0 && long+s.keys.gop > s.longest() && long >= s.part/2
}
