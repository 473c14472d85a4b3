// Package check judges the packager's output by the rules of standards and players:
// MPEG-TS parts (TS), and playlists (Playlist).
//
// Finished bytes flow in; violations flow out, each with its rule and place, or a
// readable text (Dump, Inspect). The package shares no code with the writers that
// it judges, keeps no more state than the rules need, and never panics, whatever
// its input is. Its rules are narrower than the standards: they describe the
// streams of this project (one program, H.264, AAC in ADTS, timed ID3), so a legal
// stream from elsewhere may break some.
package check

import (
	"bytes"
	"fmt"
	"slices"
)

// TS checks the consecutive parts of one stream. Its zero value is ready.
type TS struct {
	found []Violation

	counters map[uint16]uint8 // last continuity counter by PID
	section  []byte           // the PMT's
	pcr      int64
	hasPCR   bool
	dts      map[uint16]int64 // last DTS by PID

	frame    int64 // length of the last picture, in ticks
	adts     []byte
	audioEnd int64 // PTS behind the last audio frame
	hasEnd   bool

	video, audio Span
	cues         []Cue
}

// Span describes the units of one track in one part. Times are in 90-kHz
// ticks, as written (33 bits).
type Span struct {
	Units    int   // pictures, or PES packets of audio
	Frames   int   // pictures, or frames of audio
	FirstDTS int64 // of the first unit
	LastDTS  int64
	MinPTS   int64
	MaxPTS   int64
	Key      bool // the first unit is an IDR picture
	Keys     int  // IDR pictures
}

// Cue is one timed ID3 cue.
type Cue struct {
	PTS  int64 // in 90-kHz ticks, as written
	JSON []byte
}

// Part checks the next part and gives what it found there, in the order of the
// data.
func (c *TS) Part(data []byte) []Violation {
	c.found = nil
	if c.counters == nil {
		c.counters, c.dts = map[uint16]uint8{}, map[uint16]int64{}
	}
	c.video, c.audio, c.cues = Span{}, Span{}, nil

	l := readLayout(data, c.report)
	c.checkTables(l)
	c.checkCounters(l.packets)
	c.checkClock(l)
	for _, u := range l.units {
		c.checkTimes(u)
		switch u.kind {
		case typeH264:
			c.checkPicture(u)
		case typeADTS:
			c.checkAudio(u)
		}
	}
	for _, u := range l.units {
		if u.kind == typeID3 {
			c.checkCue(u)
		}
	}
	if l.program != nil && c.video.Units == 0 && c.audio.Units > 0 {
		if pid, pictures := l.program.pid(typeH264); pictures {
			c.report(RulePictures, 0, "sound without a picture, though PID %#04x has pictures", pid)
		}
	}
	slices.SortStableFunc(c.found, func(a, b Violation) int { return a.Offset - b.Offset })
	return c.found
}

// Discontinuity tells that the next part follows an EXT-X-DISCONTINUITY, where
// counters, timestamps and tracks begin anew (RFC 8216bis 4.4.4.3).
func (c *TS) Discontinuity() { *c = TS{} }

// Video describes the pictures of the part that was checked last. Units is 0 if it
// has none.
func (c *TS) Video() Span { return c.video }

// Audio describes the audio of the part that was checked last.
func (c *TS) Audio() Span { return c.audio }

// Cues gives the cues of the part that was checked last, in order.
func (c *TS) Cues() []Cue { return c.cues }

func (c *TS) report(rule RuleID, offset int, format string, args ...any) {
	c.found = append(c.found, Violation{Rule: rule, Detail: fmt.Sprintf(format, args...), Offset: offset})
}

// checkTables judges the tables at the part's head.
func (c *TS) checkTables(l *layout) {
	head := l.packets
	for len(head) > 0 && foreign(head[0].pid) {
		head = head[1:]
	}
	if len(head) > 0 && head[0].pid != 0 {
		c.report(RuleTablesFirst, head[0].offset, "the first packet is not the PAT")
	}
	if len(head) > 1 && (l.pmtPID == 0 || head[1].pid != l.pmtPID) {
		c.report(RuleTablesFirst, head[1].offset, "the second packet is not the PMT")
	}
	if l.program == nil {
		if len(l.packets) > 0 {
			c.report(RuleWholePackets, l.packets[0].offset, "no PMT can be read")
		}
		return
	}
	if c.section != nil && !bytes.Equal(c.section, l.program.section) {
		c.report(RuleTablesStay, l.program.offset, "the PMT changed")
	}
	c.section = l.program.section
	checkPMT(l.program, c.report)
}

// checkCounters judges the continuity counters, ISO/IEC 13818-1 2.4.3.3.
func (c *TS) checkCounters(packets []packet) {
	for _, p := range packets {
		if p.pid == pidNull {
			continue
		}
		last, known := c.counters[p.pid]
		want := last
		if p.hasPayload {
			want = (last + 1) & 0xf
		}
		if known && p.cc != want {
			c.report(RuleContinuity, p.offset, "PID %#04x: continuity counter %d instead of %d", p.pid, p.cc, want)
		}
		c.counters[p.pid] = p.cc
	}
}
