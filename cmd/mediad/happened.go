package main

import (
	"time"

	"mediad/ingest"
	"mediad/overlay/api"
)

// happened makes an event, for the room's host.
func happened(room string, kind api.PublisherKind, text string) api.PublisherEvent {
	return api.PublisherEvent{Room: room, Kind: kind, Text: text, At: time.Now()}
}

// came is an event about whoever asked to publish.
func came(room string, kind api.PublisherKind, text string, r ingest.Request) api.PublisherEvent {
	e := happened(room, kind, text)
	e.Protocol, e.Encoder, e.Address = r.Protocol, r.Encoder, addressClass(r.Remote)
	return e
}

// tell notes what happened. A warning also stands among the room's warnings for
// a while. The stage's mu is held.
func (s *stage) tell(e api.PublisherEvent) {
	switch e.Kind {
	case api.PublisherFight, api.PublisherRefused, api.PublisherClosed:
		s.notices.add(e.Room, string(e.Kind), e.Text, e.At)
	}
	s.history.add(e)
}

// admitted tells that a publisher was let on: the first of its broadcast, one
// that was waited for, or one that takes the place of another.
func (s *stage) admitted(a *onAir, was ingest.Request, first, replaces bool) {
	room, now := a.begin.Room, a.request
	switch {
	case replaces:
		s.log.Info("publisher taken over", "room", room, "old", was.Remote, "new", now.Remote)
		s.tell(came(room, api.PublisherTakenOver, "Another publisher took the room over.", now))
	case first:
		s.tell(came(room, api.PublisherOnAir, "The publisher is on air.", now))
	default:
		s.tell(came(room, api.PublisherBack, "The publisher is back.", now))
	}
	s.log.Info("publisher on air", "room", room, "epoch", a.begin.Epoch, "remote", now.Remote,
		"protocol", now.Protocol, "encoder", now.Encoder)
}
