package rtmp

import (
	"errors"
	"slices"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
)

// mostFurther is how many video tracks a publish has at most besides the first: OBS has ten
// encoders.
const mostFurther = 9

var errLateTrack = errors.New("it came after the first picture, or has other parameters now: it counts again when the encoder starts anew")

// further is a video track besides the first one (Enhanced RTMP multitrack). Encoders that
// send several send whole pictures in the form that the standard asks for, and their
// headers before the first picture of any track.
//
// Its parameters count from one SetTracks to the next. Where they change in between, the
// track is left out until then: other viewers need not begin anew for it.
type further struct {
	track
	id   uint8
	odd  bool  // the log has it
	last int64 // DTS of the newest unit, in ticks
	ran  bool
}

// furtherMessage takes a message of a further video track in. What cannot be used of it is
// left out, and costs the first track nothing.
func (f *feed) furtherMessage(ms int64, p flv.Packet) error {
	t := f.further(p)
	if t == nil {
		return nil
	}
	if p.Kind == flv.Config {
		changed, err := t.configure(video, p.Data)
		if err == nil && changed && f.settled {
			err = errLateTrack
		}
		if err != nil && !t.odd {
			t.odd = true
			f.note("further video track is left out", err)
		}
		return nil
	}
	if !t.known {
		return nil
	}
	nals, _, err := h264.Unpack(f.nals[:0], p.Data, t.lengthPrefix(), false)
	f.nals = nals[:0]
	if err != nil {
		f.account.count(func(n *ingest.Stats) { n.BadPictures++ })
		return nil
	}
	nals, bad, news := t.take(nals)
	f.account.count(func(n *ingest.Stats) { n.BadHeaders += uint64(bad) })
	nals = f.hear(nals, false)
	first := slices.IndexFunc(nals, h264.Coded)
	if first < 0 {
		return nil
	}
	slice := nals[first]
	nals = ordered(nals, first)
	key := h264.HasIDR(nals)
	if key {
		t.follow(slice, news)
	}
	u := keptUnit{kind: video, further: p.Track, ms: ms, offset: p.Offset, nals: nals, key: key}
	if f.settled && f.backlog.empty() {
		return f.furtherUnit(u)
	}
	f.backlog.add(u, f.now())
	return nil
}

// further finds the further track of a packet, or makes one.
func (f *feed) further(p flv.Packet) *further {
	at, found := slices.BinarySearchFunc(f.more, p.Track, func(t *further, id uint8) int { return int(t.id) - int(id) })
	switch {
	case found:
		return f.more[at]
	case len(f.more) == mostFurther || p.Kind != flv.Config:
		return nil
	}
	f.more = slices.Insert(f.more, at, &further{id: p.Track})
	return f.more[at]
}

// announceFurther adds the further tracks that are known.
func (f *feed) announceFurther(tracks []ingest.Track) []ingest.Track {
	for _, t := range f.more {
		t.index, t.ran = 0, false
		if t.known && f.tracks[video].known {
			t.index, t.stale = len(tracks), false
			tracks = append(tracks, t.desc)
		}
	}
	return tracks
}

// furtherUnit writes a unit of a further track, if the Sink knows the track as it is.
func (f *feed) furtherUnit(u keptUnit) error {
	t := f.further(flv.Packet{Track: u.further})
	if t == nil || t.index == 0 || t.stale {
		return nil
	}
	dts := u.ms * ticksPerMS
	if t.ran && dts <= t.last {
		dts = t.last + 1
	}
	t.last, t.ran = dts, true
	return f.sink.WriteUnit(ingest.Unit{
		Track: t.index, DTS: dts, PTS: dts + int64(u.offset)*ticksPerMS,
		Key: u.key, Recovers: !u.key && h264.Recovers(u.nals), NALs: u.nals,
	})
}
