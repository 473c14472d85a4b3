package rtmp

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/guard"
	"mediad/ingest/rtmp/push"
)

// TestHostileLoad: while 200 hostile connections do what they can, a real
// publisher plays. It loses no unit, and memory stays within bounds.
// MEDIAD_HOSTILE=10000 is the long form, of make soak.
func TestHostileLoad(t *testing.T) {
	total, atOnce := 200, 200
	if v := os.Getenv("MEDIAD_HOSTILE"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("MEDIAD_HOSTILE is %q; it must be a number", v)
		}
		total, atOnce = n, 500
	}
	l := listen(t)
	studio := &studio{sinks: make(chan *meter, 1)}
	s := New(Options{
		Publisher: studio, Log: slog.New(slog.DiscardHandler),
		HandshakeTimeout: 2 * time.Second, PublishTimeout: 2 * time.Second, ReadTimeout: 20 * time.Second,
		Guard: guard.ListenerOptions{MaxConnsPerAddr: -1, Limits: guard.Limits{WriteTimeout: 2 * time.Second}},
	})
	ctx, stop := context.WithCancel(t.Context())
	var server sync.WaitGroup
	server.Go(func() {
		if err := s.Serve(ctx, l); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	defer func() { stop(); server.Wait() }()

	src := newCamera(t)
	pushed := make(chan error, 1)
	go func() {
		pushed <- push.New(push.Options{URL: "rtmp://" + l.Addr().String() + "/live", Key: goodKey, Log: slog.New(slog.DiscardHandler)}).Run(ctx, src)
	}()
	sink := <-studio.sinks

	runtime.GC()
	before := memory()
	var most atomic.Uint64
	// The machine may be busy. Measure how late a goroutine runs that has nothing to
	// do with the server: such delays are no fault of the server.
	var late time.Duration
	watching := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case <-tick.C:
				late, last = max(late, time.Since(last)), time.Now()
				most.Store(max(most.Load(), memory()))
			case <-watching:
				return
			}
		}
	})

	var attackers sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i := range total {
		places <- struct{}{}
		attackers.Go(func() {
			defer func() { <-places }()
			attack(l.Addr().String(), nil, i, 10*time.Second)
		})
	}
	attackers.Wait()
	close(watching)
	watch.Wait()

	src.end()
	if err := <-pushed; err != nil {
		t.Errorf("the publisher: %v", err)
	}
	<-sink.closed
	if sent, got := src.sent, sink.units; got != sent || sink.last != ingest.Unpublished || sent < 50 {
		t.Errorf("%d of %d units arrived, the end is %v", got, sent, sink.last)
	}
	if sink.pause > time.Second+2*late {
		t.Errorf("the publisher stood still for %v, the machine for %v", sink.pause, late)
	}
	// A stranger gets at most 256 KiB for unfinished messages, and garbage
	// counts until it is collected; the attackers' own memory is in it.
	if grown, bound := most.Load()-min(before, most.Load()), uint64(64<<20+atOnce<<20/2); grown > bound {
		t.Errorf("memory grew by %d MiB, more than %d", grown>>20, bound>>20)
	}
	for end := time.Now().Add(20 * time.Second); s.Stats().Connections > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	st := s.Stats()
	if st.Connections > 0 {
		t.Errorf("%d connections are left", st.Connections)
	}
	t.Logf("%d attackers; %d units, longest pause %v (of the machine %v); memory grew by %.1f MiB; refused %v; dropped %v",
		total, sink.units, sink.pause, late, float64(most.Load()-min(before, most.Load()))/(1<<20), st.Refused, st.Dropped)
}

// memory is what the heap's objects and the stacks take.
func memory() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

// studio is a Publisher that knows one key and counts what comes.
type studio struct{ sinks chan *meter }

func (s *studio) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	if r.Key != goodKey {
		return nil, ingest.ErrBadKey
	}
	m := &meter{closed: make(chan struct{})}
	s.sinks <- m
	return m, nil
}

// meter is a Sink. Its fields may be read when it is closed.
type meter struct {
	closed chan struct{}
	units  int
	at     time.Time
	pause  time.Duration // the longest between two units
	last   ingest.End
}

func (m *meter) SetTracks([]ingest.Track) error { return nil }

func (m *meter) WriteUnit(ingest.Unit) error {
	now := time.Now()
	if !m.at.IsZero() {
		m.pause = max(m.pause, now.Sub(m.at))
	}
	m.units, m.at = m.units+1, now
	return nil
}

func (m *meter) Close(end ingest.End) {
	m.last = end
	close(m.closed)
}

// camera is a Source of a picture and a sound every 20 ms, until it is told to
// end.
type camera struct {
	head, pair []flv.Tag
	ended      atomic.Bool
	// Owned by the caller of Next.
	n    int
	sent int // units
}

func newCamera(t *testing.T) *camera {
	picture := slices.Concat(unhex(t, idr), make([]byte, 8<<10)) // some 3 Mb/s
	binary.BigEndian.PutUint32(picture[5:], uint32(len(picture)-9))
	return &camera{
		head: []flv.Tag{{Type: flv.Video, Body: unhex(t, avc720)}, {Type: flv.Audio, Body: unhex(t, aac44)}},
		pair: []flv.Tag{{Type: flv.Video, Body: picture}, {Type: flv.Audio, Body: unhex(t, sound)}},
	}
}

func (c *camera) end() { c.ended.Store(true) }

func (c *camera) Next() (flv.Tag, error) {
	n := c.n
	c.n++
	if n < len(c.head) {
		return c.head[n], nil
	}
	if n -= len(c.head); n%2 == 0 && c.ended.Load() {
		return flv.Tag{}, io.EOF
	}
	c.sent++
	tag := c.pair[n%2]
	tag.Timestamp = uint32(n / 2 * 20)
	return tag, nil
}
