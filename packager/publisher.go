package packager

import (
	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/mpegts"
)

// This file is what a Stream asks of its session, which may be nil where nobody
// publishes; filling stands in again.go. The stream's mu is held.

// announced is what the publisher sends; nil: it has not said so yet.
func (s *Session) announced() []ingest.Track {
	if s == nil {
		return nil
	}
	return s.tracks
}

// publishes tells whether units may come.
func (s *Session) publishes() bool { return s != nil && s.writer != nil }

// output is what the publisher's units are written with.
func (s *Session) output() *mpegts.Writer { return s.writer }

// slate gives the slate that can stand in for the publisher from now on; not seen: the
// publisher has shown nothing.
func (s *Session) slate() (media *slateMedia, seen bool) {
	if !s.seen {
		return nil, false
	}
	media = newSlateMedia(s.writer, s.tracks, s.picture, s.place.Sound)
	if media != nil {
		media.followers = s.followers()
	}
	return media, true
}

// fellSilent begins anew. What the publisher sends late is left out.
func (s *Session) fellSilent() {
	s.restart()
	s.catchUp = new(align.CatchUp)
}

// replaceWriter takes another writer if this one is broken: the slate writes with the
// writer of a silent publisher. A DISCONTINUITY comes before what that one sends next.
func (s *Session) replaceWriter(broken *mpegts.Writer) {
	if s != nil && s.writer == broken {
		s.writer, _ = mpegts.NewWriter(s.tracks) // these tracks had a writer before
	}
}
