package broadcast

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/ingest"
	"mediad/ingest/ingesttest"
	"mediad/overlay"
	"mediad/overlay/feed"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/spool"
	"mediad/storage"
)

// hanging is a store that hangs in one kind of call about rooms called corn…, from
// hang until free.
type hanging struct {
	Store
	mu sync.Mutex
	// Guarded by mu.
	call   string          // "": none hangs
	hangs  chan struct{}   // closed by the first call that hangs
	free   chan struct{}   // closed by free
	epochs map[string]bool // of corn
}

func (h *hanging) hang(call string) (hangs <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.call, h.hangs, h.free = call, make(chan struct{}), make(chan struct{})
	return h.hangs
}

func (h *hanging) goOn() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.call = ""
	close(h.free)
}

func (h *hanging) at(call string, corn bool) {
	h.mu.Lock()
	if call != h.call || !corn {
		h.mu.Unlock()
		return
	}
	select {
	case <-h.hangs:
	default:
		close(h.hangs)
	}
	free := h.free
	h.mu.Unlock()
	<-free
}

func (h *hanging) ofCorn(epoch string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.epochs[epoch]
}

func (h *hanging) BeginBroadcast(ctx context.Context, room string, now time.Time) (overlay.Begin, error) {
	h.at("begin", strings.HasPrefix(room, "corn"))
	b, err := h.Store.BeginBroadcast(ctx, room, now)
	if strings.HasPrefix(room, "corn") {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.epochs[b.Epoch] = true
	}
	return b, err
}

func (h *hanging) Reserve(ctx context.Context, epoch string, m overlay.Numbers) error {
	h.at("reserve", h.ofCorn(epoch))
	return h.Store.Reserve(ctx, epoch, m)
}

func (h *hanging) Interrupted(ctx context.Context, epoch string, at, deadline time.Time) error {
	h.at("interrupted", h.ofCorn(epoch))
	return h.Store.Interrupted(ctx, epoch, at, deadline)
}

func (h *hanging) EndBroadcast(ctx context.Context, epoch string, at time.Time, reason string) error {
	h.at("end", h.ofCorn(epoch))
	return h.Store.EndBroadcast(ctx, epoch, at, reason)
}

// While the database hangs for one room, in any kind of call, another room's
// publisher connects, is taken over, is lost, comes back and is ended. The status
// of both rooms and the metrics can be read. Afterwards the first room goes on.
func TestOneRoomHangs(t *testing.T) {
	for name, c := range map[string]struct {
		call string
		do   func(t *testing.T, m *Manager, corn ingest.Sink) // what happens to corn, which hangs
		live bool                                             // corn is on air meanwhile
	}{
		"when it begins": {"begin", func(t *testing.T, m *Manager, corn ingest.Sink) {
			corn.Close(ingest.Unpublished)
			publish(t, m, "corn")
		}, false},
		"when it reserves": {"reserve", func(t *testing.T, m *Manager, corn ingest.Sink) {
			corn.Close(ingest.Unpublished)
			publish(t, m, "corn")
		}, false},
		"when it is lost":       {"interrupted", func(_ *testing.T, _ *Manager, corn ingest.Sink) { corn.Close(ingest.Lost) }, true},
		"when it comes back":    {"begin", func(t *testing.T, m *Manager, corn ingest.Sink) { corn.Close(ingest.Lost); publish(t, m, "corn") }, true},
		"when it is over":       {"end", func(_ *testing.T, _ *Manager, corn ingest.Sink) { corn.Close(ingest.Unpublished) }, false},
		"when its host ends it": {"end", func(t *testing.T, m *Manager, _ ingest.Sink) { end(t, m, "corn") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := &hanging{epochs: map[string]bool{}}
			m := newManagerOn(t, t.TempDir(), Options{
				Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
				Log:     slog.New(slog.DiscardHandler),
			}, func(s *store.Store) Store { h.Store = s; return h })
			corn := publish(t, m, "corn")
			ingesttest.Publish(t, corn, 4)
			hangs, hung := h.hang(c.call), make(chan struct{})
			go func() { defer close(hung); c.do(t, m, corn) }()
			within(t, hangs, "corn does not hang")

			other := make(chan struct{})
			go func() {
				defer close(other)
				ingesttest.Publish(t, publish(t, m, "tea"), 4)
				second := publish(t, m, "tea")
				second.Close(ingest.Lost)
				if s := m.Status("tea"); !s.Live || !s.Waiting || s.Away == nil {
					t.Errorf("tea is lost: %+v", s)
				}
				publish(t, m, "tea")
				if s := m.Status("tea"); !s.Live || s.Ingest == nil {
					t.Errorf("tea is back: %+v", s)
				}
				if s := m.Status("corn"); s.Live != c.live {
					t.Errorf("corn hangs: %+v", s)
				}
				m.watch.look(time.Now(), m.onAirNow())
				if n := len(m.Reports()); n != 1 && !c.live || n != 2 && c.live {
					t.Errorf("%d rooms are reported", n)
				}
				end(t, m, "tea")
				if m.Status("tea").Live {
					t.Error("tea is still on air")
				}
			}()
			within(t, other, "tea waits for corn")
			select {
			case <-hung:
				t.Error("corn did not hang")
			default:
			}
			h.goOn()
			within(t, hung, "corn does not go on")
		})
	}
}

// A process that shuts down does not wait for a room that hangs: the others
// are suspended, and a broadcast that begins meanwhile is not put on air any
// more.
func TestSuspendWhileOneRoomHangs(t *testing.T) {
	h := &hanging{epochs: map[string]bool{}}
	m := newManagerOn(t, t.TempDir(), Options{
		Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
		Log:     slog.New(slog.DiscardHandler),
	}, func(s *store.Store) Store { h.Store = s; return h })
	kicked := make(chan struct{})
	kick := sync.OnceFunc(func() { close(kicked) })
	if _, err := m.Publish(t.Context(), request("tea", func(error) { kick() })); err != nil {
		t.Fatal(err)
	}
	hangs, hung := h.hang("begin"), make(chan error, 1)
	go func() {
		_, err := m.Publish(t.Context(), request("corn", func(error) {}))
		hung <- err
	}()
	within(t, hangs, "corn does not hang")
	down := make(chan struct{})
	go func() { defer close(down); m.Suspend() }()
	within(t, down, "it waits for corn")
	within(t, kicked, "tea's publisher stays")
	h.goOn()
	if err := <-hung; err != errClosing {
		t.Errorf("corn's publisher is told %v", err)
	}
	if m.Status("corn").Live || m.live.Room("corn") != nil {
		t.Error("corn is on air")
	}
}

// A start does not wait for a room whose broadcast cannot be taken up: the others
// are on air, and that room follows later.
func TestRestoreWhileOneRoomHangs(t *testing.T) {
	dir, h := t.TempDir(), &hanging{epochs: map[string]bool{}}
	o := Options{
		Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
		Log:     slog.New(slog.DiscardHandler),
	}
	through := func(s *store.Store) Store { h.Store = s; return h }
	within := func(name string, do func(*testing.T)) {
		t.Run(name, func(t *testing.T) { synctest.Test(t, do) })
	}
	within("before", func(t *testing.T) {
		m := newManagerOn(t, dir, o, through)
		for _, room := range []string{"corn", "tea"} {
			ingesttest.Publish(t, publish(t, m, room), 4)
		}
	})
	within("after", func(t *testing.T) {
		h.hang("interrupted")
		m := newManagerOn(t, dir, o, through) // restores
		if corn, tea := m.Status("corn"), m.Status("tea"); corn.Live || !tea.Live || !tea.Waiting {
			t.Errorf("corn, which hangs: %+v, tea: %+v", corn, tea)
		}
		h.goOn()
		_ = m.room("corn").acquire(t.Context()) // who takes it up has had its turn
		m.room("corn").release()
		if corn := m.Status("corn"); !corn.Live || !corn.Waiting {
			t.Errorf("corn goes on: %+v", corn)
		}
	})
}

// However many rooms hang, the others are taken up.
func TestRestoreWhileManyRoomsHang(t *testing.T) {
	dir, h := t.TempDir(), &hanging{epochs: map[string]bool{}}
	o := Options{
		Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
		Log:     slog.New(slog.DiscardHandler),
	}
	var corn, tea []string
	for i := range restoredAtOnce {
		corn = append(corn, fmt.Sprintf("corn-%d", i), fmt.Sprintf("corn-b%d", i))
		tea = append(tea, fmt.Sprintf("tea-%d", i))
	}
	rooms := slices.Concat(corn, tea)
	through := func(s *store.Store) Store {
		for _, room := range rooms {
			_, err := s.EnsureRoom(t.Context(), room, room, room+"-key-for-this-test")
			must(t, err)
		}
		h.Store = s
		return h
	}
	inBubble := func(name string, do func(*testing.T)) {
		t.Run(name, func(t *testing.T) { synctest.Test(t, do) })
	}
	inBubble("before", func(t *testing.T) {
		m := newManagerOn(t, dir, o, through)
		for _, room := range rooms {
			publish(t, m, room)
		}
	})
	inBubble("after", func(t *testing.T) {
		h.hang("interrupted")
		m := newManagerOn(t, dir, o, through) // restores
		for _, room := range tea {
			if !m.Status(room).Waiting {
				t.Errorf("%s waits for others: %+v", room, m.Status(room))
			}
		}
		for _, room := range corn {
			if m.Status(room).Live {
				t.Errorf("%s does not hang", room)
			}
		}
		h.goOn()
		for _, room := range corn {
			_ = m.room(room).acquire(t.Context()) // who takes it up has had its turn
			m.room(room).release()
			if !m.Status(room).Waiting {
				t.Errorf("%s afterwards: %+v", room, m.Status(room))
			}
		}
	})
}

func request(room string, kick func(error)) ingest.Request {
	return ingest.Request{Key: room + "-key-for-this-test", Remote: netip.MustParseAddrPort("203.0.113.7:5"), Kick: kick}
}

func publish(t *testing.T, m *Manager, room string) ingest.Sink {
	t.Helper()
	sink, err := m.Publish(t.Context(), request(room, func(error) {}))
	if err != nil {
		t.Fatalf("%s: %v", room, err)
	}
	return sink
}

func end(t *testing.T, m *Manager, room string) {
	t.Helper()
	if err := m.End(t.Context(), room); err != nil {
		t.Errorf("%s: %v", room, err)
	}
}

func within(t *testing.T, done <-chan struct{}, otherwise string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal(otherwise)
	}
}

// newManager makes a Manager with the rooms corn and tea and all its parts, on
// disk.
func newManager(t *testing.T, o Options) *Manager {
	t.Helper()
	return newManagerOn(t, t.TempDir(), o, func(s *store.Store) Store { return s })
}

// newManagerOn is newManager in a given directory. through wraps the store.
func newManagerOn(t *testing.T, dir string, o Options, through func(*store.Store) Store) *Manager {
	t.Helper()
	m := unrestored(t, dir, o, through)
	must(t, m.Restore(t.Context()))
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unrestored is newManagerOn before Restore.
func unrestored(t *testing.T, dir string, o Options, through func(*store.Store) Store) *Manager {
	t.Helper()
	rows, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	for _, room := range []string{"corn", "tea"} {
		_, err = rows.EnsureRoom(t.Context(), room, room, room+"-key-for-this-test")
		must(t, err)
	}
	objects, err := storage.OpenDir(filepath.Join(dir, "objects"))
	must(t, err)
	o.Store, o.Live = through(rows), packager.NewLive(nil)
	if o.Spool == nil {
		o.Spool = spool.New(spool.Options{Dir: filepath.Join(dir, "spool"), Log: o.Log})
	}
	o.Archive = archive.New(archive.Options{Store: objects, Name: "objects", Dir: filepath.Join(dir, "spool"), Spool: o.Spool, Log: o.Log})
	o.Feed = feed.New(feed.Options{Log: rows, Agenda: rows, Logger: o.Log})
	m := New(o)
	t.Cleanup(func() {
		m.Suspend()
		must(t, objects.Close())
		must(t, rows.Close())
	})
	return m
}
