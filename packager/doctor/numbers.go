package doctor

import (
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// seen is what a version of the playlist, or a piece of media, has. It says which rules
// can be judged.
type seen uint16

const (
	elsewhere   seen = 0         // the code that judges the rule notes it
	everyList   seen = 1 << iota // a version that is legal text
	withParts                    // … with parts
	withDates                    // … with two dates or more
	withHint                     // … with a preload hint
	withRanges                   // … with date ranges
	withSkips                    // … that offers delta updates
	withEnd                      // … of a broadcast that has ended
	change                       // a version after another
	partsAgain                   // … with PART-TARGET
	rangesAgain                  // … with date ranges
	everyTS                      // a part, or a segment without parts, of MPEG-TS
	withVideo                    // … with pictures
	withAudio                    // … with sound
	withID3                      // … with timed ID3 declared
	withCues                     // … with product cues
)

// numbers finds the doctor's numbers for the rules and faults of other packages.
type numbers struct {
	rules  map[check.RuleID][]string
	faults map[m3u8.Fault]string
	seen   []judged
}

func newNumbers() numbers {
	n := numbers{map[check.RuleID][]string{}, map[m3u8.Fault]string{}, judgedByOthers()}
	for _, j := range n.seen {
		for _, r := range j.rules {
			n.rules[r] = append(n.rules[r], j.id)
		}
		for _, f := range j.faults {
			n.faults[f] = j.id
		}
	}
	return n
}

// looked notes the rules that could be judged by what was there.
func (n numbers) looked(l *ledger, at seen) {
	for _, j := range n.seen {
		if j.of&at != 0 {
			l.ok(j.id)
		}
	}
}

// inList tells what a legal version of the playlist has. changed says that it follows
// another version.
func inList(m *m3u8.Media, changed bool) seen {
	parts, dates := len(m.Open.Parts) > 0, 0
	for _, s := range m.Segments {
		parts = parts || len(s.Parts) > 0
		if !s.Date.IsZero() {
			dates++
		}
	}
	at := everyList
	for _, c := range []struct {
		holds bool
		what  seen
	}{
		{parts, withParts}, {dates > 1, withDates}, {m.Hint != "", withHint}, {len(m.DateRanges) > 0, withRanges}, {m.CanSkipUntil > 0, withSkips}, {m.Ended, withEnd},
		{changed, change}, {changed && m.PartTarget > 0, partsAgain}, {changed && len(m.DateRanges) > 0, rangesAgain},
	} {
		if c.holds {
			at |= c.what
		}
	}
	return at
}

// inMedia tells what a piece of media has.
func inMedia(ts *check.TS, coding check.Coding) seen {
	at := everyTS
	if ts.Video().Units > 0 {
		at |= withVideo
	}
	if ts.Audio().Units > 0 {
		at |= withAudio
	}
	if coding.ID3 {
		at |= withID3
	}
	if len(ts.Cues()) > 0 {
		at |= withCues
	}
	return at
}
