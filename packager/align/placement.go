package align

import (
	"time"

	"mediad/ingest"
)

// Composition offsets beyond these, in ticks, are an encoder's mistake: the
// picture is shown as near to where it says as they allow. Eight pictures
// reordered at 24 fps are a third of a second; more than half a second would
// bring pictures behind the PCR of their sound, and more than a second their
// cues out of the parts that hold them.
const (
	maxShift  = ingest.Clock / 2
	MaxOffset = ingest.Clock // of PTS above DTS
)

// Change is a set of what was changed about a unit's times, or is the reason why it
// was left out.
type Change uint8

// What may be changed.
const (
	Shifted Change = 1 << iota // all DTS lie lower from now on: PTS was below DTS
	Moved                      // the track lies higher from now on: it was too far below the other
	Late                       // it came too late beside the other track
	Clamped                    // it stepped back, or is shown too long after its decoding
	Missing                    // samples are missing before it
	Overlap                    // its samples would overlap others
)

// Placement gives the units of one publisher their places on the timeline. DTS stays
// what the publisher said, but for a constant where negative composition offsets would
// leave PTS below DTS, for another where sound and picture are too far apart, for as
// much as one late picture needs, and for a tick where two units claim the same
// moment. There are at most two tracks.
type Placement struct {
	Sound SampleClock // of the audio track

	shift  int64    // taken from DTS, where an encoder sends PTS below DTS
	moved  int64    // added to sound that an encoder sets too far behind
	lifted int64    // added to pictures that it sets too far behind
	skew   [2]Skew  // how late each track's units come beside the other
	last   [2]int64 // output DTS of each track's last unit; -1: none came
	said   [2]int64 // where the publisher has it
	begun  bool
	first  int64 // output DTS of the first picture
}

// NewPlacement gives a placement for sound of so many samples a second, if any.
func NewPlacement(rate int) Placement {
	return Placement{Sound: NewSampleClock(rate), last: [2]int64{-1, -1}, said: [2]int64{-1, -1}}
}

// Restarted gives a placement for units that lie elsewhere on the timeline. Of the tracks
// it keeps only how far they were moved beside each other, as a move of sound.
func (p *Placement) Restarted() Placement {
	q := NewPlacement(int(p.Sound.rate))
	q.shift, q.moved = p.shift, p.moved-p.lifted
	return q
}

// Start is where a unit, the first of its publisher or the first behind a restart, lies on
// the publisher's clock, with what its track was moved by before.
func (p *Placement) Start(u ingest.Unit, sound bool) int64 {
	if sound {
		return min(u.DTS, u.PTS) + p.moved
	}
	return min(u.DTS-p.shift, u.PTS)
}

// Begin says where the first unit of the primary track lies: sound from before it is
// left out from now on.
func (p *Placement) Begin(dts int64) { p.begun, p.first = true, dts }

// First is where it lies; 0: there was none.
func (p *Placement) First() int64 { return p.first }

// Last is the output DTS of a track's last unit; -1: none came.
func (p *Placement) Last(track int) int64 { return p.last[track] }

// Placed notes that a unit of a track was written at dts.
func (p *Placement) Placed(track int, dts int64) { p.last[track] = max(p.last[track], dts) }

// Picture places a picture that lies on the timeline as its publisher has it, behind
// another that was shown at `after`. own is its PTS without regard to that one.
func (p *Placement) Picture(u ingest.Unit, now time.Time, after int64) (placed ingest.Unit, own int64, c Change) {
	if early := u.DTS - u.PTS; early > p.shift && early <= maxShift {
		p.shift = early
		c |= Shifted
	}
	u.DTS += p.lifted - p.shift
	u.PTS += p.lifted
	if excess := p.skew[u.Track].Add(now, below(&p.said, u.Track, u.DTS)); excess > 0 {
		// The sound is listed already and cannot step back: until it had caught up
		// with itself, nothing could be listed. So the pictures move.
		p.lifted += excess
		u.DTS, u.PTS = u.DTS+excess, u.PTS+excess
		c |= Moved
	}
	p.said[u.Track] = u.DTS
	if late := below(&p.last, u.Track, u.DTS); late > MaxSkew {
		u.DTS, u.PTS = u.DTS+late-MaxSkew, u.PTS+late-MaxSkew
		c |= Late
	}
	least := p.last[u.Track] + 1
	if u.DTS < least || u.PTS > u.DTS+MaxOffset {
		c |= Clamped
	}
	u.DTS = max(u.DTS, least)
	own = max(u.PTS, u.DTS)
	u.PTS = min(max(own, after+1), u.DTS+MaxOffset)
	p.last[u.Track] = u.DTS
	return u, own, c
}

// Frame places a frame of sound that lies on the timeline as its publisher has it;
// not ok: it is left out.
func (p *Placement) Frame(u ingest.Unit, now time.Time) (placed ingest.Unit, c Change, ok bool) {
	u.PTS += p.moved
	if excess := p.skew[u.Track].Add(now, below(&p.said, u.Track, u.PTS)); excess > 0 {
		p.moved += excess
		u.PTS += excess
		c |= Moved
	}
	p.said[u.Track] = u.PTS
	if below(&p.last, u.Track, u.PTS) > MaxSkew {
		return u, c | Late, false
	}
	var f Fit
	u.PTS, f = p.Sound.Next(u.PTS)
	switch f {
	case Gap:
		c |= Missing
	case Extra:
		return u, c | Overlap, false
	}
	if p.begun && u.PTS < p.first {
		return u, c, false // it would lie before the segment, where silence may be
	}
	u.PTS = max(u.PTS, p.last[u.Track]+1)
	u.DTS, u.Key = u.PTS, true
	p.last[u.Track] = u.DTS
	return u, c, true
}

// below tells how far a moment of a track lies below the newest of the other.
func below(newest *[2]int64, track int, at int64) int64 {
	if newest[1-track] < 0 {
		return 0
	}
	return newest[1-track] - at
}
