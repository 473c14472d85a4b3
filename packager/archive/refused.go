package archive

import "errors"

// errEnded is why a segment is refused that comes behind the end of its broadcast. That
// is how a database looks that was restored from a backup: for it the broadcast is on
// air, the journal has its end, and the slate is added that would stand in.
var errEnded = errors.New("the broadcast was ended")

// refusals are segments that were refused and are yet to be told of.
type refusals struct {
	late        int // behind the end
	other       int
	first, last uint64 // media sequence numbers of other
	why         error  // of the first of other
}

// refuse notes a segment that was refused. The first that is missing somewhere because
// of that is told at once: it may be long until End.
func (s *Recorder) refuse(msn uint64, why error) {
	s.a.mu.Lock()
	r, told := &s.refused, true
	switch {
	case errors.Is(why, errEnded):
		r.late++
	case r.other == 0:
		r.first, r.why, told = msn, why, false
		fallthrough
	default:
		r.other, r.last = r.other+1, msn
	}
	s.a.mu.Unlock()
	if !told {
		s.log.Error("a segment cannot be stored and will be missing from the replay; more are counted, and told at the end of the broadcast", "msn", msn, "err", why)
		return
	}
	s.log.Debug("segment refused by the archive", "msn", msn, "err", why)
}

// tell says in one line of each kind what was refused.
func (r refusals) tell(s *Recorder) {
	if r.late > 0 {
		s.log.Info("segments behind the end of the broadcast are not stored: it had ended before this start, and the database did not know", "segments", r.late)
	}
	if r.other > 1 {
		s.log.Error("segments could not be stored and are missing from the replay", "segments", r.other, "first", r.first, "last", r.last, "err", r.why)
	}
}
