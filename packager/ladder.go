package packager

import (
	"fmt"
	"slices"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/layout"
)

// ladder is what the session of a publisher with several tracks of pictures has besides.
// The first of them leads: parts and segments end where its pictures let them, as if it
// were alone. The others follow, each in a rendition of its own. What belongs to one
// moment is written together, so that every cut ends all renditions at one DTS.
type ladder struct {
	route     []int // of the publisher's tracks: indices of Session.tracks, or below 0 follower -1-k
	merge     align.Merge
	followers []*follower

	moment *align.Moment // that is being written; nil: none
	still  bool          // a picture of a former stay is
	keyed  int64         // output DTS of the first track's last key frame
	since  int64         // output DTS of the first picture since the tracks, or a silence, began; 0: none came
	err    error         // of what was written by the clock
}

// mostFollowers is how many followers there are at most: encoders send ten tracks. nowhere
// is where the rest goes.
const (
	mostFollowers = 9
	nowhere       = -1 - mostFollowers
)

// split takes the tracks of the first rendition out of all, and the other tracks of
// pictures. With one track of pictures nothing else is left, and there is no route.
func split(tracks []ingest.Track) (first, others []ingest.Track, route []int) {
	isVideo := func(t ingest.Track) bool { return t.Codec.Video() }
	lead := slices.IndexFunc(tracks, isVideo)
	if lead < 0 || !slices.ContainsFunc(tracks[lead+1:], isVideo) {
		return tracks, nil, nil
	}
	first = append(first, tracks[lead])
	for i, t := range tracks {
		switch {
		case i == lead:
			route = append(route, 0)
		case !t.Codec.Video():
			route = append(route, len(first))
			first = append(first, t)
		case len(others) < mostFollowers:
			others = append(others, t)
			route = append(route, -len(others))
		default:
			route = append(route, nowhere)
		}
	}
	return first, others, route
}

// newLadder gives the ladder for other tracks of pictures beside the first rendition's.
// was are the followers of the former stay.
func newLadder(first, others []ingest.Track, route []int, was []*follower) *ladder {
	if len(others) == 0 {
		return nil
	}
	l := &ladder{route: route, merge: align.NewMerge(len(others))}
	for k, t := range others {
		var before *follower
		if k < len(was) {
			before = was[k]
		}
		l.followers = append(l.followers, newFollower(layout.Rendition(k+1), t, first[1:], before))
	}
	return l
}

// restart is Session.restart.
func (l *ladder) restart() {
	if l == nil {
		return
	}
	l.since = 0
	for _, f := range l.followers {
		f.restart()
	}
}

// followers gives the other renditions.
func (s *Session) followers() []*follower {
	if s == nil || s.ladder == nil {
		return nil
	}
	return s.ladder.followers
}

// merged takes a unit of a publisher with several tracks of pictures.
func (s *Session) merged(u ingest.Unit) error {
	l := s.ladder
	if u.Track < 0 || u.Track >= len(l.route) {
		return fmt.Errorf("unit of track %d without such a track", u.Track)
	}
	now := s.stream.clock()
	switch to := l.route[u.Track]; {
	case to == nowhere:
		return nil
	case to < 0:
		l.merge.Follow(-1-to, u, now)
	default:
		u.Track = to
		s.stream.came(to == 0, u)
		s.stream.waits(now)
		l.merge.Lead(u, now)
	}
	return s.drain(now, false)
}

// drain writes what waits for nobody any more, or with all everything.
func (s *Session) drain(now time.Time, all bool) error {
	if s == nil || s.ladder == nil {
		return nil
	}
	l := s.ladder
	for l.err == nil {
		m, ok := l.merge.Next(now, all)
		if !ok {
			break
		}
		l.moment = m
		l.err = s.take(m.Unit, m.Came)
		l.moment = nil
	}
	return l.err
}

// showFollowers writes what the followers have beside a picture of the first track, which
// was written as u.
func (s *Session) showFollowers(u ingest.Unit) {
	l := s.ladder
	switch {
	case l == nil:
		return
	case l.still:
		for _, f := range l.followers {
			f.still(u.DTS, u.PTS-u.DTS)
		}
		return
	}
	if l.since == 0 {
		l.since = u.DTS
	}
	if u.Key || u.Recovers {
		l.keyed = u.DTS
	}
	by, shown := u.DTS-l.moment.DTS, u.PTS-l.moment.PTS
	for k, f := range l.followers {
		had := f.offered
		for _, h := range l.moment.Followers[k] {
			x := h.Unit
			x.Track, x.DTS, x.PTS = 0, x.DTS+by, x.PTS+shown
			s.stream.follow(f, x, u.DTS, l.merge.Same(x.DTS, l.keyed))
		}
		if f.missing(u.DTS, l.since, s.seg.Target) {
			f.lose(stopped)
		}
		if f.offered = f.offered || f.begun; f.lost != notLost && !f.told {
			s.left(k, f)
		} else if f.offered != had {
			s.stream.offer(s.followers())
		}
	}
}

// repeatFollowers shows the followers' pictures once more where the first track's is.
func (s *Session) repeatFollowers(u ingest.Unit) {
	for _, f := range s.followers() {
		f.repeat(u, s.repeats.frozen)
	}
}

// left tells everybody that a follower is lost.
func (s *Session) left(k int, f *follower) {
	f.told = true
	s.ladder.merge.Leave(k)
	s.stream.lost(f)
	s.stream.offer(s.followers())
}
