package archive

import "errors"

// waiting gives the count of the bytes that an item belongs to. a.mu is held.
func (a *Archive) waiting(it *item) *int64 {
	if it.data == nil {
		return &a.spooled
	}
	return &a.queued
}

// release lets go of an item's bytes. a.mu is held.
func (a *Archive) release(it *item) {
	*a.waiting(it) -= it.size
	it.data, it.size = nil, 0
}

// freeMemory takes a segment out of memory that the spool has. a.mu is held.
func (a *Archive) freeMemory(it *item) lost {
	if !it.kept || it.data == nil {
		return nil
	}
	size := it.size
	a.release(it)
	it.size = size
	*a.waiting(it) += size
	return a.enforceBounds()
}

// enforceBounds gives up the oldest segments that wait, whichever broadcast's, until
// all that waits is within bounds again. Whoever is on air would otherwise pay
// for what an ended broadcast left behind. Copies of what the spool has go first.
// a.mu is held.
func (a *Archive) enforceBounds() (given lost) {
	for {
		memory, disk := a.queued > a.opts.MaxQueued, a.spooled > a.opts.MaxSpooled
		if memory {
			if it := a.copied(); it != nil {
				return append(given, a.freeMemory(it)...)
			}
		}
		s, it := a.oldest(memory, disk)
		if it == nil {
			return given
		}
		given = append(given, a.giveUp(s, it, errFull))
	}
}

// copied finds a segment that is in memory and in the spool: only of those that
// are on their way there are copies. a.mu is held.
func (a *Archive) copied() *item {
	for s := range a.streams {
		for _, it := range s.queue[:min(uploadsAtOnce, len(s.queue))] {
			if it.kept && it.data != nil {
				return it
			}
		}
	}
	return nil
}

// oldest finds the segment that was added first among those that wait in memory, or on
// the disk.
// a.mu is held.
func (a *Archive) oldest(memory, disk bool) (of *Recorder, oldest *item) {
	if !memory && !disk {
		return nil, nil
	}
	for s := range a.streams {
		for _, it := range s.queue {
			if it.size == 0 || it.data != nil && !memory || it.data == nil && !disk {
				continue
			}
			if oldest == nil || it.since.Before(oldest.since) {
				of, oldest = s, it
			}
			break
		}
	}
	return of, oldest
}

// lost are segments that were given up and are to be told of, without mu: the
// log is I/O.
type lost []loss

type loss struct {
	s   *Recorder
	msn uint64
	why error
}

func (l lost) tell() {
	for _, one := range l {
		one.s.log.Error("segment given up: it is a gap in the stored playlists", "msn", one.msn, "err", one.why)
	}
}

// errFull is why a segment is given up that could still be stored.
var errFull = errors.New("too many bytes wait for the store")

// giveUp drops a segment, which is counted at once; its turn to be written down
// comes later. a.mu is held.
func (a *Archive) giveUp(s *Recorder, it *item, why error) loss {
	a.release(it)
	it.dropped = true
	a.stats.GivenUp++
	s.lost = append(s.lost, it.record.MSN)
	if it.cancel != nil {
		it.cancel()
	}
	return loss{s, it.record.MSN, why}
}
