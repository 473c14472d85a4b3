package check

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"unicode/utf8"
)

// maxShown bounds how many violations Inspect lists.
const maxShown = 40

// Inspect writes what an operator wants to know of a part, a segment, or several
// in a row: tables, PIDs, the timing of each part, cues, and the rules that are
// broken. It fails only if data is no MPEG-TS, or w fails.
func Inspect(w io.Writer, data []byte) error {
	if len(data) < packetSize || data[0] != 0x47 {
		return errNotTS
	}
	in := gather(data)
	out := bufio.NewWriter(w)
	in.writeHead(out, len(data))
	in.writeStreams(out, len(data))
	in.writeParts(out)
	in.writeCues(out)
	in.writeViolations(out)
	return out.Flush()
}

func (in *inspection) writeHead(w io.Writer, size int) {
	fmt.Fprintf(w, "MPEG-TS, %d bytes, %s, %s, %s kbit/s\n",
		size, counted(len(in.parts), "part"), seconds(in.total()), in.rate(size))
	if in.program == nil {
		fmt.Fprintln(w, "no PMT")
		return
	}
	fmt.Fprintf(w, "program %d, PMT version %d, PCR PID %#04x, %s\n",
		in.program.number, in.program.version, in.program.pcr, &in.clock)
}

func (in *inspection) writeStreams(w io.Writer, size int) {
	if in.program == nil {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nPID\ttype\tpackets\tPES\tkbit/s\toverhead")
	rest := size / packetSize
	for _, s := range in.program.streams {
		n := in.use(s.pid)
		rest -= n.packets
		overhead := "-"
		if n.packets > 0 {
			overhead = fmt.Sprintf("%.1f %%", 100*(1-float64(n.bytes)/float64(n.packets*packetSize)))
		}
		fmt.Fprintf(t, "%#04x\t%s (%#02x)\t%d\t%d\t%s\t%s\n",
			s.pid, kindName(s.kind), s.kind, n.packets, n.units, in.rate(n.packets*packetSize), overhead)
	}
	fmt.Fprintf(t, "-\ttables and others\t%d\t-\t%s\t-\n", rest, in.rate(rest*packetSize))
	t.Flush()
}

func (in *inspection) writeParts(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\npart\tat byte\tbytes\tfirst DTS\tlength\tpictures\taudio frames\tcues\tbegins with")
	for i, p := range in.parts {
		begins := "-"
		switch {
		case p.video.Key:
			begins = "IDR"
		case p.video.Units > 0:
			begins = "picture"
		case p.audio.Units > 0:
			begins = "audio"
		}
		fmt.Fprintf(t, "%d\t%d\t%d\t%s\t%s\t%d\t%d\t%d\t%s\n", i, p.offset, p.size,
			seconds(p.span().FirstDTS), seconds(in.duration(i)), p.video.Frames, p.audio.Frames, p.cues, begins)
	}
	t.Flush()
}

func (in *inspection) writeCues(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", counted(len(in.cues), "cue"))
	for _, c := range in.cues {
		var head struct {
			Kind string `json:"kind"`
		}
		if json.Unmarshal(c.JSON, &head) != nil || head.Kind == "" || !utf8.ValidString(head.Kind) {
			head.Kind = "?"
		}
		fmt.Fprintf(w, "  %s  part %d  %s  %s\n", ticks(c.PTS), c.part, Printable(head.Kind), Printable(string(c.JSON)))
	}
}

func (in *inspection) writeViolations(w io.Writer) {
	if len(in.violations) == 0 {
		fmt.Fprintln(w, "\nno rule is broken")
		return
	}
	fmt.Fprintf(w, "\n%s of the rules\n", counted(len(in.violations), "violation"))
	for i, v := range in.violations {
		if i == maxShown {
			fmt.Fprintf(w, "  and %d more\n", len(in.violations)-maxShown)
			return
		}
		fmt.Fprintf(w, "  %s\n", v)
	}
}

// counted gives a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
