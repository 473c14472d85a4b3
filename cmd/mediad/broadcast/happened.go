package broadcast

import (
	"time"

	"mediad/ingest"
	"mediad/overlay/api"
)

// happened makes an event, for the room's host.
func happened(room string, kind api.PublisherKind, text string) api.PublisherEvent {
	return api.PublisherEvent{Room: room, Kind: kind, Text: text, At: time.Now()}
}

// came makes an event about a client that asked to publish.
func came(room string, kind api.PublisherKind, text string, r ingest.Request) api.PublisherEvent {
	e := happened(room, kind, text)
	e.Protocol, e.Encoder, e.Address = r.Protocol, r.Encoder, addressClass(r.Remote)
	return e
}

// tell records an event. A warning is also listed among the room's warnings for
// a while.
func (m *Manager) tell(e api.PublisherEvent) {
	switch e.Kind {
	case api.PublisherContention, api.PublisherRefused, api.PublisherClosed:
		m.notices.add(e.Room, string(e.Kind), e.Text, e.At)
	}
	m.history.add(e)
}

// admitted reports that a publisher is on air: the first of its broadcast,
// one that came back, or one that replaces another.
func (m *Manager) admitted(a *onAir, was ingest.Request, first, replaces bool) {
	room, now := a.begin.Room, a.request
	switch {
	case replaces:
		m.log.Info("publisher taken over", "room", room, "old", was.Remote, "new", now.Remote)
		m.tell(came(room, api.PublisherTakenOver, "Another publisher took over the room.", now))
	case first:
		m.tell(came(room, api.PublisherOnAir, "The publisher is on air.", now))
	default:
		m.tell(came(room, api.PublisherBack, "The publisher is back.", now))
	}
	m.log.Info("publisher on air", "room", room, "epoch", a.begin.Epoch, "remote", now.Remote,
		"protocol", now.Protocol, "encoder", now.Encoder)
}
