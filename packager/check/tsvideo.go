package check

import "bytes"

// NAL unit types, ISO/IEC 14496-10 table 7-1.
const (
	nalIDR    = 5
	nalSPS    = 7
	nalPPS    = 8
	nalAUD    = 9
	nalFiller = 12
)

// splitNALs splits an Annex B byte stream into NAL units (ISO/IEC 14496-10 B.1.1). It
// is not ok if bytes other than zero stand in front of the first start code.
func splitNALs(b []byte) (nals [][]byte, ok bool) {
	code := []byte{0, 0, 1}
	at := bytes.Index(b, code)
	if at < 0 || len(bytes.Trim(b[:at], "\x00")) > 0 {
		return nil, false
	}
	for b = b[at+3:]; ; {
		at := bytes.Index(b, code)
		nal := b
		if at >= 0 {
			nal = b[:at]
		}
		nals = append(nals, bytes.TrimRight(nal, "\x00"))
		if at < 0 {
			return nals, true
		}
		b = b[at+3:]
	}
}

// checkPicture judges one PES packet of H.264.
func (c *TS) checkPicture(u *pes) {
	first := c.video.Units == 0
	if !first && u.hasPTS {
		c.frame = since(u.dts, c.video.LastDTS)
	}
	c.video.add(u, 1)
	if u.stream&0xF0 != 0xE0 {
		c.report(RulePESHeader, u.offset, "stream_id %#02x for video", u.stream)
	}
	if !u.aligned {
		c.report(RuleIndicators, u.offset, "picture without data_alignment_indicator")
	}
	nals, ok := splitNALs(u.payload)
	if !ok {
		c.report(RuleAnnexB, u.offset, "picture does not begin with a start code")
		return
	}
	var idr, slice bool
	count, before := map[byte]int{}, map[byte]bool{}
	for i, nal := range nals {
		if len(nal) == 0 || nal[0]&0x80 != 0 {
			c.report(RuleAnnexB, u.offset, "NAL unit %d is empty or broken", i)
			continue
		}
		kind := nal[0] & 0x1f
		count[kind]++
		switch {
		case kind == nalAUD && i > 0:
			c.report(RuleWholePES, u.offset, "second picture in a PES packet")
		case kind != nalAUD && i == 0:
			c.report(RuleAnnexB, u.offset, "picture begins with NAL type %d instead of a delimiter", kind)
		case kind == nalFiller:
			c.report(RuleAnnexB, u.offset, "filler of %d bytes", len(nal))
		}
		if kind >= 1 && kind <= nalIDR {
			slice, idr = true, idr || kind == nalIDR
		}
		before[kind] = before[kind] || !slice
	}
	if !slice {
		c.report(RuleWholePES, u.offset, "PES packet without a slice")
	}
	params := before[nalSPS] && before[nalPPS]
	if idr && !params {
		c.report(RuleAnnexB, u.offset, "IDR picture without SPS and PPS in front")
	}
	if first && !params {
		c.report(RuleParameterSets, u.offset, "the part's first picture has no SPS and PPS in front")
	}
	if idr != u.randomAccess {
		c.report(RuleIndicators, u.offset, "random_access_indicator is %t, IDR is %t", u.randomAccess, idr)
	}
	if first {
		c.video.Key = idr
	}
	if idr {
		c.video.Keys++
	}
}
