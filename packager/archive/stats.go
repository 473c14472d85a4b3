package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Stats say how the archive does, over all streams since New.
type Stats struct {
	QueuedSegments int           // waiting for the store
	QueuedBytes    int64         // of these
	SpooledBytes   int64         // of these, on the local disk and not in memory
	Lag            time.Duration // how long the oldest of these waits
	Stored         uint64        // segments acknowledged by the store
	StoredBytes    uint64        // of these
	FailedAttempts uint64        // puts that failed, of segments and of playlists
	GivenUp        uint64        // segments that became EXT-X-GAP, or will when their turn comes
	Refused        uint64        // segments that could not be taken: numbered backwards, or not listable
	Displaced      uint64        // times that a broadcast left the stable name to a newer one of somebody else
}

// Stats takes a reading.
func (a *Archive) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	out := a.stats
	out.QueuedBytes, out.SpooledBytes = a.queued+a.spooled, a.spooled
	for s := range a.streams {
		for _, it := range s.queue {
			if it.dropped || it.stored {
				continue
			}
			out.QueuedSegments++
			out.Lag = max(out.Lag, now.Sub(it.since))
		}
	}
	return out
}

// errStopped is Flush's and Secure's answer when nobody works any more.
var errStopped = errors.New("the archive does not run any more")

// Flush waits until all that was added is stored and listed, and streams that were ended
// are finished. It gives up with ctx, and tells then what is left.
func (a *Archive) Flush(ctx context.Context) error { return a.await(ctx, (*Recorder).busy) }

// Secure waits until all that was added is stored or Kept, so that a process
// after this one can go on. It gives up as Flush does.
func (a *Archive) Secure(ctx context.Context) error { return a.await(ctx, (*Recorder).unkept) }

// await waits until no stream has anything left to do.
func (a *Archive) await(ctx context.Context, of func(*Recorder) bool) error {
	for {
		a.mu.Lock()
		left, stopped, changed := 0, a.stopped, a.changed
		for s := range a.streams {
			if of(s) {
				left++
			}
		}
		a.mu.Unlock()
		if left == 0 {
			return nil
		}
		if stopped {
			return fmt.Errorf("store what is queued: %d streams are behind: %w", left, errStopped)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("store what is queued: %d streams are behind: %w", left, context.Cause(ctx))
		}
	}
}

// busy tells whether the stream still has something to do. a.mu is held.
func (s *Recorder) busy() bool { return len(s.queue) > 0 || s.ended || s.published != s.version }

// unkept tells whether some of the stream's bytes are in memory alone. a.mu is
// held.
func (s *Recorder) unkept() bool {
	return slices.ContainsFunc(s.queue, func(it *item) bool { return !it.kept && !it.dropped && !it.record.Gap })
}

// Waiting tells how much of the stream waits for the store, for how long, and
// how many of its segments were given up since Open.
func (s *Recorder) Waiting() (segments int, oldest time.Duration, givenUp int) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	for _, it := range s.queue {
		if it.dropped || it.stored {
			continue
		}
		segments++
		oldest = max(oldest, time.Since(it.since))
	}
	return segments, oldest, len(s.lost)
}
