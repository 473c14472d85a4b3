package restream

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp"
)

// platform is a real server that keeps what it gets.
type platform struct {
	url  string
	hold chan struct{} // if set, units wait until it is closed; read only

	mu sync.Mutex // guards what follows
	// tracks are those of each SetTracks, pictures the numbers of pictures with their times.
	tracks   [][]ingest.Track
	pictures []seen
	sound    int
	publish  int // publishes that began
	ended    []ingest.End
	kick     func(error)
	news     chan struct{} // replaced and closed at each change
}

type seen struct {
	number uint32
	ms     int64
	offset int64
}

const rightKey = "right-key-of-a-test?sign=0123456789abcdef"

// open serves, behind wrap if that is set.
func open(t testing.TB, p *platform, wrap func(net.Listener) net.Listener) *platform {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	scheme := "rtmp"
	p.news = make(chan struct{})
	p.url = scheme + "://" + l.Addr().String() + "/live"
	if wrap != nil {
		l = wrap(l)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- rtmp.New(rtmp.Options{Publisher: p, Log: slog.New(slog.DiscardHandler)}).Serve(ctx, l)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *platform) changed() {
	close(p.news)
	p.news = make(chan struct{})
}

func (p *platform) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	if r.Key+"?"+r.Query != rightKey {
		return nil, fmt.Errorf("%w: no room has the key %s", ingest.ErrRefused, r.Key)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.publish++
	p.kick = r.Kick
	p.changed()
	return p, nil
}

func (p *platform) SetTracks(t []ingest.Track) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tracks = append(p.tracks, t)
	p.changed()
	return nil
}

func (p *platform) WriteUnit(u ingest.Unit) error {
	if p.hold != nil {
		<-p.hold
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if u.Track == 0 {
		p.pictures = append(p.pictures, seen{numberOf(u.NALs[0]), u.DTS / ingest.Millisecond, (u.PTS - u.DTS) / ingest.Millisecond})
	} else {
		p.sound++
	}
	p.changed()
	return nil
}

func (p *platform) Close(end ingest.End) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = append(p.ended, end)
	p.changed()
}

// until waits until what it has holds.
func (p *platform) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		p.mu.Lock()
		ok, news := holds(), p.news
		p.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-news:
		case <-late:
			t.Fatalf("not so: %s", what)
		}
	}
}

// run runs a hub with the targets of the room corn.
func run(t testing.TB, o Options, targets ...Target) *Hub {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := New(o)
	h.Set(map[string][]Target{"corn": targets})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h
}

// until waits until a target's state is so.
func until(t testing.TB, h *Hub, name, what string, holds func(State) bool) State {
	t.Helper()
	states, stop := h.Follow("corn")
	defer stop()
	late := time.After(20 * time.Second)
	var last State
	for {
		select {
		case list := <-states:
			for _, s := range list {
				if s.Name == name {
					if last = s; holds(s) {
						return s
					}
				}
			}
		case <-late:
			t.Fatalf("target %s is not %s: %+v", name, what, last)
		}
	}
}

func is(p Phase) func(State) bool { return func(s State) bool { return s.Phase == p } }

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// film is what a publisher of a test sends: 30 pictures a second, a key frame each second,
// and sound.
type film struct {
	feed   *Feed
	t      testing.TB
	size   int    // of a picture
	number uint32 // of the next picture
	clock  int64  // what its clock says at picture 0, in ticks
}

func (f *film) tracks(width int) []ingest.Track {
	sps := "6764001facd9405005bb0110000003001000000303c0f1831960"
	if width == 640 {
		sps = "6742c01ed900a02ff9701100000300010000030" + "03c0f162e48"
	}
	return []ingest.Track{
		{Codec: ingest.H264, Width: width, Height: width * 9 / 16, FrameRate: 30, SPS: [][]byte{unhex(f.t, sps)}, PPS: [][]byte{unhex(f.t, "68ebe3cb22c0")}},
		{Codec: ingest.AAC, SampleRate: 48000, Channels: 2, Config: unhex(f.t, "1190")},
	}
}

// picture sends the next picture, and sound beside it.
func (f *film) picture() {
	n := f.number
	f.number++
	nal := make([]byte, f.size)
	key := n%30 == 0
	if nal[0] = 0x41; key {
		nal[0] = 0x65
	}
	for i := range nal[1:] {
		nal[1+i] = 0x5a
	}
	nal[1] = 0x88 // first_mb_in_slice is 0, as in each picture
	for i := range 3 {
		nal[2+i] = 0x40 | byte(n>>(6*i))&0x3f // no zeros, which could be a start code
	}
	dts := f.clock + int64(n)*3000
	f.feed.WriteUnit(ingest.Unit{Track: 0, DTS: dts, PTS: dts + 66*ingest.Millisecond, Key: key, NALs: [][]byte{nal}})
	f.feed.WriteUnit(ingest.Unit{Track: 1, DTS: dts, PTS: dts, NALs: [][]byte{{0x21, 0x10, 0x04}}})
}

// play sends pictures in real time until it is stopped.
func (f *film) play() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second / 30)
		defer tick.Stop()
		for {
			f.picture()
			select {
			case <-tick.C:
			case <-quit:
				return
			}
		}
	}()
	return sync.OnceFunc(func() { close(quit); <-done })
}

func begin(t testing.TB, h *Hub, size int) *film {
	f := &film{feed: h.Open("corn"), t: t, size: size, clock: 1 << 33}
	f.feed.SetTracks(f.tracks(1280))
	return f
}

// numberOf reads what picture wrote.
func numberOf(nal []byte) (n uint32) {
	for i := range 3 {
		n |= uint32(nal[2+i]&0x3f) << (6 * i)
	}
	return n
}

// every fails unless the platform has pictures first to last, each once, in order.
func (p *platform) every(t testing.TB, first, last uint32) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := int(last-first) + 1; len(p.pictures) != n {
		t.Errorf("%d pictures of %d came", len(p.pictures), n)
	}
	for i, s := range p.pictures {
		if got := s.number; got != first+uint32(i) {
			t.Fatalf("picture %d is number %d, want %d", i, got, first+uint32(i))
		}
	}
}
