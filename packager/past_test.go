package packager

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
	"mediad/packager/spool"
	"mediad/storage"
)

// life is one process: a spool, and a stream that goes on where the one before
// it stopped.
type life struct {
	spool *spool.Spool
	die   func()
}

func newLife(t *testing.T, dir string) *life {
	t.Helper()
	// Minutes of media come at once, and this machine may be busy.
	l := &life{spool: spool.New(spool.Options{Dir: dir, Boot: "this", Slow: time.Minute})}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.spool.Run(ctx) }()
	l.die = func() {
		t.Helper()
		cancel() // what was handed over is written, and nothing is closed
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// options are a stream's of this life.
func (l *life) options(t *testing.T, o Options) Options {
	t.Helper()
	f, err := l.spool.Find("demo", "01test")
	if err != nil {
		t.Fatal(err)
	}
	o.Past = f.Recall(time.Hour)
	o.Resumed = len(f.Segments) > 0
	o.Spool = l.spool.Open(spool.Opening{Room: "demo", Epoch: "01test", Found: f})
	return o
}

// again begins the stream of the next process, after a while, and reads it as
// the player that followed the one before.
func (s *studio) again(o Options, away time.Duration) {
	s.t.Helper()
	s.now = s.now.Add(away)
	o.Room, o.Epoch, o.Anchor = "demo", "01test", testAnchor
	o.Now = func() time.Time { return s.now }
	s.stream = NewStream(o)
	w := s.stream.snapshot()
	for s.read < w.nextPart && w.part(s.read) == nil {
		s.read++ // numbers that the restart left out
	}
	for _, seg := range w.segments {
		if seg.gap || len(seg.parts) == 0 {
			continue
		}
		if _, ok := s.segments[seg.msn]; !ok { // it was open, and is closed now
			var whole bytes.Buffer
			newBody(seg.parts).WriteTo(&whole)
			s.segments[seg.msn] = whole.Bytes()
		}
	}
	s.window, s.anew = nil, true
	s.look()
}

// A stream of the next process lists what the one before it listed, under the
// same names and with the same bytes, and goes on behind it; a player that
// follows sees nothing but legal changes.
func TestStreamTakesUpItsPast(t *testing.T) {
	for _, away := range []time.Duration{200 * time.Millisecond, 3 * time.Second, 20 * time.Second, 40 * time.Second} {
		for _, frames := range []int{20, 75, 240, 395, 2400} { // within the first segment, and beyond the window
			dir := t.TempDir()
			l := newLife(t, dir)
			s := newStudio(t, l.options(t, Options{State: state(0)}))
			s.send(shot{fps: 30, gop: 60, frames: 10})
			s.stream.Cue(Cue{ID: "cue1", Class: "mediad.cue", Event: event(1).Event, State: state(1)})
			s.send(shot{fps: 30, gop: 60, frames: frames, from: 333})
			before := s.stream.snapshot()
			l.die()

			l = newLife(t, dir)
			o := l.options(t, Options{})
			if len(o.Past) == 0 {
				t.Fatalf("%d frames: nothing is recalled", frames)
			}
			s.again(o, away)
			w := s.stream.snapshot()
			for _, old := range before.segments {
				got := w.segment(old.msn)
				if got == nil {
					if away < 20*time.Second {
						t.Errorf("%v, %d frames: segment %d is gone", away, frames, old.msn)
					}
					continue
				}
				if got.date != old.date || got.start != old.start || got.duration != old.duration || got.discontinuity != old.discontinuity || len(got.cues) != len(old.cues) {
					t.Errorf("%v, %d frames: segment %d is %+v, was %+v", away, frames, old.msn, got, old)
				}
				for i, p := range got.parts {
					if q := old.parts[i]; p.number != q.number || !bytes.Equal(p.data, q.data) || p.duration != q.duration || p.independent != q.independent {
						t.Errorf("%v, %d frames: part %d differs", away, frames, p.number)
					}
				}
			}
			if n := len(before.open.parts); n > 0 && away < 20*time.Second {
				if got := w.segment(before.open.msn); got == nil || len(got.parts) != n {
					t.Errorf("%v, %d frames: what was open is not closed", away, frames)
				}
			}
			if before.ready() {
				if w.target != before.target || w.partTarget != before.partTarget {
					t.Errorf("%v, %d frames: targets changed", away, frames)
				}
				// DISCONTINUITY-SEQUENCE is that of the segment, whoever counts.
				if w.dropped < before.dropped {
					t.Errorf("%v, %d frames: DISCONTINUITY-SEQUENCE went back", away, frames)
				}
			}
			for i, seg := range w.segments[1:] {
				if seg.msn != w.segments[i].msn+1 {
					t.Errorf("%v, %d frames: %d follows %d", away, frames, seg.msn, w.segments[i].msn)
				}
			}
			if len(w.tracks) != 2 || w.tracks[0].RFC6381 != "avc1.42c01e" {
				t.Errorf("%v, %d frames: tracks %+v", away, frames, w.tracks)
			}
			// What stands in goes on from there; where a gap lies between, behind a DISCONTINUITY.
			want := uint64(0)
			if away > 30*time.Second {
				want = 1
			}
			if last := w.segments[len(w.segments)-1]; s.stream.published.breaks != want || last.gap || away > 3*time.Second && !last.standIn {
				t.Errorf("%v, %d frames: %d DISCONTINUITY tags, then %+v", away, frames, s.stream.published.breaks, last)
			}
			// Somebody publishes again, and the next process finds both.
			s.away(700 * time.Millisecond)
			s.publish()
			s.send(shot{fps: 30, gop: 60, frames: 400})
			breaks, last := s.stream.published.breaks, s.stream.snapshot().lastMSN()
			l.die()
			l = newLife(t, dir)
			s.again(l.options(t, Options{}), time.Second)
			if s.stream.published.breaks != breaks || breaks != want+1 {
				t.Errorf("%v, %d frames: %d DISCONTINUITY tags, then %d", away, frames, breaks, s.stream.published.breaks)
			}
			if got := s.stream.snapshot(); got.segment(last) == nil {
				t.Errorf("%v, %d frames: segment %d is gone", away, frames, last)
			}
			l.die()
		}
	}
}

// Who was away for long gets no endless list of gaps: numbers are skipped in
// step with the dates.
func TestStreamPassesOverLongAbsence(t *testing.T) {
	dir := t.TempDir()
	l := newLife(t, dir)
	s := newStudio(t, l.options(t, Options{}))
	s.send(shot{fps: 30, gop: 60, frames: 300})
	before := s.stream.snapshot()
	l.die()
	l = newLife(t, dir)
	defer l.die()
	s.now = s.now.Add(time.Hour)
	o := l.options(t, Options{Room: "demo", Epoch: "01test", Anchor: testAnchor, Now: func() time.Time { return s.now }})
	w := NewStream(o).snapshot()
	if len(w.segments) > 20 || !w.segments[0].standIn || !w.segments[0].archived().Discontinuity {
		t.Errorf("%d segments, the first %+v", len(w.segments), w.segments[0])
	}
	first, last := w.segments[0], before.segments[len(before.segments)-1]
	numbers, dates := int64(first.msn-last.msn)*w.target, ingest.Ticks(first.date.Sub(last.date))
	if d := numbers - dates; d > 2*w.target || d < -2*w.target {
		t.Errorf("%d numbers for %v", first.msn-last.msn, first.date.Sub(last.date))
	}
}

// What the archive hears of a recovered segment is what it would have heard.
func TestArchivedIsTheSame(t *testing.T) {
	dir := t.TempDir()
	l := newLife(t, dir)
	s := newStudio(t, l.options(t, Options{}))
	s.stream.Cue(Cue{ID: "cue1", Class: "mediad.cue", Event: event(1).Event, State: state(1), Attrs: []m3u8.Attr{{Name: "X-MEDIAD-SEQ", Value: "1"}}})
	s.send(shot{fps: 30, gop: 60, frames: 240})
	s.sink.Close(ingest.Lost)
	s.away(5 * time.Second)
	s.publish()
	s.send(shot{fps: 30, gop: 60, frames: 240})
	w := s.stream.snapshot()
	l.die()
	f, err := l.spool.Find("demo", "01test")
	if err != nil {
		t.Fatal(err)
	}
	standIns := 0
	for _, seg := range w.segments {
		want := seg.archived()
		for _, p := range seg.parts {
			want.Kept += int64(len(p.data))
		}
		want.Data = nil
		for _, found := range f.Segments {
			if found.MSN != seg.msn {
				continue
			}
			a, _ := json.Marshal(want)
			b, _ := json.Marshal(Archived(found))
			if !bytes.Equal(a, b) {
				t.Errorf("segment %d\n%s\n%s", seg.msn, a, b)
			}
			if want.StandIn {
				standIns++
			}
			want.MSN = 0
		}
		if want.MSN != 0 {
			t.Errorf("segment %d was not found", seg.msn)
		}
	}
	if standIns == 0 {
		t.Error("nothing stood in")
	}
}

// A disk that is full costs viewers nothing, and the store gets its segments
// out of memory.
func TestStreamGoesOnWithoutADisk(t *testing.T) {
	dir, objects := t.TempDir(), t.TempDir()
	folder := filepath.Join(dir, "demo", "01test")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for msn := range 40 {
		if err := os.Symlink("/dev/full", filepath.Join(folder, fmt.Sprintf("%d.records", msn))); err != nil {
			t.Fatal(err)
		}
	}
	store, err := storage.OpenDir(objects)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	l := newLife(t, dir)
	a := archive.New(archive.Options{Store: store, Dir: t.TempDir(), Spool: l.spool})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go a.Run(ctx)
	kept, err := a.Open("demo", "01test", 2)
	if err != nil {
		t.Fatal(err)
	}
	spooled := l.spool.Open(spool.Opening{Room: "demo", Epoch: "01test", Kept: kept.Kept, Left: kept.Left})
	s := newStudio(t, Options{Archive: kept, Spool: spooled})
	s.send(shot{fps: 30, gop: 60, frames: 1800})
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.die()
	if n := len(s.segments); n < 29 || !errors.Is(spooled.Trouble(), syscall.ENOSPC) {
		t.Errorf("%d segments, %v", n, spooled.Trouble())
	}
	for msn, want := range s.segments {
		got, err := os.ReadFile(filepath.Join(objects, "live/demo/01test/main", layout.SegmentFile(msn)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("segment %d: %d bytes, want %d: %v", msn, len(got), len(want), err)
		}
	}
}
