package spool

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// hangsAfter is how long a call to the disk may take before it counts as trouble, and
// lookEvery how often the calls are looked at.
const (
	hangsAfter = 5 * time.Second
	lookEvery  = time.Second
)

// ErrHangs is the trouble with a disk that gives no answer, not even an error.
var ErrHangs = errors.New("the disk does not answer")

// work is what a stream does with the disk. Its kinds go on side by side.
type work int

const (
	writing work = iota // and deleting
	syncing
	marking
	kinds
)

func (w work) String() string { return [kinds]string{"write", "sync", "mark"}[w] }

// begin notes that a call to the disk begins, or that one has returned and another
// begins. finish follows.
func (st *Recorder) begin(w work) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.calls[w] = time.Now()
	st.answered()
}

// finish notes that the last call has returned.
func (st *Recorder) finish(w work) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.calls[w] = time.Time{}
	st.answered()
}

// waits gives the kind of work that has waited longest for the disk, and for how long.
// mu is held.
func (st *Recorder) waits(now time.Time) (longest work, d time.Duration) {
	for w, since := range st.calls {
		if !since.IsZero() && now.Sub(since) > d {
			longest, d = work(w), now.Sub(since)
		}
	}
	return longest, d
}

// answered takes the trouble back where no call hangs any more. mu is held.
func (st *Recorder) answered() {
	if st.hung.IsZero() {
		return
	}
	now := time.Now()
	if _, d := st.waits(now); d < hangsAfter {
		st.log.Info("the disk answers again", "after", now.Sub(st.hung).Round(time.Millisecond))
		st.hung = time.Time{}
	}
}

// watch looks whether a call hangs, and says so once.
func (st *Recorder) watch(now time.Time) {
	st.mu.Lock()
	defer st.mu.Unlock()
	w, d := st.waits(now)
	if d < hangsAfter || !st.hung.IsZero() {
		return
	}
	st.hung = now.Add(-d)
	st.log.Error("the disk does not answer; the broadcast continues, and a crash would lose the media that is not stored yet", "call", w, "for", d.Round(time.Second))
}

// watch looks at all streams.
func (s *Spool) watch(now time.Time) {
	for _, st := range s.all() {
		st.watch(now)
	}
}

// undone is why Run does not wait any longer: it names the rooms for which the disk
// still has to answer.
func (s *Spool) undone() error {
	var rooms []string
	for _, st := range s.all() {
		st.mu.Lock()
		if _, d := st.waits(time.Now()); d > 0 {
			rooms = append(rooms, st.room)
		}
		st.mu.Unlock()
	}
	slices.Sort(rooms)
	return fmt.Errorf("write the spool: %w (rooms: %s); the next start goes on with what is on it", ErrHangs, strings.Join(slices.Compact(rooms), ", "))
}

func (s *Spool) all() []*Recorder {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Recorder, 0, len(s.streams))
	for _, st := range s.streams {
		all = append(all, st)
	}
	return all
}
