package broadcast

import (
	"net/netip"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager"
	"mediad/packager/health"
)

// Status gives the state of a room's stream. It implements api.Broadcasts.
func (m *Manager) Status(slug string) api.Status {
	said := m.notices.of(slug, time.Now())
	out := api.Status{Warnings: append([]string{}, said...), Publishers: m.history.of(slug)}
	m.mu.Lock()
	in := m.rooms[slug]
	m.mu.Unlock()
	if in == nil {
		return out
	}
	a, who := in.current()
	if a == nil {
		return out
	}
	out.Live, out.Waiting, out.Epoch, out.Since, out.OnAir = true, who.session == nil, a.begin.Epoch, a.begin.Anchor, a.begin.Latency
	out.Viewers = m.viewers(a.begin.Show, a.stream)
	if who.timer != nil {
		out.Away = &who.away
	}
	h, v, ok := m.watch.read(slug, who.session)
	if !ok { // not looked at yet
		h = a.watched(who).read()
		v = new(health.Judge).Look(time.Now(), &h)
	}
	out.Details = told(v.Warnings)
	for _, w := range v.Warnings {
		out.Warnings = append(out.Warnings, w.Text)
	}
	for _, w := range append(a.keeping(), m.restreaming(slug)...) {
		out.Details = append(out.Details, w)
		out.Warnings = append(out.Warnings, w.Text)
	}
	if who.session != nil {
		out.Ingest = arriving(h)
		out.Ingest.Protocol, out.Ingest.Encoder = who.request.Protocol, who.request.Encoder
		out.Ingest.Address, out.Ingest.Since = addressClass(who.request.Remote), who.since
		for _, r := range a.stream.Renditions() {
			out.Ingest.Renditions = append(out.Ingest.Renditions, api.Rendition{Width: r.Width, Height: r.Height, Bitrate: int64(r.Bitrate)})
		}
	}
	return out
}

// viewers tells how many watch a stream. Our own players send beacons, and others follow a
// playlist here or at a CDN: neither number has all of the other's, so the greater counts.
func (m *Manager) viewers(show string, s *packager.Stream) int {
	p, _ := m.audience(show)
	return max(int(p.Viewers), s.Viewers())
}

// Pulse gives the figures of the show on air in a room; false: none of its viewers has sent
// a beacon.
func (m *Manager) Pulse(slug string) (overlay.Pulse, bool) {
	m.mu.Lock()
	in := m.rooms[slug]
	m.mu.Unlock()
	if in == nil {
		return overlay.Pulse{}, false
	}
	a, _ := in.current()
	if a == nil {
		return overlay.Pulse{}, false
	}
	p, ok := m.audience(a.begin.Show)
	p.Viewers = max(p.Viewers, int64(a.stream.Viewers()))
	return p, ok
}

// arriving gives a report in the form of the API.
func arriving(h health.Report) *api.Ingest {
	out := &api.Ingest{
		Video: h.Video, Audio: h.Audio, Width: h.Width, Height: h.Height,
		Bitrate: int64(h.Bitrate), Incoming: int64(h.Incoming), FPS: h.FPS, DeclaredFPS: h.Declared, Zero: h.Zero,
		KeyInterval: h.KeyframeInterval.Seconds(), KeyMax: h.KeyframeMax.Seconds(),
		BFrames: h.BFrames, Reorder: h.Reorder.Seconds(),
		Drift: h.Drift.Seconds(), Offset: h.Offset.Seconds(), Late: h.Late.Seconds(), Early: h.Early.Seconds(), Jitter: h.Jitter.Seconds(),
		CaptureDelay: h.Received.CaptureDelay.Seconds(),
		Silent:       h.Silent.Seconds(), RTT: h.Received.RTT.Seconds(),
		Coding: api.Coding{SoundRefused: h.Received.SoundRefused},
	}
	for _, s := range Statistics() {
		if s.API != nil {
			*s.API(out) += int64(s.Count(h))
		}
	}
	return out
}

// watched shows a room to the watcher.
func (a *onAir) watched(who publisherState) roomOnAir {
	r := roomOnAir{room: a.begin.Room, show: a.begin.Show, stream: a.stream, session: who.session}
	if who.session != nil {
		r.stats = who.request.Stats
	}
	return r
}

// onAirNow lists the rooms on air.
func (m *Manager) onAirNow() []roomOnAir {
	var out []roomOnAir
	for _, in := range m.known() {
		if a, who := in.current(); a != nil {
			out = append(out, a.watched(who))
		}
	}
	return out
}

// Report describes a room on air, for the operator.
type Report struct {
	Room       string
	Publishing bool  // not waiting for its publisher
	Held       int64 // bytes of media in memory
	Viewers    int
	Health     health.Report
	Warnings   []health.Warning
}

// Reports gives the reports of all rooms on air.
func (m *Manager) Reports() []Report {
	rooms := m.onAirNow()
	out := make([]Report, len(rooms))
	for i, r := range rooms {
		h, v, ok := m.watch.read(r.room, r.session)
		if !ok { // not looked at yet
			h = r.read()
		}
		out[i] = Report{Room: r.room, Publishing: r.session != nil, Held: r.stream.Held(), Viewers: m.viewers(r.show, r.stream), Health: h, Warnings: v.Warnings}
	}
	return out
}

// addressClass says in what kind of network a publisher is, and does not
// reveal its address.
func addressClass(a netip.AddrPort) string {
	switch ip := a.Addr().Unmap(); {
	case ip.IsLoopback():
		return "loopback"
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return "private"
	}
	return "public"
}
