package rtmp

import (
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
)

// settle is how long the tracks may take to show themselves, on the publisher's
// clock and on ours; announced is how long pictures may that the metadata speak
// of. Sound alone is told as other tracks than the broadcast had before, and
// pictures then as others again: players on Media Source Extensions stand still
// behind either.
const (
	settle    = time.Second
	announced = 5 * time.Second
)

// feed turns the messages of one publish into calls to its Sink.
type feed struct {
	// All owned by the goroutine that reads the connection.
	sink ingest.Sink
	now  func() time.Time

	clock    clock
	timeline timeline
	tracks   [kinds]track
	needKey  bool // until a key frame comes, pictures are dropped
	account  *account

	// Until settled, units are kept back.
	settled bool
	backlog backlog
	hint    hint
	begun   bool // a message has come, at
	firstMS int64
	firstAt time.Time
	videoMS int64 // when the pictures' header came

	nals  [][]byte  // reused
	frame [1][]byte // reused
}

func newFeed(sink ingest.Sink, now func() time.Time) *feed {
	return &feed{sink: sink, now: now, needKey: true, account: new(account)}
}

// metadata takes an onMetaData payload in. It is only a hint about which
// tracks will come.
func (f *feed) metadata(payload []byte) { f.hint = readHint(payload) }

// message takes a packet with its RTMP timestamp in. The packet's data is not
// kept.
func (f *feed) message(k kind, ts uint32, p flv.Packet) error {
	if p.Kind != flv.Config && p.Kind != flv.Frame {
		return nil
	}
	ms := f.clock.unwrap(ts)
	f.account.wraps.Store(f.clock.wraps)
	if !f.begun {
		f.begun, f.firstMS, f.firstAt = true, ms, f.now()
	}
	if p.Kind == flv.Config {
		again := f.tracks[k].known
		changed, err := f.tracks[k].configure(k, p.Data)
		if err != nil {
			return err
		}
		if k == video && !again {
			f.videoMS = ms
		}
		switch {
		case changed && (again || f.settled):
			f.account.headers.Add(1)
		case again:
			f.account.repeats.Add(1)
		}
		if changed {
			f.backlog.forget(k)
		}
		if changed && k == video {
			f.needKey = true
		}
	} else if f.tracks[k].known {
		if f.settled {
			return f.unit(k, ms, p.Offset, p.Data)
		}
		f.backlog.add(k, ms, p.Offset, p.Data)
	} else {
		f.account.dropped.Add(1)
	}
	if !f.settled && f.ready(ms) {
		return f.start()
	}
	return nil
}

// ready tells whether the set of tracks is settled.
func (f *feed) ready(ms int64) bool {
	v, a := f.tracks[video].known, f.tracks[audio].known
	switch {
	case v && a:
		return true
	case !v && !a:
		return false
	case f.hint.read && (v && !f.hint.audio || a && !f.hint.video):
		return true
	}
	patience := settle
	if !v && f.hint.video {
		patience = announced
	}
	return f.backlog.full() || ms-f.firstMS >= patience.Milliseconds() || f.now().Sub(f.firstAt) >= patience
}

// start announces the tracks and writes what was kept, but for sound from before
// the pictures: nobody could hear it, and the broadcast would go on with it, that
// much too late.
func (f *feed) start() error {
	f.settled = true
	if err := f.announce(); err != nil {
		return err
	}
	for _, u := range f.backlog.take() {
		if u.kind == audio && f.tracks[video].known && u.ms < f.videoMS {
			continue
		}
		if err := f.unit(u.kind, u.ms, u.offset, u.data); err != nil {
			return err
		}
	}
	return nil
}

// announce calls SetTracks with what is known now, video first.
func (f *feed) announce() error {
	var tracks []ingest.Track
	for k := range f.tracks {
		if t := &f.tracks[k]; t.known {
			t.index, t.stale = len(tracks), false
			tracks = append(tracks, t.desc)
		}
	}
	f.needKey = true
	return f.sink.SetTracks(tracks)
}

// unit writes one unit. SetTracks goes before it where the parameters of its
// track are new, or where time jumped.
func (f *feed) unit(k kind, ms int64, offset int32, data []byte) error {
	t := &f.tracks[k]
	nals, key, err := f.split(k, t, data)
	if err != nil || len(nals) == 0 {
		return err
	}
	dts, broken := f.timeline.next(k, ms)
	if broken {
		f.account.jumps.Add(1)
	}
	if dts != ms*ticksPerMS {
		f.account.clamped.Add(1)
	}
	if broken || t.stale && (k != video || key) {
		if err := f.announce(); err != nil {
			return err
		}
	}
	if k == video {
		if f.needKey && !key {
			f.account.dropped.Add(1)
			return nil
		}
		f.needKey = false
	}
	return f.sink.WriteUnit(ingest.Unit{
		Track: t.index,
		DTS:   dts,
		PTS:   dts + int64(offset)*ticksPerMS,
		Key:   key,
		NALs:  nals,
	})
}

// split makes NAL units of a message's payload. There are none if it is no
// picture: parameter sets or SEI alone, whose matter the sequence header says.
func (f *feed) split(k kind, t *track, data []byte) (nals [][]byte, key bool, err error) {
	if k == audio {
		f.frame[0] = data
		return f.frame[:], false, nil
	}
	if f.nals, err = h264.Split(f.nals[:0], data, t.lengthSize); err != nil {
		return nil, false, fmt.Errorf("read H.264 picture: %w", err)
	}
	if !h264.HasSlice(f.nals) {
		return nil, false, nil
	}
	return f.nals, h264.HasIDR(f.nals), nil
}

// close ends the publish. What is still kept is written if the publisher left
// in order.
func (f *feed) close(end ingest.End) {
	if !f.settled && end == ingest.Unpublished && (f.tracks[video].known || f.tracks[audio].known) {
		// The Sink has reported its own error, if any, and is closed anyway.
		_ = f.start()
	}
	f.sink.Close(end)
}
