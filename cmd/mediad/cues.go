package main

import (
	"encoding/base64"
	"strconv"

	"mediad/overlay"
	"mediad/packager"
	"mediad/packager/m3u8"
)

// cueSink carries cues from the event log to the stream of their room. It is
// the only place where commerce and media meet.
type cueSink struct{ live *packager.Live }

// Pulse implements feed.CueSink.
func (k cueSink) Pulse(room string, text []byte) {
	if s := k.live.Room(room); s != nil {
		s.Pulse(text)
	}
}

// Cue implements feed.CueSink.
func (k cueSink) Cue(c overlay.Cue) {
	s := k.live.Room(c.Room)
	if s == nil {
		return // not on air: the next broadcast begins with the state
	}
	// The twin of the ID3 tag in the playlist. Raw JSON has quotes, which a
	// quoted-string cannot hold (RFC 8216bis 4.2).
	attrs := []m3u8.Attr{
		{Name: "X-MEDIAD-KIND", Value: string(c.Kind)},
		{Name: "X-MEDIAD-SEQ", Value: strconv.FormatUint(c.Seq, 10)},
	}
	if c.Product != "" {
		attrs = append(attrs, m3u8.Attr{Name: "X-MEDIAD-PRODUCT", Value: c.Product})
	}
	attrs = append(attrs, m3u8.Attr{Name: "X-MEDIAD-DATA", Value: base64.RawURLEncoding.EncodeToString(c.Event)})
	s.Cue(packager.Cue{
		ID: c.ID, NotBefore: c.NotBefore, Event: c.Event, State: c.State,
		Class: "mediad.cue", Attrs: attrs,
		Landed: func(l packager.Landing) {
			c.Landed(overlay.Landing{PTS: l.PTS, Date: l.Date, Epoch: l.Epoch, Segment: l.Segment, Part: l.Part})
		},
	})
}
