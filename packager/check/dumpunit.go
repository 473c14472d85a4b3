package check

import (
	"fmt"
	"io"
	"strings"

	"mediad/packager/id3"
)

// dump writes a PES packet and what it holds.
func (u *pes) dump(w io.Writer) {
	fmt.Fprintf(w, "%08d PES %#04x cc=%d", u.offset, u.pid, u.cc)
	if u.packets > 1 {
		fmt.Fprintf(w, "..%d packets=%d", u.lastCC, u.packets)
	}
	fmt.Fprintf(w, " stream_id=%02X length=%d", u.stream, u.length)
	if u.aligned {
		fmt.Fprint(w, " aligned")
	}
	if u.randomAccess {
		fmt.Fprint(w, " random-access")
	}
	if u.hasPCR {
		fmt.Fprintf(w, " PCR=%s", ticks(u.pcr/300))
	}
	if u.hasPTS {
		fmt.Fprintf(w, " PTS=%s", ticks(u.pts))
	}
	if u.dts != u.pts {
		fmt.Fprintf(w, " DTS=%s", ticks(u.dts))
	}
	fmt.Fprintln(w)
	switch u.kind {
	case typeH264:
		u.dumpNALs(w)
	case typeADTS:
		u.dumpADTS(w)
	case typeID3:
		u.dumpID3(w)
	}
}

func (u *pes) dumpNALs(w io.Writer) {
	nals, ok := splitNALs(u.payload)
	if !ok {
		fmt.Fprintf(w, "         %d bytes, no Annex B\n", len(u.payload))
		return
	}
	var words []string
	for _, n := range nals {
		name := "empty"
		if len(n) > 0 {
			name = nalName(n[0] & 0x1f)
		}
		words = append(words, fmt.Sprintf("%s %d", name, len(n)))
	}
	fmt.Fprintf(w, "         %s\n", strings.Join(words, ", "))
}

func nalName(kind byte) string {
	switch kind {
	case 1:
		return "slice"
	case nalIDR:
		return "IDR"
	case 6:
		return "SEI"
	case nalSPS:
		return "SPS"
	case nalPPS:
		return "PPS"
	case nalAUD:
		return "AUD"
	case nalFiller:
		return "filler"
	}
	return fmt.Sprintf("NAL type %d", kind)
}

func (u *pes) dumpADTS(w io.Writer) {
	frames, rate, fixed, err := adtsFrames(u.payload)
	if err != nil {
		fmt.Fprintf(w, "         %d bytes, ADTS: %v\n", len(u.payload), err)
		return
	}
	fmt.Fprintf(w, "         %d frames, %d bytes, %d Hz, channel configuration %d\n",
		frames, len(u.payload), rate, fixed[1]&1<<2|fixed[2]>>6)
}

func (u *pes) dumpID3(w io.Writer) {
	frames, err := id3.Parse(u.payload)
	if err != nil {
		fmt.Fprintf(w, "         %d bytes, ID3: %v\n", len(u.payload), err)
		return
	}
	for _, f := range frames {
		if f.ID == "TXXX" {
			fmt.Fprintf(w, "         TXXX %q %s\n", f.Description, Printable(string(f.Value)))
		} else {
			fmt.Fprintf(w, "         %s %d bytes\n", f.ID, len(f.Value))
		}
	}
}
