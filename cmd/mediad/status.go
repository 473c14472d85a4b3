package main

import (
	"net/netip"
	"time"

	"mediad/overlay/api"
	"mediad/packager/health"
)

// Status tells how a room's stream is. It implements api.Stage.
func (s *stage) Status(room string) api.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, said := s.rooms[room], s.notices.of(room, time.Now())
	if a == nil {
		return api.Status{Warnings: append([]string{}, said...), Publishers: s.history.of(room)}
	}
	out := api.Status{
		Live: true, Waiting: a.session == nil, Epoch: a.begin.Epoch, Since: a.begin.Anchor, OnAir: a.begin.Latency,
		Viewers:  a.stream.Viewers(),
		Warnings: append([]string{}, said...), Publishers: s.history.of(room),
	}
	if a.timer != nil {
		away := a.away
		out.Away = &away
	}
	h, v, ok := s.watch.read(room, a.session)
	if !ok { // not looked at yet
		h = a.onStage().read()
		v = new(health.Judge).Look(time.Now(), &h)
	}
	out.Details = told(v.Warnings)
	for _, w := range v.Warnings {
		out.Warnings = append(out.Warnings, w.Text)
	}
	for _, w := range a.keeping() {
		out.Details = append(out.Details, w)
		out.Warnings = append(out.Warnings, w.Text)
	}
	if a.session != nil {
		out.Ingest = arriving(h)
		out.Ingest.Protocol, out.Ingest.Encoder = a.request.Protocol, a.request.Encoder
		out.Ingest.Address, out.Ingest.Since = addressClass(a.request.Remote), a.since
	}
	return out
}

// arriving puts a report into the API's words.
func arriving(h health.Report) *api.Ingest {
	in := h.Received
	return &api.Ingest{
		Video: h.Video, Audio: h.Audio, Width: h.Width, Height: h.Height,
		Bitrate: int64(h.Bitrate), Incoming: int64(h.Incoming), FPS: h.FPS, DeclaredFPS: h.Declared,
		KeyInterval: h.KeyframeInterval.Seconds(), KeyMax: h.KeyframeMax.Seconds(),
		BFrames: h.BFrames, Reorder: h.Reorder.Seconds(),
		Dropped: int64(in.Dropped()), LateUnits: int64(h.LateUnits), Refused: int64(in.Refused), Clamped: int64(in.Clamped + h.Clamped),
		Jumps: int64(in.Jumps), Changes: int64(in.Headers), Repeats: int64(in.Repeats),
		Wraps: int64(in.Wraps + h.Wraps), Shifts: int64(h.Shifts), Pauses: int64(h.Pauses), Forced: int64(h.Forced),
		AudioGaps: int64(h.AudioGaps + h.AudioExtra), Moves: int64(h.Moves),
		Drift: h.Drift.Seconds(), Offset: h.Offset.Seconds(), Late: h.Late.Seconds(), Early: h.Early.Seconds(), Jitter: h.Jitter.Seconds(),
		Silent: h.Silent.Seconds(), RTT: in.RTT.Seconds(),
		Coding: api.Coding{
			NoKey: int64(in.NoKey), NoVideoHeader: int64(in.NoVideoHeader), NoAudioHeader: int64(in.NoAudioHeader),
			BadPictures: int64(in.BadPictures), BadSound: int64(in.BadSound), OddSound: int64(in.OddSound), BadMessages: int64(in.BadMessages),
			BadHeaders: int64(in.BadHeaders), ADTS: int64(in.ADTS), Configs: int64(in.Configs),
			StartCodes: int64(in.StartCodes), Joined: int64(in.Joined), SoundRefused: in.SoundRefused,
		},
	}
}

// onStage shows a room to the watcher. The stage's mu is held.
func (a *onAir) onStage() onStage {
	r := onStage{room: a.begin.Room, stream: a.stream, session: a.session}
	if a.session != nil {
		r.stats = a.request.Stats
	}
	return r
}

// onStage lists the rooms on air.
func (s *stage) onStage() []onStage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]onStage, 0, len(s.rooms))
	for _, a := range s.rooms {
		out = append(out, a.onStage())
	}
	return out
}

// addressClass says where a publisher is without saying who.
func addressClass(a netip.AddrPort) string {
	switch ip := a.Addr().Unmap(); {
	case ip.IsLoopback():
		return "loopback"
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return "private"
	}
	return "public"
}
