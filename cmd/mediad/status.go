package main

import (
	"net/netip"
	"time"

	"mediad/overlay/api"
)

// Status tells how a room's stream is. It implements api.Stage.
func (s *stage) Status(room string) api.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, said := s.rooms[room], s.notices.of(room, time.Now())
	if a == nil {
		return api.Status{Warnings: append([]string{}, said...)}
	}
	h := a.stream.Health()
	out := api.Status{
		Live: true, Waiting: a.session == nil, Epoch: a.begin.Epoch, Since: a.begin.Anchor,
		Viewers:  a.stream.Viewers(),
		Warnings: append(append([]string{}, said...), h.Warnings...),
	}
	if a.session == nil {
		out.Warnings = append(out.Warnings, "The publisher is gone; the room waits for it to come back.")
		return out
	}
	out.Ingest = &api.Ingest{
		Protocol: a.request.Protocol, Encoder: a.request.Encoder, Address: addressClass(a.request.Remote), Since: a.since,
		Video: h.Video, Audio: h.Audio, Width: h.Width, Height: h.Height,
		Bitrate: int64(h.Bitrate), FPS: h.FPS, KeyInterval: h.KeyframeInterval.Seconds(),
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
