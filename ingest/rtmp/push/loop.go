package push

import (
	"errors"
	"fmt"
	"time"

	"mediad/ingest/rtmp/flv"
)

// Loop is a Source that repeats a clip without end, with timestamps that go
// on from one round to the next. Metadata and sequence headers are sent in the
// first round only.
type Loop struct {
	// Owned by the caller of Next.
	tags   []flv.Tag
	period uint32 // ms
	first  uint32 // the clip's earliest timestamp, in ms
	base   uint32 // of the current round, in ms; wraps
	next   int
	again  bool // the first round is over
}

// NewLoop returns a Loop of a clip that lasts period. With a period of 0, the clip
// ends where its longest track ends, and a track's last unit is as long as its
// others on average. The period must be longer than the clip's timestamps.
func NewLoop(tags []flv.Tag, period time.Duration) (*Loop, error) {
	var tracks [2]span
	frames := 0
	for _, t := range tags {
		k, media := frame(t)
		if !media {
			continue
		}
		tracks[k].add(t.Timestamp)
		frames++
	}
	if frames < 2 {
		return nil, errors.New("a clip to be repeated needs at least two frames")
	}
	first, last, end := ^uint32(0), uint32(0), uint32(0)
	for _, s := range tracks {
		if s.n > 0 {
			first, last, end = min(first, s.first), max(last, s.last), max(end, s.end())
		}
	}
	l := &Loop{tags: tags, first: first, period: end - first}
	if period > 0 {
		l.period = uint32(period.Milliseconds())
	}
	if l.period <= last-first {
		return nil, fmt.Errorf("a period of %v is shorter than the clip, which lasts over %d ms", period, last-first)
	}
	return l, nil
}

// Period is how long one round takes.
func (l *Loop) Period() time.Duration { return time.Duration(l.period) * time.Millisecond }

// Next returns the next tag. It never ends.
func (l *Loop) Next() (flv.Tag, error) {
	for {
		if l.next == len(l.tags) {
			l.next, l.again = 0, true
			l.base += l.period
		}
		t := l.tags[l.next]
		l.next++
		if _, media := frame(t); media {
			t.Timestamp = l.base + t.Timestamp - l.first
			return t, nil
		}
		if !l.again {
			t.Timestamp = 0
			return t, nil
		}
	}
}

// frame tells whether a tag is a picture (0) or sound (1), and not a header.
func frame(t flv.Tag) (track int, media bool) {
	var p flv.Packet
	var err error
	switch t.Type {
	case flv.Video:
		p, err = flv.ParseVideo(t.Body)
	case flv.Audio:
		track = 1
		p, err = flv.ParseAudio(t.Body)
	}
	return track, err == nil && p.Kind == flv.Frame
}

// span is the time that a track takes.
type span struct {
	n           int
	first, last uint32
}

func (s *span) add(ts uint32) {
	if s.n == 0 {
		s.first, s.last = ts, ts
	}
	s.n, s.first, s.last = s.n+1, min(s.first, ts), max(s.last, ts)
}

// end is where the track's last unit ends.
func (s *span) end() uint32 {
	if s.n < 2 {
		return s.last + 1
	}
	steps := uint32(s.n - 1)
	return s.last + max(1, (s.last-s.first+steps/2)/steps)
}
