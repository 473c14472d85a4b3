package packager

import (
	"sync/atomic"
	"time"

	"mediad/ingest"
	"mediad/packager/spool"
)

// published is what players can have of a stream, and the numbers of what they get
// next.
type published struct {
	// For any goroutine.
	window   atomic.Pointer[window]
	rewind   *rewind
	recorded recorded
	limits   limits
	watching atomic.Int64    // requests that wait for a playlist
	viewers  [4]atomic.Int64 // how many there were when the last parts came

	// Guarded by Stream.mu.
	nextMSN  uint64
	nextPart uint64
	breaks   uint64 // DISCONTINUITY tags so far
	broken   bool   // the publisher's next segment begins with one
	skipped  bool   // a restart has left numbers out before nextMSN
	edge     int64  // output DTS at which the listed media, or gap, ends
	rate     int    // of the last whole segment of media, bits a second; 0: there was none
	repeats  bool   // there were repeated pictures

	followers int            // renditions besides the first that there ever were
	offered   []ingest.Track // theirs, as in a window
}

// offer tells players which of a publisher's followers there are. A nil list is none.
func (p *published) offer(followers []*follower) {
	p.offered = nil
	if len(followers) > 0 {
		p.offered = make([]ingest.Track, len(followers))
	}
	for k, f := range followers {
		if f.offered && f.lost == notLost {
			p.offered[k] = f.track
		}
	}
	p.followers = max(p.followers, len(followers))
}

// newSegment gives the next segment its number. It begins at an output DTS.
func (p *published) newSegment(start int64, date time.Time, discontinuity bool) segment {
	s := segment{msn: p.nextMSN, date: date, start: start, discontinuity: discontinuity, resumes: p.skipped}
	p.nextMSN++
	p.skipped = false
	if discontinuity {
		p.breaks++
	}
	return s
}

// added notes that the segment that is open has one more part.
func (p *published) added(open *segment) {
	p.edge = open.start + open.duration
	p.nextPart++
}

// closed notes a segment that has ended.
func (p *published) closed(s *segment) {
	if rate := s.rate(); rate > 0 {
		p.rate = rate
	}
	if !s.gap && !s.standIn {
		p.recorded.add(s.date, ingest.Duration(s.duration))
	}
}

// next gives a window to follow the present one, with the parts of the open segment.
func (p *published) next(open segment) *window {
	old := p.window.Load()
	w := &window{
		retired:  old.retired,
		segments: old.segments,
		open:     open,
		nextPart: p.nextPart,
		ended:    old.ended,
		leaving:  old.leaving,
		dropped:  old.dropped,
		tracks:   old.tracks,
		rate:     p.rate,
		repeated: p.repeats,
		next:     make(chan struct{}),
	}
	if p.followers > 0 {
		w.others, w.offered = make([]lists, p.followers), p.offered
	}
	return w
}

// swap puts a window in that lists at least length, in ticks, and wakes all who wait
// for it.
func (p *published) swap(w *window, length int64, keep *spool.Recorder) {
	old := p.window.Load()
	closed := w.segments // a long gap brings more at once than the list holds
	w.trim(length)
	p.viewers[p.nextPart%uint64(len(p.viewers))].Store(p.watching.Load())
	p.window.Store(w)
	p.rewind.follow(w, closed)
	// It takes 20 ms to wake ten thousand, and the publisher would wait for that.
	// This goroutine cannot block, so nobody needs to join it.
	go close(old.next)
	if len(w.retired) > 0 {
		keep.Keep(w.retired[0].msn)
	} else if w.ready() {
		keep.Keep(w.segments[0].msn)
	}
}

// counted is how many players waited for one of the last parts.
func (p *published) counted() int {
	most := int64(0)
	for i := range p.viewers {
		most = max(most, p.viewers[i].Load())
	}
	return int(most)
}
