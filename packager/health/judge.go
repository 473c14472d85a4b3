package health

import (
	"time"

	"mediad/ingest"
)

// Verdict is what a Judge finds.
type Verdict struct {
	Warnings []Warning // in the order of the rules
	Recent   Recent    // the counts of the last minute
}

// Recent is the counts of the last minute. Drops and Repairs are those of ten seconds,
// because they go on for as long as their cause lasts.
type Recent struct {
	Jumps, Clamped, Headers         uint64 // of the protocol
	Pauses, Forced, AudioGaps, Late uint64 // of the packager
	ingest.Drops
	ingest.Repairs
	Told ingest.Reported // by the encoder, of itself
}

// memory is how long an irregularity counts, moment how long drops and repairs count,
// and pace the time over which the received bit rate is averaged.
const (
	memory = time.Minute
	moment = 10 * time.Second
	pace   = 5 * time.Second
)

// Judge watches one publisher's stay. It remembers what it warned of, so that a
// number near its limit does not make a warning come and go. The zero value is
// ready; it is used by one goroutine at a time.
type Judge struct {
	past []glance // oldest first, at most a memory long
	on   map[Code]bool
}

type glance struct {
	at    time.Time
	bytes uint64
	total Recent
}

// Look judges a report. It fills in r.Incoming.
func (j *Judge) Look(at time.Time, r *Report) Verdict {
	g := glance{at: at, bytes: r.Received.Bytes, total: totals(*r)}
	r.Incoming = j.incoming(g)
	recent := g.total
	for len(j.past) > 0 && at.Sub(j.past[0].at) > memory {
		recent = g.total.minus(j.past[0].total)
		if len(j.past) > 1 && at.Sub(j.past[1].at) < memory {
			break
		}
		j.past = j.past[1:]
	}
	now := g.total.minus(j.before(at.Add(-moment)))
	recent.Drops, recent.Repairs = now.Drops, now.Repairs
	j.past = append(j.past, g)
	v := Verdict{Warnings: warnings(*r, recent, j.on), Recent: recent}
	j.on = make(map[Code]bool, len(v.Warnings))
	for _, w := range v.Warnings {
		j.on[w.Code] = true
	}
	return v
}

// before gives the counts as they were at that time.
func (j *Judge) before(then time.Time) Recent {
	for i := len(j.past) - 1; i >= 0; i-- {
		if !j.past[i].at.After(then) {
			return j.past[i].total
		}
	}
	return Recent{}
}

func (j *Judge) incoming(now glance) int {
	for i := len(j.past) - 1; i >= 0; i-- {
		p := j.past[i]
		if d := now.at.Sub(p.at); d >= pace || i == 0 && d > 0 {
			return int(float64(now.bytes-min(p.bytes, now.bytes)) * 8 / d.Seconds())
		}
	}
	return 0
}

func totals(r Report) Recent {
	in := r.Received
	return Recent{
		Jumps: in.Jumps, Clamped: in.Clamped + r.Clamped, Headers: in.Headers,
		Pauses: r.Pauses, Forced: r.Forced, AudioGaps: r.AudioGaps + r.AudioExtra, Late: r.LateUnits,
		Drops: in.Drops, Repairs: in.Repairs, Told: in.Reported,
	}
}

// minus never goes below zero: a report that was read while one publisher took
// over from another may mix the counts of both.
func (a Recent) minus(b Recent) Recent {
	less := func(a, b uint64) uint64 { return a - min(a, b) }
	return Recent{
		Jumps: less(a.Jumps, b.Jumps), Clamped: less(a.Clamped, b.Clamped), Headers: less(a.Headers, b.Headers),
		Pauses: less(a.Pauses, b.Pauses), Forced: less(a.Forced, b.Forced), AudioGaps: less(a.AudioGaps, b.AudioGaps), Late: less(a.Late, b.Late),
		Drops: ingest.Drops{
			NoKey: less(a.NoKey, b.NoKey), NoVideoHeader: less(a.NoVideoHeader, b.NoVideoHeader), NoAudioHeader: less(a.NoAudioHeader, b.NoAudioHeader),
			BadPictures: less(a.BadPictures, b.BadPictures), BadSound: less(a.BadSound, b.BadSound), OddSound: less(a.OddSound, b.OddSound),
			BadMessages: less(a.BadMessages, b.BadMessages),
		},
		Repairs: ingest.Repairs{
			BadHeaders: less(a.BadHeaders, b.BadHeaders), ADTS: less(a.ADTS, b.ADTS), Configs: less(a.Configs, b.Configs),
			StartCodes: less(a.StartCodes, b.StartCodes), Joined: less(a.Joined, b.Joined),
		},
		Told: ingest.Reported{
			Rendered: less(a.Told.Rendered, b.Told.Rendered), Lagged: less(a.Told.Lagged, b.Told.Lagged),
			Input: less(a.Told.Input, b.Told.Input), Skipped: less(a.Told.Skipped, b.Told.Skipped),
			Output: less(a.Told.Output, b.Told.Output), Unsent: less(a.Told.Unsent, b.Told.Unsent),
		},
	}
}
