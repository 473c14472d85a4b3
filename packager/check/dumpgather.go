package check

import "fmt"

// inspection is what Inspect gathers over all parts.
type inspection struct {
	program    *program
	usage      map[uint16]*usage
	clock      pcrSummary
	parts      []partInfo
	cues       []placedCue
	violations []Violation
}

type usage struct{ packets, units, bytes int }

type partInfo struct {
	offset, size int
	video, audio Span
	cues         int
}

type placedCue struct {
	Cue
	part int
}

func gather(data []byte) *inspection {
	in := &inspection{usage: map[uint16]*usage{}}
	var c TS
	offset := 0
	for i, part := range Parts(data) {
		for _, v := range c.Part(part) {
			v.Offset += offset
			in.violations = append(in.violations, v)
		}
		in.parts = append(in.parts, partInfo{offset, len(part), c.Video(), c.Audio(), len(c.Cues())})
		for _, cue := range c.Cues() {
			in.cues = append(in.cues, placedCue{cue, i})
		}
		l := readLayout(part, ignore)
		if in.program == nil {
			in.program = l.program
		}
		for _, p := range l.packets {
			in.use(p.pid).packets++
			if p.hasPCR {
				in.clock.add(p.pcr / 300)
			}
		}
		for _, u := range l.units {
			in.clock.follow(u)
			n := in.use(u.pid)
			n.units++
			n.bytes += len(u.payload)
		}
		offset += len(part)
	}
	return in
}

func (in *inspection) use(pid uint16) *usage {
	if in.usage[pid] == nil {
		in.usage[pid] = &usage{}
	}
	return in.usage[pid]
}

// pcrSummary gives the distances of the PCRs, in 90-kHz ticks.
type pcrSummary struct {
	count        int
	last         int64
	apart        int64 // the greatest distance between two
	near, far    int64 // how far the DTS of PES packets with a PCR are ahead of it
	hasDistances bool
}

func (s *pcrSummary) add(pcr int64) {
	if s.count > 0 {
		s.apart = max(s.apart, since(pcr, s.last))
	}
	s.last = pcr
	s.count++
}

func (s *pcrSummary) follow(u *pes) {
	if !u.hasPCR || !u.hasPTS {
		return
	}
	d := since(u.dts, u.pcr/300)
	if !s.hasDistances {
		s.near, s.far, s.hasDistances = d, d, true
	}
	s.near, s.far = min(s.near, d), max(s.far, d)
}

func (s *pcrSummary) String() string {
	if s.count == 0 {
		return "no PCR"
	}
	text := fmt.Sprintf("PCRs at most %d ms apart", s.apart/90)
	switch {
	case !s.hasDistances:
	case s.near == s.far:
		text += fmt.Sprintf(" and %d ms before the DTS", s.near/90)
	default:
		text += fmt.Sprintf(" and %d to %d ms before the DTS", s.near/90, s.far/90)
	}
	return text
}

// span gives the track that tells a part's times: video, or else audio.
func (p partInfo) span() Span {
	if p.video.Units > 0 {
		return p.video
	}
	return p.audio
}

// duration gives the time from part i's first unit to that of the next part. The
// last part has no next one: its last unit is taken to be as long as the others on
// average.
func (in *inspection) duration(i int) int64 {
	s := in.parts[i].span()
	if s.Units == 0 {
		return 0
	}
	if i+1 < len(in.parts) {
		if next := in.parts[i+1].span(); next.Units > 0 {
			return since(next.FirstDTS, s.FirstDTS)
		}
	}
	d := since(s.LastDTS, s.FirstDTS)
	if s.Units > 1 {
		d += d / int64(s.Units-1)
	}
	return d
}

func (in *inspection) total() (d int64) {
	for i := range in.parts {
		d += in.duration(i)
	}
	return d
}

// rate gives bytes over the whole duration in kbit/s.
func (in *inspection) rate(bytes int) string {
	d := in.total()
	if d <= 0 {
		return "-"
	}
	return fmt.Sprintf("%d", int64(bytes)*8*90/d)
}
