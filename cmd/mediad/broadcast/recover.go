package broadcast

import (
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// leftover has the recorders of a broadcast's segments, and the segments that
// a former process left.
type leftover struct {
	stored  *archive.Recorder
	spooled *spool.Recorder  // nil: with storage none the media touches no disk
	past    []*spool.Segment // to list again; nil: the numbers must jump
	records []archive.Record // of all segments to which viewers can rewind
	edge    time.Time        // end of the known media; zero: there is none
	first   time.Time        // of the oldest segment in the spool; zero: there is none
}

// recover opens the archive and the spool of an epoch, and gives the archive
// the segments that only the spool has. target is the least TARGETDURATION in
// seconds, 0: 1; window is the length of the live playlist, 0: there is none
// any more.
func (m *Manager) recover(room, epoch string, target int, window time.Duration) (leftover, error) {
	found, unread := m.spool.Find(room, epoch)
	if unread != nil && window == 0 {
		return leftover{}, unread // it waits for the next start: if it ended now, its segments would be deleted
	}
	stored, err := m.archive.Open(room, epoch, target)
	if err != nil {
		return leftover{}, fmt.Errorf("open archive: %w", err)
	}
	if unread != nil {
		// The broadcast goes on, as it does when the folder of the spool is lost.
		m.log.Error("the spool of a broadcast cannot be read", "room", room, "epoch", epoch, "err", unread)
	}
	out := leftover{stored: stored}
	if m.archive.Stores() {
		out.spooled = m.spool.Open(spool.Opening{Room: room, Epoch: epoch, Found: found, Kept: stored.Kept, Left: stored.Left})
	} else if err := m.spool.Doubt(room, epoch); err != nil {
		return leftover{}, err
	}
	last, edge, _ := stored.Last()
	out.edge = edge
	if window > 0 {
		if out.records, err = m.archive.Segments(room, epoch); err != nil {
			// Viewers can then go back only to what the spool has.
			m.log.Error("the stored segments of a broadcast could not be listed", "room", room, "epoch", epoch, "err", err)
		}
	}
	if len(found.Segments) > 0 {
		out.first = found.Segments[0].Date
	}
	m.spool.Done(room, epoch, last)
	for _, seg := range found.Segments {
		if end := seg.Date.Add(ingest.Duration(seg.Duration())); end.After(out.edge) {
			out.edge = end
		}
		if seg.MSN > last && !stored.Ended() {
			left := packager.Archived(seg)
			stored.Add(left)
			out.records = append(out.records, left.Record())
		}
	}
	// One window is listed, and one more stays downloadable. If the store has
	// more than the spool, the spool lost its end: the numbers after that were
	// used, and must not be used again.
	if n := len(found.Segments); window > 0 && n > 0 && found.Segments[n-1].MSN >= last {
		out.past = found.Recall(2*window + 2*ingest.Duration(longestSegment))
	}
	if n := len(found.Segments); n > 0 {
		m.log.Info("segments found in the spool", "room", room, "epoch", epoch, "found", n, "listed", len(out.past), "exact", found.Exact,
			"last", found.Segments[n-1].MSN, "stored", last)
	}
	return out, nil
}

// longestSegment is more than the longest hls.segment, in ticks.
const longestSegment = 12 * ingest.Clock
