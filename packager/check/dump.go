package check

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// errNotTS says that data is no MPEG-TS.
var errNotTS = errors.New("this is not an MPEG-TS: no sync byte 0x47 at its start")

// Dump writes an MPEG-TS as text: one line a table, a PES packet or a lone PCR,
// in the order in which they begin, then what they hold. It judges nothing.
func Dump(w io.Writer, data []byte) error {
	if len(data) < packetSize || data[0] != 0x47 {
		return errNotTS
	}
	out := bufio.NewWriter(w)
	l := readLayout(data, ignore)
	units := l.units
	var pmtPID uint16
	for _, p := range l.packets {
		switch {
		case p.pid == 0:
			pmtPID = dumpPAT(out, p, pmtPID)
		case p.pid == pmtPID && pmtPID != 0:
			dumpPMT(out, p)
		case len(units) > 0 && units[0].offset == p.offset:
			units[0].dump(out)
			units = units[1:]
		case p.hasPCR && !p.hasPayload:
			fmt.Fprintf(out, "%08d PCR %#04x cc=%d PCR=%s\n", p.offset, p.pid, p.cc, ticks(p.pcr/300))
		}
	}
	return out.Flush()
}

// ignore is for readers that do not judge.
func ignore(RuleID, int, string, ...any) {}

func dumpPAT(w io.Writer, p packet, pid uint16) uint16 {
	number, next, ok := readPAT(p, ignore)
	if !ok {
		fmt.Fprintf(w, "%08d PAT cc=%d unreadable\n", p.offset, p.cc)
		return pid
	}
	fmt.Fprintf(w, "%08d PAT cc=%d program %d at PID %#04x\n", p.offset, p.cc, number, next)
	return next
}

func dumpPMT(w io.Writer, p packet) {
	m := readPMT(p, ignore)
	if m == nil {
		fmt.Fprintf(w, "%08d PMT cc=%d unreadable\n", p.offset, p.cc)
		return
	}
	fmt.Fprintf(w, "%08d PMT cc=%d program %d version %d PCR PID %#04x\n", p.offset, p.cc, m.number, m.version, m.pcr)
	if len(m.info) > 0 {
		fmt.Fprintf(w, "         descriptors % x\n", m.info)
	}
	for _, s := range m.streams {
		line := fmt.Sprintf("         %#04x type %#02x %s", s.pid, s.kind, kindName(s.kind))
		if len(s.info) > 0 {
			line += fmt.Sprintf(" descriptors % x", s.info)
		}
		fmt.Fprintln(w, line)
	}
}

// kindName says in words what a stream type is.
func kindName(kind uint8) string {
	switch kind {
	case typeH264:
		return "H.264"
	case typeADTS:
		return "AAC"
	case typeID3:
		return "timed ID3"
	}
	return "other"
}

// ticks gives a time in 90-kHz ticks, and in seconds.
func ticks(t int64) string { return fmt.Sprintf("%d (%s)", t, seconds(t)) }

func seconds(t int64) string { return fmt.Sprintf("%.6f s", float64(t)/90000) }
