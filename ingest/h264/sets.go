package h264

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// The greatest ids, Rec. ITU-T H.264 7.4.2.1 and 7.4.2.2.
const (
	maxSPSID = 31
	maxPPSID = 255
)

// Sets are the parameter sets in force, by their ids. The zero value is empty.
// It keeps copies.
type Sets struct {
	sps, pps []set
	bytes    int
}

type set struct {
	id  uint32
	of  uint32 // a PPS: the SPS that it names
	nal []byte
}

// maxSets bounds what all of them may take; real ones stay below a hundred bytes.
// They stand in front of every part.
const maxSets = 16 << 10

var errSets = fmt.Errorf("H.264 parameter sets of more than %d bytes", maxSets)

// NewSets gives the sets of a configuration record.
func NewSets(c Config) (s Sets, err error) {
	for _, nal := range slices.Concat(c.SPS, c.PPS) {
		if _, err := s.Put(nal); err != nil {
			return Sets{}, err
		}
	}
	return s, nil
}

// Put takes an SPS or a PPS in place of the former one with its id, and tells
// whether its content is new. Zeros behind its end and its nal_ref_idc do not
// count as content.
func (s *Sets) Put(nal []byte) (news bool, err error) {
	nal = bare(nal)
	next, err := readSet(nal)
	if err != nil {
		return false, err
	}
	sets := &s.sps
	if TypeOf(nal) == PPS {
		sets = &s.pps
	}
	at := slices.IndexFunc(*sets, func(o set) bool { return o.id == next.id })
	grown := len(nal)
	if at >= 0 {
		if same((*sets)[at].nal, nal) {
			return false, nil
		}
		grown -= len((*sets)[at].nal)
	}
	if s.bytes+grown > maxSets {
		return false, errSets
	}
	s.bytes += grown
	next.nal = bytes.Clone(nal)
	if at < 0 {
		*sets = append(*sets, next)
	} else {
		(*sets)[at] = next
	}
	return true, nil
}

// Has tells whether all of o's sets are here as well, and say the same.
func (s *Sets) Has(o Sets) bool {
	in := func(have, want []set) bool {
		return !slices.ContainsFunc(want, func(w set) bool {
			return !slices.ContainsFunc(have, func(h set) bool { return h.id == w.id && same(h.nal, w.nal) })
		})
	}
	return in(s.sps, o.sps) && in(s.pps, o.pps)
}

// Active gives the sequence parameter set that a picture's first slice refers to,
// or nil where that cannot be told.
func (s *Sets) Active(slice []byte) []byte {
	id, ok := sliceSet(slice)
	if !ok {
		return nil
	}
	p := slices.IndexFunc(s.pps, func(p set) bool { return p.id == id })
	if p < 0 {
		return nil
	}
	at := slices.IndexFunc(s.sps, func(o set) bool { return o.id == s.pps[p].of })
	if at < 0 {
		return nil
	}
	return s.sps[at].nal
}

// NALs gives all sets. Where first is one of them, it comes before the other SPS.
func (s *Sets) NALs(first []byte) (sps, pps [][]byte) {
	for _, o := range s.sps {
		if same(o.nal, first) {
			sps = slices.Insert(sps, 0, o.nal)
		} else {
			sps = append(sps, o.nal)
		}
	}
	for _, o := range s.pps {
		pps = append(pps, o.nal)
	}
	return sps, pps
}

var errSetID = errors.New("H.264 parameter set without a legal id")

func readSet(nal []byte) (set, error) {
	if len(nal) > maxParameterSet {
		return set{}, fmt.Errorf("H.264 parameter set of %d bytes, more than %d", len(nal), maxParameterSet)
	}
	switch TypeOf(nal) {
	case SPS: // behind profile, constraints and level
		r := golomb{nal: nal, at: 32}
		s := set{id: r.read()}
		if r.over || s.id > maxSPSID || len(nal) < 4 {
			return set{}, errSetID
		}
		return s, nil
	case PPS:
		r := golomb{nal: nal, at: 8}
		s := set{id: r.read()}
		s.of = r.read()
		if r.over || s.id > maxPPSID || s.of > maxSPSID {
			return set{}, errSetID
		}
		return s, nil
	}
	return set{}, fmt.Errorf("NAL unit of type %d is no parameter set", TypeOf(nal))
}

// bare removes what may follow a set's last bit: zeros, and the byte 3 that must
// follow two zeros at the end of a unit (Rec. ITU-T H.264 7.4.1).
func bare(nal []byte) []byte {
	for {
		nal = bytes.TrimRight(nal, "\x00")
		if !bytes.HasSuffix(nal, []byte{0, 0, 3}) {
			return nal
		}
		nal = nal[:len(nal)-3]
	}
}

func same(a, b []byte) bool {
	return len(a) > 0 && len(a) == len(b) && a[0]&0x1f == b[0]&0x1f && bytes.Equal(a[1:], b[1:])
}
