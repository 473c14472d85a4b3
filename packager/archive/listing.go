package archive

import (
	"slices"
	"time"

	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// listing is what the plain playlist lists at a moment: the newest records. It
// is a function of all records so far, so it comes out the same when they are
// read back from a journal.
type listing struct {
	target  int           // TARGETDURATION in seconds
	length  time.Duration // to be listed at least
	dropped uint64        // DISCONTINUITY tags that left the list
	records []Record
	listed  time.Duration // sum of the records
}

// least is how many segments a playlist keeps (Apple authoring 8.11).
const least = 6

// add lists a record, and what is missing before it, and lets the oldest go.
func (w *listing) add(r Record) {
	if n := len(w.records); n > 0 {
		prev := w.records[n-1]
		gaps := missing(prev, r, w.target)
		if len(gaps) == 0 && prev.MSN+1 != r.MSN {
			w.drop(n) // numbers in a playlist have no holes: begin anew
			r.Discontinuity = true
		}
		for _, g := range gaps {
			w.append(g)
		}
	}
	w.append(r)
}

func (w *listing) append(r Record) {
	w.records = append(w.records, r)
	w.listed += r.Duration
	// Never fewer than three target durations (RFC 8216bis 6.2.2).
	keep := max(w.length, 3*time.Duration(w.target)*time.Second)
	for len(w.records) > least && w.listed-w.records[0].Duration >= keep {
		w.drop(1)
	}
}

func (w *listing) drop(n int) {
	for _, r := range w.records[:n] {
		w.listed -= r.Duration
		if r.Discontinuity {
			w.dropped++ // RFC 8216bis 6.2.2
		}
	}
	w.records = slices.Clone(w.records[n:])
}

// media is the plain playlist of an epoch.
func (w *listing) media(epoch string, ended bool) *m3u8.Media {
	m := playlist(w.records, func(msn uint64) string { return layout.Of("", epoch).Segment(msn).InRoom() })
	m.TargetDuration = w.target
	m.DiscontinuitySequence = w.dropped
	m.Ended = ended
	return m
}

// discontinuities counts the DISCONTINUITY tags of the epoch and of all before.
func (w *listing) discontinuities() uint64 {
	n := w.dropped
	for _, r := range w.records {
		if r.Discontinuity {
			n++
		}
	}
	return n
}
