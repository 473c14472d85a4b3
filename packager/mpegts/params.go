package mpegts

import (
	"bytes"
	"fmt"
	"math/bits"
)

// ISO/IEC 14496-10 7.4.1, table 7-1.
const (
	nalIDR    = 5
	nalSPS    = 7
	nalPPS    = 8
	nalAUD    = 9
	nalFiller = 12
)

// maxParams bounds the size of a publisher's parameter sets, which are written into
// every part. Real ones take less than a hundred bytes.
const maxParams = 16 << 10

// params holds the parameter sets that are in force, by their ids.
type params struct {
	sets []paramSet // SPS before PPS, each kind in the order of arrival
}

type paramSet struct {
	kind byte
	id   uint32
	nal  []byte // our own copy
}

// put takes a parameter set and tells whether it is new. A set with a known id
// replaces the older one.
func (p *params) put(nal []byte) (bool, error) {
	kind := nal[0] & 0x1f
	id, err := paramID(kind, nal)
	if err != nil {
		return false, err
	}
	size, at := len(nal), -1
	for i, s := range p.sets {
		if s.kind == kind && s.id == id {
			if bytes.Equal(s.nal, nal) {
				return false, nil
			}
			at = i
			continue
		}
		size += len(s.nal)
	}
	if size > maxParams {
		return false, fmt.Errorf("H.264 parameter sets of %d bytes, the limit is %d", size, maxParams)
	}
	set := paramSet{kind, id, bytes.Clone(nal)}
	switch {
	case at >= 0:
		p.sets[at] = set
	case kind == nalSPS:
		// A decoder reads a PPS with the SPS that it names, so SPS come first.
		n := 0
		for n < len(p.sets) && p.sets[n].kind == nalSPS {
			n++
		}
		p.sets = append(p.sets[:n:n], append([]paramSet{set}, p.sets[n:]...)...)
	default:
		p.sets = append(p.sets, set)
	}
	return true, nil
}

// complete tells whether there are an SPS and a PPS, which a decoder needs to start.
func (p *params) complete() bool {
	return len(p.sets) > 1 && p.sets[0].kind == nalSPS && p.sets[len(p.sets)-1].kind == nalPPS
}

// paramID reads seq_parameter_set_id (14496-10 7.3.2.1.1, behind profile,
// constraints and level) or pic_parameter_set_id (7.3.2.2, first).
func paramID(kind byte, nal []byte) (uint32, error) {
	skip, limit, name := 4, uint32(31), "SPS"
	if kind == nalPPS {
		skip, limit, name = 1, 255, "PPS"
	}
	if len(nal) <= skip {
		return 0, fmt.Errorf("H.264 %s of %d bytes", name, len(nal))
	}
	// The id takes 17 bits at the most. No emulation prevention byte can stand
	// before or in it, because that would need two zero bytes.
	var head [4]byte
	copy(head[:], nal[skip:])
	word := uint32(head[0])<<24 | uint32(head[1])<<16 | uint32(head[2])<<8 | uint32(head[3])
	zeros := bits.LeadingZeros32(word)
	if zeros > 8 {
		return 0, fmt.Errorf("H.264 %s with an id out of range", name)
	}
	id := word>>(31-2*zeros) - 1
	if id > limit {
		return 0, fmt.Errorf("H.264 %s with id %d, the limit is %d", name, id, limit)
	}
	return id, nil
}
