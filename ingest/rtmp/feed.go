package rtmp

import (
	"errors"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
)

// settle is how long a publish waits for its second track, on the publisher's clock
// or on ours; announced is how long it waits for pictures that the metadata announces.
// A start with sound alone changes the tracks of the broadcast, and the pictures then
// change them again. Players on Media Source Extensions stall at each change.
const (
	settle    = time.Second
	announced = 5 * time.Second
	// headerless is how long a publish may have no header that can be used.
	headerless = 10 * time.Second
)

// errNoHeader ends a publish of which nothing can be shown.
var errNoHeader = errors.New("no sequence header has come that can be read, neither of H.264 nor of AAC, so nothing can be shown: stop and start streaming; if it stays so, choose another encoder")

// feed turns the messages of one publish into calls to its Sink.
type feed struct {
	// All owned by the goroutine that reads the connection.
	sink ingest.Sink
	now  func() time.Time
	note func(what string, why error) // says once what is odd, for the log

	clock    clock
	timeline timeline
	tracks   [kinds]track
	more     []*further // video tracks besides the first, by their numbers
	entry    entry      // drops pictures until one comes that a decoder can begin with
	account  *account

	// Until settled, units are kept back.
	settled bool
	backlog backlog
	hint    hint
	begun   bool      // the first message has come
	framed  bool      // a picture, or sound, has come: all headers of a start come before
	firstMS int64     // its timestamp
	firstAt time.Time // its arrival
	videoMS int64     // timestamp of the pictures' header

	slicing   slicing
	pictures  uint64 // number of pictures that have begun
	pictureMS int64  // timestamp of the newest
	mixed     bool   // start codes were found inside of units
	prefix    prefix // what came before a picture, in a message of its own
	news      bool   // a parameter set in it was new

	nals   [][]byte  // reused
	frames [][]byte  // reused
	frame  [1][]byte // reused
}

func newFeed(sink ingest.Sink, now func() time.Time) *feed {
	return &feed{sink: sink, now: now, note: func(string, error) {}, entry: entry{waits: true}, account: new(account)}
}

// metadata takes an onMetaData payload in. It is only a hint about which
// tracks will come.
func (f *feed) metadata(payload []byte) { f.hint = readHint(payload) }

// message takes a packet with its RTMP timestamp in. The packet's data is not
// kept. It fails where the publish cannot go on.
func (f *feed) message(k kind, ts uint32, p flv.Packet) (err error) {
	if p.Kind != flv.Config && p.Kind != flv.Frame {
		return nil
	}
	ms := f.clock.unwrap(ts)
	f.account.count(func(n *ingest.Stats) { n.Wraps = f.clock.wraps })
	if !f.begun {
		f.begun, f.firstMS, f.firstAt = true, ms, f.now()
	}
	f.framed = f.framed || p.Kind == flv.Frame
	switch {
	case p.Track > 0:
		err = f.furtherMessage(ms, p)
	case p.Kind == flv.Config && k == audio && f.tracks[audio].inADTS:
		f.account.count(func(n *ingest.Stats) { n.Repeats++ }) // the frames say better what they are
	case p.Kind == flv.Config:
		err = f.header(k, ms, p.Data)
	case k == video:
		err = f.picture(ms, p.Offset, p.Data)
	default:
		err = f.sound(ms, p.Data)
	}
	switch {
	case err != nil:
		return err
	case !f.settled && f.ready(ms):
		return f.start()
	case !f.settled:
		return f.hopeless(ms)
	case !f.backlog.empty() && (f.backlog.full() || !f.open()):
		return f.drain()
	}
	return nil
}

// ready tells whether the set of tracks is settled.
func (f *feed) ready(ms int64) bool {
	v, a := f.tracks[video].known, f.tracks[audio].known
	switch {
	case v && (a || f.tracks[audio].refused != nil):
		return f.framed
	case !v && !a:
		return false
	case f.hint.read && (v && !f.hint.audio || a && !f.hint.video):
		return true
	}
	patience := settle
	if !v && f.hint.video {
		patience = announced
	}
	return f.backlog.full() || f.waited(ms) >= patience
}

// waited is how long ago the first message came, on the publisher's clock or ours.
func (f *feed) waited(ms int64) time.Duration {
	return max(time.Duration(ms-f.firstMS)*time.Millisecond, f.now().Sub(f.firstAt))
}

// hopeless returns the reason why nothing of a publish can be shown, or nil while a
// header may still come.
func (f *feed) hopeless(ms int64) error {
	if f.tracks[video].known || f.tracks[audio].known {
		return nil
	}
	switch waited := f.waited(ms); {
	case waited >= announced && f.tracks[audio].refused != nil && f.account.counted().NoVideoHeader == 0:
		return f.tracks[audio].refused
	case waited >= headerless:
		return errNoHeader
	}
	return nil
}

// start announces the tracks and writes what was kept, except sound from before the
// pictures: nobody could hear it, and the broadcast would begin with it, that much
// too late.
func (f *feed) start() error {
	f.settled = true
	if err := f.announce(); err != nil {
		return err
	}
	if f.tracks[video].known {
		f.backlog.drop(func(u keptUnit) bool { return u.kind == audio && u.ms < f.videoMS })
	}
	if f.open() && !f.backlog.full() {
		return nil
	}
	return f.drain()
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
	f.entry.wait()
	return f.sink.SetTracks(f.announceFurther(tracks))
}

// put passes a unit on, or keeps it. It keeps units until the tracks are settled,
// and while the next message may continue the unit, or a picture before it.
func (f *feed) put(k kind, ms int64, offset int32, nals [][]byte, key bool) error {
	if f.settled && f.backlog.empty() && (k == audio || f.slicing == whole) {
		return f.unit(k, ms, offset, nals, key)
	}
	f.backlog.add(keptUnit{kind: k, ms: ms, offset: offset, nals: nals, key: key}, f.now())
	return nil
}

// drain passes on what is kept.
func (f *feed) drain() error {
	for _, u := range f.backlog.take() {
		if u.further > 0 {
			if err := f.furtherUnit(u); err != nil {
				return err
			}
			continue
		}
		if err := f.unit(u.kind, u.ms, u.offset, u.nals, u.key); err != nil {
			return err
		}
	}
	return nil
}

// unit writes one unit. SetTracks goes before it where the parameters of its
// track are new, or where time jumped.
func (f *feed) unit(k kind, ms int64, offset int32, nals [][]byte, key bool) error {
	t := &f.tracks[k]
	dts, broken := f.timeline.next(k, ms)
	if broken {
		f.account.count(func(n *ingest.Stats) { n.Jumps++ })
	}
	if dts != ms*ticksPerMS {
		f.account.count(func(n *ingest.Stats) { n.Clamped++ })
	}
	if broken {
		if err := f.announce(); err != nil {
			return err
		}
	}
	recovers := k == video && !key && h264.Recovers(nals)
	if k == video && !f.entry.admits(key || recovers, ms) {
		f.account.count(func(n *ingest.Stats) { n.NoKey++ })
		return nil
	}
	if t.stale {
		if err := f.announce(); err != nil {
			return err
		}
		if k == video {
			f.entry = entry{} // announce made it wait, but this picture may begin
		}
	}
	return f.sink.WriteUnit(ingest.Unit{
		Track:    t.index,
		DTS:      dts,
		PTS:      dts + int64(offset)*ticksPerMS,
		Key:      key,
		Recovers: recovers,
		NALs:     nals,
	})
}

// close ends the publish. It writes what is still kept, unless the publisher was
// lost before its tracks were settled.
func (f *feed) close(end ingest.End) {
	defer f.sink.Close(end)
	// The Sink has reported its own error, if any, and is closed anyway.
	switch {
	case f.settled:
		_ = f.drain()
	case end == ingest.Unpublished && (f.tracks[video].known || f.tracks[audio].known):
		if f.start() == nil {
			_ = f.drain()
		}
	}
}
