package packager

import (
	"fmt"
	"sort"
	"sync"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// rewind is what viewers can go back to: a plain playlist of the closed
// segments over Options.DVR. The newest of them are in the window; older ones
// wait for the store or lie in it, and all have one URL for their whole life.
//
// The publisher only appends. The first viewer who asks after a change makes the text,
// and only of what is new. Sequence numbers are those of the segments. Segments of a
// former process are renumbered to stand right before them: a list's numbers have no
// holes, and a restart skips many.
type rewind struct {
	length   time.Duration     // of the list, at least
	archived *archive.Recorder // nil: nothing is kept beyond the window

	mu sync.Mutex
	// Guarded by mu, which is only held for an append or a glance.
	entries []rewindEntry // listed, oldest first; each is immutable
	first   uint64        // sequence number of the oldest
	dropped uint64        // DISCONTINUITY tags that left the list
	listed  time.Duration // sum of the entries
	newest  uint64        // media sequence number of the last one of this process

	rendering sync.Mutex
	// Guarded by rendering, which viewers hold while they make text.
	list   *m3u8.Rolling // nil: not yet made
	lost   int           // how many of the archive's given-up segments are marked
	text   *rendered     // nil: not yet made
	ended  bool          // text has an ENDLIST
	latest uint64        // sequence number behind the last one in text
}

// rewindEntry is one segment of the list, without its bytes.
type rewindEntry struct {
	msn     uint64
	segment m3u8.Segment
	cues    []m3u8.DateRange
}

// newRewind begins with what a former process stored of the epoch, up to next,
// the first media sequence number of this one.
func newRewind(length time.Duration, archived *archive.Recorder, stored []archive.Record, next uint64) *rewind {
	d := &rewind{length: length, archived: archived, newest: next - 1}
	if !archived.Keeps() {
		d.archived, stored = nil, nil
	}
	stored = stored[:sort.Search(len(stored), func(i int) bool { return stored[i].MSN >= next })]
	stored = stored[max(0, len(stored)-int(next-1)):] // numbers begin at 1
	d.first = next - uint64(len(stored))
	for _, r := range stored {
		d.add(rewindEntry{r.MSN, m3u8.Segment{
			URI: inEpoch(r.MSN), Duration: r.Duration, Date: r.Date, Gap: r.Gap, Discontinuity: r.Discontinuity,
		}, r.DateRanges})
	}
	d.trim(0)
	return d
}

// inEpoch is a segment's name in the list.
func inEpoch(msn uint64) string { return layout.Broadcast{}.Segment(msn).InEpoch() }

// follow lists what is new of closed segments; w is the window that they came
// with, which may have let some go already.
func (d *rewind) follow(w *window, closed []*segment) {
	if !w.ready() {
		return
	}
	d.append(closed)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trim(w.segments[0].msn)
}

// append lists those of closed segments that are newer than what is listed.
func (d *rewind) append(closed []*segment) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := len(closed)
	for at > 0 && closed[at-1].msn > d.newest {
		at--
	}
	for _, s := range closed[at:] {
		r := s.archived()
		d.add(rewindEntry{s.msn, m3u8.Segment{
			URI: inEpoch(s.msn), Duration: r.Duration, Date: s.date, Gap: s.gap, Discontinuity: r.Discontinuity,
		}, s.cues})
		d.newest = s.msn
	}
}

// add needs mu, unless nobody else knows d yet.
func (d *rewind) add(e rewindEntry) {
	if n := len(d.entries); n > 0 && d.entries[n-1].msn+1 != e.msn {
		e.segment.Discontinuity = true // behind a hole in the numbers nothing continues
	}
	d.entries, d.listed = append(d.entries, e), d.listed+e.segment.Duration
}

// trim lets the oldest go; live is the oldest segment that the live list has.
func (d *rewind) trim(live uint64) {
	n := 0
	for n < len(d.entries) {
		e := &d.entries[n].segment
		if d.archived == nil {
			if d.entries[n].msn >= live {
				break
			}
		} else if d.listed-e.Duration < d.length {
			break
		}
		d.listed -= e.Duration
		if e.Discontinuity {
			d.dropped++ // RFC 8216bis 6.2.2
		}
		n++
	}
	d.entries, d.first = d.entries[n:], d.first+uint64(n)
}

// any tells whether there is anything to list.
func (d *rewind) any() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.entries) > 0
}

// render gives the list as it is with a window. It is made anew only if it changed.
func (d *rewind) render(w *window) *rendered {
	d.rendering.Lock()
	defer d.rendering.Unlock()
	d.mu.Lock()
	entries, first, dropped := d.entries, d.first, d.dropped
	d.mu.Unlock()
	next := first + uint64(len(entries))
	if d.list == nil || d.list.Next() < first { // nobody asked for longer than the list is
		d.list, d.lost, d.text = m3u8.NewRolling(int(w.target/ingest.Clock), first, dropped), 0, nil
	}
	var gone []uint64
	if d.archived != nil {
		gone = d.archived.GivenUp(d.lost)
	}
	if d.text != nil && next == d.latest && w.ended == d.ended && len(gone) == 0 {
		return d.text
	}
	out := &rendered{etag: fmt.Sprintf(`"r%d.%d.%d.%t"`, first, next, d.lost+len(gone), w.ended)}
	if out.err = d.update(entries, first, gone); out.err == nil {
		out.plain, out.err = d.list.Bytes(w.ended)
		out.label = newLabel(out.etag, len(out.plain))
	}
	if out.err != nil {
		d.list = nil // begin anew next time
		return out
	}
	d.text, d.latest, d.ended, d.lost = out, next, w.ended, d.lost+len(gone)
	return out
}

// update brings the text's segments to those of entries; gone are the numbers of
// those that the archive gave up.
func (d *rewind) update(entries []rewindEntry, first uint64, gone []uint64) error {
	d.list.Drop(int(first - d.list.Sequence()))
	for _, e := range entries[d.list.Next()-first:] {
		if err := d.list.Add(e.segment, e.cues); err != nil {
			return err
		}
	}
	for _, msn := range gone {
		i := sort.Search(len(entries), func(i int) bool { return entries[i].msn >= msn })
		if i < len(entries) && entries[i].msn == msn {
			d.list.Miss(first + uint64(i))
		}
	}
	return nil
}
