package check

import (
	"bytes"
	"encoding/hex"
)

// Apple, "Timed Metadata for HTTP Live Streaming" 2: metadata_pointer_descriptor
// (up to its program number) and metadata_descriptor.
const (
	pointerDescriptor  = "250fffff49443320ff49443320001f"
	metadataDescriptor = "260dffff49443320ff49443320000f"
)

// checkPMT judges the program's streams and descriptors.
func checkPMT(m *program, r report) {
	pointer, _ := hex.DecodeString(pointerDescriptor)
	pointer = append(pointer, byte(m.number>>8), byte(m.number))
	if _, timed := m.pid(typeID3); timed && !bytes.Equal(m.info, pointer) {
		r(RuleDescriptors, m.offset, "program descriptors % x instead of % x", m.info, pointer)
	}
	wanted, _ := hex.DecodeString(metadataDescriptor)
	count, pids := map[uint8]int{}, map[uint16]bool{}
	for _, s := range m.streams {
		if pids[s.pid] {
			r(RuleTablesStay, m.offset, "PID %#04x is declared twice", s.pid)
		}
		pids[s.pid] = true
		count[s.kind]++
		switch {
		case s.kind == typeHEVC || s.kind == typePrivate:
			r(RuleForeignCodec, m.offset, "stream type %#02x", s.kind)
		case s.kind != typeH264 && s.kind != typeADTS && s.kind != typeID3:
			r(RuleStreamTypes, m.offset, "stream type %#02x", s.kind)
		case s.kind == typeID3 && !bytes.Equal(s.info, wanted):
			r(RuleDescriptors, m.offset, "descriptors of the ID3 stream % x instead of % x", s.info, wanted)
		}
	}
	if count[typeID3] == 0 {
		r(RuleNoID3, m.offset, "no stream of timed ID3 is declared")
	}
	if count[typeID3] > 1 || count[typeH264] > 1 || count[typeADTS] > 1 || count[typeH264]+count[typeADTS] == 0 {
		r(RuleStreamTypes, m.offset, "%d video, %d audio, %d ID3 streams", count[typeH264], count[typeADTS], count[typeID3])
	}
	clock, ok := m.pid(typeH264)
	if !ok {
		clock, ok = m.pid(typeADTS)
	}
	if ok && m.pcr != clock {
		r(RuleStreamTypes, m.offset, "PCR PID %#04x instead of %#04x", m.pcr, clock)
	}
}
