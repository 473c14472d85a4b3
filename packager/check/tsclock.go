package check

// pcrWrap is where the PCR begins again: 33 bits of 300 ticks.
const pcrWrap = 300 << 33

// checkClock judges the PCRs of a part (docs/conformance.md B1.9).
func (c *TS) checkClock(l *layout) {
	if l.program == nil {
		return
	}
	first := true
	for _, p := range l.packets {
		if p.pid != l.program.pcr {
			if p.hasPCR {
				c.report(RulePCR, p.offset, "PCR on PID %#04x", p.pid)
			}
			continue
		}
		if first && !p.hasPCR {
			c.report(RulePCR, p.offset, "no PCR in the part's first packet of PID %#04x", p.pid)
		}
		first = false
		if !p.hasPCR {
			continue
		}
		if c.hasPCR {
			step := (p.pcr - c.pcr + pcrWrap) % pcrWrap
			switch {
			case step == 0 || step > pcrWrap/2:
				c.report(RulePCR, p.offset, "PCR %d does not rise above %d", p.pcr, c.pcr)
			case step > 100*27000: // ISO/IEC 13818-1 2.7.2
				c.report(RulePCR, p.offset, "PCR %d ms after the one before", step/27000)
			}
		}
		c.pcr, c.hasPCR = p.pcr, true
	}
}

// checkTimes judges the timestamps, by the rules that hold for all PES packets.
func (c *TS) checkTimes(u *pes) {
	if !u.hasPTS {
		c.report(RuleTimestamp, u.offset, "PID %#04x: no PTS", u.pid)
		return
	}
	// Shaka treats a PTS of zero as no PTS.
	if u.pts == 0 || u.dts == 0 {
		c.report(RuleTimestamp, u.offset, "PID %#04x: timestamp 0", u.pid)
	}
	switch d := since(u.pts, u.dts); {
	case d < 0:
		c.report(RuleDTS, u.offset, "PID %#04x: PTS %d is below DTS %d", u.pid, u.pts, u.dts)
	case d > 60*90000: // hls.js forces PTS to DTS there.
		c.report(RuleDTS, u.offset, "PID %#04x: PTS is %d s after DTS", u.pid, d/90000)
	}
	if last, ok := c.dts[u.pid]; ok && since(u.dts, last) <= 0 {
		rule := RuleDTS
		if u.kind == typeID3 {
			rule = RuleCueOrder
		}
		c.report(rule, u.offset, "PID %#04x: DTS %d does not rise above %d", u.pid, u.dts, last)
	}
	c.dts[u.pid] = u.dts
	if u.hasClock && since(u.dts, u.clock/300) <= 0 {
		c.report(RulePCR, u.offset, "PID %#04x: DTS %d is not above the PCR %d", u.pid, u.dts, u.clock/300)
	}
}

// add counts a unit.
func (s *Span) add(u *pes, frames int) {
	if s.Units == 0 {
		s.FirstDTS, s.MinPTS, s.MaxPTS = u.dts, u.pts, u.pts
	}
	s.LastDTS = u.dts
	if since(u.pts, s.MinPTS) < 0 {
		s.MinPTS = u.pts
	}
	if since(u.pts, s.MaxPTS) > 0 {
		s.MaxPTS = u.pts
	}
	s.Units++
	s.Frames += frames
}
