package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// fixture is a store with a room and a few products.
type fixture struct {
	*store.Store
	t        *testing.T
	dir      string
	url      string // "": SQLite in dir
	clock    *clock
	products []overlay.Product
	pace     int  // cues a second; 0: any number
	lifted   bool // a copy was put back: seq has a gap there
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return newFixtureAt(t, store.NewURL(t))
}

func newFixtureAt(t *testing.T, url string) *fixture {
	t.Helper()
	f := &fixture{t: t, dir: t.TempDir(), url: url, clock: newClock()}
	if url == "" {
		storetest.Fresh(t, f.dir)
	}
	f.open()
	t.Cleanup(func() {
		f.checkInvariants()
		must(t, f.Close())
	})
	_, err := f.EnsureRoom(t.Context(), "corn", "Corn", "corn-key")
	must(t, err)
	for i := range 5 {
		p, err := f.CreateProduct(t.Context(), overlay.Product{SKU: fmt.Sprintf("SKU-%d", i), Title: fmt.Sprintf("Corn %d", i),
			Price: int64(1000 + i), ListPrice: 2000, Currency: "CNY"}, store.Once{})
		must(t, err)
		f.products = append(f.products, p)
	}
	return f
}

func (f *fixture) options() store.Options {
	return store.Options{Dir: f.dir, URL: f.url, Now: f.clock.Now, Pace: f.pace}
}

func (f *fixture) open() {
	f.t.Helper()
	s, err := store.Open(context.Background(), f.options())
	must(f.t, err)
	store.Rehearse(s)
	f.Store = s
}

// reopen is a restart of the process.
func (f *fixture) reopen() {
	f.t.Helper()
	must(f.t, f.Close())
	f.open()
}

func (f *fixture) begin() overlay.Begin {
	f.t.Helper()
	b, err := f.BeginBroadcast(f.t.Context(), "corn", f.clock.Now())
	must(f.t, err)
	return b
}

func (f *fixture) pin(i int) overlay.CueInfo {
	f.t.Helper()
	c, err := f.Pin(f.t.Context(), "corn", f.products[i].ID, overlay.At{}, store.Once{})
	must(f.t, err)
	return c
}

// makeDue turns everything that is due into events, as the feed does.
func (f *fixture) makeDue(now time.Time) (events []overlay.Event, err error) {
	shows, _, err := f.Due(context.Background(), now)
	for _, s := range shows {
		made, e := f.MakeDue(context.Background(), s.Show, now)
		events, err = append(events, made...), errors.Join(err, e)
	}
	return events, err
}

// events gives the events for the picture.
func (f *fixture) events(show string) []overlay.Event {
	f.t.Helper()
	list, err := f.PictureAfter(context.Background(), show, 0, 10000)
	must(f.t, err)
	return list
}

func (f *fixture) show() string {
	f.t.Helper()
	show, _, err := f.RoomShows(f.t.Context(), "corn")
	must(f.t, err)
	if show == nil {
		f.t.Fatal("the room has no show")
	}
	return show.ID
}

// checkInvariants reads every log. Its events count from 1 without gaps, and so do
// those for the picture among them. Replaying the latter from 0 gives each state
// that was kept with them. Each reader gets the events for it, and no others.
func (f *fixture) checkInvariants() {
	f.t.Helper()
	heads, err := f.Heads(context.Background())
	must(f.t, err)
	for _, h := range heads {
		log, err := f.After(context.Background(), h.Show, 0, 10000)
		must(f.t, err)
		var picture, hosts []overlay.Event
		var last overlay.Event
		for _, e := range log {
			if e.Pos <= last.Pos || !f.lifted && e.Pos != last.Pos+1 {
				f.t.Fatalf("show %s: event %d stands behind %d", h.Show, e.Pos, last.Pos)
			}
			last = e
			if e.Audience != e.Kind.Audience() {
				f.t.Errorf("show %s: %s is for %s", h.Show, e.Kind, e.Audience)
			}
			if e.Audience != overlay.Private {
				hosts = append(hosts, e)
			}
			if e.Audience == overlay.ForPicture {
				picture = append(picture, e)
			} else if e.Seq != 0 || e.State != nil || e.Landed != nil {
				f.t.Errorf("show %s: event %d for %s is numbered for the picture: %+v", h.Show, e.Pos, e.Audience, e)
			}
		}
		if last.Pos != h.Pos {
			f.t.Errorf("show %s ends with event %d, and its head says %d", h.Show, last.Pos, h.Pos)
		}
		f.checkPicture(h, picture)
		for reader, want := range map[string][]overlay.Event{"picture": picture, "hosts": hosts} {
			after := map[string]func(context.Context, string, uint64, int) ([]overlay.Event, error){"picture": f.PictureAfter, "hosts": f.HostsAfter}[reader]
			got, err := after(context.Background(), h.Show, 0, 10000)
			must(f.t, err)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				f.t.Errorf("show %s: the reader for %s does not get what is for it (-want +got):\n%s", h.Show, reader, diff)
			}
		}
	}
}

func (f *fixture) checkPicture(h overlay.Head, events []overlay.Event) {
	f.t.Helper()
	var s overlay.State
	for i, e := range events {
		if i > 0 && e.Seq <= events[i-1].Seq || !f.lifted && e.Seq != uint64(i+1) {
			f.t.Fatalf("show %s: event %d for the picture has seq %d", h.Show, i+1, e.Seq)
		}
		var err error
		s, err = s.Apply(e.Payload)
		must(f.t, err)
		text, err := overlay.StateJSON(s)
		must(f.t, err)
		if diff := cmp.Diff(string(e.State), string(text)); diff != "" {
			f.t.Errorf("show %s seq %d: state differs from the replayed one (-kept +replayed):\n%s", h.Show, e.Seq, diff)
		}
		if len(e.Payload) > overlay.MaxInBand || len(e.State) > overlay.MaxInBand {
			f.t.Errorf("show %s seq %d: over the in-band limit", h.Show, e.Seq)
		}
	}
	if n := len(events); n > 0 && events[n-1].Seq != h.Seq || n == 0 && h.Seq != 0 && !f.lifted {
		f.t.Errorf("show %s: %d events for the picture, seq %d", h.Show, n, h.Seq)
	}
}

func kinds(events []overlay.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, string(e.Kind))
	}
	return strings.Join(all, " ")
}

func pinnedIn(t *testing.T, state []byte) []string {
	t.Helper()
	var s struct {
		Pinned []struct{ SKU string }
	}
	must(t, json.Unmarshal(state, &s))
	all := []string{}
	for _, p := range s.Pinned {
		all = append(all, p.SKU)
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code overlay.Code) {
	t.Helper()
	if overlay.CodeOf(err) != code {
		t.Fatalf("got error %v (%s), want code %s", err, overlay.CodeOf(err), code)
	}
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	f := newFixture(t)
	entries, err := os.ReadDir(f.dir)
	must(t, err)
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
	}
	if len(entries) < 2 {
		t.Errorf("the data directory has %d files", len(entries))
	}
}

func TestDamagedSecretIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "secret.key"), []byte("short"), 0o600))
	_, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Fatalf("got %v", err)
	}
}

func TestUnwritableDataDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := store.Open(t.Context(), store.Options{Dir: filepath.Join(file, "data")}); err == nil {
		t.Fatal("opened a store below a file")
	}
}

func TestWritersLeaveNoGaps(t *testing.T) {
	f := newFixture(t)
	f.begin()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for j := range 4 {
				var err error
				switch (i + j) % 4 {
				case 0:
					_, err = f.Pin(t.Context(), "corn", f.products[i%5].ID, overlay.At{}, store.Once{})
				case 1:
					_, err = f.Unpin(t.Context(), "corn", f.products[i%5].ID, overlay.At{})
					if overlay.CodeOf(err) == overlay.NotFound {
						err = nil
					}
				case 2:
					price := int64(10*i + j)
					_, err = f.UpdateProduct(t.Context(), f.products[i%5].ID, overlay.ProductChange{Price: &price})
				case 3:
					_, err = f.AddCue(t.Context(), "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(f.events(f.show())); n < 100 {
		t.Errorf("only %d events", n)
	}
	// The fixture's end checks the log itself.
}

func TestCommitWakesReaders(t *testing.T) {
	f := newFixture(t)
	changed := f.Changed()
	f.pin(0)
	select {
	case <-changed:
	default:
		t.Fatal("nobody was woken")
	}
	if events := f.events(f.show()); len(events) != 1 {
		t.Fatalf("woken before the commit: %d events", len(events))
	}
	changed = f.Changed()
	_, err := f.Pin(t.Context(), "corn", "nothing", overlay.At{}, store.Once{})
	wantCode(t, err, overlay.NotFound)
	select {
	case <-changed:
		t.Fatal("woken by what was rolled back")
	default:
	}
}

// TestAcknowledgedSurvivesAKill copies the files as a killed process leaves
// them, without closing, and opens the copy.
func TestAcknowledgedSurvivesAKill(t *testing.T) {
	f := newFixture(t)
	b := f.begin()
	pin := f.pin(2)
	dir := t.TempDir()
	for _, name := range []string{"secret.key", "mediad.db", "mediad.db-wal", "mediad.commits"} {
		text, err := os.ReadFile(filepath.Join(f.dir, name))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Now: f.clock.Now})
	must(t, err)
	defer s.Close()
	c, err := s.GetCue(t.Context(), "corn", pin.ID)
	if err != nil || c.Seq != 2 {
		t.Errorf("got %+v, %v", c, err)
	}
	again, err := s.BeginBroadcast(t.Context(), "corn", f.clock.Now())
	if err != nil || again.Epoch != b.Epoch || !again.Resumed || again.Seq != 2 {
		t.Errorf("got %+v, %v", again, err)
	}
}
