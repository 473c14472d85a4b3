package packager

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/check"
	"mediad/packager/spool"
)

// past is what a process finds of a broadcast, as cmd/mediad puts it together.
func (l *life) past(t *testing.T, dir string, store *awayStore) (o Options, a *archive.Archive, stop func()) {
	t.Helper()
	a = archive.New(archive.Options{Store: store, Dir: filepath.Join(dir, "journal"), Spool: l.spool, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	stored := open(t, a)
	last, _, _ := stored.Last()
	records, err := a.Segments("demo", "01test")
	if err != nil {
		t.Fatal(err)
	}
	found, err := l.spool.Find("demo", "01test")
	if err != nil {
		t.Fatal(err)
	}
	o = Options{Window: 12 * time.Second, DVR: time.Minute, Archive: stored, Resumed: len(records) > 0}
	o.Spool = l.spool.Open(spool.Opening{Room: "demo", Epoch: "01test", Found: found, Kept: stored.Kept, Left: stored.Left})
	for _, seg := range found.Segments {
		if seg.MSN > last {
			left := Archived(seg)
			stored.Add(left)
			records = append(records, left.Record())
		}
	}
	o.Past, o.Stored = found.Recall(45*time.Second), records
	return o, a, func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		l.die()
	}
}

// A process that takes up the spool goes on with the rewind list as if nothing
// had been, also while the store is away: what waits for it is on the disk only.
// After a long absence numbers were passed over, and the list is still whole.
func TestRewindTakesUpItsPast(t *testing.T) {
	for _, away := range []time.Duration{3 * time.Second, 40 * time.Second, time.Hour} {
		t.Run(away.String(), func(t *testing.T) {
			dir, store := t.TempDir(), newAwayStore(t)
			first := newLife(t, filepath.Join(dir, "spool"))
			o, a, stop := first.past(t, dir, store)
			o.State = state(1)
			s := newStudio(t, o)
			l := NewLive(store)
			l.Add(s.stream)
			s.send(shot{fps: 30, gop: 60, frames: 30 * 60})
			flush(t, a)
			store.away.Store(true)
			s.send(shot{fps: 30, gop: 60, frames: 30 * 45, from: 60000})
			for deadline := time.Now().Add(20 * time.Second); a.Stats().SpooledBytes == 0 || a.Stats().QueuedBytes > a.Stats().SpooledBytes; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("not all that waits is spooled: %+v", a.Stats())
				}
			}
			rules := &check.Playlist{Kind: check.PlainPlaylist}
			before := rewound(t, l, rules) // and each of its segments
			stop()

			second := newLife(t, filepath.Join(dir, "spool"))
			o, a, stop = second.past(t, dir, store)
			if len(o.Past) == 0 {
				t.Fatal("nothing is recalled")
			}
			defer stop()
			s.again(o, away)
			l = NewLive(store)
			l.Add(s.stream)
			long := away > time.Minute
			if long {
				rules = &check.Playlist{Kind: check.PlainPlaylist} // other numbers
			}
			m := rewound(t, l, rules)
			at := map[string]int{}
			for i, seg := range m.Segments {
				if _, twice := at[seg.URI]; twice {
					t.Errorf("%s is listed twice", seg.URI)
				}
				at[seg.URI] = i
				if want := fmt.Sprintf("main/%d.ts", m.Sequence+uint64(i)); !long && seg.URI != want {
					t.Errorf("number %d is %s", m.Sequence+uint64(i), seg.URI)
				}
			}
			newest := before.Segments[len(before.Segments)-1].URI
			if _, ok := at[newest]; !ok && !long {
				t.Errorf("%s is no longer listed", newest)
			}
			if length(m) < o.DVR {
				t.Errorf("it lists %v", length(m))
			}
			store.away.Store(false)
			s.send(shot{fps: 30, gop: 60, frames: 30 * 10, from: 2})
			flush(t, a)
			m = rewound(t, l, rules)
			if got := ask(l, http.MethodGet, "/live/demo/01test/"+m.Segments[0].URI); got.Code != http.StatusOK && !m.Segments[0].Gap {
				t.Errorf("the oldest: %d", got.Code)
			}
		})
	}
}
