package doctor

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// cueClass is the CLASS of the date ranges that are twins of cues.
const cueClass = "mediad.cue"

// seenCue is a cue of an event, not one that repeats the state.
type seenCue struct {
	seq   uint64
	date  time.Time
	where string
	bytes string
}

// cues judges the product cues of a part or segment.
func (d *Doctor) cues(where string, data []byte, cues []check.Cue, head bool) {
	r, l := &d.reader, d.ledger
	for _, c := range cues {
		var v struct {
			Kind string `json:"kind"`
			Seq  uint64 `json:"seq"`
		}
		if json.Unmarshal(c.JSON, &v) != nil {
			continue
		}
		switch v.Kind {
		case "state":
			r.stated = r.stated || head
		case "pulse":
		default:
			s := seenCue{v.Seq, r.dateOf(c.PTS), where, fmt.Sprintf("PTS %d: %s", c.PTS, c.JSON)}
			r.cues = append(r.cues, s)
			r.seen[s.seq] = true
			d.twin(s)
		}
	}
	if head && r.cueBefore {
		l.judge("B6.4", r.stated, where, dump(data, 0), "the segment's head repeats no state")
	}
}

// twin judges the cue's date range, which comes with the part.
func (d *Doctor) twin(c seenCue) {
	for _, t := range d.media.DateRanges {
		if t.Class == cueClass && number(t, "X-MEDIAD-SEQ") == c.seq {
			d.ledger.ok("A3.1")
			if !c.date.IsZero() {
				d.ledger.judge("A3.7", t.Start.Sub(c.date).Abs() <= near, c.where, lineWith(d.text, `ID="`+t.ID+`"`)+"\n"+c.bytes,
					fmt.Sprintf("START-DATE is %v off the picture of the cue", t.Start.Sub(c.date)))
			}
			return
		}
	}
	d.ledger.bad("A3.1", c.where, c.bytes, fmt.Sprintf("cue %d has no EXT-X-DATERANGE", c.seq))
}

// lonely judges date ranges whose cue is missing in the media that was read.
func (d *Doctor) lonely() {
	r := &d.reader
	for _, t := range d.media.DateRanges {
		if t.Class != cueClass || r.from.IsZero() || t.Start.Before(r.from.Add(near)) || !t.Start.Before(r.to.Add(-near)) {
			continue
		}
		seq := number(t, "X-MEDIAD-SEQ")
		d.ledger.judge("A3.1", r.seen[seq], d.list.String(), lineWith(d.text, `ID="`+t.ID+`"`), fmt.Sprintf("there is no cue %d in the stream", seq))
	}
}

func number(t m3u8.DateRange, name string) uint64 {
	for _, a := range t.Attrs {
		if a.Name == name {
			n, _ := strconv.ParseUint(a.Value, 10, 64)
			return n
		}
	}
	return 0
}
