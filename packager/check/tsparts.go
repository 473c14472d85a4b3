package check

// Parts cuts a segment of this project into its parts. Each part begins with a PAT, and
// has no other. A segment of another project stays whole, because others repeat their
// tables every tenth of a second, in the middle of the media. A segment is ours where
// its second packet, the PMT, declares timed ID3.
func Parts(segment []byte) [][]byte {
	if !inParts(segment) {
		return [][]byte{segment}
	}
	var parts [][]byte
	from := 0
	for at := packetSize; at+packetSize <= len(segment); at += packetSize {
		if b := segment[at:]; b[0] == 0x47 && b[1]&0x1f == 0 && b[2] == 0 {
			parts = append(parts, segment[from:at:at])
			from = at
		}
	}
	return append(parts, segment[from:])
}

func inParts(segment []byte) bool {
	if len(segment) < 2*packetSize {
		return false
	}
	head := readPackets(segment[:2*packetSize], ignore)
	if len(head) < 2 || head[0].pid != 0 {
		return false
	}
	_, pid, ok := readPAT(head[0], ignore)
	if !ok || head[1].pid != pid {
		return false
	}
	program := readPMT(head[1], ignore)
	_, timed := program.pid(typeID3)
	return timed
}

// foreign tells whether a PID is one of the tables that other projects send beside PAT
// and PMT: conditional access, and the service information of DVB and ATSC (ISO/IEC
// 13818-1 table 2-3; EN 300 468 5.1.3; A/65).
func foreign(pid uint16) bool { return pid >= 0x0001 && pid <= 0x001f || pid == 0x1ffb }
